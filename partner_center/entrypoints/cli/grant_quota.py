"""Grant a partner quota."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import amount, identity, instant
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("partner", type=identity, help="the partner's organisation id")
    parser.add_argument("value", type=amount, help="such as 100000.00CNY")
    parser.add_argument("--from", dest="start", type=instant, required=True, help="when it begins, ISO 8601")
    parser.add_argument("--to", dest="end", type=instant, required=True, help="when it ends, ISO 8601")
    parser.add_argument("--service-type", action="append", default=[], help="limit it to a kind of service")
    parser.add_argument("--product", action="append", default=[], help="limit it to a product")
    parser.add_argument("--customer", action="append", default=[], type=identity, help="limit it to a customer")
    parser.add_argument("--purpose", default="", help="what it is for")


def run(options: argparse.Namespace) -> int:
    granted = actions.grant(
        acting.of_options(options),
        partner_id=options.partner,
        value=options.value,
        window=Window(options.start, options.end),
        service_types=tuple(options.service_type),
        product_codes=tuple(options.product),
        customer_ids=tuple(options.customer),
        purpose=options.purpose,
        key=options.key,
    )
    return results.told(granted)
