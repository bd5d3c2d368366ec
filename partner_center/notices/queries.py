"""Reading messages: a person's own, what waits to go out, the vendor's log, and what an account wants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from partner_center.access import queries as access
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.notices.catalogue import CATEGORIES, NAMED, Kind
from partner_center.notices.models import Delivery, LinkUse, Notice, Preference


@dataclass(frozen=True)
class NoticeRow:
    """A message as its reader finds it."""

    id: UUID
    organisation_id: UUID
    user_id: UUID
    kind: str
    category: str
    about: UUID
    values: Mapping[str, Any]
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class DeliveryRow:
    """A message on its way out."""

    id: UUID
    notice_id: UUID
    organisation_id: UUID
    user_id: UUID
    kind: str
    channel: str
    state: str
    reason: str
    answer: str
    tries: int
    digest: bool
    message_id: str
    at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """What an account wants of a category; `None` channels: it has said nothing."""

    channels: frozenset[str] | None
    user_ids: tuple[UUID, ...]


NOTHING_SAID = Wanted(None, ())
NOTICE_FIELDS = tuple(NoticeRow.__dataclass_fields__)
DELIVERY_FIELDS = tuple(DeliveryRow.__dataclass_fields__)


def _notice(found: Notice) -> NoticeRow:
    return NoticeRow(**{name: getattr(found, name) for name in NOTICE_FIELDS})


def _delivery(found: Delivery) -> DeliveryRow:
    return DeliveryRow(**{name: getattr(found, name) for name in DELIVERY_FIELDS})


# A person's own ----------------------------------------------------------------------------------------------------


def _own(actor: Actor) -> QuerySet[Notice]:
    """Vendor staff see every row of the business; a message is still its reader's alone."""
    mine = Notice.objects.visible_to(actor).filter(user_id=actor.person_id, organisation_id=actor.home_id)
    return mine.filter(shown=True)


def unread_count(actor: Actor) -> int:
    """How many messages the caller has not read."""
    return _own(actor).filter(read_at=None).count()


def notices(
    actor: Actor, *, category: str = "", unread: bool = False, cursor: str | None = None, limit: int = 20
) -> Paged[NoticeRow]:
    """A page of the caller's messages, newest first."""
    rows = _own(actor).filter(category=category) if category in CATEGORIES else _own(actor)
    page = newest_first(rows.filter(read_at=None) if unread else rows, "at", cursor, limit)
    return page.of(tuple(map(_notice, page.rows)))


def notice_counts(actor: Actor) -> dict[str, tuple[int, int]]:
    """Category → how many messages the caller has, and how many of them unread."""
    rows = _own(actor).order_by().values("category")
    counted = rows.annotate(many=Count("id"), unread=Count("id", filter=Q(read_at=None)))
    return {row["category"]: (row["many"], row["unread"]) for row in counted}


def notice(actor: Actor, notice_id: UUID) -> NoticeRow:
    """One message of the caller's. Raises: NotFound."""
    found = _own(actor).filter(pk=notice_id).first()
    if found is None:
        raise NotFound("message")
    return _notice(found)


# Who is told -------------------------------------------------------------------------------------------------------


def preferences(actor: Actor) -> dict[str, Wanted]:
    """Category → what the seat wants, where it has said so."""
    rows = Preference.objects.visible_to(actor).filter(organisation_id=actor.seat_id, user_id=None)
    return {row.category: Wanted(frozenset(row.channels), tuple(row.user_ids)) for row in rows}


def wanted(actor: Actor, organisation_id: UUID, category: str) -> Wanted:
    return preferences(actor.in_seat(organisation_id)).get(category, NOTHING_SAID)


def own_channels(actor: Actor, user_ids: Collection[UUID]) -> dict[tuple[UUID, str], frozenset[str]]:
    """(person, category) → the channels they want for themselves, where they have said so."""
    rows = Preference.objects.visible_to(actor).filter(user_id__in=set(user_ids))
    return {(row.user_id, row.category): frozenset(row.channels) for row in rows if row.user_id}


def readers(actor: Actor, organisation_id: UUID, kind: Kind, named: UUID | None, want: Wanted) -> tuple[UUID, ...]:
    """Who of an account reads a kind: always its own active members, whatever an event or a setting names.

    Rules: L-196.
    """
    if kind.permission:
        return access.holders(actor, organisation_id, kind.permission)
    people = [each for each in access.members(actor.in_seat(organisation_id)) if each.is_active]
    if kind.readers == NAMED:
        return tuple(each.id for each in people if each.id == named)
    chosen = tuple(each.id for each in people if each.id in want.user_ids)
    return chosen or tuple(each.id for each in people if each.is_main)


def strangers(actor: Actor, user_ids: Collection[UUID]) -> int:
    """How many of these are no active members of the seat."""
    people = {each.id for each in access.members(actor) if each.is_active}
    return len(set(user_ids) - people)


# On the way out ----------------------------------------------------------------------------------------------------


def notices_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, NoticeRow]:
    """Messages by their ids, for whoever sends them or keeps the log."""
    return {row.pk: _notice(row) for row in Notice.objects.visible_to(actor).filter(pk__in=set(ids))}


def delivery(actor: Actor, delivery_id: UUID) -> DeliveryRow:
    """Raises: NotFound."""
    found = Delivery.objects.visible_to(actor).filter(pk=delivery_id).first()
    if found is None:
        raise NotFound("delivery")
    return _delivery(found)


def waiting_for_digest(actor: Actor, user_id: UUID) -> tuple[DeliveryRow, ...]:
    """What waits for a reader's daily mail, oldest first."""
    rows = Delivery.objects.visible_to(actor).filter(user_id=user_id, state="queued", digest=True, at__lte=actor.at)
    return tuple(map(_delivery, rows.order_by("at", "id")))


def digest_readers(actor: Actor) -> tuple[UUID, ...]:
    """For whom a daily mail waits."""
    rows = Delivery.objects.visible_to(actor).filter(state="queued", digest=True, at__lte=actor.at)
    return tuple(rows.order_by("user_id").values_list("user_id", flat=True).distinct())


def lock_deliveries(actor: Actor, ids: Collection[UUID]) -> list[Delivery]:
    """Deliveries whose state is about to change."""
    return list(Delivery.objects.visible_to(actor).filter(pk__in=set(ids)).order_by("pk").select_for_update())


def _logged(actor: Actor, state: str, channel: str, kind: str) -> QuerySet[Delivery]:
    wanted = {"state": state, "channel": channel, "kind": kind}
    return Delivery.objects.visible_to(actor).filter(**{name: value for name, value in wanted.items() if value})


def deliveries(
    actor: Actor, *, state: str = "", channel: str = "", kind: str = "", cursor: str | None = None, limit: int = 20
) -> Paged[DeliveryRow]:
    """A page of the log of what went out, newest first."""
    page = newest_first(_logged(actor, state, channel, kind), "at", cursor, limit)
    return page.of(tuple(map(_delivery, page.rows)))


def delivery_counts(actor: Actor, *, channel: str = "", kind: str = "") -> dict[str, int]:
    """State → how many."""
    rows = _logged(actor, "", channel, kind).order_by().values("state").annotate(many=Count("id"))
    return {row["state"]: row["many"] for row in rows}


def link_used(actor: Actor, link_id: UUID, purpose: str) -> bool:
    return LinkUse.objects.visible_to(actor).filter(link_id=link_id, purpose=purpose).exists()
