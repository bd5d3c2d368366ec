"""Reverse a grant, a passing on or an issue: one person asks with a reason, another approves with the password."""

from __future__ import annotations

import argparse
import getpass
import sys

from partner_center.access.permissions import Can, item_of
from partner_center.access.signin import sign_in
from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.kernel.errors import NotAllowed
from partner_center.vouchers import actions


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("transfer", type=identity, help="the transfer's id")
    parser.add_argument("--reason", required=True, help="why; it stands on the reversal")
    parser.add_argument("--approved-by", required=True, metavar="LOGIN", help="the second person, asked for a password")
    parser.add_argument("--password-stdin", action="store_true", help="read that password from standard input")


def run(options: argparse.Namespace) -> int:
    asking = acting.of_options(options)
    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else getpass.getpass()
    approving = sign_in(login=options.approved_by, password=password, address="command line").user
    if approving is None:
        raise NotAllowed(item_of(Can.VENDOR_REVERSE).code)
    return results.told(
        actions.reverse(
            asking, transfer_id=options.transfer, reason=options.reason, approved_by=approving.pk, key=options.key
        )
    )
