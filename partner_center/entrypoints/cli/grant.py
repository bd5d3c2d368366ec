"""Grant the application's role what the models state; needed after a restore."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import ownership


def configure(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(options: argparse.Namespace) -> int:
    print(f"granted to {ownership.grant()}")
    return 0
