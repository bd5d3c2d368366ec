"""Taking a movement of value back as if it had not been: by two persons, with a reason, while nothing went on since."""

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
from partner_center.ledger.errors import AlreadyReversed, InsufficientBalance, SecondPersonRequired
from partner_center.ledger.queries import TransferPage, balances, transfer
from partner_center.vouchers import rules
from partner_center.vouchers.actions import restoring
from partner_center.vouchers.actions.quota_return import close_quota
from partner_center.vouchers.actions.reclaiming import close_vouchers
from partner_center.vouchers.actions.restoring import unless_touched
from partner_center.vouchers.models import Quota, Voucher
from partner_center.vouchers.queries.quota import hold_homes, lock_quotas
from partner_center.vouchers.queries.voucher import lock_vouchers

# What undoes a movement that is not reversed, since it has its own way back or its time is over.
INSTEAD = {
    "quota.lapse": "grant",
    "voucher.authorise": "release",
    "voucher.release": "authorise",
    "voucher.spend": "issue",
    "voucher.charge": "issue",
    "voucher.expire": "issue",
}
REVERSIBLE = (
    "quota.grant",
    "quota.pass_on",
    "quota.reclaim",
    "quota.adjust",
    "quota.invalidate",
    "voucher.issue",
    "voucher.reclaim",
)


@dataclass(frozen=True)
class Reversed:
    """A transfer and its mirror image."""

    transfer_id: UUID
    reversal_id: UUID


@action(keyed=True)
def reverse(actor: Actor, *, transfer_id: UUID, reason: str, approved_by: UUID, key: str | None = None) -> Reversed:
    """Take a movement back by its mirror image: end what it made, or bring back what it ended.

    The actor asks with a reason, which stands on the reversal; another person has approved.
    Rules:   S-361, S-365, S-366, S-390, S-410, S-411.
    Money:   the whole transfer, minor units, the other way round.
    Raises:  NotAllowed, of either person; NotFound; Conflict: one person or no reason, reversed already, a kind that
             is undone by another verb, or something of it used or ended meanwhile, which is named.
    Records: transfer.reversed; quota.reclaimed, voucher.reclaimed, quota.restored, voucher.restored, quota.adjusted
    """
    require(actor, Can.VENDOR_REVERSE)
    second_person(actor, approved_by, reason)
    return turn_back(actor, transfer_id, reason, approved_by)


def turn_back(actor: Actor, transfer_id: UUID, reason: str, approved_by: UUID) -> Reversed:
    """The reversal itself, when both persons are known. Part of the verbs that reverse."""
    page = transfer(actor, transfer_id)
    held = _hold(actor, page)
    try:
        made = ledger.reverse(actor, transfer_id=transfer_id, reason=reason, approved_by=approved_by)
    except InsufficientBalance as error:
        raise Conflict("transfer_touched", count=1, numbers=[]) from error
    _settle(actor, page, held, reason, made)
    record(
        actor,
        "transfer.reversed",
        subject_kind="transfer",
        subject_id=transfer_id,
        reversal=made,
        approved_by=approved_by,
    )
    return Reversed(transfer_id, made)


def why_not(actor: Actor, transfer_id: UUID) -> Conflict | None:
    """What would stop a reversal now, before anybody decides. Raises: NotFound."""
    try:
        _hold(actor, transfer(actor, transfer_id))
    except Conflict as conflict:
        return conflict
    return None


def _settle(actor: Actor, page: TransferPage, held: Held, reason: str, made: UUID) -> None:
    """What the mirror image means for the quota and vouchers it touched."""
    match page.transfer.kind:
        case "quota.grant" | "quota.pass_on":
            for quota in held.quotas:
                close_quota(actor, quota, quota.value_minor, move="reverse")
        case "voucher.issue":
            faces = {each.pk: each.face_minor for each in held.vouchers}
            close_vouchers(actor, held.vouchers, faces, rules.RECLAIMED)
        case "voucher.reclaim":
            restoring.vouchers(actor, held.vouchers, page)
        case "quota.reclaim":
            restoring.parts(actor, held.quotas, page)
        case "quota.invalidate":
            restoring.invalidated(actor, held.quotas, page)
        case "quota.adjust":
            restoring.adjusted(actor, held.quotas[0], page, reason, made)


def second_person(actor: Actor, approved_by: UUID, reason: str) -> None:
    """Raises: SecondPersonRequired for one person or no reason; NotAllowed where the second may not; NotFound."""
    if actor.user_id in (None, approved_by) or not reason.strip():
        raise SecondPersonRequired
    user = user_by_id(approved_by)
    if user is None:
        raise NotFound("user")
    require(actor_of(user, at=actor.at), Can.VENDOR_REVERSE)


@dataclass(frozen=True)
class Held:
    """What a transfer touched, locked and found as the transfer left it."""

    quotas: Sequence[Quota] = ()
    vouchers: Sequence[Voucher] = ()


def _hold(actor: Actor, page: TransferPage) -> Held:
    """What the transfer touched, locked in the order of the other verbs and found whole. Raises: Conflict."""
    if page.reversed_by_id or page.transfer.reverses_id:
        raise AlreadyReversed
    filled = [account for account, amount in page.entries if amount.minor > 0]
    sources = [account for account, amount in page.entries if amount.minor < 0]
    match page.transfer.kind:
        case "quota.grant":
            return Held(quotas=_whole_quotas(actor, filled))
        case "quota.pass_on":
            _hold_sources(sources)
            return Held(quotas=_whole_quotas(actor, filled))
        case "voucher.issue":
            vouchers = _whole_vouchers(actor, filled)
            _hold_sources(sources)
            return Held(vouchers=vouchers)
        case "voucher.reclaim":
            return Held(vouchers=restoring.hold_vouchers(actor, sources, page))
        case "quota.reclaim":
            return Held(quotas=restoring.hold_parts(actor, sources))
        case "quota.invalidate":
            return Held(quotas=restoring.hold_invalidated(actor, sources))
        case "quota.adjust":
            return Held(quotas=(restoring.hold_adjusted(actor, page),))
    kind = page.transfer.kind
    raise Conflict("transfer_not_reversible", kind=kind, instead=INSTEAD.get(kind, ""))


def _hold_sources(sources: Sequence[UUID]) -> None:
    """The quota to which the value returns is alive, and stays so: in one that is over it would lie dead."""
    unless_touched([each.number for each in hold_homes(sources) if not rules.QUOTA.may("lapse", each.state)])


def _whole_quotas(actor: Actor, ids: Sequence[UUID]) -> Sequence[Quota]:
    quotas = lock_quotas(actor, ids)
    # Asked after the lock, which waited for whoever was issuing or passing on.
    free = balances(ids)
    touched = [
        each.number
        for each in quotas
        if not rules.QUOTA.may("reverse", each.state) or free[each.pk].minor != each.value_minor
    ]
    unless_touched(touched)
    return quotas


def _whole_vouchers(actor: Actor, ids: Sequence[UUID]) -> Sequence[Voucher]:
    vouchers = lock_vouchers(Voucher.objects.visible_to(actor).filter(pk__in=ids))
    left = balances(ids)
    touched = [
        each.number
        for each in vouchers
        if not rules.VOUCHER.may("reclaim", each.state) or each.lock_order or left[each.pk].minor != each.face_minor
    ]
    unless_touched(touched)
    return vouchers
