"""Reading exports: the page's list, one of them, and the locks its verbs take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from partner_center.exports.files import name_of
from partner_center.exports.kinds import kinds_of
from partner_center.exports.models import Export
from partner_center.exports.rules import IN_FLIGHT
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound

LOCK = 7_310_021


@dataclass(frozen=True)
class ExportRow:
    """An export as the page of exports shows it."""

    id: UUID
    organisation_id: UUID
    audience: str
    site: str
    user_id: UUID
    kind: str
    parameters: Mapping[str, Any]
    language: str
    file_format: str
    masked: bool
    state: str
    reason: str
    attempt: int
    expected_rows: int
    rows: int
    size: int
    sha256: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None

    @property
    def file_name(self) -> str:
        return self.file_of(self.attempt)

    def file_of(self, attempt: int) -> str:
        """Each attempt has a file of its own: one that was taken over cannot spoil the other's."""
        return name_of(self.organisation_id, self.id, attempt, self.file_format)

    def is_kept(self, at: datetime) -> bool:
        """Whether its file can be fetched."""
        return self.state == "done" and self.expires_at is not None and at < self.expires_at


FIELDS = tuple(ExportRow.__dataclass_fields__)


def _row(found: Export) -> ExportRow:
    return ExportRow(**{name: getattr(found, name) for name in FIELDS})


def _readable(actor: Actor) -> QuerySet[Export]:
    """The account's exports of the lists that the reader may read; one that is not masked is its asker's alone."""
    rows = Export.objects.visible_to(actor)
    if actor.audience == "system":
        return rows
    # Vendor staff see every row of the business; a file is still its own account's.
    rows = rows.filter(organisation_id=actor.seat_id, kind__in=kinds_of(actor))
    return rows.filter(Q(masked=True) | Q(user_id=actor.person_id))


def exports(actor: Actor, cursor: str | None = None, limit: int = 20) -> Paged[ExportRow]:
    """A page of the account's exports, newest first."""
    page = newest_first(_readable(actor), "asked_at", cursor, limit)
    return page.of(tuple(map(_row, page.rows)))


def exports_count(actor: Actor) -> int:
    return _readable(actor).count()


def export(actor: Actor, export_id: UUID) -> ExportRow:
    """One export. Raises: NotFound."""
    found = Export.objects.visible_to(actor).filter(pk=export_id)
    if actor.audience != "system":
        found = found.filter(organisation_id=actor.seat_id)
    return _row(_found(found.first()))


def due(actor: Actor, limit: int) -> tuple[ExportRow, ...]:
    """Exports whose files are kept no longer."""
    rows = Export.objects.visible_to(actor).filter(state="done", expires_at__lte=actor.at).order_by("expires_at")
    return tuple(map(_row, rows[:limit]))


# Locks of the verbs --------------------------------------------------------------------------------------------------


def in_flight(actor: Actor) -> int:
    """How many exports the account waits for; until the transaction ends nobody else of it can ask for another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(actor.seat_id)])
    return Export.objects.filter(organisation_id=actor.seat_id, state__in=IN_FLIGHT).count()


def lock_export(actor: Actor, export_id: UUID) -> Export:
    """An export whose state a verb is about to change. Raises: NotFound."""
    return _found(Export.objects.visible_to(actor).select_for_update().filter(pk=export_id).first())


def lock_exports(actor: Actor, export_ids: Iterable[UUID], state: str) -> list[Export]:
    rows = Export.objects.visible_to(actor).filter(pk__in=list(export_ids), state=state)
    return list(rows.order_by("pk").select_for_update())


def lock_forgotten(actor: Actor, before: datetime) -> list[Export]:
    """Exports that were asked for so long ago that no worker is at them."""
    rows = Export.objects.visible_to(actor).filter(state__in=IN_FLIGHT, asked_at__lt=before)
    return list(rows.order_by("pk").select_for_update(skip_locked=True))


def _found(row: Export | None) -> Export:
    if row is None:
        raise NotFound("export")
    return row
