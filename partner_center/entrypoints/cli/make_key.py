"""Make an access key for a user; the secret is shown this once."""

from __future__ import annotations

import argparse
import json

from partner_center.access.actions import make_key
from partner_center.entrypoints.cli import acting


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("--label", default="", help="what the key is for")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    made = make_key(acting.of_options(options), label=options.label)
    if options.json:
        print(json.dumps({"id": str(made.id), "access_key": made.access_key, "secret_key": made.secret}))
    else:
        print(f"access key  {made.access_key}\nsecret key  {made.secret}")
    return 0
