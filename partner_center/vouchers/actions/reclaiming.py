"""Taking vouchers back: by hand, when a relation ends, and the way home that expiry shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome
from partner_center.ledger import actions as ledger
from partner_center.policy.queries import pack
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota import homes_of
from partner_center.vouchers.actions.setting_apart import set_apart
from partner_center.vouchers.actions.writing import end_vouchers
from partner_center.vouchers.models import Quota, Voucher
from partner_center.vouchers.queries.quota import window_of
from partner_center.vouchers.queries.voucher import issued_by, lock_vouchers
from partner_center.vouchers.rules import Channel


@dataclass(frozen=True)
class Returned:
    """A voucher and what really came back of it."""

    voucher_id: UUID
    number: str
    amount: Money


@dataclass(frozen=True)
class Reclaimed:
    """What a reclaim came to."""

    vouchers: tuple[Returned, ...]
    total: Money


@action(keyed=True)
def reclaim(
    actor: Actor, *, voucher_ids: Sequence[UUID], remark: str = "", key: str | None = None, channel: Channel = "console"
) -> Reclaimed:
    """Take back the whole balance of vouchers that the seat has issued.

    Rules:   S-380, S-390, S-399, S-400, S-402, S-403, S-405, S-406.
    Money:   each voucher's whole balance, the quota's currency; voucher → the quota it came from.
    Raises:  NotAllowed; NotFound (a voucher that is not the seat's); Refused; Conflict on a reused key.
    Records: voucher.reclaimed, one a quota; quota.kept for cash coupons
    """
    require(actor, Can.VOUCHER_RECLAIM)
    require_code(actor, "vouchers.reclaim")
    wanted = set(voucher_ids)
    found = lock_vouchers(issued_by(actor, wanted))
    if not wanted or {voucher.pk for voucher in found} != wanted:
        raise NotFound("voucher")
    rules.RECLAIM.sift({voucher.pk: reclaim_facts(actor, voucher, channel) for voucher in found}, partial=False)
    return take_back(actor, found, rules.RECLAIMED, remark)


def reclaim_outcomes(actor: Actor, *, voucher_ids: Sequence[UUID]) -> dict[UUID, tuple[Outcome, ...]]:
    """What the rules say of taking each voucher back, before it is done."""
    rows = issued_by(actor, voucher_ids)
    return {row.pk: rules.RECLAIM.evaluate(reclaim_facts(actor, row, "console"), row.pk) for row in rows}


def reclaim_facts(actor: Actor, voucher: Voucher, channel: Channel) -> rules.ReclaimFacts:
    return rules.ReclaimFacts(
        state=voucher.state,
        window=window_of(voucher),
        at=actor.at,
        lock_order=voucher.lock_order,
        is_frozen=voucher.is_frozen,
        association_type=voucher.association_type,
        through_api=channel == "api",
    )


def reclaim_on_disassociation(actor: Actor, *, customer_id: UUID, partner_id: UUID) -> Reclaimed:
    """Take back what a partner's former customer has left of its vouchers. Part of the verb that ends the relation.

    Rules:   S-221, S-401, S-410.
    Money:   each voucher's whole balance; voucher → the quota it came from.
    Records: voucher.reclaimed, one a quota
    """
    return _take_from(actor, customer_id, Q(partner_id=partner_id), rules.DISASSOCIATED)


def reclaim_on_switch(actor: Actor, *, customer_id: UUID, partner_id: UUID) -> Reclaimed:
    """Take back what a customer has left of its partner's vouchers. Part of the verb that switches the model.

    Rules:   S-221, S-401, S-410.
    Money:   each voucher's whole balance; voucher → the quota it came from.
    Records: voucher.reclaimed, one a quota
    """
    return _take_from(actor, customer_id, Q(partner_id=partner_id), rules.SWITCHED)


def reclaim_on_association(actor: Actor, *, customer_id: UUID, partner_id: UUID) -> Reclaimed:
    """Take back what a customer still holds of previous partners' vouchers. Part of the verb that associates.

    Rules:   S-181, S-401, S-410.
    Money:   each voucher's whole balance; voucher → the quota it came from.
    Records: voucher.reclaimed, one a quota
    """
    return _take_from(actor, customer_id, ~Q(partner_id=partner_id), rules.ASSOCIATED)


def _take_from(actor: Actor, customer_id: UUID, issuers: Q, operation_type: int) -> Reclaimed:
    rows = Voucher.objects.visible_to(actor).filter(issuers, customer_id=customer_id, state="usable")
    return take_back(actor, lock_vouchers(rows), operation_type, "")


_ENDS = {rules.EXPIRED: ("expire", "voucher.expired", "voucher.expire")}
_TAKEN = ("reclaim", "voucher.reclaimed", "voucher.reclaim")


def take_back(actor: Actor, vouchers: Sequence[Voucher], operation_type: int, remark: str) -> Reclaimed:
    """Bring home what one partner issued, which is of one currency, and sum it up."""
    returned = bring_home(actor, vouchers, operation_type, remark)
    currency = returned[0].amount.currency if returned else pack(actor.site, actor.at).currency
    return Reclaimed(returned, Money.total((each.amount for each in returned), currency))


def bring_home(
    actor: Actor, vouchers: Sequence[Voucher], operation_type: int, remark: str = ""
) -> tuple[Returned, ...]:
    """Sweep locked vouchers, of whatever currencies, home to their quota and end them: one transfer for all.

    Rules: S-399, S-402, S-403.
    """
    if not vouchers:
        return ()
    _, _, kind = _ENDS.get(operation_type, _TAKEN)
    homes, taken_back = homes_of(actor, [voucher.quota_id for voucher in vouchers])
    apart = set_apart(actor, vouchers, homes)
    _, given = ledger.sweep(
        actor,
        kind=kind,
        accounts=[voucher.pk for voucher in vouchers],
        into=[apart.get(voucher.pk, homes[voucher.quota_id]) for voucher in vouchers],
    )
    close_vouchers(actor, vouchers, given, operation_type, remark)
    pass_upwards(vouchers, taken_back, given)
    return tuple(
        Returned(voucher.pk, voucher.number, Money(given.get(voucher.pk, 0), voucher.currency)) for voucher in vouchers
    )


def close_vouchers(
    actor: Actor, vouchers: Sequence[Voucher], amounts: Mapping[UUID, int], operation_type: int, remark: str = ""
) -> None:
    """End locked vouchers of which these amounts came back: their state, their log, one event a quota. Rules: S-410."""
    move, event, _ = _ENDS.get(operation_type, _TAKEN)
    end_vouchers(actor, move, [voucher.pk for voucher in vouchers], amounts, operation_type, remark)
    by_quota: dict[UUID, list[Voucher]] = {}
    for voucher in vouchers:
        by_quota.setdefault(voucher.quota_id, []).append(voucher)
    for group in by_quota.values():
        _record_return(actor, event, group, amounts, operation_type)


def pass_upwards(vouchers: Sequence[Voucher], taken_back: set[UUID], given: Mapping[UUID, int]) -> None:
    """What came home to quota that was itself taken back went on: its "given back" grows by as much. Rules: S-402."""
    for quota_id in sorted(taken_back):
        total = sum(given.get(voucher.pk, 0) for voucher in vouchers if voucher.quota_id == quota_id)
        Quota.objects.filter(pk=quota_id).update(given_back_minor=F("given_back_minor") + total)


def _record_return(
    actor: Actor, event: str, group: Sequence[Voucher], amounts: Mapping[UUID, int], operation_type: int
) -> None:
    one = group[0]
    customers = {voucher.customer_id for voucher in group}
    record(
        actor,
        event,
        subject_kind="quota",
        subject_id=one.quota_id,
        partner_id=one.partner_id,
        upline_id=one.upline_id,
        customer_id=one.customer_id if len(customers) == 1 else None,
        amount=Money(sum(amounts.get(voucher.pk, 0) for voucher in group), one.currency),
        count=len(group),
        operation_type=operation_type,
        vouchers=[voucher.pk for voucher in group],
    )
