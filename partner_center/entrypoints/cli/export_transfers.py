"""Write every transfer as a JSON line, for a verification outside the product."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from partner_center.entrypoints.cli.acting import product
from partner_center.ledger.export import export_transfers


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, help="the file to write (default: the terminal)")


def run(options: argparse.Namespace) -> int:
    actor = product("export the transfers")
    if options.out is None:
        export_transfers(actor, sys.stdout)
        return 0
    with options.out.open("x", encoding="utf-8") as stream:
        count = export_transfers(actor, stream)
    print(f"{count} -> {options.out}", file=sys.stderr)
    return 0
