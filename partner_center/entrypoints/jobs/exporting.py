"""Making an export: page by page as the asker would read the list, line by line into the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext

from partner_center.access.queries import actor_of, names, user_by_id, user_names
from partner_center.entrypoints.export_words import KINDS
from partner_center.entrypoints.jobs.sheets import SHEETS, Line, Ours, Sheet
from partner_center.entrypoints.jobs.writers import About, writer
from partner_center.entrypoints.masks import mask
from partner_center.exports import actions as exports
from partner_center.exports import files
from partner_center.exports.kinds import may_export
from partner_center.exports.queries import ExportRow
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, Audience, system_actor
from partner_center.kernel.errors import Conflict
from partner_center.policy.queries import pack

# How often the page hears how far it is: a write each thousand rows.
TOLD_EACH = 1000


class TooManyRows(Exception):
    """The list grew beyond what a file may hold."""


class TakenOver(Exception):
    """Another worker has taken the export up; what this one makes is thrown away."""


def make(export_id: UUID) -> None:
    """Make the file of one export, from its beginning, whatever became of an earlier attempt. Rules: S-254, S-412."""
    row = exports.start(_system(), export_id=export_id)
    if row is None:
        return
    for earlier in range(1, row.attempt):
        files.drop(row.file_of(earlier))
    asker = _asker(row)
    if asker is None:
        exports.fail(_system(), export_id=row.id, attempt=row.attempt, reason="not_allowed")
        return
    try:
        _make(row, asker)
    except TooManyRows:
        exports.fail(_system(), export_id=row.id, attempt=row.attempt, reason="too_many_rows")
    except (TakenOver, Conflict):
        files.drop(row.file_name)
    finally:
        files.close_workshop(row.id)


def _system() -> Actor:
    return system_actor("S-254: an export", timezone.now())


def _asker(row: ExportRow) -> Actor | None:
    """Who asked, with what they may do now; nobody, when they may no longer read that list."""
    user = user_by_id(row.user_id)
    if user is None or user.organisation_id != row.organisation_id:
        return None
    at = timezone.now()
    with seated(Actor(audience=cast(Audience, row.audience), at=at, seat=row.organisation_id)):
        asker = actor_of(user, at=at, language=row.language, request_id=f"export:{row.id}")
    return asker if may_export(asker, row.kind, masked=row.masked) else None


def _make(row: ExportRow, asker: Actor) -> None:
    path = files.workshop(row.id) / f"rows.{row.file_format}"
    with translation.override("zh-hans" if asker.language == "zh" else "en"):
        rows = _write(row, asker, path)
    size, sha256 = _measured(path)
    if not exports.progress(_system(), export_id=row.id, attempt=row.attempt, rows=rows):
        raise TakenOver
    files.keep(row.file_name, path)
    exports.finish(_system(), export_id=row.id, attempt=row.attempt, rows=rows, size=size, sha256=sha256)


def _write(row: ExportRow, asker: Actor, path: Path) -> int:
    sheet, limits, rows = SHEETS[row.kind], pack(asker.site, asker.at), 0
    out = writer(path, gettext(KINDS[row.kind]), sheet.columns, limits.zone)
    for batch in _batches(sheet, asker, row.parameters["filter"]):
        for line in batch:
            out.row(_masked(line, sheet) if row.masked else line)
        before, rows = rows, rows + len(batch)
        if rows > limits.number("exports.most_rows"):
            raise TooManyRows
        if before // TOLD_EACH != rows // TOLD_EACH:
            _tell(row, rows)
    out.close(_about(row, asker, rows))
    return rows


def _batches(sheet: Sheet, asker: Actor, wanted: Any) -> Iterator[list[Line]]:
    """Each page in a transaction of its own, in the asker's seat: the fence holds, and nothing is held up."""
    cursor: str | None = None
    while True:
        with seated(asker):
            lines, cursor = sheet.read(asker, wanted, cursor)
        yield list(lines)
        if cursor is None:
            return


def _masked(line: Line, sheet: Sheet) -> Line:
    return tuple(
        mask(value)
        if column.is_personal and isinstance(value, str) and value and not isinstance(value, Ours)
        else value
        for column, value in zip(sheet.columns, line, strict=True)
    )


def _tell(row: ExportRow, rows: int) -> None:
    if not exports.progress(_system(), export_id=row.id, attempt=row.attempt, rows=rows):
        raise TakenOver


def _about(row: ExportRow, asker: Actor, rows: int) -> About:
    """What the file is, whom it was made for, and what is not in it."""
    zone = pack(asker.site, asker.at).zone
    with seated(asker):
        account = names([row.organisation_id])[row.organisation_id].in_language(asker.language)
        zh, en = user_names([row.user_id])[row.user_id]
    words = row.parameters["words"][asker.language]
    filters = [(label, mask(said) if row.masked and personal else said) for label, said, personal in words]
    return [
        (gettext("Content"), gettext(KINDS[row.kind])),
        *(filters or [(gettext("Filter"), gettext("none"))]),
        (gettext("Asked for by"), zh if asker.language == "zh" else en),
        (gettext("Account"), account),
        (gettext("Made at"), f"{asker.at.astimezone(zone):%Y-%m-%d %H:%M}"),
        (gettext("Time zone"), str(zone)),
        (gettext("Rows"), f"{rows:,}"),
        (gettext("Names and contacts"), gettext("masked") if row.masked else gettext("not masked")),
    ]


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
