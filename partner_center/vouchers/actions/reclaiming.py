"""Taking vouchers back: by hand, when a relation ends, and the way home that expiry shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

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
from partner_center.vouchers.models import Quota, Voucher, VoucherRecord
from partner_center.vouchers.queries.quota import window_of
from partner_center.vouchers.queries.voucher import issued_by, lock_vouchers
from partner_center.vouchers.rules import Channel


def log(
    actor: Actor, vouchers: Iterable[Voucher], operation_type: int, amounts: Mapping[UUID, int], remark: str = ""
) -> None:
    """Lines of the operation log: issue = face value, taking back = what really came back. Rules: S-410."""
    VoucherRecord.objects.bulk_create(
        VoucherRecord(
            operation_type=operation_type,
            quota_id=voucher.quota_id,
            voucher_id=voucher.pk,
            customer_id=voucher.customer_id,
            partner_id=voucher.partner_id,
            upline_id=voucher.upline_id,
            association_type=voucher.association_type,
            amount_minor=amounts.get(voucher.pk, 0),
            currency=voucher.currency,
            user_id=actor.user_id,
            remark=remark[: rules.LONGEST_REMARK],
            at=actor.at,
        )
        for voucher in vouchers
    )


# Taking back -------------------------------------------------------------------------------------------------------


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

    Rules:   S-380, S-390, S-399, S-400, S-402, S-405, S-406.
    Money:   each voucher's whole balance, the quota's currency; voucher → the quota it came from.
    Raises:  NotAllowed; NotFound (a voucher that is not the seat's); Refused; Conflict on a reused key.
    Records: voucher.reclaimed, one a quota
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
    rows = Voucher.objects.visible_to(actor).filter(customer_id=customer_id, partner_id=partner_id, state="usable")
    return take_back(actor, lock_vouchers(rows), rules.DISASSOCIATED, "")


_ENDS = {rules.EXPIRED: ("expire", "voucher.expired", "voucher.expire")}
_TAKEN = ("reclaim", "voucher.reclaimed", "voucher.reclaim")


def take_back(actor: Actor, vouchers: Sequence[Voucher], operation_type: int, remark: str) -> Reclaimed:
    """Sweep locked vouchers home to their quota, end them and write the log: one transfer for all."""
    if not vouchers:
        return Reclaimed((), Money.zero(pack(actor.site, actor.at).currency))
    move, event, kind = _ENDS.get(operation_type, _TAKEN)
    homes, taken_back = homes_of(actor, [voucher.quota_id for voucher in vouchers])
    _, given = ledger.sweep(
        actor,
        kind=kind,
        accounts=[voucher.pk for voucher in vouchers],
        into=[homes[voucher.quota_id] for voucher in vouchers],
    )
    for voucher in vouchers:
        voucher.state, voucher.ended_at = rules.VOUCHER.target(move), actor.at
        voucher.came_back_minor = given.get(voucher.pk, 0)
    Voucher.objects.bulk_update(vouchers, ["state", "ended_at", "came_back_minor"], batch_size=2000)
    log(actor, vouchers, operation_type, given, remark)
    by_quota: dict[UUID, list[Voucher]] = {}
    for voucher in vouchers:
        by_quota.setdefault(voucher.quota_id, []).append(voucher)
    _pass_upwards(by_quota, taken_back)
    for quota_id, group in by_quota.items():
        _record_return(actor, event, quota_id, group, operation_type)
    returned = tuple(
        Returned(voucher.pk, voucher.number, Money(voucher.came_back_minor, voucher.currency)) for voucher in vouchers
    )
    return Reclaimed(returned, Money.total((each.amount for each in returned), vouchers[0].currency))


def _pass_upwards(by_quota: Mapping[UUID, Sequence[Voucher]], taken_back: set[UUID]) -> None:
    for quota_id in taken_back & set(by_quota):
        total = sum(voucher.came_back_minor for voucher in by_quota[quota_id])
        Quota.objects.filter(pk=quota_id).update(given_back_minor=F("given_back_minor") + total)


def _record_return(actor: Actor, event: str, quota_id: UUID, group: Sequence[Voucher], operation_type: int) -> None:
    one = group[0]
    customers = {voucher.customer_id for voucher in group}
    record(
        actor,
        event,
        subject_kind="quota",
        subject_id=quota_id,
        partner_id=one.partner_id,
        upline_id=one.upline_id,
        customer_id=one.customer_id if len(customers) == 1 else None,
        amount=Money(sum(voucher.came_back_minor for voucher in group), one.currency),
        count=len(group),
        operation_type=operation_type,
        vouchers=[voucher.pk for voucher in group],
    )
