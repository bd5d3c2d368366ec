"""Taking a grant, a passing on or an issue back as if it had not been: by two persons, while nothing of it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.access.queries import actor_of, user_by_id
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound
from partner_center.ledger import actions as ledger
from partner_center.ledger.errors import AlreadyReversed, SecondPersonRequired
from partner_center.ledger.queries import TransferPage, balances, transfer
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota_return import close_quota
from partner_center.vouchers.actions.reclaiming import close_vouchers
from partner_center.vouchers.models import Quota, Voucher
from partner_center.vouchers.queries.quota import hold_homes, lock_quotas
from partner_center.vouchers.queries.voucher import lock_vouchers

# What undoes a movement that is not reversed, since it has its own way back or its value went on since.
INSTEAD = {
    "quota.reclaim": "pass_on",
    "quota.lapse": "grant",
    "voucher.authorise": "release",
    "voucher.release": "authorise",
    "voucher.spend": "issue",
    "voucher.charge": "issue",
    "voucher.reclaim": "issue",
    "voucher.expire": "issue",
}
NAMED = 10


@dataclass(frozen=True)
class Reversed:
    """A transfer and its mirror image."""

    transfer_id: UUID
    reversal_id: UUID


@action(keyed=True)
def reverse(actor: Actor, *, transfer_id: UUID, reason: str, approved_by: UUID, key: str | None = None) -> Reversed:
    """Take a grant, a passing on or an issue back by its mirror image, and end what it made.

    The actor asks with a reason, which stands on the reversal; another person has approved.
    Rules:   S-361, S-366, S-410, S-411.
    Money:   the whole transfer, minor units; quota → the vendor's book, sub-quota → its quota, vouchers → their quota.
    Raises:  NotAllowed, of either person; NotFound; Conflict: one person or no reason, reversed already, a kind that
             is undone by another verb, or something of it used or ended meanwhile, which is named.
    Records: transfer.reversed; quota.reclaimed or voucher.reclaimed, one a quota
    """
    require(actor, Can.VENDOR_REVERSE)
    _second_person(actor, approved_by, reason)
    page = transfer(actor, transfer_id)
    if page.reversed_by_id or page.transfer.reverses_id:
        raise AlreadyReversed
    quotas, vouchers = _hold(actor, page)
    made = ledger.reverse(actor, transfer_id=transfer_id, reason=reason, approved_by=approved_by)
    for quota in quotas:
        close_quota(actor, quota, quota.value_minor, move="reverse")
    if vouchers:
        close_vouchers(actor, vouchers, {each.pk: each.face_minor for each in vouchers}, rules.RECLAIMED)
    record(
        actor,
        "transfer.reversed",
        subject_kind="transfer",
        subject_id=transfer_id,
        reversal=made,
        approved_by=approved_by,
    )
    return Reversed(transfer_id, made)


def _second_person(actor: Actor, approved_by: UUID, reason: str) -> None:
    if actor.user_id in (None, approved_by) or not reason.strip():
        raise SecondPersonRequired
    user = user_by_id(approved_by)
    if user is None:
        raise NotFound("user")
    require(actor_of(user, at=actor.at), Can.VENDOR_REVERSE)


def _hold(actor: Actor, page: TransferPage) -> tuple[Sequence[Quota], Sequence[Voucher]]:
    """What the transfer filled, locked in the order of the other verbs and found whole. Raises: Conflict."""
    filled = [account for account, amount in page.entries if amount.minor > 0]
    sources = [account for account, amount in page.entries if amount.minor < 0]
    match page.transfer.kind:
        case "quota.grant":
            return _whole_quotas(actor, filled), ()
        case "quota.pass_on":
            _hold_sources(sources)
            return _whole_quotas(actor, filled), ()
        case "voucher.issue":
            vouchers = _whole_vouchers(actor, filled)
            _hold_sources(sources)
            return (), vouchers
    kind = page.transfer.kind
    raise Conflict("transfer_not_reversible", kind=kind, instead=INSTEAD.get(kind, ""))


def _hold_sources(sources: Sequence[UUID]) -> None:
    """The quota to which the value returns is alive, and stays so: in one that is over it would lie dead."""
    _unless_touched([each.number for each in hold_homes(sources) if not rules.QUOTA.may("lapse", each.state)])


def _whole_quotas(actor: Actor, ids: Sequence[UUID]) -> Sequence[Quota]:
    quotas = lock_quotas(actor, ids)
    # Asked after the lock, which waited for whoever was issuing or passing on.
    free = balances(ids)
    touched = [
        each.number
        for each in quotas
        if not rules.QUOTA.may("reverse", each.state) or free[each.pk].minor != each.value_minor
    ]
    _unless_touched(touched)
    return quotas


def _whole_vouchers(actor: Actor, ids: Sequence[UUID]) -> Sequence[Voucher]:
    vouchers = lock_vouchers(Voucher.objects.visible_to(actor).filter(pk__in=ids))
    left = balances(ids)
    touched = [
        each.number
        for each in vouchers
        if not rules.VOUCHER.may("reclaim", each.state) or each.lock_order or left[each.pk].minor != each.face_minor
    ]
    _unless_touched(touched)
    return vouchers


def _unless_touched(numbers: Sequence[str]) -> None:
    if numbers:
        raise Conflict("transfer_touched", count=len(numbers), numbers=list(numbers[:NAMED]))
