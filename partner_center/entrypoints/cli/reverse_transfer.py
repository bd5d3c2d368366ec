"""Reverse a transfer: one person asks for it with a reason, another approves it with the password."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any
from uuid import UUID

from partner_center.access.permissions import Can, item_of, require
from partner_center.access.signin import sign_in
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.entrypoints.cli import acting, results
from partner_center.entrypoints.options import identity
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotAllowed
from partner_center.ledger import actions as ledger


def configure(parser: argparse.ArgumentParser) -> None:
    acting.add_person(parser)
    parser.add_argument("transfer", type=identity, help="the transfer's id")
    parser.add_argument("--reason", required=True, help="why; it stands on the reversal")
    parser.add_argument("--approved-by", required=True, metavar="LOGIN", help="the second person, asked for a password")
    parser.add_argument("--password-stdin", action="store_true", help="read that password from standard input")


def run(options: argparse.Namespace) -> int:
    asking = acting.of_options(options)
    password = sys.stdin.readline().rstrip("\n") if options.password_stdin else getpass.getpass()
    if sign_in(login=options.approved_by, password=password, address="command line").user is None:
        raise NotAllowed(item_of(Can.VENDOR_REVERSE).code)
    approving = acting.person(options.approved_by, options.language)
    return results.told(
        {"transfer_id": reverse(asking, transfer_id=options.transfer, reason=options.reason, approving=approving)}
    )


@action
def reverse(actor: Actor, *, transfer_id: UUID, reason: str, approving: Actor) -> UUID:
    """Take a transfer back by its mirror image.

    Raises:  NotAllowed, of either person; NotFound; Conflict.
    Records: transfer.reversed
    """
    require(actor, Can.VENDOR_REVERSE)
    require(approving, Can.VENDOR_REVERSE)
    assert approving.user_id is not None
    made = ledger.reverse(actor, transfer_id=transfer_id, reason=reason, approved_by=approving.user_id)
    data: dict[str, Any] = {"reversal": made, "approved_by": approving.user_id, "reason": reason[:200]}
    record(actor, "transfer.reversed", subject_kind="transfer", subject_id=transfer_id, **data)
    return made
