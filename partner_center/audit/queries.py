"""Reading the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from partner_center.audit.models import Cursor, Event, Feed
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound


@dataclass(frozen=True)
class EventRow:
    """One fact, ready to be shown."""

    id: UUID
    name: str
    subject_kind: str
    subject_id: UUID
    partner_id: UUID | None
    upline_id: UUID | None
    customer_id: UUID | None
    user_id: UUID | None
    home_id: UUID | None
    seat_id: UUID | None
    system: str
    roles: tuple[str, ...]
    data: dict[str, Any]
    request_id: str
    at: datetime
    recorded_at: datetime


FIELDS = tuple(EventRow.__dataclass_fields__)


def _row(values: dict[str, Any]) -> EventRow:
    return EventRow(**{**values, "roles": tuple(values["roles"])})


def timeline(actor: Actor, subjects: Iterable[UUID], limit: int = 100) -> tuple[EventRow, ...]:
    """What happened to these things, newest first."""
    rows = Event.objects.visible_to(actor).filter(subject_id__in=list(subjects)).order_by("-id").values(*FIELDS)[:limit]
    return tuple(map(_row, rows))


def of_customer(actor: Actor, customer_id: UUID, limit: int = 50) -> tuple[EventRow, ...]:
    """What happened to a customer, and to anything of it, newest first."""
    rows = Event.objects.visible_to(actor).filter(Q(customer_id=customer_id) | Q(subject_id=customer_id))
    return tuple(map(_row, rows.order_by("-id").values(*FIELDS)[:limit]))


def events(
    actor: Actor, *, name: str = "", text: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[EventRow, ...]:
    """A page of all the seat may see, newest first, behind the event `before`; `text` is a request id or a subject."""
    rows = _wanted(actor, name, text)
    if before:
        rows = rows.filter(id__lt=before)
    return tuple(map(_row, rows.order_by("-id").values(*FIELDS)[:limit]))


def events_count(actor: Actor, *, name: str = "", text: str = "") -> int:
    """How many events there are of those."""
    return _wanted(actor, name, text).count()


def _wanted(actor: Actor, name: str, text: str) -> QuerySet[Event]:
    rows = Event.objects.visible_to(actor)
    if name:
        rows = rows.filter(name__startswith=name)
    return rows.filter(_matching(text)) if text else rows


def event(actor: Actor, event_id: UUID) -> EventRow:
    """One fact. Raises: NotFound."""
    values = Event.objects.visible_to(actor).filter(pk=event_id).values(*FIELDS).first()
    if values is None:
        raise NotFound("event")
    return _row(values)


def _matching(text: str) -> Q:
    try:
        return Q(subject_id=UUID(text)) | Q(request_id=text)
    except ValueError:
        return Q(request_id=text)


def follow(name: str, limit: int = 200) -> tuple[tuple[int, EventRow], ...]:
    """The events behind a follower's cursor, each with its position, in the feed's order."""
    seen = Cursor.objects.filter(name=name).values_list("position", flat=True).first() or 0
    places = list(
        Feed.objects.filter(position__gt=seen).order_by("position")[:limit].values_list("position", "event_id")
    )
    rows = {row["id"]: _row(row) for row in Event.objects.filter(id__in=[e for _, e in places]).values(*FIELDS)}
    return tuple((position, rows[event]) for position, event in places if event in rows)
