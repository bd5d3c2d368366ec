"""The demo's sign-ins."""

from __future__ import annotations

import argparse
import json
import sys

from django.conf import settings

from partner_center.demo import queries


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    if not settings.DEMO:
        print("不是演示环境 / This is no demo", file=sys.stderr)
        return 1
    told = queries.credentials()
    if options.json:
        print(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return 0
    print(told["address"])
    for role, account in told["accounts"].items():
        print(f"  {role:<20} {account['login']:<16} {account['password']}")
    return 0
