"""Granting, passing on and freezing quota."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.catalogue.queries import known_products, known_service_types
from partner_center.customers.queries import associations
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome
from partner_center.ledger import actions as ledger
from partner_center.ledger.errors import InsufficientBalance
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import Move, NewAccount
from partner_center.partners.queries import PartnerAccount, account, accounts
from partner_center.policy.queries import pack
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.models import Quota, QuotaRecord
from partner_center.vouchers.queries.quota import (
    balance_of,
    hold_homes,
    lock_quota,
    partner_state_of,
    share_quota,
    unsigned_of,
    window_of,
)


@dataclass(frozen=True)
class Granted:
    """A quota that the vendor granted."""

    quota_id: UUID
    number: str


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


def granting_account(site: str, currency: str) -> UUID:
    """The vendor's book from which quota is granted; its balance is minus what was granted."""
    return uuid5(NAMESPACE_URL, f"partner-center/{site}/{currency}/quota-granted")


def unknown_codes(service_types: Sequence[str], product_codes: Sequence[str]) -> tuple[str, ...]:
    """Codes of a scope that the catalogue does not have. Rules: S-374."""
    if not service_types and not product_codes:
        return ()
    missing = set(service_types) - set(known_service_types(service_types))
    return tuple(sorted(missing | (set(product_codes) - set(known_products(product_codes)))))


@action(keyed=True)
def grant(
    actor: Actor,
    *,
    partner_id: UUID,
    value: Money,
    window: Window,
    service_types: Sequence[str] = (),
    product_codes: Sequence[str] = (),
    customer_ids: Sequence[UUID] = (),
    purpose: str = "",
    key: str | None = None,
) -> Granted:
    """Grant a partner quota out of which it may issue vouchers.

    Rules:   S-350, S-360, S-374, S-902, L-307.
    Money:   value, minor units of the partner's site; the vendor's book → the quota.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: quota.granted
    """
    require(actor, Can.VENDOR_QUOTA_GRANT)
    partner = account(actor, partner_id)
    currency = pack(partner.site, actor.at).currency
    rules.GRANT.check(
        rules.GrantFacts(
            value=value,
            window=window,
            at=actor.at,
            identity=partner.identity,
            partner_state=partner.state,
            partner_currency=currency,
            unknown_codes=unknown_codes(service_types, product_codes),
        )
    )
    quota = Quota(
        number=numbers.next_numbers(numbers.QUOTA, actor.at, 1)[0],
        partner_id=partner_id,
        upline_id=None,
        value_minor=value.minor,
        currency=currency,
        starts_at=window.start,
        ends_at=window.end,
        service_types=sorted(set(service_types)),
        product_codes=sorted(set(product_codes)),
        customer_ids=sorted(set(customer_ids)),
        purpose=purpose[:200],
        granted_at=actor.at,
        granted_by=actor.user_id,
        changed_at=actor.at,
    )
    source = granting_account(partner.site, currency)
    _open_granting_account(actor, source, currency)
    _fund(actor, "quota.grant", [quota], source, value)
    record(actor, "quota.granted", partner_id=partner_id, amount=value, **subject_of(quota))
    return Granted(quota.pk, quota.number)


def _open_granting_account(actor: Actor, id_: UUID, currency: str) -> None:
    if id_ in balances([id_]):
        return
    # Of two first grants at once, one opens the book; the other waits for it here and finds it open.
    with suppress(IntegrityError), transaction.atomic():
        ledger.open_accounts(actor, [NewAccount(id_, "vendor.quota_granted", currency, floor=None)])


def _fund(actor: Actor, kind: str, quotas: Sequence[Quota], source: UUID, each: Money) -> None:
    """Write the quota and give each its accounts: free begins with the value, spent and lost with nothing."""
    Quota.objects.bulk_create(quotas)
    parties = [{"partner_id": quota.partner_id, "upline_id": quota.upline_id} for quota in quotas]
    ledger.open_accounts(
        actor,
        [
            NewAccount(id_, kind_, quota.currency, 0, **party)
            for quota, party in zip(quotas, parties, strict=True)
            for id_, kind_ in ((quota.spent_account, "quota.spent"), (quota.lost_account, "quota.lost"))
        ],
    )
    ledger.fund(
        actor,
        kind=kind,
        accounts=[
            NewAccount(quota.pk, "quota.free", quota.currency, 0, **party)
            for quota, party in zip(quotas, parties, strict=True)
        ],
        amounts=each,
        sources=[Move(source, -each * len(quotas))],
    )


def subject_of(quota: Quota) -> dict[str, Any]:
    return {"subject_kind": "quota", "subject_id": quota.pk}


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
        _fund(actor, "quota.pass_on", children, parent.pk, amount)
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


def outrun(rule: str, each: Money, count: int) -> Refused:
    """Another writer took the balance between our check and our write: the same rule says so."""
    values = {"each": each, "count": count, "actual": each * count}
    return Refused([rules.BOOK.broken(rule, "quota_insufficient", **values)])


def _child(actor: Actor, parent: Quota, reseller: UUID, amount: Money, number: str) -> Quota:
    return Quota(
        number=number,
        kind=parent.kind,
        partner_id=reseller,
        upline_id=parent.partner_id,
        parent=parent,
        value_minor=amount.minor,
        currency=parent.currency,
        starts_at=parent.starts_at,
        ends_at=parent.ends_at,
        service_types=parent.service_types,
        product_codes=parent.product_codes,
        customer_ids=parent.customer_ids,
        purpose=parent.purpose,
        granted_at=actor.at,
        granted_by=actor.user_id,
        changed_at=actor.at,
    )


def log_passing(actor: Actor, child: Quota, operation_type: int, amount: Money, remark: str) -> None:
    assert child.parent_id is not None and child.upline_id is not None
    QuotaRecord.objects.create(
        operation_type=operation_type,
        quota_id=child.pk,
        parent_id=child.parent_id,
        partner_id=child.partner_id,
        upline_id=child.upline_id,
        amount_minor=amount.minor,
        currency=child.currency,
        user_id=actor.user_id,
        remark=remark[: rules.LONGEST_QUOTA_REMARK],
        at=actor.at,
    )


def home_of(quota: Quota, actor: Actor) -> UUID:
    """The account to which value comes home: free while the quota lives, lost after its own end. Rules: S-402."""
    over = quota.state == "invalid" or actor.at >= quota.ends_at
    return quota.lost_account if over else quota.pk


def homes_of(actor: Actor, quota_ids: Iterable[UUID]) -> tuple[dict[UUID, UUID], set[UUID]]:
    """For each quota the account to which its vouchers' value comes home; and which were themselves taken back.

    What comes home to a sub-quota that the distributor has taken back goes on to the quota it came from.
    Rules: S-402.
    """
    # Under the system's eye: a reseller does not see the distributor's quota, to which the value goes on.
    with seated(actor.for_system("S-402: where value comes home")):
        found = hold_homes(quota_ids)
        taken_back = {quota.pk for quota in found if quota.state == "reclaimed" and quota.parent}
        homes = {
            quota.pk: home_of((quota.parent if quota.pk in taken_back else None) or quota, actor) for quota in found
        }
    return homes, taken_back


@action(keyed=True)
def freeze(actor: Actor, *, quota_id: UUID, reason: str, key: str | None = None) -> None:
    """Stop a quota from being issued from or passed on.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound; Conflict in another state.
    Records: quota.frozen
    """
    _turn(actor, quota_id, "freeze", "quota.frozen", reason)


@action(keyed=True)
def unfreeze(actor: Actor, *, quota_id: UUID, reason: str, key: str | None = None) -> None:
    """Let a frozen quota be used again.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound; Conflict in another state.
    Records: quota.unfrozen
    """
    _turn(actor, quota_id, "unfreeze", "quota.unfrozen", reason)


def _turn(actor: Actor, quota_id: UUID, move: str, event: str, reason: str) -> None:
    require(actor, Can.VENDOR_QUOTA_FREEZE)
    with seated(actor):
        quota = lock_quota(actor, quota_id)
    if not rules.QUOTA.may(move, quota.state):
        raise Conflict("quota_in_other_state", state=quota.state, needed=", ".join(rules.QUOTA.sources(move)))
    after = rules.QUOTA.target(move)
    Quota.objects.filter(pk=quota.pk).update(state=after, state_reason=reason[:200], changed_at=actor.at)
    parties: dict[str, Any] = {"partner_id": quota.partner_id, "upline_id": quota.upline_id}
    record(actor, event, before=quota.state, after=after, **parties, **subject_of(quota))
