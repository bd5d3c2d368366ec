"""Importing the list of customers to whom a subsidy partner may issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict
from partner_center.kernel.rules import Outcome, check_all
from partner_center.partners.queries import account
from partner_center.policy.queries import pack
from partner_center.vouchers import rules
from partner_center.vouchers.models import WhitelistEntry, WhitelistVersion
from partner_center.vouchers.queries.whitelist import last_number


@dataclass(frozen=True)
class Imported:
    """A version of a whitelist, in force from now on."""

    whitelist_id: UUID
    number: int
    accounts: int


@action(keyed=True)
def import_whitelist(actor: Actor, *, accounts: Sequence[str], source: str = "", key: str | None = None) -> Imported:
    """Replace the customers to whom a subsidy partner may issue; earlier versions are kept.

    Rules:   S-382.
    Raises:  NotAllowed; Refused naming every line that is wrong; Conflict on a reused key, or when another import of
             the same partner was quicker.
    Records: whitelist.imported
    """
    require(actor, Can.VOUCHER_WHITELIST)
    check_all(whitelist_outcomes(actor, accounts=accounts))
    assert actor.seat is not None
    version = WhitelistVersion(
        partner_id=actor.seat,
        number=last_number(actor) + 1,
        accounts=len(accounts),
        source=source[:120],
        imported_at=actor.at,
        imported_by=actor.user_id,
    )
    try:
        version.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("whitelist_imported_meanwhile", number=version.number) from error
    WhitelistEntry.objects.bulk_create(
        (WhitelistEntry(version=version, partner_id=actor.seat, account_name=each) for each in accounts),
        batch_size=5000,
    )
    record(
        actor,
        "whitelist.imported",
        subject_kind="whitelist",
        subject_id=version.pk,
        partner_id=actor.seat,
        number=version.number,
        count=len(accounts),
    )
    return Imported(version.pk, version.number, len(accounts))


def whitelist_outcomes(actor: Actor, *, accounts: Sequence[str]) -> tuple[Outcome, ...]:
    """What the rules say of a list before it is imported: the broken ones of the whole and of every line. S-382."""
    identity = account(actor, actor.seat).identity if actor.seat and actor.audience == "partner" else ""
    most = int(pack(actor.site, actor.at).value("vouchers.most_whitelisted").value)
    whole = rules.WHITELIST.broken(rules.WhitelistFacts(identity, len(accounts), most))
    first: dict[str, int] = {}
    lines: list[Outcome] = []
    for line, each in enumerate(accounts[: most + 1], 1):
        facts = rules.WhitelistedFacts(each, line, first.setdefault(each, line))
        lines += rules.WHITELISTED.broken(facts, line)
    return (*whole, *lines)
