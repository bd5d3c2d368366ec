"""Deciding from the inbox: every decision is the noun's own verb."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from partner_center.inbox.kinds import KINDS
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import DomainError, NotFound
from partner_center.reviews import queries as reviews
from partner_center.reviews.actions import Decided
from partner_center.reviews.rules import Decision


@dataclass(frozen=True)
class DecidedSeveral:
    """What became of each: decided, or why not."""

    done: tuple[Decided, ...]
    refused: Mapping[str, DomainError]


def decide(actor: Actor, *, review_id: UUID, decision: Decision, key: str | None = None) -> Decided:
    """Decide a review of any kind by the verb of its noun; the same key decides once.

    Raises: NotFound, and whatever that verb raises.
    """
    return KINDS[_kind(actor, review_id)].decide(actor, review_id=review_id, decision=decision, key=key)


def approve_several(actor: Actor, *, review_ids: Sequence[UUID], reason: str = "", note: str = "") -> DecidedSeveral:
    """Approve several at once, with one reason; each stands alone, and one that is refused stops no other."""
    done: list[Decided] = []
    refused: dict[str, DomainError] = {}
    for review_id in dict.fromkeys(review_ids):
        kind = _kind(actor, review_id)
        number = reviews.review(actor, review_id).number
        try:
            if not KINDS[kind].about.bulk:
                raise NotFound("review")
            done.append(decide(actor, review_id=review_id, decision=Decision("approve", reason=reason, note=note)))
        except DomainError as error:
            refused[number] = error
    return DecidedSeveral(tuple(done), refused)


def expire_due(actor: Actor, *, limit: int) -> int:
    """End what ends by itself, kind by kind."""
    return sum(kind.expire(actor, limit=limit) for kind in KINDS.values())


def _kind(actor: Actor, review_id: UUID) -> str:
    kind = reviews.review(actor, review_id).kind
    if kind not in KINDS:
        raise NotFound("review")
    return kind
