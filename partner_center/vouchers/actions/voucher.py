"""Issuing vouchers to customers and taking them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.db.models import F

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers.queries import AssociationFacts, associations
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome
from partner_center.ledger import actions as ledger
from partner_center.ledger.errors import InsufficientBalance
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import Move, NewAccount
from partner_center.policy.queries import pack
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.actions.quota import homes_of, outrun, unknown_codes
from partner_center.vouchers.models import Quota, Voucher, VoucherRecord
from partner_center.vouchers.queries.quota import scope_of, share_quota, window_of
from partner_center.vouchers.queries.voucher import issued_by, lock_vouchers

Channel = Literal["console", "api"]


@dataclass(frozen=True)
class IssuedVoucher:
    """A voucher that a customer now holds."""

    voucher_id: UUID
    number: str
    customer_id: UUID


@dataclass(frozen=True)
class NotIssued:
    """A customer that got none, and the first rule that says why."""

    customer_id: UUID
    rule: str
    code: str


@dataclass(frozen=True)
class Issued:
    """What an issue came to."""

    issue_id: UUID
    vouchers: tuple[IssuedVoucher, ...]
    refused: tuple[NotIssued, ...]
    total: Money


@dataclass(frozen=True)
class Terms:
    """What every voucher of one issue says. Without a window or scope it takes the quota's."""

    face_value: Money
    min_order: Money
    window: Window
    scope: rules.Scope
    remark: str


@dataclass(frozen=True)
class Preflight:
    """The rules' answers to an issue before it is made: the batch's and each customer's."""

    batch: tuple[Outcome, ...]
    recipients: Mapping[UUID, tuple[Outcome, ...]]
    total: Money
    balance: Money

    @property
    def broken(self) -> tuple[Outcome, ...]:
        every = [*self.batch, *(each for answers in self.recipients.values() for each in answers)]
        return tuple(outcome for outcome in every if not outcome.passed)


def terms_of(
    quota: Quota,
    face_value: Money,
    min_order: Money | None,
    window: Window | None,
    service_types: Sequence[str],
    product_codes: Sequence[str],
    remark: str,
) -> Terms:
    """The terms as asked, filled up with the quota's own. Rules: S-373, S-374."""
    asked = rules.Scope(frozenset(service_types), frozenset(product_codes))
    inherited = scope_of(quota)
    scope = rules.Scope(asked.service_types or inherited.service_types, asked.product_codes or inherited.product_codes)
    minimum = min_order or Money.zero(face_value.currency)
    return Terms(face_value, minimum, window or window_of(quota), scope, remark)


@action(keyed=True)
def issue(
    actor: Actor,
    *,
    quota_id: UUID,
    customer_ids: Sequence[UUID],
    face_value: Money,
    window: Window | None = None,
    min_order: Money | None = None,
    service_types: Sequence[str] = (),
    product_codes: Sequence[str] = (),
    remark: str = "",
    key: str | None = None,
    partial: bool = False,
    channel: Channel = "console",
) -> Issued:
    """Give each customer a voucher paid for out of a partner's quota.

    Rules:   S-350, S-352, S-362, S-370 to S-378, S-380, S-902.
    Money:   face_value per customer, minor units, the quota's currency; quota → each voucher.
    Raises:  NotAllowed; NotFound (quota outside the seat); Refused; Conflict on a reused key.
    Records: voucher.issued
    """
    require(actor, Can.VOUCHER_ISSUE)
    require_code(actor, "vouchers.issue")
    quota = share_quota(actor, quota_id)
    terms = terms_of(quota, face_value, min_order, window, service_types, product_codes, remark)
    recipients = tuple(dict.fromkeys(customer_ids))
    facts = _issue_facts(actor, quota, terms, recipients, channel)
    found = associations(actor, recipients, lock=True)
    about = _recipient_facts(quota, found, recipients, channel)
    if not partial:
        _check_all(facts, about)
    good, bad = rules.ISSUE_TO.sift(about, partial=partial)
    if partial:
        # Who gets none does not count against the balance.
        rules.ISSUE.check(replace(facts, recipients=len(good) or facts.recipients))
    vouchers = _new_vouchers(actor, quota, terms, [found[each] for each in good])
    total = terms.face_value * len(vouchers)
    if vouchers:
        _hand_out(actor, quota, terms, vouchers)
    return Issued(
        issue_id=vouchers[0].issue_id if vouchers else new_id(),
        vouchers=tuple(IssuedVoucher(one.pk, one.number, one.customer_id) for one in vouchers),
        refused=tuple(NotIssued(each, broken[0].id, broken[0].code) for each, broken in bad.items()),
        total=total,
    )


def _check_all(facts: rules.IssueFacts, about: Mapping[UUID, rules.RecipientFacts]) -> None:
    broken = list(rules.ISSUE.broken(facts))
    for customer, facts_of in about.items():
        broken.extend(rules.ISSUE_TO.broken(facts_of, customer))
    if broken:
        raise Refused(broken)


def preflight(
    actor: Actor,
    *,
    quota_id: UUID,
    customer_ids: Sequence[UUID],
    face_value: Money,
    window: Window | None = None,
    min_order: Money | None = None,
    service_types: Sequence[str] = (),
    product_codes: Sequence[str] = (),
    remark: str = "",
) -> Preflight:
    """The same rules as `issue`, asked beforehand and without writing anything. Raises: NotFound."""
    quota = share_quota(actor, quota_id)
    terms = terms_of(quota, face_value, min_order, window, service_types, product_codes, remark)
    recipients = tuple(dict.fromkeys(customer_ids))
    facts = _issue_facts(actor, quota, terms, recipients, "console")
    about = _recipient_facts(quota, associations(actor, recipients), recipients, "console")
    return Preflight(
        batch=rules.ISSUE.evaluate(facts),
        recipients={each: rules.ISSUE_TO.evaluate(one, each) for each, one in about.items()},
        total=terms.face_value * len(recipients),
        balance=facts.balance,
    )


def _issue_facts(
    actor: Actor, quota: Quota, terms: Terms, recipients: tuple[UUID, ...], channel: Channel
) -> rules.IssueFacts:
    return rules.IssueFacts(
        quota_state=quota.state,
        quota_window=window_of(quota),
        quota_scope=scope_of(quota),
        at=actor.at,
        face_value=terms.face_value,
        min_order=terms.min_order,
        window=terms.window,
        scope=terms.scope,
        recipients=len(recipients),
        balance=balances([quota.pk])[quota.pk],
        limits=limits(actor, quota.currency, channel),
        unknown_codes=_unknown(quota, terms.scope),
        remark_length=len(terms.remark),
    )


def _unknown(quota: Quota, scope: rules.Scope) -> tuple[str, ...]:
    """Codes the catalogue does not have, among those that the quota itself does not carry."""
    types, products = scope.service_types - set(quota.service_types), scope.product_codes - set(quota.product_codes)
    return unknown_codes(sorted(types), sorted(products))


def limits(actor: Actor, currency: str, channel: Channel) -> rules.IssueLimits:
    """What the policy in force allows of one issue. Rules: S-371, S-372."""
    policy = pack(actor.site, actor.at)

    def number(name: str) -> int:
        return int(policy.value(f"vouchers.{name}").value)

    return rules.IssueLimits(
        most_customers=number(f"most_customers_{channel}"),
        most_service_types=number("most_service_types"),
        most_products=number("most_products"),
        smallest_face=Money(number("smallest_face_minor"), currency),
        largest_face=Money(number("largest_face_minor"), currency),
    )


def _recipient_facts(
    quota: Quota, found: Mapping[UUID, AssociationFacts], recipients: Iterable[UUID], channel: Channel
) -> dict[UUID, rules.RecipientFacts]:
    allowed = set(quota.customer_ids)
    return {
        each: rules.RecipientFacts(
            is_customer=each in found,
            association_type=found[each].type if each in found else 0,
            allowed_by_quota=not allowed or each in allowed,
            is_issuer_itself=each == quota.partner_id or (each in found and found[each].same_company),
            through_api=channel == "api",
        )
        for each in recipients
    }


def _new_vouchers(actor: Actor, quota: Quota, terms: Terms, customers: Sequence[AssociationFacts]) -> list[Voucher]:
    issue_id = new_id()
    return [
        Voucher(
            number=number,
            quota=quota,
            spent_account=quota.spent_account,
            partner_id=quota.partner_id,
            upline_id=quota.upline_id,
            customer_id=customer.customer_id,
            association_type=customer.type,
            issue_id=issue_id,
            face_minor=terms.face_value.minor,
            currency=quota.currency,
            min_order_minor=terms.min_order.minor,
            starts_at=terms.window.start,
            ends_at=terms.window.end,
            service_types=sorted(terms.scope.service_types),
            product_codes=sorted(terms.scope.product_codes),
            issued_at=actor.at,
        )
        for customer, number in zip(
            customers, numbers.next_numbers(numbers.VOUCHER, actor.at, len(customers)) if customers else (), strict=True
        )
    ]


def _hand_out(actor: Actor, quota: Quota, terms: Terms, vouchers: Sequence[Voucher]) -> None:
    """Write the vouchers, their money and their log: one transfer, n + 1 entries."""
    Voucher.objects.bulk_create(vouchers)
    try:
        ledger.fund(
            actor,
            kind="voucher.issue",
            accounts=[_account_of(voucher) for voucher in vouchers],
            amounts=terms.face_value,
            sources=[Move(quota.pk, -terms.face_value * len(vouchers))],
        )
    except InsufficientBalance as error:
        raise outrun("S-377", terms.face_value, len(vouchers)) from error
    log(actor, vouchers, rules.ISSUED, {one.pk: one.face_minor for one in vouchers}, terms.remark)
    record(
        actor,
        "voucher.issued",
        subject_kind="quota",
        subject_id=quota.pk,
        partner_id=quota.partner_id,
        upline_id=quota.upline_id,
        issue=vouchers[0].issue_id,
        amount=terms.face_value * len(vouchers),
        face=terms.face_value,
        count=len(vouchers),
        vouchers=[voucher.pk for voucher in vouchers],
    )


def _account_of(voucher: Voucher) -> NewAccount:
    return NewAccount(
        voucher.pk,
        "voucher",
        voucher.currency,
        0,
        partner_id=voucher.partner_id,
        upline_id=voucher.upline_id,
        customer_id=voucher.customer_id,
    )


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
