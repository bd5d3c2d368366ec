"""Reading files of vouchers: the list of them, one with its rows, and the rows a verb works off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from partner_center.access.queries import Name, names, user_names
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Beginning
from partner_center.kernel.rules import Outcome, RuleText
from partner_center.vouchers.models import IssueBatch, IssueBatchRow, Voucher
from partner_center.vouchers.queries.voucher import lock_vouchers
from partner_center.vouchers.rules import BOOK, ROW_WARN, Cells, RepeatFacts, Scope


@dataclass(frozen=True, slots=True)
class RowIn:
    """A row of a file as it was uploaded; `number` is its place in the file, where a spreadsheet shows it."""

    number: int
    cells: Cells
    named_before: int = 0


@dataclass(frozen=True)
class BatchFilter:
    """Which files of the seat's own."""

    states: tuple[str, ...] = ()
    text: str = ""
    quota_id: UUID | None = None


@dataclass(frozen=True)
class BatchRow:
    """A file as lists show it."""

    id: UUID
    number: str
    quota_id: UUID
    quota_number: str
    partner_id: UUID
    file_name: str
    state: str
    rows: int
    bad: int
    warned: int
    issued: int
    total: Money
    held: Money
    scope: Scope
    uploaded_at: datetime
    checked_at: datetime
    committed_at: datetime | None
    ended_at: datetime | None
    uploaded_by: tuple[str, str]
    committed_by: tuple[str, str]

    @property
    def good(self) -> int:
        return self.rows - self.bad

    @property
    def done(self) -> int:
        """How many rows have come to their end, of a file that is being issued."""
        return self.issued + self.bad


@dataclass(frozen=True)
class BatchLine:
    """A row of a file with what became of it: `problems` are the rules it breaks, `warnings` what is worth a look."""

    number: int
    cells: Cells
    state: str
    problems: tuple[Outcome, ...]
    warnings: tuple[Outcome, ...]
    customer: Name | None
    face: Money | None
    voucher_id: UUID | None


def _seen(actor: Actor) -> QuerySet[IssueBatch]:
    return IssueBatch.objects.visible_to(actor, as_=None if actor.sees_all else "partner")


def batches(actor: Actor, wanted: BatchFilter, cursor: str | None = None, limit: int = 20) -> Paged[BatchRow]:
    """A page of the seat's files, newest first."""
    rows = _narrowed(_seen(actor), wanted)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    page = newest_first(rows.select_related("quota"), "uploaded_at", cursor, limit)
    return page.of(_rows(page.rows))


def batch_counts(actor: Actor, wanted: BatchFilter | None = None) -> dict[str, int]:
    """How many files are in each state."""
    rows = _narrowed(_seen(actor), wanted or BatchFilter())
    return dict(rows.order_by().values_list("state").annotate(many=Count("id")))


def _narrowed(rows: QuerySet[IssueBatch], wanted: BatchFilter) -> QuerySet[IssueBatch]:
    if wanted.quota_id:
        rows = rows.filter(quota_id=wanted.quota_id)
    if wanted.text:
        rows = rows.filter(number__istartswith=wanted.text) | rows.filter(file_name__icontains=wanted.text)
    return rows


def batch_detail(actor: Actor, batch_id: UUID) -> BatchRow:
    """One file. Raises: NotFound."""
    found = _seen(actor).select_related("quota").filter(pk=batch_id).first()
    if found is None:
        raise NotFound("voucher_batch")
    return _rows([found])[0]


def _rows(found: Sequence[IssueBatch]) -> tuple[BatchRow, ...]:
    people = user_names(each for batch in found for each in (batch.uploaded_by, batch.committed_by))

    def person(id_: UUID | None) -> tuple[str, str]:
        return people.get(id_, ("", "")) if id_ else ("", "")

    return tuple(
        BatchRow(
            id=batch.pk,
            number=batch.number,
            quota_id=batch.quota_id,
            quota_number=batch.quota.number,
            partner_id=batch.partner_id,
            file_name=batch.file_name,
            state=batch.state,
            rows=batch.row_count,
            bad=batch.bad_count,
            warned=batch.warned_count,
            issued=batch.issued_count,
            total=Money(batch.total_minor, batch.currency),
            held=Money(batch.held_minor, batch.currency),
            scope=Scope(frozenset(batch.service_types), frozenset(batch.product_codes)),
            uploaded_at=batch.uploaded_at,
            checked_at=batch.checked_at,
            committed_at=batch.committed_at,
            ended_at=batch.ended_at,
            uploaded_by=person(batch.uploaded_by),
            committed_by=person(batch.committed_by),
        )
        for batch in found
    )


# Rows ----------------------------------------------------------------------------------------------------------------


def batch_lines(
    actor: Actor, batch_id: UUID, *, status: str = "", after: int = 0, limit: int = 50
) -> tuple[BatchLine, ...]:
    """A page of a file's rows behind the row `after`; `status` is a state, or `warned`. Raises: NotFound."""
    batch = batch_detail(actor, batch_id)
    rows = _of_status(_lines(actor, batch_id), status).filter(number__gt=after)[: limit + 1]
    return _as_lines(list(rows), batch.total.currency)


def batch_lines_all(actor: Actor, batch_id: UUID) -> Iterator[BatchLine]:
    """Every row of a file, in its order, for the result file. Raises: NotFound."""
    currency, after = batch_detail(actor, batch_id).total.currency, 0
    while page := list(_lines(actor, batch_id).filter(number__gt=after)[:2000]):
        yield from _as_lines(page, currency)
        after = page[-1].number


def _lines(actor: Actor, batch_id: UUID) -> QuerySet[IssueBatchRow]:
    return IssueBatchRow.objects.visible_to(actor).filter(batch_id=batch_id).order_by("number")


def _of_status(rows: QuerySet[IssueBatchRow], status: str) -> QuerySet[IssueBatchRow]:
    if status == "warned":
        return rows.filter(named_before__isnull=False).exclude(state="refused")
    return rows.filter(state=status) if status else rows


def _as_lines(rows: Sequence[IssueBatchRow], currency: str) -> tuple[BatchLine, ...]:
    named = names(row.customer_id for row in rows)
    return tuple(
        BatchLine(
            number=row.number,
            cells=Cells(*row.cells),
            state=row.state,
            problems=tuple(restored(each, currency) for each in row.problems),
            warnings=ROW_WARN.broken(RepeatFacts(row.named_before))
            if row.named_before and row.state != "refused"
            else (),
            customer=named.get(row.customer_id) if row.customer_id else None,
            face=Money(row.face_minor, currency) if row.face_minor is not None else None,
            voucher_id=row.voucher_id,
        )
        for row in rows
    )


# Outcomes, kept until somebody reads them in their language -----------------------------------------------------------


def stored(outcome: Outcome) -> dict[str, Any]:
    """A broken rule as it is kept with its row."""
    values = {name: _plain(value) for name, value in outcome.values.items() if value is not None}
    return {"row": _key(outcome.rule), "code": outcome.code, "values": values}


def restored(kept: Mapping[str, Any], currency: str) -> Outcome:
    """The broken rule again, ready to be told in the reader's language."""
    values = {name: _rich(value, currency) for name, value in kept["values"].items()}
    return BOOK.broken(kept["row"], kept["code"], **values)


def _key(rule: RuleText) -> str:
    return next(key for key, text in BOOK.texts.items() if text is rule)


def _plain(value: object) -> object:
    match value:
        case Money():
            return {"minor": value.minor}
        case Beginning():
            return {"begins": value.isoformat()}
        case datetime():
            return {"at": value.isoformat()}
    return value if isinstance(value, int) else str(value)


def _rich(value: Any, currency: str) -> object:
    match value:
        case {"minor": minor}:
            return Money(minor, currency)
        case {"begins": text}:
            return Beginning.of(datetime.fromisoformat(text))
        case {"at": text}:
            return datetime.fromisoformat(text)
    return value


# For verbs -----------------------------------------------------------------------------------------------------------


def lock_batch(actor: Actor, batch_id: UUID) -> IssueBatch | None:
    """A file of the seat's own that a verb is about to change."""
    return _seen(actor).filter(pk=batch_id).select_for_update().first()


def hold_running(actor: Actor, batch_id: UUID) -> IssueBatch | None:
    """A file that is being issued, unless somebody else is at it."""
    rows = IssueBatch.objects.visible_to(actor).filter(pk=batch_id, state="issuing")
    return rows.select_for_update(skip_locked=True).first()


def batches_to_carry_on(actor: Actor) -> tuple[UUID, ...]:
    """Files that are being issued, the oldest first."""
    rows = IssueBatch.objects.visible_to(actor).filter(state="issuing")
    return tuple(rows.order_by("committed_at", "pk").values_list("pk", flat=True))


def rows_of(batch: IssueBatch) -> tuple[RowIn, ...]:
    """Every row of a file, in its order."""
    return _read(IssueBatchRow.objects.filter(batch=batch).values_list("number", "cells"))


def rows_to_do(batch: IssueBatch, limit: int) -> tuple[RowIn, ...]:
    """The next rows of a file that is being issued."""
    rows = IssueBatchRow.objects.filter(batch=batch, state="ready").order_by("number")
    return tuple(
        RowIn(number, Cells(*cells), before or 0)
        for number, cells, before in rows.values_list("number", "cells", "named_before")[:limit]
    )


def _read(rows: Iterable[tuple[int, list[str]]]) -> tuple[RowIn, ...]:
    return tuple(RowIn(number, Cells(*cells)) for number, cells in sorted(rows))


def lock_vouchers_of(batch: IssueBatch) -> tuple[list[Voucher], int]:
    """A file's vouchers, locked, and how many of them are no longer as they were issued."""
    found = lock_vouchers(Voucher.objects.filter(issue_id=batch.pk, quota_id=batch.quota_id))
    with connection.cursor() as cursor:
        cursor.execute(_UNTOUCHED, [batch.pk, batch.quota_id])
        (untouched,) = cursor.fetchone() or (0,)
    return found, len(found) - untouched


_UNTOUCHED = """
    SELECT count(*) FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
    WHERE v.issue_id = %s AND v.quota_id = %s AND v.state = 'usable' AND NOT v.is_frozen AND v.lock_order = ''
        AND a.balance = v.face_minor
"""
