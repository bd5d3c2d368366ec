"""Keyset paging: the next page begins behind the last row seen, however many rows lie before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
T = TypeVar("T", covariant=True)
LIMIT, LONGEST = 20, 200


@dataclass(frozen=True)
class Paged(Generic[T]):
    """Rows of one page, and where the next one begins; nothing when this is the last."""

    rows: tuple[T, ...]
    next: str | None

    def of(self, rows: tuple[Any, ...]) -> Paged[Any]:
        return Paged(rows, self.next)


def newest_first(rows: QuerySet[M], at: str, cursor: str | None, limit: int = LIMIT) -> Paged[M]:
    """A page ordered by an instant and the id, newest first. A cursor that is none begins at the start."""
    ordered = rows.order_by(f"-{at}", "-id")
    place = _read(cursor)
    if place:
        instant, id_ = place
        ordered = ordered.filter(Q(**{f"{at}__lt": instant}) | Q(**{at: instant, "id__lt": id_}))
    limit = max(1, min(limit, LONGEST))
    found = list(ordered[: limit + 1])
    more = len(found) > limit
    last: Any = found[limit - 1] if more else None
    return Paged(tuple(found[:limit]), f"{getattr(last, at).isoformat()}~{last.pk}" if more else None)


def count_up_to(rows: QuerySet[M], most: int) -> int:
    """How many rows there are; beyond `most` nobody counts on."""
    return rows.order_by().values("pk")[:most].count()


def _read(cursor: str | None) -> tuple[datetime, UUID] | None:
    try:
        instant, id_ = (cursor or "").split("~")
        return datetime.fromisoformat(instant), UUID(id_)
    except ValueError:
        return None
