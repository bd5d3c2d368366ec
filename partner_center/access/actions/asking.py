"""Asking for a permission one misses, and its answer by whoever manages members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.actions.member import give_role
from partner_center.access.actions.parties import party
from partner_center.access.models import AccessRequest
from partner_center.access.permissions import Can, require
from partner_center.access.queries import grants_of
from partner_center.access.rules import ASK, BOOK, GIVE, AskFacts, GiveFacts
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused

EVENTS = {"granted": "access_request.granted", "declined": "access_request.declined"}


@action
def ask_for_item(actor: Actor, *, item: str, reason: str) -> UUID:
    """Ask for a permission item that a menu entry or page needs.

    Rules:   L-209, L-211, S-590.
    Raises:  Refused.
    Records: access_request.made
    """
    waiting = AccessRequest.objects.visible_to(actor).filter(user_id=actor.person_id, item=item, state="open").exists()
    ASK.check(AskFacts(item, actor.audience, actor.permissions, waiting, len(reason)))
    row = AccessRequest(
        organisation_id=actor.seat_id, user_id=actor.person_id, item=item, reason=reason.strip(), asked_at=actor.at
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # asked twice at once
        raise Refused([BOOK.broken("L-211.waiting", "already_asked")]) from error
    _noted(actor, "access_request.made", row.pk, item=item)
    return row.pk


@action
def grant_item(actor: Actor, *, request_id: UUID, role: str) -> None:
    """Grant what was asked for by giving the member a role that brings it.

    Rules:   L-209, L-211, S-570 to S-572.
    Raises:  NotAllowed; NotFound; Refused; Conflict when it was answered already.
    Records: access_request.granted; member.roles_changed
    """
    require(actor, Can.MEMBER_MANAGE)
    asked = _hold(actor, request_id)
    GIVE.check(GiveFacts(asked.item, grants_of(actor, role)))
    give_role(actor, user_id=asked.user_id, role=role)
    _answered(actor, asked, "granted", role=role)


@action
def decline_item(actor: Actor, *, request_id: UUID, answer: str) -> None:
    """Decline what was asked for; whoever asked reads why.

    Rules:   L-211.
    Raises:  NotAllowed; NotFound; Conflict when it was answered already.
    Records: access_request.declined
    """
    require(actor, Can.MEMBER_MANAGE)
    _answered(actor, _hold(actor, request_id), "declined", answer=answer.strip()[:200])


def _hold(actor: Actor, request_id: UUID) -> AccessRequest:
    rows = AccessRequest.objects.visible_to(actor).filter(pk=request_id, organisation_id=actor.seat_id)
    asked = rows.select_for_update().first()
    if asked is None:
        raise NotFound("access_request")
    if asked.state != "open":
        raise Conflict("access_request_answered")
    return asked


def _answered(actor: Actor, asked: AccessRequest, state: str, role: str = "", answer: str = "") -> None:
    asked.state, asked.role, asked.answer = state, role, answer
    asked.answered_by, asked.answered_at = actor.user_id, actor.at
    asked.save(update_fields=["state", "role", "answer", "answered_by", "answered_at"])
    _noted(actor, EVENTS[state], asked.pk, item=asked.item, role=role, member=asked.user_id)


def _noted(actor: Actor, event: str, request_id: UUID, **data: Any) -> None:
    record(actor, event, subject_kind="access_request", subject_id=request_id, **data, **party(actor))
