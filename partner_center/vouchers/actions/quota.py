"""Granting quota, and what its other verbs share: its accounts, its log, its home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.catalogue.queries import known_products, known_regions, known_service_types
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger import actions as ledger
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import Move, NewAccount
from partner_center.partners.queries import account
from partner_center.policy.queries import pack
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.models import Quota, QuotaRecord
from partner_center.vouchers.queries.quota_held import (
    hold_homes,
)


@dataclass(frozen=True)
class Granted:
    """A quota that the vendor granted."""

    quota_id: UUID
    number: str


def granting_account(site: str, currency: str) -> UUID:
    """The vendor's book from which quota is granted; its balance is minus what was granted."""
    return uuid5(NAMESPACE_URL, f"partner-center/{site}/{currency}/quota-granted")


def unknown_codes(scope: rules.Scope) -> tuple[str, ...]:
    """Codes of a scope that the catalogue, or the vocabulary of orders, does not have. Rules: S-374, S-395."""
    types = scope.service_types | scope.service_types_excluded
    missing = scope.order_types - set(rules.LIMITED_ORDER_TYPES) | scope.billing_modes - set(rules.BILLING_MODES)
    if types:
        missing |= types - known_service_types(types)
    if scope.product_codes:
        missing |= scope.product_codes - set(known_products(scope.product_codes))
    if scope.regions:
        missing |= scope.regions - known_regions(scope.regions)
    return tuple(sorted(missing))


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
    kind: int = rules.VOUCHER_KIND,
    limits: rules.Scope = rules.ANYTHING,
    counts_as_performance: bool = False,
    key: str | None = None,
) -> Granted:
    """Grant a partner quota out of which it may issue vouchers, or cash coupons where it is of that kind.

    `limits` are those beside service types and products.
    Rules:   S-350, S-360, S-374, S-395, S-415, S-417, S-902, L-307.
    Money:   value, minor units of the partner's site; the vendor's book → the quota.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: quota.granted
    """
    require(actor, Can.VENDOR_QUOTA_GRANT)
    partner = account(actor, partner_id)
    currency = pack(partner.site, actor.at).currency
    scope = replace(limits, service_types=frozenset(service_types), product_codes=frozenset(product_codes))
    rules.GRANT.check(
        rules.GrantFacts(
            value=value,
            window=window,
            at=actor.at,
            identity=partner.identity,
            partner_state=partner.state,
            currency=currency,
            unknown_codes=unknown_codes(scope),
            kind=kind,
            scope=scope,
            counts_as_performance=counts_as_performance,
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
        kind=kind,
        counts_as_performance=counts_as_performance,
        customer_ids=sorted(set(customer_ids)),
        purpose=purpose[:200],
        granted_at=actor.at,
        granted_by=actor.user_id,
        changed_at=actor.at,
        **scope.columns(),
    )
    source = granting_account(partner.site, currency)
    _open_granting_account(actor, source, currency)
    fund(actor, "quota.grant", [quota], source, value)
    record(actor, "quota.granted", partner_id=partner_id, amount=value, **subject_of(quota))
    return Granted(quota.pk, quota.number)


def _open_granting_account(actor: Actor, id_: UUID, currency: str) -> None:
    if id_ in balances([id_]):
        return
    # Of two first grants at once, one opens the book; the other waits for it here and finds it open.
    with suppress(IntegrityError), transaction.atomic():
        ledger.open_accounts(actor, [NewAccount(id_, "vendor.quota_granted", currency, floor=None)])


def fund(actor: Actor, kind: str, quotas: Sequence[Quota], source: UUID, each: Money) -> None:
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


def outrun(rule: str, each: Money, count: int) -> Refused:
    """Another writer took the balance between our check and our write: the same rule says so."""
    values = {"each": each, "count": count, "actual": each * count}
    return Refused([rules.BOOK.broken(rule, "quota_insufficient", **values)])


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
