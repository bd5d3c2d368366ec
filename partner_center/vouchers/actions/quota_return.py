"""Taking quota back that was passed on: one, or several with one code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.ledger.queries import balances
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota import home_of, log_passing, subject_of
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.quota import window_of
from partner_center.vouchers.queries.quota_held import hold_parents, lock_quota


@dataclass(frozen=True)
class QuotaReclaimed:
    """What really came back of a sub-quota."""

    quota_id: UUID
    amount: Money


@dataclass(frozen=True)
class NotReclaimed:
    """A sub-quota that stayed where it is, and the first rule that says why."""

    quota_id: UUID
    rule: str
    code: str


@dataclass(frozen=True)
class QuotasReclaimed:
    """What really came back of several sub-quotas, together, and which of them stayed."""

    quotas: tuple[QuotaReclaimed, ...]
    total: Money
    refused: tuple[NotReclaimed, ...] = ()


@action(keyed=True)
def reclaim_quota(actor: Actor, *, quota_id: UUID, remark: str = "", key: str | None = None) -> QuotaReclaimed:
    """Take back all that a reseller has not yet issued of a sub-quota.

    Rules:   S-399, S-402, S-411.
    Money:   the whole free balance; sub-quota → the quota it came from (lost there when that one is over).
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: quota.reclaimed
    """
    require(actor, Can.QUOTA_RECLAIM)
    require_code(actor, "vouchers.reclaim_quota")
    return _take_back(actor, [quota_id], remark).quotas[0]


@action(keyed=True)
def reclaim_quotas(
    actor: Actor, *, quota_ids: Sequence[UUID], remark: str = "", key: str | None = None, partial: bool = False
) -> QuotasReclaimed:
    """Take several sub-quotas back at once: all of them or none, or with `partial` those that can be.

    Rules:   S-399, S-402, S-411.
    Money:   each whole free balance; sub-quota → the quota it came from (lost there when that one is over).
    Raises:  NotAllowed; NotFound; Refused naming every broken rule of each; Conflict on a reused key.
    Records: quota.reclaimed, one a quota
    """
    require(actor, Can.QUOTA_RECLAIM, Can.QUOTA_RECLAIM_SEVERAL)
    require_code(actor, "vouchers.reclaim_quota")
    return _take_back(actor, quota_ids, remark, partial=partial)


def _take_back(actor: Actor, quota_ids: Sequence[UUID], remark: str, *, partial: bool = False) -> QuotasReclaimed:
    # Before the parts, as in the verb that ends a quota with its parts: what takes the value in stays what it is.
    hold_parents(actor, quota_ids)
    children = [lock_quota(actor, each, as_="upline") for each in sorted(set(quota_ids))]
    if not children or any(child.parent is None for child in children):
        raise NotFound("quota")
    left = balances(child.pk for child in children)
    facts = {
        child.pk: rules.QuotaReclaimFacts(child.state, window_of(child), actor.at, left[child.pk]) for child in children
    }
    good, bad = rules.RECLAIM_QUOTA.sift(facts, partial=partial)
    taken = _bring_home(actor, [child for child in children if child.pk in good], remark) if good else ()
    return QuotasReclaimed(
        taken,
        Money.total((each.amount for each in taken), children[0].currency),
        tuple(NotReclaimed(each, broken[0].id, broken[0].code) for each, broken in bad.items()),
    )


def _bring_home(actor: Actor, children: Sequence[Quota], remark: str) -> tuple[QuotaReclaimed, ...]:
    # One transfer for all: its accounts are locked in one order, whatever else comes home to them at the time.
    homes = [home_of(child.parent, actor) for child in children if child.parent]
    _, given = ledger.sweep(actor, kind="quota.reclaim", accounts=[child.pk for child in children], into=homes)
    return tuple(close_quota(actor, child, given.get(child.pk, 0), remark) for child in children)


def close_quota(actor: Actor, quota: Quota, minor: int, remark: str = "", move: str = "reclaim") -> QuotaReclaimed:
    """End a locked quota of which this much went back to where it came from: its state, its log, its event.

    Rules: S-361, S-411.
    """
    amount, after = Money(minor, quota.currency), rules.QUOTA.target(move)
    back = quota.given_back_minor + minor
    Quota.objects.filter(pk=quota.pk).update(state=after, state_reason="", given_back_minor=back, changed_at=actor.at)
    if quota.parent_id is not None:
        log_passing(actor, quota, rules.QUOTA_RECLAIMED, amount, remark)
    parties: dict[str, Any] = {"partner_id": quota.partner_id, "upline_id": quota.upline_id}
    record(actor, "quota.reclaimed", amount=amount, before=quota.state, after=after, **parties, **subject_of(quota))
    return QuotaReclaimed(quota.pk, amount)
