"""What the vendor does to a quota as a whole: stop it, let it go, take it out of use, put it aside to be adjusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.vouchers import rules
from partner_center.vouchers.actions.quota import subject_of
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.quota import live_parts, lock_quota, lock_quotas


@dataclass(frozen=True)
class Invalidated:
    """Quota that was taken out of use, and what of it was lost with that."""

    quota_ids: tuple[UUID, ...]
    lost: Money


@action(keyed=True)
def freeze(actor: Actor, *, quota_id: UUID, reason: str, key: str | None = None) -> None:
    """Stop a quota from being issued from or passed on.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound; Refused without a reason; Conflict in another state.
    Records: quota.frozen
    """
    require(actor, Can.VENDOR_QUOTA_FREEZE)
    _turn(actor, quota_id, "freeze", "quota.frozen", reason)


@action(keyed=True)
def unfreeze(actor: Actor, *, quota_id: UUID, reason: str, key: str | None = None) -> None:
    """Let a frozen quota be used again.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound; Refused without a reason; Conflict in another state.
    Records: quota.unfrozen
    """
    require(actor, Can.VENDOR_QUOTA_FREEZE)
    _turn(actor, quota_id, "unfreeze", "quota.unfrozen", reason)


@action(keyed=True)
def begin_adjusting(actor: Actor, *, quota_id: UUID, reason: str, key: str | None = None) -> None:
    """Put a quota aside to be adjusted: everybody sees it, nothing leaves it until that is done.

    Rules:   S-361, S-362, S-365.
    Raises:  NotAllowed; NotFound; Refused without a reason, or for what a distributor passed on; Conflict in another
             state.
    Records: quota.paused
    """
    require(actor, Can.VENDOR_QUOTA_ADJUST)
    _turn(actor, quota_id, "adjust", "quota.paused", reason, parts_too=False)


@action(keyed=True)
def end_adjusting(actor: Actor, *, quota_id: UUID, reason: str, key: str | None = None) -> None:
    """Let a quota that was put aside be used again as it was.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound; Refused without a reason; Conflict in another state.
    Records: quota.resumed
    """
    require(actor, Can.VENDOR_QUOTA_ADJUST)
    _turn(actor, quota_id, "adjusted", "quota.resumed", reason)


def _turn(actor: Actor, quota_id: UUID, move: str, event: str, reason: str, *, parts_too: bool = True) -> None:
    rules.REASON.check(rules.ReasonFacts(reason))
    quota = lock_quota(actor, quota_id)
    must_be(quota, move)
    if not parts_too:
        rules.NO_PART.check(rules.PartFacts(quota.parent_id is not None))
    after = rules.QUOTA.target(move)
    note = reason if after != "normal" or move == "unfreeze" else ""
    Quota.objects.filter(pk=quota.pk).update(state=after, state_reason=note, changed_at=actor.at)
    record(actor, event, before=quota.state, after=after, **parties_of(quota), **subject_of(quota))


def must_be(quota: Quota, move: str) -> None:
    """Raises: Conflict, when the quota is in a state from which the move does not start."""
    if not rules.QUOTA.may(move, quota.state):
        raise Conflict("quota_in_other_state", state=quota.state, needed=", ".join(rules.QUOTA.sources(move)))


def parties_of(quota: Quota) -> dict[str, Any]:
    return {"partner_id": quota.partner_id, "upline_id": quota.upline_id}


@action(keyed=True)
def invalidate(
    actor: Actor, *, quota_id: UUID, reason: str, with_parts: bool = False, key: str | None = None
) -> Invalidated:
    """Take a quota out of use for good: what is free of it is lost, customers' vouchers keep their own life.

    With `with_parts` the parts that resellers hold go with it; without, they stay theirs.
    Rules:   S-361, S-366, S-402.
    Money:   each quota's free balance; free → lost, of the same quota.
    Raises:  NotAllowed; NotFound; Refused without a reason; Conflict in another state.
    Records: quota.invalidated, one a quota
    """
    require(actor, Can.VENDOR_QUOTA_ADJUST)
    rules.REASON.check(rules.ReasonFacts(reason))
    quota = lock_quota(actor, quota_id)
    must_be(quota, "invalidate")
    ended: list[Quota] = [quota]
    if with_parts:
        ended += [each for each in lock_quotas(actor, live_parts(quota)) if rules.QUOTA.may("invalidate", each.state)]
    _, given = ledger.sweep(
        actor,
        kind="quota.invalidate",
        accounts=[each.pk for each in ended],
        into=[each.lost_account for each in ended],
        reason=reason,
    )
    _close(actor, ended, given, reason)
    return Invalidated(tuple(each.pk for each in ended), Money(sum(given.values()), quota.currency))


def _close(actor: Actor, ended: Sequence[Quota], given: Mapping[UUID, int], reason: str) -> None:
    after = rules.QUOTA.target("invalidate")
    Quota.objects.filter(pk__in=[each.pk for each in ended]).update(
        state=after, state_reason=reason, changed_at=actor.at
    )
    for each in ended:
        lost = Money(given.get(each.pk, 0), each.currency)
        subject = parties_of(each) | subject_of(each)
        record(actor, "quota.invalidated", amount=lost, before=each.state, after=after, **subject)
