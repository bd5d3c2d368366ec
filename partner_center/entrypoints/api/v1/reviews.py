"""Reviews: what waits for the caller or for others, one of them, and the decision by the noun's own verb."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from partner_center.access.permissions import Can, require
from partner_center.entrypoints.api.v1 import review_shapes as shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.schemas import Key, ProblemOut
from partner_center.fence.seat import seated
from partner_center.inbox import actions
from partner_center.inbox.queries import waiting
from partner_center.reviews.queries import review, turns
from partner_center.reviews.rules import Decision

router = Router(tags=["reviews"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}


@router.get("", response={200: list[shapes.WaitingOut], **NO}, operation_id="reviews")
def several(request: HttpRequest, side: Annotated[Literal["me", "others"], Query()] = "me") -> list[shapes.WaitingOut]:
    """What waits, overdue first, then soonest; at most two hundred."""
    actor = caller(request)
    require(actor, Can.HOME_VIEW)
    with seated(actor):
        return [shapes.waiting(row) for row in waiting(actor, side) if row.source == "review"]


@router.get("/{review_id}", response={200: shapes.ReviewOut, **NO}, operation_id="review")
def one(request: HttpRequest, review_id: UUID) -> shapes.ReviewOut:
    """One review, with what both sides did."""
    actor = caller(request)
    require(actor, Can.HOME_VIEW)
    with seated(actor):
        return shapes.review(review(actor, review_id), turns(actor, review_id))


@router.post("/{review_id}/decisions", response={200: shapes.DecidedOut, **NO}, operation_id="decide_review")
def decide(request: HttpRequest, review_id: UUID, body: shapes.DecisionIn, key: Key) -> shapes.DecidedOut:
    """Approve, return or reject. `version` is that of the review you looked at; a later one is a 409."""
    actor = caller(request)
    said = Decision(body.move, body.reason, body.text, body.note, tuple(body.fields), body.version)
    with seated(actor):
        require(actor, Can.HOME_VIEW)
        decided = actions.decide(actor, review_id=review_id, decision=said, key=key)
    return shapes.DecidedOut(id=decided.review_id, state=decided.state, is_final=decided.is_final)
