"""Reading tickets: lists of both sides, one of them with all that was written, and the locks its verbs take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from partner_center.access.permissions import Can, may
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.support.models import Attachment, Message, Note, Ticket
from partner_center.support.rules import OPEN, OVER, WITH_USER, WITH_VENDOR, Category, categories

LOCK = 7_310_031
TABS = {"open": OPEN, "waiting": WITH_USER, "over": OVER}
# The vendor's: what it has to answer; of all that is open mine and nobody's; what waits for the opener; what is over.
QUEUE = {"open": WITH_VENDOR, "mine": OPEN, "nobody": OPEN, "waiting": WITH_USER, "over": OVER}
DUE = ("overdue", "soon")
SOON = timedelta(days=1)


@dataclass(frozen=True)
class TicketRow:
    """A ticket as it stands."""

    id: UUID
    number: str
    site: str
    organisation_id: UUID
    audience: str
    opened_by: UUID
    category: str
    severity: str
    subject: str
    contact: str
    particulars: dict[str, str]
    rule: str
    subject_kind: str
    subject_id: UUID | None
    subject_label: str
    state: str
    assignee_id: UUID | None
    opened_at: datetime
    changed_at: datetime
    due_at: datetime
    paused_at: datetime | None
    resolved_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    urged_at: datetime | None
    urges: int
    unread_opener: int
    unread_vendor: int
    return_address: str
    return_addressee: str
    return_phone: str
    marks: int | None
    words: str
    rated_at: datetime | None

    @property
    def about(self) -> Category:
        return categories()[self.category]

    @property
    def wants_return(self) -> bool:
        return self.about.wants_return(self.particulars)


@dataclass(frozen=True)
class AttachmentRow:
    """A file beside a message."""

    id: UUID
    ticket_id: UUID
    message_id: UUID
    name: str
    kind: str
    size: int
    at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True)
class MessageRow:
    """What was written, by whom, with which files."""

    id: UUID
    kind: str
    from_vendor: bool
    user_id: UUID
    text: str
    at: datetime
    files: tuple[AttachmentRow, ...] = ()


@dataclass(frozen=True)
class NoteRow:
    """What the vendor noted for itself."""

    id: UUID
    user_id: UUID
    text: str
    at: datetime


@dataclass(frozen=True)
class QueueFilter:
    """What the vendor's queue is narrowed to: one of the tabs of QUEUE, and what is chosen within it."""

    tab: str = "open"
    category: str = ""
    state: str = ""
    due: str = ""
    text: str = ""


def _row(found: Ticket) -> TicketRow:
    return TicketRow(**{name: getattr(found, name) for name in TicketRow.__dataclass_fields__})


def _mine(actor: Actor) -> QuerySet[Ticket]:
    """The reader's own tickets; of whoever manages the members, the whole account's. Rules: L-215."""
    rows = Ticket.objects.visible_to(actor)
    if actor.sees_all:
        return rows
    rows = rows.filter(organisation_id=actor.seat_id)
    return rows if may(actor, Can.MEMBER_MANAGE) else rows.filter(opened_by=actor.person_id)


def _matching(rows: QuerySet[Ticket], text: str) -> QuerySet[Ticket]:
    wanted = text.strip()
    return rows.filter(Q(number__icontains=wanted) | Q(subject__icontains=wanted)) if wanted else rows


def tickets(actor: Actor, tab: str, text: str = "", cursor: str | None = None, limit: int = 20) -> Paged[TicketRow]:
    """A page of the reader's tickets of one tab, what changed last first."""
    rows = _matching(_mine(actor), text).filter(state__in=TABS.get(tab, OPEN))
    page = newest_first(rows, "changed_at", cursor, limit)
    return page.of(tuple(map(_row, page.rows)))


def ticket_counts(actor: Actor, text: str = "") -> dict[str, int]:
    """How many tickets each tab holds."""
    counted = {name: Count("id", filter=Q(state__in=states)) for name, states in TABS.items()}
    return dict(_matching(_mine(actor), text).aggregate(**counted))


def ticket(actor: Actor, ticket_id: UUID) -> TicketRow:
    """Raises: NotFound."""
    return _row(_found(_mine(actor).filter(pk=ticket_id).first()))


def _queue(actor: Actor, wanted: QueueFilter) -> QuerySet[Ticket]:
    rows = _matching(Ticket.objects.visible_to(actor), wanted.text)
    if wanted.category:
        rows = rows.filter(category=wanted.category)
    if wanted.due == "overdue":
        rows = rows.filter(state__in=WITH_VENDOR, due_at__lt=actor.at)
    elif wanted.due == "soon":
        rows = rows.filter(state__in=WITH_VENDOR, due_at__gte=actor.at, due_at__lt=actor.at + SOON)
    return rows


def _of_tab(actor: Actor, tab: str) -> Q:
    states = Q(state__in=QUEUE.get(tab, WITH_VENDOR))
    if tab in ("mine", "nobody"):
        states &= Q(assignee_id=actor.person_id if tab == "mine" else None)
    return states


def queue(actor: Actor, wanted: QueueFilter, cursor: str | None = None, limit: int = 20) -> Paged[TicketRow]:
    """A page of the vendor's queue: what is due first while open, what ended last first when over."""
    rows = _queue(actor, wanted).filter(_of_tab(actor, wanted.tab))
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    if wanted.tab == "over":
        page = newest_first(rows, "changed_at", cursor, limit)
        return page.of(tuple(map(_row, page.rows)))
    return _due_first(rows, cursor, limit)


def _due_first(rows: QuerySet[Ticket], cursor: str | None, limit: int) -> Paged[TicketRow]:
    try:
        instant, id_ = (cursor or "").split("~")
        place = datetime.fromisoformat(instant), UUID(id_)
        rows = rows.filter(Q(due_at__gt=place[0]) | Q(due_at=place[0], id__gt=place[1]))
    except ValueError:
        pass
    found = [_row(each) for each in rows.order_by("due_at", "id")[: limit + 1]]
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return Paged(tuple(found[:limit]), f"{last.due_at.isoformat()}~{last.id}" if last else None)


def queue_counts(actor: Actor, wanted: QueueFilter) -> dict[str, int]:
    """How many tickets of a tab are in each state."""
    rows = (
        _queue(actor, wanted).filter(_of_tab(actor, wanted.tab)).order_by().values("state").annotate(many=Count("id"))
    )
    return dict(rows.values_list("state", "many"))


def queue_tabs(actor: Actor, wanted: QueueFilter) -> dict[str, int]:
    """How many tickets each tab of the queue holds."""
    counted = {tab: Count("id", filter=_of_tab(actor, tab)) for tab in QUEUE}
    return dict(_queue(actor, wanted).aggregate(**counted))


def messages(actor: Actor, ticket_id: UUID) -> tuple[MessageRow, ...]:
    """What both sides wrote, first to last, with the files beside it."""
    columns = tuple(name for name in AttachmentRow.__dataclass_fields__)
    beside: dict[UUID, list[AttachmentRow]] = {}
    for file in (
        Attachment.objects.visible_to(actor).filter(ticket_id=ticket_id).order_by("at", "name").values(*columns)
    ):
        beside.setdefault(file["message_id"], []).append(AttachmentRow(**file))
    rows = Message.objects.visible_to(actor).filter(ticket_id=ticket_id).order_by("at", "id")
    return tuple(
        MessageRow(m.pk, m.kind, m.from_vendor, m.user_id, m.body, m.at, tuple(beside.get(m.pk, ()))) for m in rows
    )


def notes(actor: Actor, ticket_id: UUID) -> tuple[NoteRow, ...]:
    """What the vendor noted for itself; nothing for anybody else."""
    rows = Note.objects.visible_to(actor).filter(ticket_id=ticket_id).order_by("at", "id")
    return tuple(NoteRow(each.pk, each.user_id, each.body, each.at) for each in rows)


def attachment(actor: Actor, ticket_id: UUID, attachment_id: UUID) -> AttachmentRow:
    """A file of a ticket that the reader may read, while it is kept. Raises: NotFound."""
    ticket(actor, ticket_id)
    rows = Attachment.objects.visible_to(actor).filter(pk=attachment_id, ticket_id=ticket_id, deleted_at=None)
    found = rows.values(*AttachmentRow.__dataclass_fields__).first()
    if found is None:
        raise NotFound("attachment")
    return AttachmentRow(**found)


def attachments_of(actor: Actor, ticket_id: UUID) -> int:
    return Attachment.objects.visible_to(actor).filter(ticket_id=ticket_id).count()


# Locks of the verbs --------------------------------------------------------------------------------------------------


def open_tickets(actor: Actor) -> int:
    """How many open tickets the account has; until the transaction ends nobody else of it can open another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(actor.seat_id)])
    return Ticket.objects.filter(organisation_id=actor.seat_id, state__in=OPEN).count()


def lock_ticket(actor: Actor, ticket_id: UUID) -> Ticket:
    """A ticket whose state a verb is about to change. Raises: NotFound."""
    return _found(_mine(actor).select_for_update().filter(pk=ticket_id).first())


def lock_closing(actor: Actor, limit: int) -> list[Ticket]:
    """Resolved tickets whose time to be reopened is over."""
    rows = Ticket.objects.visible_to(actor).filter(state="resolved", closes_at__lte=actor.at)
    return list(rows.order_by("closes_at").select_for_update(skip_locked=True)[:limit])


def hold_outlived(actor: Actor, site: str, before: datetime, limit: int) -> list[Attachment]:
    """Files of a site's tickets that ended so long ago that they are kept no longer."""
    ended = Q(ticket__closed_at__lt=before, ticket__state__in=OVER, ticket__site=site, deleted_at=None)
    rows = Attachment.objects.visible_to(actor).filter(ended)
    return list(rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])


def _found(row: Ticket | None) -> Ticket:
    if row is None:
        raise NotFound("ticket")
    return row
