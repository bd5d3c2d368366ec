"""Print the database's address, for psql and backups."""

from __future__ import annotations

import argparse
import os
import sys


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--owner", action="store_true", help="the owner's address, not the application's")


def run(options: argparse.Namespace) -> int:
    owner = os.environ.get("DATABASE_URL")
    found = owner if options.owner else os.environ.get("DATABASE_APP_URL", owner)
    if not found:
        print("DATABASE_URL is not set, and there is no environment file: start ./run once", file=sys.stderr)
        return 1
    print(found)
    return 0
