"""Everything the database needs before the first page: tables, grants, and in a demo its world."""

from __future__ import annotations

import argparse

from django.conf import settings

from partner_center.entrypoints.cli import load_demo, ownership


def configure(parser: argparse.ArgumentParser) -> None:
    """No options: what is to be done follows from the environment."""


def run(options: argparse.Namespace) -> int:
    ownership.migrate()
    ownership.grant()
    ownership.become_application()
    if settings.DEMO:
        load_demo.load()
    return 0
