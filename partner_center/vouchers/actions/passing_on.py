"""Passing quota on: equal parts of a distributor's quota for its resellers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers.queries import associations
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome
from partner_center.ledger.errors import InsufficientBalance
from partner_center.partners.queries import PartnerAccount, account, accounts
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.actions.quota import Granted, fund, log_passing, outrun, subject_of
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.quota import scope_of, window_of
from partner_center.vouchers.queries.quota_held import balance_of, partner_state_of, share_quota, unsigned_of


@dataclass(frozen=True)
class NotPassedOn:
    """A reseller that got no part, and the first rule that says why."""

    reseller_id: UUID
    rule: str
    code: str


@dataclass(frozen=True)
class PassedOn:
    """The parts of a quota that resellers received, and the resellers that received none."""

    quotas: tuple[Granted, ...]
    total: Money
    refused: tuple[NotPassedOn, ...] = ()


@action(keyed=True)
def pass_on(
    actor: Actor,
    *,
    quota_id: UUID,
    reseller_ids: Sequence[UUID],
    amount: Money,
    remark: str = "",
    key: str | None = None,
    partial: bool = False,
) -> PassedOn:
    """Pass equal parts of a distributor's quota on to its resellers; validity and limits go with them.

    With `partial`, resellers that may have none do not keep the others from theirs.

    Rules:   S-004, S-291, S-350, S-351, S-362 to S-365, S-902.
    Money:   amount for each, the quota's currency; quota → each sub-quota.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: quota.passed_on, one a reseller
    """
    require(actor, Can.QUOTA_PASS_ON, Can.QUOTA_PASS_ON_HELD)
    require_code(actor, "vouchers.pass_on")
    parent = share_quota(actor, quota_id, "vouchers.pass_on")
    receivers, refused = _sift_receivers(actor, parent, tuple(dict.fromkeys(reseller_ids)), amount, partial)
    if not receivers:
        return PassedOn((), Money.zero(amount.currency), refused)
    children = _hand_down(actor, parent, receivers, amount, remark)
    return PassedOn(tuple(Granted(child.pk, child.number) for child in children), amount * len(children), refused)


def _hand_down(actor: Actor, parent: Quota, receivers: tuple[UUID, ...], amount: Money, remark: str) -> Sequence[Quota]:
    """Write each reseller's part with its money, its log and its event."""
    children = [
        _child(actor, parent, reseller, amount, number)
        for reseller, number in zip(
            receivers, numbers.next_numbers(numbers.SUB_QUOTA, actor.at, len(receivers)), strict=True
        )
    ]
    try:
        fund(actor, "quota.pass_on", children, parent.pk, amount)
    except InsufficientBalance as error:
        raise outrun("S-363", amount, len(receivers)) from error
    for child in children:
        log_passing(actor, child, rules.PASSED_ON, amount, remark)
        record(
            actor,
            "quota.passed_on",
            partner_id=child.partner_id,
            upline_id=child.upline_id,
            amount=amount,
            parent=parent.pk,
            **subject_of(child),
        )
    return children


def pass_on_outcomes(
    actor: Actor, *, quota_id: UUID, reseller_ids: Sequence[UUID], amount: Money
) -> tuple[tuple[Outcome, ...], dict[UUID, tuple[Outcome, ...]]]:
    """What the rules say of passing on before it is done: the batch's answers and each reseller's. Raises: NotFound."""
    parent = share_quota(actor, quota_id, "vouchers.pass_on")
    receivers = tuple(dict.fromkeys(reseller_ids))
    batch = rules.PASS_ON.evaluate(_passing_facts(actor, parent, receivers, amount))
    each = {
        reseller: rules.PASS_ON_TO.evaluate(facts, reseller)
        for reseller, facts in _receiver_facts(actor, parent, receivers).items()
    }
    return batch, each


def _sift_receivers(
    actor: Actor, parent: Quota, resellers: tuple[UUID, ...], amount: Money, partial: bool
) -> tuple[tuple[UUID, ...], tuple[NotPassedOn, ...]]:
    """Who gets a part and who does not. Raises: Refused, by what is wrong with a reseller too unless `partial`."""
    facts, about = _passing_facts(actor, parent, resellers, amount), _receiver_facts(actor, parent, resellers)
    if not partial:
        _check_passing(facts, about)
    good, bad = rules.PASS_ON_TO.sift(about, partial=partial)
    if partial:
        # Who gets none does not count against the balance.
        rules.PASS_ON.check(replace(facts, receivers=len(good) or facts.receivers))
    return good, tuple(NotPassedOn(each, broken[0].id, broken[0].code) for each, broken in bad.items())


def _check_passing(facts: rules.PassOnFacts, about: Mapping[UUID, rules.ReceiverFacts]) -> None:
    broken = list(rules.PASS_ON.broken(facts))
    for reseller, facts_of in about.items():
        broken.extend(rules.PASS_ON_TO.broken(facts_of, reseller))
    if broken:
        raise Refused(broken)


def _passing_facts(actor: Actor, parent: Quota, receivers: tuple[UUID, ...], amount: Money) -> rules.PassOnFacts:
    return rules.PassOnFacts(
        quota_state=parent.state,
        quota_window=window_of(parent),
        at=actor.at,
        identity=account(actor, parent.partner_id).identity,
        amount=amount,
        receivers=len(receivers),
        balance=balance_of(parent),
        partner_state=partner_state_of(parent),
        unsigned=unsigned_of(parent),
    )


def _receiver_facts(actor: Actor, parent: Quota, receivers: tuple[UUID, ...]) -> dict[UUID, rules.ReceiverFacts]:
    own = {each.organisation_id: each.state for each in accounts(actor, receivers).values() if _is_below(each, parent)}
    limited = list(parent.customer_ids)
    return {
        reseller: rules.ReceiverFacts(
            is_own_reseller=reseller in own,
            state=own.get(reseller, ""),
            limited_to=len(limited),
            foreign_customers=len(set(limited) - set(associations(actor.in_seat(reseller), limited))) if limited else 0,
        )
        for reseller in receivers
    }


def _is_below(reseller: PartnerAccount, parent: Quota) -> bool:
    return reseller.upline_id == parent.partner_id


def _child(actor: Actor, parent: Quota, reseller: UUID, amount: Money, number: str) -> Quota:
    return Quota(
        number=number,
        kind=parent.kind,
        counts_as_performance=parent.counts_as_performance,
        partner_id=reseller,
        upline_id=parent.partner_id,
        parent=parent,
        value_minor=amount.minor,
        currency=parent.currency,
        starts_at=parent.starts_at,
        ends_at=parent.ends_at,
        **scope_of(parent).columns(),
        customer_ids=parent.customer_ids,
        purpose=parent.purpose,
        granted_at=actor.at,
        granted_by=actor.user_id,
        changed_at=actor.at,
    )
