"""How a customer looks to its partner: what it can use, how it belongs, what happened and what will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import names, user_names
from partner_center.audit.queries import EventRow, of_customer
from partner_center.customers.queries import CustomerRow
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web import quota_choice, voucher_shown
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.formats import NONE, amount, mask
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest
from partner_center.entrypoints.web.quota_shown import until, validity
from partner_center.entrypoints.web.standing_words import association_type
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Event, Fact
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import RecordFilter, VoucherFilter, VoucherRow, records, vouchers
from partner_center.vouchers.queries.overview import Held, usable_by_customer
from partner_center.vouchers.rules import DISASSOCIATED, EXPIRED, ISSUED, RECLAIMED

SOON = timedelta(days=30)
MOST_VOUCHERS, MOST_LINES = 50, 15
# The log of vouchers says these with their amounts.
TOLD_BY_RECORDS = ("voucher.issued", "voucher.reclaimed", "voucher.expired")


@dataclass(frozen=True)
class Shown:
    """A customer as its page and its drawer show it."""

    id: UUID
    name: str
    type: str
    href: str
    usable: Held
    soon: Held
    facts: tuple[Fact, ...]
    contact: tuple[Fact, ...]
    actions: tuple[Action, ...]
    events: tuple[Event, ...]
    vouchers: tuple[VoucherRow, ...]


def shown(request: PageRequest, row: CustomerRow, *, revealed: str = "", vouchers: bool = False) -> Shown:
    """All of it; the table of vouchers on the page only."""
    actor = request.actor
    rows = _usable(actor, row.customer_id)
    zero = Money.zero(pack(actor.site, actor.at).currency)
    usable = usable_by_customer(actor, [row.customer_id]).get(row.customer_id, Held(0, zero))
    ends_soon = [each for each in rows if actor.at < each.window.end <= actor.at + SOON]
    return Shown(
        id=row.customer_id,
        name=local((row.name_zh, row.name_en)),
        type=association_type(row.type),
        href=reverse("customer", args=[row.customer_id]),
        usable=usable,
        soon=Held(len(ends_soon), Money.total((each.balance for each in ends_soon), zero.currency)),
        facts=_facts(actor, row),
        contact=_contact(row, revealed),
        actions=actions(request, row, quota_choice.address(actor, Can.VOUCHER_ISSUE, "issue-vouchers")),
        events=_future(rows, actor.at) + _past(actor, row),
        vouchers=tuple(rows) if vouchers and may(actor, Can.VOUCHER_VIEW) else (),
    )


def actions(request: PageRequest, row: CustomerRow, issue: str) -> tuple[Action, ...]:
    """What the reader may do with this customer of its own."""
    if row.partner_id != request.actor.seat:
        return ()
    found = []
    if issue:
        found.append(Action(gettext("Issue a voucher"), f"{issue}?ids={row.customer_id}", icon="ticket"))
    if may(request.actor, Can.CUSTOMER_DISASSOCIATE):
        found.append(Action(gettext("Disassociate"), reverse("disassociate", args=[row.customer_id]), icon="unlink"))
    return tuple(found)


def voucher_table(one: Shown, at: datetime) -> tuple[tuple[Column, ...], list[tuple[object, ...]]]:
    """Its usable vouchers as columns and rows."""
    currency = one.usable.left.currency
    columns = (
        Column(gettext("Voucher"), "main"),
        Column(gettext("Face value"), "amount", currency),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
    )
    return columns, [_voucher(each, at) for each in one.vouchers]


def _voucher(row: VoucherRow, at: datetime) -> tuple[object, ...]:
    return (
        Cell(row.number, row.quota_number, href=reverse("voucher", args=[row.id])),
        row.face,
        row.balance,
        voucher_shown.badge(row, at),
        validity(row.window, at),
    )


def _usable(actor: Actor, customer_id: UUID) -> tuple[VoucherRow, ...]:
    wanted = VoucherFilter(states=("usable",), customer_id=customer_id, own_only=False)
    return vouchers(actor, wanted, limit=MOST_VOUCHERS).rows


def _facts(actor: Actor, row: CustomerRow) -> tuple[Fact, ...]:
    facts = [
        Fact(gettext("Account name"), row.account_name, user_text=True),
        Fact(gettext("Customer id"), row.number),
        Fact(gettext("Association type"), association_type(row.type)),
        Fact(gettext("Associated since"), start_day(row.associated_at)),
        Fact(gettext("Level"), row.level),
    ]
    if row.partner_id != actor.seat:
        partner = names([row.partner_id]).get(row.partner_id)
        name = local((partner.zh, partner.en)) if partner else NONE
        facts.insert(0, Fact(gettext("Reseller"), name, user_text=True))
    if row.label:
        facts.append(Fact(gettext("Label"), row.label, user_text=True))
    return tuple(facts)


def _contact(row: CustomerRow, revealed: str) -> tuple[Fact, ...]:
    found = (("phone", gettext("Phone"), row.phone), ("email", gettext("E-mail"), row.email))
    return tuple(_masked(row.customer_id, column, word, value, revealed) for column, word, value in found)


def _masked(customer_id: UUID, column: str, word: str, value: str, revealed: str) -> Fact:
    if not value or column == revealed:
        return Fact(word, value or NONE)
    return Fact(word, mask(value), reveal_href=reverse("show-customer-contact", args=[customer_id, column]))


def _future(rows: tuple[VoucherRow, ...], at: datetime) -> tuple[Event, ...]:
    """The next end of vouchers, which nobody must bring about."""
    ends = sorted({each.window.end for each in rows if each.window.end > at})[:1]
    return tuple(_end(end, [each for each in rows if each.window.end == end]) for end in ends)


def _end(ends_at: datetime, rows: list[VoucherRow]) -> Event:
    total = Money.total((each.balance for each in rows), rows[0].balance.currency)
    title = ngettext("%(num)s voucher ends", "%(num)s vouchers end", len(rows)) % {"num": len(rows)}
    back = gettext("%(amount)s not spent by then returns to the quota") % {"amount": amount(total)}
    return Event(title, until(ends_at), "future", back)


def _past(actor: Actor, row: CustomerRow) -> tuple[Event, ...]:
    """Events and the lines of the voucher log together, newest first."""
    log = RecordFilter(customer_id=row.customer_id, own_only=False)
    lines = records(actor, log, limit=MOST_LINES).rows if may(actor, Can.VOUCHER_RECORD_VIEW) else ()
    told = [each for each in of_customer(actor, row.customer_id, MOST_LINES) if each.name not in TOLD_BY_RECORDS]
    people = user_names(each.user_id for each in told)
    found = [(each.at, _event(each, people)) for each in told]
    found += [(each.at, _line(each.operation_type, each.amount, each.at, each.operator)) for each in lines]
    return tuple(event for _, event in sorted(found, key=lambda pair: pair[0], reverse=True)[:MOST_LINES])


def _event(row: EventRow, people: dict[UUID, tuple[str, str]]) -> Event:
    who = local(people[row.user_id]) if row.user_id in people else ""
    return Event(event_words(row.name), moment(row.at), "done", _sum(row), actor=who)


def _sum(row: EventRow) -> str:
    found = row.data.get("amount")
    if not isinstance(found, dict) or not found.get("minor"):
        return ""
    return amount(Money(int(found["minor"]), str(found.get("currency", ""))))


def _line(operation: int, value: Money, at: datetime, operator: str) -> Event:
    words = {
        ISSUED: gettext("Voucher issued"),
        RECLAIMED: gettext("Voucher reclaimed"),
        DISASSOCIATED: gettext("Voucher reclaimed with the association"),
        EXPIRED: gettext("Voucher expired"),
    }
    return Event(words.get(operation, ""), moment(at), "done", amount(value), actor=operator)
