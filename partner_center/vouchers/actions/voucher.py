"""Issuing vouchers to customers and taking them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers.queries import Relation, associations, relations
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome
from partner_center.ledger import actions as ledger
from partner_center.ledger.errors import InsufficientBalance
from partner_center.ledger.rules import Alike, Move
from partner_center.policy.queries import pack
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota import outrun, unknown_codes
from partner_center.vouchers.actions.writing import Make, write_vouchers
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.quota import (
    balance_of,
    partner_identity_of,
    partner_state_of,
    scope_of,
    share_quota,
    unsigned_of,
    window_of,
)
from partner_center.vouchers.queries.whitelist import whitelisted
from partner_center.vouchers.rules import Channel


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
    limits: rules.Scope = rules.ANYTHING,
) -> Terms:
    """The terms as asked, filled up with the quota's own. Rules: S-373, S-374."""
    asked = replace(limits, service_types=frozenset(service_types), product_codes=frozenset(product_codes))
    scope = asked.inheriting(scope_of(quota))
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
    limits: rules.Scope = rules.ANYTHING,
    remark: str = "",
    key: str | None = None,
    partial: bool = False,
    channel: Channel = "console",
) -> Issued:
    """Give each customer a voucher, or a cash coupon, as the kind of the partner's quota is that pays for it.

    `limits` are those beside service types and products; what they leave open is the quota's.
    Rules:   S-291, S-350, S-352, S-362, S-370 to S-378, S-380, S-382, S-395, S-415, S-902.
    Money:   face_value per customer, minor units, the quota's currency; quota → each voucher.
    Raises:  NotAllowed; NotFound (quota outside the seat); Refused; Conflict on a reused key.
    Records: voucher.issued
    """
    require(actor, Can.VOUCHER_ISSUE)
    require_code(actor, "vouchers.issue")
    recipients = tuple(dict.fromkeys(customer_ids))
    # Relations before quota, as in the verb that leaves a customer: locks are taken in one order everywhere.
    found = relations(actor, recipients, lock=True)
    quota = share_quota(actor, quota_id)
    terms = terms_of(quota, face_value, min_order, window, service_types, product_codes, remark, limits)
    facts = _issue_facts(actor, quota, terms, recipients, channel)
    about = _recipient_facts(actor, quota, found, recipients, channel)
    if not partial:
        _check_all(facts, about)
    good, bad = rules.ISSUE_TO.sift(about, partial=partial)
    if partial:
        # Who gets none does not count against the balance.
        rules.ISSUE.check(replace(facts, recipients=len(good) or facts.recipients))
    issue_id = new_id()
    handed = _hand_out(actor, quota, terms, issue_id, [(each, found[each].type) for each in good]) if good else ()
    return Issued(
        issue_id=issue_id,
        vouchers=handed,
        refused=tuple(NotIssued(each, broken[0].id, broken[0].code) for each, broken in bad.items()),
        total=terms.face_value * len(handed),
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
    limits: rules.Scope = rules.ANYTHING,
    remark: str = "",
) -> Preflight:
    """The same rules as `issue`, asked beforehand and without writing anything. Raises: NotFound."""
    quota = share_quota(actor, quota_id)
    terms = terms_of(quota, face_value, min_order, window, service_types, product_codes, remark, limits)
    recipients = tuple(dict.fromkeys(customer_ids))
    facts = _issue_facts(actor, quota, terms, recipients, "console")
    about = _recipient_facts(actor, quota, relations(actor, recipients), recipients, "console")
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
        balance=balance_of(quota),
        limits=limits(actor, quota.currency, channel),
        unknown_codes=_unknown(quota, terms.scope),
        remark_length=len(terms.remark),
        partner_state=partner_state_of(quota),
        unsigned=unsigned_of(quota),
        kind=quota.kind,
    )


def _unknown(quota: Quota, scope: rules.Scope) -> tuple[str, ...]:
    """Codes the catalogue does not have, among those that the quota itself does not carry."""
    return unknown_codes(scope.beyond(scope_of(quota)))


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
    actor: Actor, quota: Quota, found: Mapping[UUID, Relation], recipients: Sequence[UUID], channel: Channel
) -> dict[UUID, rules.RecipientFacts]:
    allowed, listed = set(quota.customer_ids), _whitelist(actor, quota, recipients)

    @cache
    def alike(
        relation: Relation | None, allowed_by_quota: bool, is_issuer: bool, whitelisted: bool
    ) -> rules.RecipientFacts:
        # One object for all of whom the rules are asked the same: of ten thousand customers most are.
        return rules.RecipientFacts(
            is_customer=relation is not None,
            association_type=relation.type if relation else 0,
            allowed_by_quota=allowed_by_quota,
            is_issuer_itself=is_issuer or (relation is not None and relation.same_company),
            through_api=channel == "api",
            whitelisted=whitelisted,
        )

    return {
        each: alike(
            found.get(each),
            not allowed or each in allowed,
            each == quota.partner_id,
            listed is None or each in listed,
        )
        for each in recipients
    }


def _whitelist(actor: Actor, quota: Quota, recipients: Sequence[UUID]) -> frozenset[UUID] | None:
    """Which of the customers are on the list a subsidy partner issues by; nothing for other partners. Rules: S-382."""
    if partner_identity_of(quota) != rules.SUBSIDY:
        return None
    accounts = {each.account_name: id_ for id_, each in associations(actor, recipients).items()}
    return frozenset(accounts[name] for name in whitelisted(quota.partner_id, list(accounts)))


def _hand_out(
    actor: Actor, quota: Quota, terms: Terms, issue_id: UUID, customers: Sequence[tuple[UUID, int]]
) -> tuple[IssuedVoucher, ...]:
    """Write the vouchers, their log and their money: one transfer, n + 1 entries."""
    make = Make(
        quota=quota,
        issue_id=issue_id,
        face_minor=terms.face_value.minor,
        min_order_minor=terms.min_order.minor,
        starts_at=terms.window.start,
        ends_at=terms.window.end,
        scope=terms.scope,
        issued_at=actor.at,
        user_id=actor.user_id,
        remark=terms.remark,
    )
    written = write_vouchers(make, customers)
    handed = tuple(IssuedVoucher(id_, number, customer) for id_, customer, number in written)
    try:
        ledger.fund(
            actor,
            kind="voucher.issue",
            accounts=_accounts_of(quota, handed),
            amounts=terms.face_value,
            sources=[Move(quota.pk, -terms.face_value * len(handed))],
        )
    except InsufficientBalance as error:
        raise outrun("S-377", terms.face_value, len(handed)) from error
    record(
        actor,
        "voucher.issued",
        subject_kind="quota",
        subject_id=quota.pk,
        partner_id=quota.partner_id,
        upline_id=quota.upline_id,
        customer_id=handed[0].customer_id if len(handed) == 1 else None,
        issue=issue_id,
        amount=terms.face_value * len(handed),
        face=terms.face_value,
        count=len(handed),
        vouchers=[each.voucher_id for each in handed],
    )
    return handed


def _accounts_of(quota: Quota, vouchers: Sequence[IssuedVoucher]) -> Alike:
    return Alike(
        tuple(each.voucher_id for each in vouchers),
        kind="voucher",
        currency=quota.currency,
        partner_id=quota.partner_id,
        upline_id=quota.upline_id,
        customer_ids=tuple(each.customer_id for each in vouchers),
    )
