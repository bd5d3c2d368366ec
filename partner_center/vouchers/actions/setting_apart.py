"""What comes back of a cash coupon is its customer's alone: kept in a quota that names nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import NewAccount
from partner_center.vouchers import numbers, rules
from partner_center.vouchers.models import Quota, Voucher
from partner_center.vouchers.queries.quota import scope_of

Share = tuple[UUID, UUID]


def set_apart(actor: Actor, vouchers: Sequence[Voucher], homes: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """For each locked cash coupon, the account of the quota that keeps its value for its customer.

    A part of the quota it came from, with that quota's limits and end, out of which only this customer can get a coupon
    again (S-375). Where that quota is over, or names nobody else anyway, value comes home as any other does.
    Rules:   S-366, S-403.
    Records: quota.kept, one a quota that was made
    """
    bound = [each for each in vouchers if each.kind == rules.CASH_KIND and homes[each.quota_id] == each.quota_id]
    if not bound:
        return {}
    quotas = {quota.pk: quota for quota in Quota.objects.filter(pk__in={each.quota_id for each in bound})}
    left = balances(each.pk for each in bound)
    shares: dict[Share, list[Voucher]] = defaultdict(list)
    for each in bound:
        if left[each.pk].minor and quotas[each.quota_id].customer_ids != [each.customer_id]:
            shares[each.quota_id, each.customer_id].append(each)
    totals = {share: sum(left[each.pk].minor for each in group) for share, group in shares.items()}
    kept = _keep(actor, quotas, totals)
    return {each.pk: kept[share] for share, group in shares.items() for each in group}


def _keep(actor: Actor, quotas: Mapping[UUID, Quota], totals: Mapping[Share, int]) -> dict[Share, UUID]:
    given = numbers.next_numbers(numbers.SUB_QUOTA, actor.at, len(totals)) if totals else []
    made = {
        share: _part(actor, quotas[share[0]], share[1], minor, number)
        for (share, minor), number in zip(totals.items(), given, strict=True)
    }
    Quota.objects.bulk_create(made.values())
    ledger.open_accounts(actor, [account for quota in made.values() for account in _accounts(quota)])
    for (parent, customer), quota in made.items():
        record(
            actor,
            "quota.kept",
            subject_kind="quota",
            subject_id=quota.pk,
            partner_id=quota.partner_id,
            upline_id=quota.upline_id,
            amount=Money(quota.value_minor, quota.currency),
            parent=parent,
            customer=customer,
        )
    return {share: quota.pk for share, quota in made.items()}


def _part(actor: Actor, quota: Quota, customer: UUID, minor: int, number: str) -> Quota:
    return Quota(
        number=number,
        kind=quota.kind,
        counts_as_performance=quota.counts_as_performance,
        partner_id=quota.partner_id,
        parent=quota,
        value_minor=minor,
        currency=quota.currency,
        starts_at=quota.starts_at,
        ends_at=quota.ends_at,
        **scope_of(quota).columns(),
        customer_ids=[customer],
        purpose=quota.purpose,
        granted_at=actor.at,
        granted_by=actor.user_id,
        changed_at=actor.at,
    )


def _accounts(quota: Quota) -> list[NewAccount]:
    kinds = ((quota.pk, "quota.free"), (quota.spent_account, "quota.spent"), (quota.lost_account, "quota.lost"))
    return [NewAccount(id_, kind, quota.currency, 0, partner_id=quota.partner_id) for id_, kind in kinds]
