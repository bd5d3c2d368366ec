"""What the verbs of both sides share: checking and keeping what is written and attached, and moving a ticket on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from partner_center.kernel.actor import Actor
from partner_center.kernel.rules import Outcome
from partner_center.policy.queries import pack
from partner_center.policy.rules import Pack
from partner_center.support import files, queries, rules
from partner_center.support.files import Upload
from partner_center.support.models import Attachment, Message, Ticket
from partner_center.support.sniffing import KINDS, ending, kind_of, pixels

PARTY = {"partner": "partner_id", "customer": "customer_id"}


def about(row: Ticket) -> dict[str, Any]:
    """What a ticket's events are about, and whose they are."""
    return {"subject_kind": "ticket", "subject_id": row.pk, PARTY[row.audience]: row.organisation_id}


def checked(limits: Pack, uploads: Sequence[Upload], there: int) -> tuple[Outcome, ...]:
    """What stands against files, together and each by itself. Rules: L-251."""
    most = limits.number("support.files_per_message")
    on_ticket = limits.number("support.files_per_ticket")
    found = rules.FILES.broken(rules.FilesFacts(len(uploads), most, there, on_ticket))
    return sum((rules.FILE.broken(_facts(limits, each), each.name) for each in uploads[: most + 1]), found)


def _facts(limits: Pack, upload: Upload) -> rules.FileFacts:
    most = limits.number("support.file_bytes")
    kind = kind_of(upload.bytes) if 0 < upload.size <= most else ""
    return rules.FileFacts(
        name=upload.name,
        size=upload.size,
        most_size=most,
        kind=kind,
        endings=KINDS[kind][0] if kind else (),
        ending=ending(upload.name),
        pixels=pixels(kind, upload.bytes) if kind else None,
        most_side=limits.number("support.image_most_side"),
        most_pixels=limits.number("support.image_most_pixels"),
    )


def talk(actor: Actor, row: Ticket, text: str, uploads: Sequence[Upload]) -> tuple[Outcome, ...]:
    """What stands against a message on this ticket."""
    limits = pack(row.site, actor.at)
    longest = limits.number("support.message_length")
    facts = rules.TalkFacts(row.state, text, len(uploads), longest, actor.at, row.closes_at)
    there = queries.attachments_of(actor, row.pk) if uploads else 0
    return rules.TALK.broken(facts) + checked(limits, uploads, there)


def write(actor: Actor, row: Ticket, kind: str, text: str, uploads: Sequence[Upload] = ()) -> Message:
    """Keep a message with its files, and count it for the other side; whoever calls keeps the ticket."""
    from_vendor = actor.audience == "vendor"
    message = Message(
        ticket=row,
        organisation_id=row.organisation_id,
        kind=kind,
        from_vendor=from_vendor,
        user_id=actor.person_id,
        body=text.strip(),
        at=actor.at,
    )
    message.save(force_insert=True)
    _attach(actor, row, message, uploads)
    theirs, own = ("unread_opener", "unread_vendor") if from_vendor else ("unread_vendor", "unread_opener")
    setattr(row, theirs, min(getattr(row, theirs) + 1, 9_999))
    setattr(row, own, 0)  # whoever writes has read
    return message


def _attach(actor: Actor, row: Ticket, message: Message, uploads: Sequence[Upload]) -> None:
    """Rows, then files: a file whose row is undone lies there unnamed, and is taken away where we see it."""
    made = [
        Attachment(
            id=uuid4(),
            ticket=row,
            message=message,
            organisation_id=row.organisation_id,
            name=each.name[:120],
            kind=kind_of(each.bytes),
            size=each.size,
            sha256=each.sha256,
            at=actor.at,
        )
        for each in uploads
    ]
    Attachment.objects.bulk_create(made)
    try:
        for attachment, each in zip(made, uploads, strict=True):
            files.keep(attachment.pk, each.bytes)
    except OSError:
        for attachment in made:
            files.drop(attachment.pk)
        raise


def move(actor: Actor, row: Ticket, name: str) -> None:
    """Into the state a move ends in; the due time stands still while it waits for its opener."""
    target = rules.TICKET.target(name)
    if row.paused_at is not None and target not in rules.WITH_USER:
        row.due_at, row.paused_at = rules.resumed(row.due_at, row.paused_at, actor.at), None
    elif row.paused_at is None and target in rules.WITH_USER:
        row.paused_at = actor.at
    row.state = target


def keep(actor: Actor, row: Ticket) -> None:
    row.changed_at = actor.at
    row.save()
