"""The place in a list where its next page begins, as a part of the address."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from partner_center.fence.paging import Paged

Place = tuple[datetime, UUID]


def read(text: str) -> Place | None:
    """The place an address names; a text that names none is the beginning."""
    try:
        at, id_ = text.split("~")
        place = datetime.fromisoformat(at), UUID(id_)
    except ValueError:
        return None
    return place if place[0].tzinfo else None


def written(place: Place | None) -> str | None:
    return f"{place[0].isoformat()}~{place[1]}" if place else None


def paged(rows: tuple[object, ...], place: Place | None) -> Paged[object]:
    return Paged(rows, written(place))
