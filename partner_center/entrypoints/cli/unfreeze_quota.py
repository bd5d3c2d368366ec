"""Let a frozen quota be used again."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.vouchers import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("quota", type=identity, help="the quota's id")
    parser.add_argument("--reason", required=True, help="why; it stands in the record")


def run(options: argparse.Namespace) -> int:
    actor = acting.of_options(options)
    actions.unfreeze(actor, quota_id=options.quota, reason=options.reason, key=options.key)
    return results.told({"quota_id": options.quota})
