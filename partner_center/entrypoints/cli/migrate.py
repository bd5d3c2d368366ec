"""Migrate as the owner, then grant again: a new table has no grants yet."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import ownership


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    ownership.migrate()
    print(f"granted to {ownership.grant()}")
    return 0
