"""Messages: what each kind is about and what it tells, from the event and what lies behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from partner_center.agreements.queries import bound
from partner_center.audit.queries import EventRow, event
from partner_center.exports.queries import export
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json
from partner_center.notices.actions import Told, tell
from partner_center.notices.catalogue import Kind, kinds
from partner_center.reviews.queries import last_turn, review
from partner_center.support.queries import ticket
from partner_center.vouchers import queries as vouchers


@dataclass(frozen=True)
class Facts:
    """What a message says beside its event: values its words name, and the person it is about or for."""

    values: Mapping[str, object] = field(default_factory=dict)
    named: UUID | None = None


@dataclass(frozen=True)
class Source:
    """Where a kind's facts come from: what each message is about, and what is told of that."""

    subjects: Callable[[Actor, EventRow], Iterable[UUID]]
    facts: Callable[[Actor, EventRow, UUID], Facts]


def _subject(actor: Actor, fact: EventRow) -> Iterable[UUID]:
    return (fact.subject_id,)


def _vouchers(actor: Actor, fact: EventRow) -> Iterable[UUID]:
    return map(UUID, fact.data["vouchers"])


def _bound(actor: Actor, fact: EventRow) -> Iterable[UUID]:
    """Everyone that a version binds: the main account of each company."""
    return bound(actor, fact.subject_id)


def _of_event(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    member = fact.data.get("member")
    return Facts(fact.data, UUID(member) if member else None)


def _of_voucher(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    row = vouchers.voucher_detail(actor, about)
    return Facts({"face_value": row.face, "starts_at": row.window.start, "ends_at": row.window.end})


def _of_quota(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    row = vouchers.quota_detail(actor, about).row
    return Facts({**fact.data, "starts_at": row.window.start, "ends_at": row.window.end})


def _of_quota_now(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    row = vouchers.quota_detail(actor, about).row
    return Facts({"amount": row.value, "starts_at": row.window.start, "ends_at": row.window.end})


def _of_ticket(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    row = ticket(actor, about)
    return Facts({"number": row.number, "closes_at": row.closes_at}, row.opened_by)


def _asked(actor: Actor, fact: EventRow) -> Iterable[UUID]:
    """A review that an organisation asked for; somebody without an account is mailed about the application itself."""
    return (fact.subject_id,) if fact.partner_id or fact.customer_id else ()


def _of_review(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    row, last = review(actor, about), last_turn(actor, about, "return", "reject", "approve", "expire")
    reason = f"{row.kind}.{last.reason}" if last and last.reason else ""
    return Facts({"number": row.number, "kind": row.kind, "reason": reason, "until": row.supplement_due_at})


def _of_member(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    """The event is about a member, or was made by one."""
    member = fact.subject_id if fact.subject_kind == "user" else fact.user_id
    return Facts({**fact.data, "member": member}, member)


def _of_export(actor: Actor, fact: EventRow, about: UUID) -> Facts:
    return Facts(fact.data, export(actor, about).user_id)


SOURCES: Mapping[str, Source] = {
    "event": Source(_subject, _of_event),
    "voucher": Source(_vouchers, _of_voucher),
    "quota": Source(_subject, _of_quota),
    "member": Source(_subject, _of_member),
    "export": Source(_subject, _of_export),
    "bound": Source(_bound, _of_event),
    "quota_now": Source(_subject, _of_quota_now),
    "ticket": Source(_subject, _of_ticket),
    "review": Source(_asked, _of_review),
}


def subjects(actor: Actor, fact: EventRow, kind: Kind) -> Iterable[UUID]:
    return SOURCES[kind.facts].subjects(actor, fact)


def deliver(actor: Actor, *, event_id: UUID, notice: str, about: UUID) -> Told:
    """Write a message of one event about one thing, once. Returns what has to go out. Raises: NotFound."""
    fact, kind = event(actor, event_id), kinds()[notice]
    to = _account(actor, fact, kind, about)
    if to is None:
        return Told(0, ())
    facts = SOURCES[kind.facts].facts(actor, fact, about)
    return tell(
        actor,
        kind=notice,
        event_id=event_id,
        about=about,
        organisation_id=to,
        values=_values(kind, fact, facts),
        at=fact.at,
        named=facts.named,
        key=f"{event_id}:{notice}:{about}",
    )


def _account(actor: Actor, fact: EventRow, kind: Kind, about: UUID) -> UUID | None:
    """Whom the kind is for; a voucher's customer stands on the voucher, since one event may issue to many."""
    if kind.facts == "voucher":
        return vouchers.voucher_detail(actor, about).customer_id
    if kind.facts == "export":
        return export(actor, about).organisation_id
    if kind.facts == "ticket":
        return ticket(actor, about).organisation_id
    if kind.facts == "review":
        return review(actor, about).asker_id
    return {
        "partner": fact.partner_id,
        "upline": fact.upline_id,
        "customer": fact.customer_id,
        "seat": fact.seat_id or fact.home_id,
        "subject": about,
    }[kind.to]


def _values(kind: Kind, fact: EventRow, facts: Facts) -> dict[str, Any]:
    """Only what the words of the kind may name; no text that somebody typed."""
    found = {"partner": fact.partner_id, "customer": fact.customer_id, **facts.values}
    return {name: to_json(found[name]) for name in ("partner", "customer", *kind.values) if found.get(name) is not None}
