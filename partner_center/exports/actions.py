"""Asking for an export, making it, fetching its file, and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from partner_center.access.codes import require_code
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.exports import queries, rules
from partner_center.exports.kinds import require_export
from partner_center.exports.models import Export
from partner_center.exports.queries import ExportRow
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound
from partner_center.kernel.ids import new_id
from partner_center.policy.queries import pack

UNMASKED = "exports.request_unmasked"


@dataclass(frozen=True)
class Requested:
    """An export that the worker will make."""

    export_id: UUID


@action(keyed=True)
def request(
    actor: Actor,
    *,
    kind: str,
    parameters: Mapping[str, Any],
    expected_rows: int,
    masked: bool = True,
    file_format: str = "xlsx",
    key: str | None = None,
) -> Requested:
    """Ask for a list as a file; the worker makes it. Names and contacts in it are masked unless asked otherwise.

    Rules:   S-254, S-412, S-562, S-581, S-904.
    Raises:  NotAllowed; NotFound for an unknown kind or format; Refused; Conflict on a reused key.
    Records: export.requested, export.requested_unmasked
    """
    require_export(actor, kind, masked=masked)
    if file_format not in rules.FORMATS:
        raise NotFound("format")
    if not masked:
        require_code(actor, UNMASKED)
    limits = pack(actor.site, actor.at)
    rules.REQUEST.check(
        rules.RequestFacts(
            in_flight=queries.in_flight(actor),
            most_in_flight=limits.number("exports.most_in_flight"),
            rows=expected_rows,
            most_rows=limits.number("exports.most_rows"),
        )
    )
    row = Export(
        id=new_id(),
        organisation_id=actor.seat_id,
        audience=actor.audience,
        site=actor.site,
        user_id=actor.person_id,
        kind=kind,
        parameters=dict(parameters),
        language=actor.language,
        file_format=file_format,
        masked=masked,
        expected_rows=expected_rows,
        asked_at=actor.at,
    )
    row.save(force_insert=True)
    about = _about(row)
    if masked:
        record(actor, "export.requested", **about, kind=kind)
    else:
        record(actor, "export.requested_unmasked", **about, kind=kind)
    return Requested(row.pk)


def _about(row: Export) -> dict[str, Any]:
    """What its events are about; the vendor's own are nobody else's to see."""
    party = {"partner": "partner_id", "customer": "customer_id"}.get(row.audience)
    return {"subject_kind": "export", "subject_id": row.pk} | ({party: row.organisation_id} if party else {})


@action
def download(actor: Actor, *, export_id: UUID) -> ExportRow:
    """Fetch the file of an export: of one's own account, for who may still read that list, while it is kept.

    Rules:   S-254, S-904.
    Raises:  NotFound, also for another's that is not masked; NotAllowed; Refused.
    Records: export.downloaded
    """
    found = queries.export(actor, export_id)
    require_export(actor, found.kind, masked=found.masked)
    if not found.masked and found.user_id != actor.user_id:
        raise NotFound("export")
    rules.DOWNLOAD.check(rules.DownloadFacts(found.state, actor.at, found.expires_at))
    party = {"partner": "partner_id", "customer": "customer_id"}.get(found.audience)
    owner = {party: found.organisation_id} if party else {}
    record(
        actor,
        "export.downloaded",
        subject_kind="export",
        subject_id=found.id,
        **owner,
        kind=found.kind,
        masked=found.masked,
    )
    return found


# The worker's -------------------------------------------------------------------------------------------------------


@action
def start(actor: Actor, *, export_id: UUID) -> ExportRow | None:
    """Take an export up, also one whose worker died over it; nothing when there is nothing left to do.

    Records: export.started, export.failed
    """
    row = queries.lock_export(actor, export_id)
    if not rules.EXPORT.may("start", row.state):
        return None
    if row.attempt >= rules.MOST_ATTEMPTS:
        _failed(actor, row, "tried_too_often")
        return None
    row.state, row.attempt, row.rows, row.started_at = rules.EXPORT.target("start"), row.attempt + 1, 0, actor.at
    row.save(update_fields=["state", "attempt", "rows", "started_at"])
    record(actor, "export.started", **_about(row), attempt=row.attempt)
    return queries.export(actor, export_id)


@action
def progress(actor: Actor, *, export_id: UUID, attempt: int, rows: int) -> bool:
    """Say how far it is. Returns whether this attempt is still the one that counts."""
    mine = Export.objects.visible_to(actor).filter(pk=export_id, state="running", attempt=attempt)
    return bool(mine.update(rows=rows))


@action
def finish(actor: Actor, *, export_id: UUID, attempt: int, rows: int, size: int, sha256: str) -> None:
    """The file is there, to be fetched until its days are over.

    Raises:  Conflict when another attempt took over.
    Records: export.finished
    """
    row = _running(actor, export_id, attempt)
    days = pack(row.site, actor.at).number("exports.kept_days")
    row.state, row.rows, row.size, row.sha256 = rules.EXPORT.target("finish"), rows, size, sha256
    row.finished_at, row.expires_at = actor.at, actor.at + timedelta(days=days)
    row.save(update_fields=["state", "rows", "size", "sha256", "finished_at", "expires_at"])
    record(actor, "export.finished", **_about(row), rows=rows)


@action
def fail(actor: Actor, *, export_id: UUID, attempt: int, reason: str) -> None:
    """There will be no file; `reason` says why.

    Raises:  Conflict when another attempt took over.
    Records: export.failed
    """
    _failed(actor, _running(actor, export_id, attempt), reason)


def _running(actor: Actor, export_id: UUID, attempt: int) -> Export:
    row = queries.lock_export(actor, export_id)
    if row.state != "running" or row.attempt != attempt:
        raise Conflict("export_taken_over", attempt=row.attempt)
    return row


def _failed(actor: Actor, row: Export, reason: str) -> None:
    row.state, row.reason, row.finished_at = rules.EXPORT.target("fail"), reason, actor.at
    row.save(update_fields=["state", "reason", "finished_at"])
    record(actor, "export.failed", **_about(row), reason=reason)


@action
def give_up(actor: Actor) -> int:
    """Fail exports that nobody has finished within a day, so that they stand in no other's way. Returns how many.

    Records: export.failed
    """
    rows = queries.lock_forgotten(actor, actor.at - rules.LONGEST)
    for row in rows:
        _failed(actor, row, "tried_too_often")
    return len(rows)


@action
def expire(actor: Actor, *, export_ids: Sequence[UUID]) -> int:
    """End exports whose files were deleted. Returns how many.

    Records: export.expired
    """
    rows = queries.lock_exports(actor, export_ids, "done")
    for row in rows:
        row.state = rules.EXPORT.target("expire")
        row.save(update_fields=["state"])
        record(actor, "export.expired", **_about(row))
    return len(rows)
