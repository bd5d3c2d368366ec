"""Put a reseller under its distributor."""

from __future__ import annotations

import argparse

from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.partners import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("reseller", type=identity, help="the reseller's organisation id")
    parser.add_argument("distributor", type=identity, help="the distributor's organisation id")


def run(options: argparse.Namespace) -> int:
    actor = acting.of_options(options)
    linked = actions.link_reseller(actor, distributor_id=options.distributor, reseller_id=options.reseller)
    return results.told({"link_id": linked})
