"""Bringing back what a reclaim, an adjustment or an invalidation ended or changed: the parts of a reversal.

Each is held first, and found as the transfer left it; what went on since is named, and nothing is reversed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from partner_center.audit.actions import record
from partner_center.customers.queries import associations
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict
from partner_center.kernel.money import Money
from partner_center.ledger.queries import TransferPage, balances
from partner_center.partners.queries import accounts
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota import log_passing, subject_of
from partner_center.vouchers.actions.quota_state import parties_of
from partner_center.vouchers.actions.quota_terms import terms_of, write_line
from partner_center.vouchers.actions.reclaiming import pass_upwards
from partner_center.vouchers.models import Quota, Voucher, VoucherRecord
from partner_center.vouchers.queries.quota import hold_homes, lock_quotas
from partner_center.vouchers.queries.voucher import lock_vouchers

NAMED = 10


def unless_touched(numbers: Sequence[str]) -> None:
    """Raises: Conflict naming what was used or ended meanwhile."""
    if numbers:
        raise Conflict("transfer_touched", count=len(numbers), numbers=list(numbers[:NAMED]))


def _gave(page: TransferPage) -> dict[UUID, int]:
    """What each account gave in the transfer, in minor units."""
    return {account: -amount.minor for account, amount in page.entries if amount.minor < 0}


# Vouchers that were taken back ------------------------------------------------------------------------------------


def hold_vouchers(actor: Actor, ids: Sequence[UUID], page: TransferPage) -> Sequence[Voucher]:
    """Reclaimed vouchers that could live on: still in time, their customer still the issuer's in the same model."""
    rows = Voucher.objects.visible_to(actor).filter(pk__in=ids)
    # Relations before vouchers before quota, as in the verb that leaves a customer.
    gave, mine = _gave(page), _customers(actor, rows)
    found = lock_vouchers(rows)
    hold_homes(each.quota_id for each in found)
    unless_touched(
        [
            each.number
            for each in found
            if not rules.VOUCHER.may("restore", each.state)
            or actor.at >= each.ends_at
            or each.came_back_minor != gave[each.pk]
            or mine.get((each.partner_id, each.customer_id)) != each.association_type
        ]
    )
    return found


def _customers(actor: Actor, found: Iterable[Voucher]) -> Mapping[tuple[UUID, UUID], int]:
    """(partner, customer) → their association type today."""
    by_partner: dict[UUID, set[UUID]] = defaultdict(set)
    for each in found:
        by_partner[each.partner_id].add(each.customer_id)
    return {
        (partner, customer): facts.type
        for partner, customers in by_partner.items()
        for customer, facts in associations(actor.in_seat(partner), customers, lock=True).items()
    }


def vouchers(actor: Actor, found: Sequence[Voucher], page: TransferPage) -> None:
    """Held vouchers are usable again with what was taken; their log and one event a quota say so."""
    gave, filled = _gave(page), {account for account, amount in page.entries if amount.minor > 0}
    Voucher.objects.filter(pk__in=[each.pk for each in found]).update(
        state=rules.VOUCHER.target("restore"), ended_at=None, came_back_minor=0
    )
    VoucherRecord.objects.bulk_create(_line(actor, each, gave[each.pk]) for each in found)
    by_quota: dict[UUID, list[Voucher]] = defaultdict(list)
    for each in found:
        by_quota[each.quota_id].append(each)
    quotas = Quota.objects.filter(pk__in=by_quota)
    upwards = {each.pk for each in quotas if each.pk not in filled and each.lost_account not in filled}
    pass_upwards(found, upwards, {id_: -minor for id_, minor in gave.items()})
    for group in by_quota.values():
        _note(actor, group, gave)


def _line(actor: Actor, voucher: Voucher, minor: int) -> VoucherRecord:
    return VoucherRecord(
        operation_type=rules.ISSUED,
        quota_id=voucher.quota_id,
        voucher_id=voucher.pk,
        customer_id=voucher.customer_id,
        partner_id=voucher.partner_id,
        upline_id=voucher.upline_id,
        association_type=voucher.association_type,
        amount_minor=minor,
        currency=voucher.currency,
        user_id=actor.user_id,
        at=actor.at,
    )


def _note(actor: Actor, group: Sequence[Voucher], gave: Mapping[UUID, int]) -> None:
    one = group[0]
    record(
        actor,
        "voucher.restored",
        subject_kind="quota",
        subject_id=one.quota_id,
        partner_id=one.partner_id,
        upline_id=one.upline_id,
        customer_id=one.customer_id if len({each.customer_id for each in group}) == 1 else None,
        amount=Money(sum(gave[each.pk] for each in group), one.currency),
        count=len(group),
        vouchers=[each.pk for each in group],
    )


# Quota that was taken back or out of use --------------------------------------------------------------------------


def hold_parts(actor: Actor, ids: Sequence[UUID]) -> Sequence[Quota]:
    """Reclaimed parts that could live on: still in time, their reseller still the distributor's, their quota alive."""
    parts = lock_quotas(actor, ids)
    hold_homes(each.parent_id for each in parts if each.parent_id)
    known = accounts(actor, [each.partner_id for each in parts])
    unless_touched(
        [
            each.number
            for each in parts
            if each.state != "reclaimed"
            or actor.at >= each.ends_at
            or known[each.partner_id].upline_id != each.upline_id
            or not _lives(each.parent)
        ]
    )
    return parts


def _lives(quota: Quota | None) -> bool:
    return quota is not None and rules.QUOTA.may("lapse", quota.state)


def parts(actor: Actor, found: Sequence[Quota], page: TransferPage) -> None:
    """Held parts are their resellers' again, with the terms that their quota has by now. Rules: S-365, S-411."""
    gave = _gave(page)
    for part in found:
        assert part.parent is not None
        amount, whole = Money(gave[part.pk], part.currency), part.parent
        Quota.objects.filter(pk=part.pk).update(
            state=rules.QUOTA.target("restore"),
            given_back_minor=part.given_back_minor - amount.minor,
            ends_at=whole.ends_at,
            service_types=whole.service_types,
            product_codes=whole.product_codes,
            customer_ids=whole.customer_ids,
            changed_at=actor.at,
        )
        log_passing(actor, part, rules.PASSED_ON, amount, "")
        _restored(actor, part, amount)


def hold_invalidated(actor: Actor, ids: Sequence[UUID]) -> Sequence[Quota]:
    """Quota that was taken out of use and could live on: still in time, and if it is a part, its quota lives too."""
    found = lock_quotas(actor, ids)
    together = {each.pk for each in found}
    unless_touched(
        [
            each.number
            for each in found
            if each.state != "invalid"
            or actor.at >= each.ends_at
            or not (each.parent_id is None or each.parent_id in together or _lives(each.parent))
        ]
    )
    return found


def invalidated(actor: Actor, found: Sequence[Quota], page: TransferPage) -> None:
    """Held quota is valid again with what was free of it; what came home to it meanwhile stays lost."""
    gave = _gave(page)
    for quota in found:
        after = rules.QUOTA.target("restore")
        Quota.objects.filter(pk=quota.pk).update(state=after, state_reason="", changed_at=actor.at)
        _restored(actor, quota, Money(gave[quota.pk], quota.currency))


def _restored(actor: Actor, quota: Quota, amount: Money) -> None:
    after = rules.QUOTA.target("restore")
    subject = parties_of(quota) | subject_of(quota)
    record(actor, "quota.restored", amount=amount, before=quota.state, after=after, **subject)


# A value that was adjusted ------------------------------------------------------------------------------------------


def hold_adjusted(actor: Actor, page: TransferPage) -> Quota:
    """The live quota whose value was changed, if what came with that is still free. Raises: Conflict."""
    changed = dict(page.entries)
    found = lock_quotas(actor, changed)
    if not found:
        raise Conflict("transfer_not_reversible", kind=page.transfer.kind, instead="adjust")
    quota = found[0]
    back = changed[quota.pk].minor
    over = not rules.QUOTA.may("lapse", quota.state) or actor.at >= quota.ends_at
    if over or quota.value_minor <= back or balances([quota.pk])[quota.pk].minor < back:
        unless_touched([quota.number])
    return quota


def adjusted(actor: Actor, quota: Quota, page: TransferPage, reason: str, made: UUID) -> None:
    """The quota has the value from before; its end and scope, which move no value, are adjusted anew. Rules: S-366."""
    back = dict(page.entries)[quota.pk]
    before = terms_of(quota)
    after = replace(before, value_minor=before.value_minor - back.minor)
    Quota.objects.filter(pk=quota.pk).update(value_minor=after.value_minor, changed_at=actor.at)
    write_line(actor, quota, before, after, reason[: rules.LONGEST_REASON], made)
    subject = parties_of(quota) | subject_of(quota)
    record(actor, "quota.adjusted", amount=-back, before=quota.state, after=quota.state, **subject)
