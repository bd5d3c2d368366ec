"""Writing the record: events of an action, and their way into the feed."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection

from partner_center.audit.models import Cursor, Event, Feed, Outbox
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json

_pending: ContextVar[list[Event] | None] = ContextVar("pending_events", default=None)
_operation: ContextVar[UUID | None] = ContextVar("operation", default=None)
SEQUENCER_LOCK = 7_310_001


class OutsideAction(RuntimeError):
    """An event was recorded outside an action, where nobody would write it."""


def record(
    actor: Actor,
    name: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    partner_id: UUID | None = None,
    upline_id: UUID | None = None,
    customer_id: UUID | None = None,
    **data: object,
) -> None:
    """Note a fact, `noun.past_participle`, to be written with the action that did it; ids and amounts, no names.

    Rules: S-906, S-623.
    """
    pending = _pending.get()
    if pending is None:
        raise OutsideAction(name)
    pending.append(
        Event(
            name=name,
            subject_kind=subject_kind,
            subject_id=subject_id,
            partner_id=partner_id,
            upline_id=upline_id,
            customer_id=customer_id,
            user_id=actor.user_id,
            home_id=actor.home,
            seat_id=actor.seat,
            system=actor.system[:120],
            roles=list(actor.roles),
            site=actor.site,
            data=to_json(data),
            request_id=actor.request_id[:64],
            operation_id=_operation.get(),
            at=actor.at,
        )
    )


def current_operation() -> UUID | None:
    """The claimed operation that is running, to stand on transfers and records."""
    return _operation.get()


def flush(events: list[Event]) -> None:
    """Write an action's events and their outbox rows."""
    if events:
        Event.objects.bulk_create(events)
        Outbox.objects.bulk_create([Outbox(event_id=event.id) for event in events])


def sequence(limit: int = 1000) -> int:
    """Move what waits in the outbox into the feed, in one order; one sequencer at a time.

    Returns how many events were placed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
        row = cursor.fetchone()
        if not row or not row[0]:
            return 0
        cursor.execute(
            f"""
            WITH taken AS (
                DELETE FROM {Outbox._meta.db_table} WHERE id IN (
                    SELECT id FROM {Outbox._meta.db_table} ORDER BY id LIMIT %s
                ) RETURNING id, event_id
            )
            INSERT INTO {Feed._meta.db_table} (event_id) SELECT event_id FROM taken ORDER BY id
            """,
            [limit],
        )
        return int(cursor.rowcount)


def advance(name: str, position: int) -> None:
    """Note how far a follower has come."""
    Cursor.objects.update_or_create(name=name, defaults={"position": position})


__all__: list[Any] = ["advance", "current_operation", "flush", "record", "sequence"]
