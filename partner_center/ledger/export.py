"""Transfers with their entries as JSON lines, for the verifier that has no database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from django.db import connection

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotAllowed

CHUNK = 2000
_FIELDS = (
    "id",
    "kind",
    "at",
    "recorded_at",
    "operation_id",
    "actor_user_id",
    "home_id",
    "seat_id",
    "approved_by_id",
    "reverses_id",
    "reason",
)
_PAGE = f"""
    WITH page AS (
        SELECT * FROM ledger_transfer WHERE (recorded_at, id) > (%s, %s) ORDER BY recorded_at, id LIMIT {CHUNK}
    )
    SELECT {", ".join(_FIELDS)}, encode(digest, 'hex') AS digest, (
        SELECT jsonb_agg(jsonb_build_array(e.account_id, e.amount_minor, e.currency,
                                           e.partner_id, e.upline_id, e.customer_id) ORDER BY e.account_id)
        FROM ledger_entry AS e WHERE e.transfer_id = page.id
    )::text AS entries
    FROM page ORDER BY recorded_at, id
"""
_START = (datetime(1970, 1, 1, tzinfo=UTC), "00000000-0000-0000-0000-000000000000")


def export_transfers(actor: Actor, stream: IO[str]) -> int:
    """Write every transfer, in the order of the seals; one JSON line each. Returns how many.

    Raises: NotAllowed for who sees only a part.
    """
    if not actor.sees_all:
        raise NotAllowed("ledger.export")
    count = 0
    with seated(actor):
        for row in _rows():
            stream.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def _rows() -> Iterator[dict[str, Any]]:
    after: tuple[Any, ...] | None = _START
    with connection.cursor() as cursor:
        while after is not None:
            cursor.execute(_PAGE, after)
            page = cursor.fetchall()
            for row in page:
                yield _told(dict(zip((*_FIELDS, "digest", "entries"), row, strict=True)))
            after = (page[-1][3], page[-1][0]) if len(page) == CHUNK else None


def _told(row: dict[str, Any]) -> dict[str, Any]:
    entries = json.loads(row.pop("entries") or "[]")
    return {name: _text(value) for name, value in row.items()} | {"entries": entries}


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return None if value is None else str(value)
