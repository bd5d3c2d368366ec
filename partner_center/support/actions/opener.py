"""What the opener's side does: opening, writing, urging, taking back, confirming, rating, fetching files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotAllowed
from partner_center.kernel.rules import check_all
from partner_center.policy.queries import calendar, pack
from partner_center.support import queries, rules
from partner_center.support.actions.writing import about, checked, keep, move, talk, write
from partner_center.support.files import Upload
from partner_center.support.models import Ticket
from partner_center.support.numbers import next_number
from partner_center.support.queries import AttachmentRow


@dataclass(frozen=True)
class About:
    """What a ticket is about: a thing of the product by kind, id and label, and the rule that led here."""

    kind: str = ""
    id: UUID | None = None
    label: str = ""
    rule: str = ""


@dataclass(frozen=True)
class Opened:
    """A ticket that waits for the vendor."""

    ticket_id: UUID
    number: str


@action(keyed=True)
def open_ticket(
    actor: Actor,
    *,
    category: str,
    severity: str,
    subject: str,
    text: str,
    contact: str,
    particulars: Mapping[str, str] | None = None,
    regarding: About | None = None,
    uploads: Sequence[Upload] = (),
    key: str | None = None,
) -> Opened:
    """Ask the vendor something; every member of a partner or customer may.

    Rules:   L-215, L-250, L-251, L-252, L-253, L-256.
    Raises:  Refused; Conflict on a reused key.
    Records: ticket.opened
    """
    limits, particulars = pack(actor.site, actor.at), dict(particulars or {})
    facts = rules.OpenFacts(
        audience=actor.audience,
        category=category,
        severity=severity,
        subject=subject,
        text=text,
        contact=contact,
        open=queries.open_tickets(actor),
        most_open=limits.number("support.most_open"),
        longest=limits.number("support.message_length"),
        particulars=particulars,
    )
    check_all(rules.RAISE.broken(facts), checked(limits, uploads, 0))
    asked, what = rules.categories()[category], regarding or About()
    row = Ticket(
        number=next_number(actor.at.astimezone(limits.zone)),
        site=actor.site,
        organisation_id=actor.seat_id,
        audience=actor.audience,
        opened_by=actor.person_id,
        category=category,
        severity=severity,
        subject=subject.strip(),
        contact=contact.strip(),
        particulars={each.code: particulars.get(each.code, "").strip() for each in asked.fields},
        rule=what.rule[:24],
        subject_kind=what.kind[:24],
        subject_id=what.id,
        subject_label=what.label[:120],
        opened_at=actor.at,
        changed_at=actor.at,
        due_at=calendar(actor.site).due(actor.at, asked.due_days, limits.zone),
        unread_vendor=1,
    )
    row.save(force_insert=True)
    write(actor, row, "opened", text, uploads)
    record(actor, "ticket.opened", **about(row), number=row.number, category=category)
    return Opened(row.pk, row.number)


@action(keyed=True)
def reply(actor: Actor, *, ticket_id: UUID, text: str, uploads: Sequence[Upload] = (), key: str | None = None) -> None:
    """Write to the vendor; what waited for this goes on, and a resolved ticket is open again while there is time.

    Rules:   L-251.
    Raises:  NotFound; Refused; Conflict on a reused key.
    Records: ticket.replied, ticket.reopened
    """
    row = _own(actor, ticket_id)
    check_all(talk(actor, row, text, uploads))
    write(actor, row, "reply", text, uploads)
    reopened = row.state == "resolved"
    if reopened:
        row.resolved_at = row.closes_at = None
        move(actor, row, "reopen")
    elif row.state == "waiting_user":
        move(actor, row, "reply")
    keep(actor, row)
    if reopened:
        record(actor, "ticket.reopened", **about(row), number=row.number)
    else:
        record(actor, "ticket.replied", **about(row), number=row.number)


def _own(actor: Actor, ticket_id: UUID) -> Ticket:
    """A ticket of the actor's own account, locked. Raises: NotFound; NotAllowed for the vendor."""
    row = queries.lock_ticket(actor, ticket_id)
    if actor.audience not in ("partner", "customer"):
        raise NotAllowed("partner")
    return row


@action
def urge(actor: Actor, *, ticket_id: UUID) -> None:
    """Ask for haste, once a day, while the vendor has it.

    Rules:   L-251.
    Raises:  NotFound; Refused.
    Records: ticket.urged
    """
    row = _own(actor, ticket_id)
    hours = pack(row.site, actor.at).number("support.urge_hours")
    again_at = row.urged_at + timedelta(hours=hours) if row.urged_at else None
    rules.URGE.check(rules.UrgeFacts(row.state, actor.at, again_at))
    row.urged_at, row.urges = actor.at, row.urges + 1
    keep(actor, row)
    record(actor, "ticket.urged", **about(row), number=row.number, times=row.urges)


@action
def cancel(actor: Actor, *, ticket_id: UUID) -> None:
    """Take a ticket back before anybody took it up.

    Rules:   L-251.
    Raises:  NotFound; Refused.
    Records: ticket.cancelled
    """
    row = _own(actor, ticket_id)
    rules.CANCEL.check(rules.CancelFacts(row.state, row.opened_by == actor.user_id))
    move(actor, row, "cancel")
    row.closed_at = actor.at
    keep(actor, row)
    record(actor, "ticket.cancelled", **about(row), number=row.number)


@action
def confirm(actor: Actor, *, ticket_id: UUID) -> None:
    """Say that it is solved; the ticket closes.

    Rules:   L-251.
    Raises:  NotFound; Refused.
    Records: ticket.closed
    """
    row = _own(actor, ticket_id)
    rules.CONFIRM.check(rules.ConfirmFacts(row.state))
    move(actor, row, "close")
    row.closed_at = actor.at
    keep(actor, row)
    record(actor, "ticket.closed", **about(row), number=row.number, by="opener")


@action
def rate(actor: Actor, *, ticket_id: UUID, marks: int, words: str = "") -> None:
    """Say, once, how it was solved: one to five, and some words.

    Rules:   L-251.
    Raises:  NotFound; Refused.
    Records: ticket.rated
    """
    row = _own(actor, ticket_id)
    rules.RATE.check(rules.RateFacts(row.state, row.marks is not None, marks, words.strip()))
    row.marks, row.words, row.rated_at = marks, words.strip(), actor.at
    row.save()
    record(actor, "ticket.rated", **about(row), number=row.number, marks=marks)


@action
def seen(actor: Actor, *, ticket_id: UUID) -> None:
    """What the other side wrote is read by now."""
    unread = "unread_vendor" if actor.audience == "vendor" else "unread_opener"
    if getattr(queries.ticket(actor, ticket_id), unread):
        Ticket.objects.visible_to(actor).filter(pk=ticket_id).update(**{unread: 0})


@action
def fetch(actor: Actor, *, ticket_id: UUID, attachment_id: UUID) -> AttachmentRow:
    """Fetch a file of a ticket that the reader may read.

    Rules:   L-251.
    Raises:  NotFound; NotAllowed.
    Records: ticket.file_fetched
    """
    if actor.audience == "vendor":
        require(actor, Can.VENDOR_TICKET_VIEW)
    found = queries.attachment(actor, ticket_id, attachment_id)
    row = queries.lock_ticket(actor, ticket_id)
    record(actor, "ticket.file_fetched", **about(row), attachment=found.id)
    return found
