"""What the vendor does: taking a ticket, answering, asking back, solving, naming where papers go back to, noting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.rules import check_all
from partner_center.policy.queries import pack
from partner_center.support import queries, rules
from partner_center.support.actions.writing import about, keep, move, talk, write
from partner_center.support.files import Upload
from partner_center.support.models import Note, Ticket


@action
def take(actor: Actor, *, ticket_id: UUID, over: bool = False) -> None:
    """Become who answers a ticket: one that is nobody's, or, taken over, a colleague's.

    Rules:   L-250.
    Raises:  NotAllowed; NotFound; Refused, also when a colleague was quicker.
    Records: ticket.taken, ticket.taken_over
    """
    require(actor, Can.VENDOR_TICKET_ANSWER)
    row = queries.lock_ticket(actor, ticket_id)
    facts = rules.TakeFacts(row.state, row.assignee_id is not None, actor.roles, rules.categories()[row.category].roles)
    (rules.TAKE_OVER if over else rules.TAKE).check(facts)
    before, row.assignee_id = row.assignee_id, actor.user_id
    if row.state == "submitted":
        move(actor, row, "take")
    keep(actor, row)
    if before is None:
        record(actor, "ticket.taken", **about(row), number=row.number, assignee=actor.user_id)
    else:
        record(actor, "ticket.taken_over", **about(row), number=row.number, assignee=actor.user_id)


@action(keyed=True)
def answer(actor: Actor, *, ticket_id: UUID, text: str, uploads: Sequence[Upload] = (), key: str | None = None) -> None:
    """Write to the opener while going on with it.

    Rules:   L-250, L-251.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: ticket.answered
    """
    row = _said(actor, ticket_id, "answer", text, uploads)
    keep(actor, row)
    record(actor, "ticket.answered", **about(row), number=row.number, opener=row.opened_by)


@action(keyed=True)
def ask(actor: Actor, *, ticket_id: UUID, text: str, uploads: Sequence[Upload] = (), key: str | None = None) -> None:
    """Ask the opener something; until the reply the due time stands still.

    Rules:   L-250, L-251.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: ticket.answered
    """
    row = _said(actor, ticket_id, "ask", text, uploads)
    keep(actor, row)
    record(actor, "ticket.answered", **about(row), number=row.number, opener=row.opened_by, waits=True)


@action(keyed=True)
def resolve(
    actor: Actor, *, ticket_id: UUID, text: str, uploads: Sequence[Upload] = (), key: str | None = None
) -> None:
    """Say how it is solved; it closes by itself after some days, unless its opener writes.

    Rules:   L-250, L-251, S-477.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: ticket.resolved
    """
    row = _said(actor, ticket_id, "resolve", text, uploads)
    days = pack(row.site, actor.at).number("support.closes_days")
    row.resolved_at, row.closes_at = actor.at, actor.at + timedelta(days=days)
    keep(actor, row)
    record(actor, "ticket.resolved", **about(row), number=row.number, opener=row.opened_by, closes_at=row.closes_at)


def _said(actor: Actor, ticket_id: UUID, name: str, text: str, uploads: Sequence[Upload]) -> Ticket:
    """A message of the vendor's with the move it makes; the ticket is moved, not yet kept."""
    require(actor, Can.VENDOR_TICKET_ANSWER)
    row = queries.lock_ticket(actor, ticket_id)
    facts = rules.AnswerFacts(
        move=name,
        state=row.state,
        is_assignee=row.assignee_id == actor.user_id,
        wants_return=rules.categories()[row.category].wants_return(row.particulars),
        has_return=bool(row.return_address and row.return_addressee),
    )
    said = tuple(each for each in talk(actor, row, text, uploads) if each.code != "too_late_to_reopen")
    check_all(rules.ANSWER.broken(facts), said)
    write(actor, row, name, text, uploads)
    move(actor, row, name)
    return row


@action
def name_return(actor: Actor, *, ticket_id: UUID, address: str, addressee: str, phone: str) -> None:
    """Name where papers go back to, and to whom: a wrong invoice is returned before it is issued again.

    Rules:   S-477, L-250.
    Raises:  NotAllowed; NotFound; Refused.
    Records: ticket.return_named
    """
    require(actor, Can.VENDOR_TICKET_ANSWER)
    row = queries.lock_ticket(actor, ticket_id)
    wants = rules.categories()[row.category].wants_return(row.particulars)
    facts = rules.ReturnFacts(wants, row.state, address, addressee, phone)
    mine = rules.ANSWER.broken(rules.AnswerFacts("answer", "accepted", row.assignee_id == actor.user_id))
    check_all(mine, rules.RETURN.broken(facts))
    row.return_address, row.return_addressee = address.strip(), addressee.strip()
    row.return_phone = phone.strip()
    keep(actor, row)
    record(actor, "ticket.return_named", **about(row), number=row.number)


@action
def note(actor: Actor, *, ticket_id: UUID, text: str) -> None:
    """Note something for colleagues; nobody outside the vendor ever reads it.

    Rules:   L-250.
    Raises:  NotAllowed; NotFound; Refused.
    Records: ticket.noted
    """
    require(actor, Can.VENDOR_TICKET_ANSWER)
    row = queries.lock_ticket(actor, ticket_id)
    longest = pack(row.site, actor.at).number("support.message_length")
    broken = rules.TALK.broken(rules.TalkFacts("accepted", text, 0, longest, actor.at))
    if broken:
        raise Refused(broken)
    Note.objects.create(ticket=row, vendor_id=actor.home_id, user_id=actor.person_id, body=text.strip(), at=actor.at)
    record(actor, "ticket.noted", subject_kind="ticket", subject_id=row.pk, number=row.number)
