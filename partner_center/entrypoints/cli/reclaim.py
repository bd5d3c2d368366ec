"""Take back the whole balance of vouchers."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.vouchers import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("voucher", type=identity, nargs="+", help="the vouchers' ids")
    parser.add_argument("--remark", default="", help="stands in the issuer's log")


def run(options: argparse.Namespace) -> int:
    actor = acting.of_options(options)
    return results.told(
        actions.reclaim(actor, voucher_ids=tuple(options.voucher), remark=options.remark, key=options.key)
    )
