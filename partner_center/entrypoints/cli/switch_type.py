"""Make a customer its partner's in the other model, from the back office."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.relationships import actions

TYPES = {"consulting": 1, "resale": 2}


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("customer", type=identity, help="the customer's organisation id")
    parser.add_argument("--type", choices=TYPES, required=True, help="the kind of association from now on")
    parser.add_argument("--reason", required=True, help="why; such as the ticket that asked for it")


def run(options: argparse.Namespace) -> int:
    switched = actions.switch_type(
        acting.of_options(options),
        customer_id=options.customer,
        type=TYPES[options.type],
        reason=options.reason,
        key=options.key,
    )
    return results.told(switched)
