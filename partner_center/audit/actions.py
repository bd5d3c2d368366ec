"""Writing the record: events of an action, and their way into the feed."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection

from partner_center.audit.models import Cursor, Feed, Outbox
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json
from partner_center.kernel.ids import new_id

Fact = dict[str, Any]
_RECORD = "SELECT audit_record(%s, %s, %s)"
_pending: ContextVar[list[Fact] | None] = ContextVar("pending_events", default=None)
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
        {
            "id": str(new_id()),
            "name": name,
            "subject_kind": subject_kind,
            "subject_id": str(subject_id),
            "partner_id": to_json(partner_id),
            "upline_id": to_json(upline_id),
            "customer_id": to_json(customer_id),
            "user_id": to_json(actor.user_id),
            "home_id": to_json(actor.home),
            "seat_id": to_json(actor.seat),
            "system": actor.system[:120],
            "roles": list(actor.roles),
            "site": actor.site,
            "data": to_json(data),
            "request_id": actor.request_id[:64],
            "operation_id": to_json(_operation.get()),
            "at": to_json(actor.at),
        }
    )


def current_operation() -> UUID | None:
    """The claimed operation that is running, to stand on transfers and records."""
    return _operation.get()


def flush(events: list[Fact], operation: UUID | None = None, result: object = None) -> None:
    """Write an action's events, their outbox rows and the result of its claim, in one statement."""
    if not events and not operation:
        return
    facts = json.dumps(events) if events else None
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [facts, operation, json.dumps({"value": result}) if operation else None])


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
