"""What the vendor changes of a granted quota: its value, its end, what it is good for, whom it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers.queries import associations, known_accounts
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome, check_all
from partner_center.ledger import actions as ledger
from partner_center.ledger.errors import InsufficientBalance
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import Move
from partner_center.partners.queries import account
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota import granting_account, subject_of, unknown_codes
from partner_center.vouchers.actions.quota_state import must_be, parties_of
from partner_center.vouchers.models import Quota, QuotaAdjustment
from partner_center.vouchers.queries.quota import issued_until, live_parts, lock_quota, lock_quotas


@dataclass(frozen=True)
class Terms:
    """What of a quota the vendor may change."""

    value_minor: int
    ends_at: datetime
    service_types: tuple[str, ...]
    product_codes: tuple[str, ...]
    customer_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Adjusted:
    """A quota with its new terms, how much came to it (or went, when negative), and how many parts follow."""

    quota_id: UUID
    number: str
    value: Money
    change: Money
    ends_at: datetime
    parts: int


def terms_of(quota: Quota) -> Terms:
    """The terms of a quota as they stand."""
    return Terms(
        quota.value_minor,
        quota.ends_at,
        tuple(quota.service_types),
        tuple(quota.product_codes),
        tuple(quota.customer_ids),
    )


@action(keyed=True)
def adjust(
    actor: Actor,
    *,
    quota_id: UUID,
    reason: str,
    value: Money | None = None,
    ends_at: datetime | None = None,
    service_types: Sequence[str] | None = None,
    product_codes: Sequence[str] | None = None,
    key: str | None = None,
) -> Adjusted:
    """Give a quota that was put aside its new terms, and let it be used again. What is None stays as it is.

    A new end and scope go on to the parts that resellers hold; vouchers already issued keep their own.
    Rules:   S-360, S-361, S-365, S-366, S-373, S-374, S-902, L-307.
    Money:   the difference of the values, minor units of the quota's currency; vendor's book → free, or back.
    Raises:  NotAllowed; NotFound; Refused; Conflict in another state.
    Records: quota.adjusted, one a quota
    """
    require(actor, Can.VENDOR_QUOTA_ADJUST)
    quota = lock_quota(actor, quota_id)
    must_be(quota, "adjusted")
    before = terms_of(quota)
    after = _asked(before, value, ends_at, service_types, product_codes)
    # Held before the rules are asked: until when a part's vouchers run must not change behind their answer.
    held = lock_quotas(actor, live_parts(quota))
    facts = _facts(actor, quota, before, after, value)
    check_all(rules.REASON.evaluate(rules.ReasonFacts(reason)), rules.ADJUST.evaluate(facts))
    parts = [each for each in held if terms_of(each) != _followed(terms_of(each), after)]
    change = after.value_minor - before.value_minor
    transfer = move_value(actor, quota, change, reason) if change else None
    state = {"state": rules.QUOTA.target("adjusted"), "state_reason": ""}
    put_terms(actor, quota, after, reason, transfer, **state)
    for part in parts:
        put_terms(actor, part, _followed(terms_of(part), after), reason, None)
    currency = quota.currency
    return Adjusted(
        quota.pk,
        quota.number,
        Money(after.value_minor, currency),
        Money(change, currency),
        after.ends_at,
        len(parts),
    )


def adjust_outcomes(
    actor: Actor,
    *,
    quota_id: UUID,
    reason: str,
    value: Money | None = None,
    ends_at: datetime | None = None,
    service_types: Sequence[str] | None = None,
    product_codes: Sequence[str] | None = None,
) -> tuple[Outcome, ...]:
    """What the rules say of new terms before they are set; nothing is changed. Raises: NotFound."""
    quota = lock_quota(actor, quota_id)
    before = terms_of(quota)
    after = _asked(before, value, ends_at, service_types, product_codes)
    said = rules.REASON.evaluate(rules.ReasonFacts(reason))
    return (*said, *rules.ADJUST.evaluate(_facts(actor, quota, before, after, value)))


def _asked(
    before: Terms,
    value: Money | None,
    ends_at: datetime | None,
    service_types: Sequence[str] | None,
    product_codes: Sequence[str] | None,
) -> Terms:
    return replace(
        before,
        value_minor=before.value_minor if value is None else value.minor,
        ends_at=ends_at or before.ends_at,
        service_types=before.service_types if service_types is None else tuple(sorted(set(service_types))),
        product_codes=before.product_codes if product_codes is None else tuple(sorted(set(product_codes))),
    )


def _facts(actor: Actor, quota: Quota, before: Terms, after: Terms, value: Money | None) -> rules.AdjustFacts:
    free = balances([quota.pk])[quota.pk]
    asked = value or Money(after.value_minor, quota.currency)
    ends = after.ends_at != before.ends_at
    return rules.AdjustFacts(
        is_part=quota.parent_id is not None,
        at=actor.at,
        currency=quota.currency,
        value=asked,
        not_free=Money(quota.value_minor, quota.currency) - free,
        window=Window(quota.starts_at, after.ends_at),
        issued_until=issued_until(quota) if ends else None,
        changes=before != after,
        unknown_codes=unknown_codes(rules.Scope(frozenset(after.service_types), frozenset(after.product_codes))),
    )


def move_value(actor: Actor, quota: Quota, change: int, reason: str) -> UUID:
    """Bring value from the vendor's book to a quota, or back when negative. Part of the verbs that adjust.

    Rules:  S-366.
    Raises: Refused, when less is free than goes back.
    """
    book = granting_account(account(actor, quota.partner_id).site, quota.currency)
    amount = Money(change, quota.currency)
    try:
        moves = [Move(book, -amount), Move(quota.pk, amount)]
        return ledger.post(actor, kind="quota.adjust", moves=moves, reason=reason)
    except InsufficientBalance as error:
        values = {"actual": Money(quota.value_minor + change, quota.currency)}
        raise Refused([rules.BOOK.broken("S-366", "value_below_what_is_gone", **values)]) from error


def put_terms(actor: Actor, quota: Quota, after: Terms, reason: str, transfer_id: UUID | None, **state: str) -> None:
    """Write the new terms of a locked quota, the line of its history, and the event. Rules: S-361, S-365."""
    before = terms_of(quota)
    Quota.objects.filter(pk=quota.pk).update(
        value_minor=after.value_minor,
        ends_at=after.ends_at,
        service_types=list(after.service_types),
        product_codes=list(after.product_codes),
        customer_ids=list(after.customer_ids),
        changed_at=actor.at,
        **state,
    )
    write_line(actor, quota, before, after, reason, transfer_id)
    record(
        actor,
        "quota.adjusted",
        amount=Money(after.value_minor - before.value_minor, quota.currency),
        before=quota.state,
        after=state.get("state", quota.state),
        **parties_of(quota),
        **subject_of(quota),
    )


def write_line(
    actor: Actor, quota: Quota, before: Terms, after: Terms, reason: str, transfer_id: UUID | None = None
) -> None:
    """One line of what the vendor changed of a quota."""
    QuotaAdjustment.objects.create(
        quota_id=quota.pk,
        **parties_of(quota),
        transfer_id=transfer_id,
        currency=quota.currency,
        value_before=before.value_minor,
        value_after=after.value_minor,
        ends_before=before.ends_at,
        ends_after=after.ends_at,
        service_types_before=list(before.service_types),
        service_types_after=list(after.service_types),
        product_codes_before=list(before.product_codes),
        product_codes_after=list(after.product_codes),
        customers_before=list(before.customer_ids),
        customers_after=list(after.customer_ids),
        reason=reason,
        user_id=actor.user_id,
        at=actor.at,
    )


def _followed(part: Terms, whole: Terms) -> Terms:
    """What of the whole's terms goes on to a part; its value stays its own."""
    return replace(part, ends_at=whole.ends_at, service_types=whole.service_types, product_codes=whole.product_codes)


# Whom it is for ------------------------------------------------------------------------------------------------------


@action(keyed=True)
def designate(
    actor: Actor, *, quota_id: UUID, customer_ids: Sequence[UUID], reason: str, key: str | None = None
) -> int:
    """Name the customers that may get vouchers of a quota, or, with none, let all of its partner's get them.

    The names go on to the parts that resellers hold; vouchers already issued stay with whoever has them. Returns how
    many parts follow.
    Rules:   S-361, S-364, S-365, S-375.
    Raises:  NotAllowed; NotFound; Refused; Conflict when the quota is over.
    Records: quota.designated, one a quota
    """
    require(actor, Can.VENDOR_QUOTA_ADJUST)
    quota = lock_quota(actor, quota_id)
    must_be(quota, "invalidate")
    named = tuple(sorted(set(customer_ids)))
    parts = lock_quotas(actor, live_parts(quota))
    check_all(
        rules.REASON.evaluate(rules.ReasonFacts(reason)),
        rules.DESIGNATE.evaluate(_designation(actor, quota, parts, named)),
    )
    for each in (quota, *parts):
        before = terms_of(each)
        Quota.objects.filter(pk=each.pk).update(customer_ids=list(named), changed_at=actor.at)
        write_line(actor, each, before, replace(before, customer_ids=named), reason)
        subject = parties_of(each) | subject_of(each)
        record(actor, "quota.designated", count=len(named), **subject)
    return len(parts)


def _designation(actor: Actor, quota: Quota, parts: Sequence[Quota], named: tuple[UUID, ...]) -> rules.DesignateFacts:
    without = [part.number for part in parts if named and _lacks(actor, part, named)]
    return rules.DesignateFacts(
        is_part=quota.parent_id is not None,
        changes=set(named) != set(quota.customer_ids),
        unknown=len(set(named) - known_accounts(actor, named)),
        named=len(named),
        parts_without=tuple(without),
    )


def _lacks(actor: Actor, part: Quota, named: tuple[UUID, ...]) -> bool:
    """Whether a reseller is without one of the customers that its part would be limited to. Rules: S-364."""
    return len(associations(actor.in_seat(part.partner_id), named)) < len(named)
