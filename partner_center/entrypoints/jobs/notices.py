"""Notices by e-mail: whom each tells what, and the keyed call that sends it once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from partner_center.audit.action import action
from partner_center.audit.queries import EventRow, event
from partner_center.entrypoints.jobs import application_notices, review_notices
from partner_center.entrypoints.jobs.mails import Notice, Told, contact, written
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import from_json
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.support import queries as support
from partner_center.vouchers import queries as vouchers

NOT_SENT = "no address"


def _vouchers(fact: EventRow) -> Iterable[UUID]:
    return map(UUID, fact.data["vouchers"])


def _subject(fact: EventRow) -> Iterable[UUID]:
    return (fact.subject_id,)


def _of_voucher(actor: Actor, fact: EventRow, about: UUID) -> Told:
    row = vouchers.voucher_detail(actor, about)
    values = {"face_value": row.face, "starts_at": row.window.start, "ends_at": row.window.end}
    return Told(row.customer_id, values)


def _of_quota(actor: Actor, fact: EventRow, about: UUID) -> Told:
    row = vouchers.quota_detail(actor, about).row
    values = {"amount": _money(fact, "amount"), "starts_at": row.window.start, "ends_at": row.window.end}
    return Told(row.partner_id, values)


def _of_quota_now(actor: Actor, fact: EventRow, about: UUID) -> Told:
    row = vouchers.quota_detail(actor, about).row
    return Told(row.partner_id, {"amount": row.value, "starts_at": row.window.start, "ends_at": row.window.end})


def _of_ticket(actor: Actor, fact: EventRow, about: UUID) -> Told:
    row = support.ticket(actor, about)
    values = {"number": row.number, "subject": row.subject, "closes_at": row.closes_at}
    return Told(row.organisation_id, values, user_id=row.opened_by)


def _to_customer(actor: Actor, fact: EventRow, about: UUID) -> Told:
    if fact.customer_id is None:
        raise NotFound("customer")
    return Told(fact.customer_id, {})


def _to_partner(actor: Actor, fact: EventRow, about: UUID) -> Told:
    if fact.partner_id is None:
        raise NotFound("partner")
    return Told(fact.partner_id, {})


def _money(fact: EventRow, name: str) -> Money | None:
    found: Money | None = from_json(Money, fact.data.get(name))
    return found


NOTICES: Mapping[str, Notice] = {
    "voucher_issued": Notice(_vouchers, _of_voucher),
    "quota_granted": Notice(_subject, _of_quota),
    "quota_passed_on": Notice(_subject, _of_quota),
    "quota_adjusted": Notice(_subject, _of_quota_now),
    "quota_invalidated": Notice(_subject, _of_quota),
    "association_switched_customer": Notice(_subject, _to_customer),
    "association_switched_partner": Notice(_subject, _to_partner),
    "ticket_answered": Notice(_subject, _of_ticket),
    "ticket_resolved": Notice(_subject, _of_ticket),
    "association_ended_customer": Notice(_subject, _to_customer),
    "association_ended_partner": Notice(_subject, _to_partner),
    **review_notices.NOTICES,
    **application_notices.NOTICES,
}


@action(keyed=True)
def deliver(actor: Actor, *, event_id: UUID, notice: str, about: UUID, key: str) -> str:
    """Mail a notice, once for each key.

    The claim of the key is committed after the mail server took the mail: after a failure in between it is sent again
    under the same Message-ID, and nothing is lost. Returns the Message-ID, or why none was sent.
    """
    fact = event(actor, event_id)
    told = NOTICES[notice].told(actor, fact, about)
    to = told.contact
    if to is None and told.organisation_id:
        to = contact(actor, told.organisation_id, told.user_id)
    if to is None:
        return NOT_SENT
    mail = written(fact, notice, about, to, told.values)
    mail.send()
    return str(mail.extra_headers["Message-ID"])
