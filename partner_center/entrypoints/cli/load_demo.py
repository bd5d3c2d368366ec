"""Load the demo world into an empty installation."""

from __future__ import annotations

import argparse
import sys

from django.conf import settings

from partner_center.demo import actions


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    if not settings.DEMO:
        print("请先设置 PARTNER_CENTER_DEMO=1 / Set PARTNER_CENTER_DEMO=1 first", file=sys.stderr)
        return 1
    load()
    return 0


def load() -> None:
    """Load it once; a second time does nothing."""
    actions.load_once()
