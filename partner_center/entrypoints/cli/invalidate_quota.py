"""Take a quota out of use for good."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.vouchers import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("quota", type=identity, help="the quota's id")
    parser.add_argument("--with-parts", action="store_true", help="also the parts that resellers hold")
    parser.add_argument("--reason", required=True, help="why; it stands in the record")


def run(options: argparse.Namespace) -> int:
    ended = actions.invalidate(
        acting.of_options(options),
        quota_id=options.quota,
        with_parts=options.with_parts,
        reason=options.reason,
        key=options.key,
    )
    return results.told(ended)
