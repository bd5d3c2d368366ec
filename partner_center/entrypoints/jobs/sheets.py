"""What stands in the file of each kind of export: its columns, and the pages it is read by, the list's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from partner_center.access.queries import Name, names, user_names
from partner_center.audit.queries import EventRow, events
from partner_center.customers.queries import CustomerRow, customers_page
from partner_center.entrypoints.event_words import event_words, subject_words
from partner_center.entrypoints.export_words import OPERATIONS, OUTWARD, QUOTA_STATES, TYPES, VOUCHER_STATES
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import from_json
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import (
    QuotaFilter,
    QuotaRecordFilter,
    QuotaRecordRow,
    QuotaRow,
    RecordFilter,
    RecordRow,
    VoucherFilter,
    VoucherRow,
    quota_records,
    quotas,
    records,
    vouchers,
)
from partner_center.vouchers.queries.overview import usable_by_customer

Value = str | int | Money | datetime | None
Line = tuple[Value, ...]
Kind = Literal["text", "name", "contact", "amount", "moment"]
# Rows in memory at a time; a page of a list holds no more either.
BATCH = 200


class Ours(str):
    """What stands where a name would, and is nobody else's: nothing to mask."""


@dataclass(frozen=True)
class Column:
    """A column of a file. Names and contacts are masked where the file is."""

    label: str
    kind: Kind = "text"

    @property
    def is_personal(self) -> bool:
        return self.kind in ("name", "contact")


Pages = Callable[[Actor, Any, str | None], tuple[Sequence[Line], str | None]]


@dataclass(frozen=True)
class Sheet:
    """`read` gives the lines of one page, and where the next begins; nothing behind the last."""

    columns: tuple[Column, ...]
    read: Pages


def _text(label: str) -> Column:
    return Column(label)


def _said(name: Name | None, actor: Actor) -> str:
    """A name in the asker's language; the asker's own is no secret."""
    said = name.in_language(actor.language) if name else ""
    return Ours(said) if name and name.id == actor.seat else said


def _number(name: Name | None) -> str:
    return name.number if name else ""


def _word(words: Mapping[Any, str], code: Any) -> str:
    return gettext(words[code]) if code in words else str(code)


def _signed(amount: Money, operation_type: int) -> Money:
    return -amount if operation_type in OUTWARD else amount


# The logs ------------------------------------------------------------------------------------------------------------

VOUCHER_RECORDS = (
    _text(gettext_noop("Voucher")),
    _text(gettext_noop("Quota")),
    _text(gettext_noop("What was done")),
    Column(gettext_noop("Customer"), "name"),
    _text(gettext_noop("Customer's account number")),
    Column(gettext_noop("Amount"), "amount"),
    _text(gettext_noop("Currency")),
    Column(gettext_noop("When"), "moment"),
    Column(gettext_noop("By"), "name"),
    _text(gettext_noop("Remark")),
)


def _voucher_records(actor: Actor, wanted: Any, cursor: str | None) -> tuple[Sequence[Line], str | None]:
    page = records(actor, from_json(RecordFilter, wanted), cursor, BATCH)
    return [_voucher_record(row, actor) for row in page.rows], page.next


def _voucher_record(row: RecordRow, actor: Actor) -> Line:
    return (
        row.voucher_number,
        row.quota_number,
        _word(OPERATIONS, row.operation_type),
        _said(row.customer, actor),
        _number(row.customer),
        _signed(row.amount, row.operation_type),
        row.amount.currency,
        row.at,
        row.operator or Ours(gettext("the system")),
        row.remark,
    )


QUOTA_RECORDS = (
    _text(gettext_noop("Quota")),
    _text(gettext_noop("From quota")),
    _text(gettext_noop("What was done")),
    Column(gettext_noop("Reseller"), "name"),
    _text(gettext_noop("Reseller's account number")),
    Column(gettext_noop("Amount"), "amount"),
    _text(gettext_noop("Currency")),
    Column(gettext_noop("When"), "moment"),
    Column(gettext_noop("By"), "name"),
    _text(gettext_noop("Remark")),
)


def _quota_records(actor: Actor, wanted: Any, cursor: str | None) -> tuple[Sequence[Line], str | None]:
    page = quota_records(actor, from_json(QuotaRecordFilter, wanted), cursor, BATCH)
    return [_quota_record(row, actor) for row in page.rows], page.next


def _quota_record(row: QuotaRecordRow, actor: Actor) -> Line:
    return (
        row.quota_number,
        row.parent_number,
        _word(OPERATIONS, row.operation_type),
        _said(row.partner, actor),
        _number(row.partner),
        _signed(row.amount, row.operation_type),
        row.amount.currency,
        row.at,
        row.operator or Ours(gettext("the system")),
        row.remark,
    )


# Vouchers and quota --------------------------------------------------------------------------------------------------

VOUCHERS = (
    _text(gettext_noop("Voucher")),
    _text(gettext_noop("From quota")),
    Column(gettext_noop("Customer"), "name"),
    _text(gettext_noop("Customer's account number")),
    _text(gettext_noop("Association")),
    Column(gettext_noop("Face value"), "amount"),
    Column(gettext_noop("Spent"), "amount"),
    Column(gettext_noop("Came back"), "amount"),
    Column(gettext_noop("Balance"), "amount"),
    Column(gettext_noop("Minimum order amount"), "amount"),
    _text(gettext_noop("Currency")),
    _text(gettext_noop("State")),
    Column(gettext_noop("Valid from"), "moment"),
    Column(gettext_noop("Valid until"), "moment"),
    Column(gettext_noop("Issued at"), "moment"),
)


def _vouchers(actor: Actor, wanted: Any, cursor: str | None) -> tuple[Sequence[Line], str | None]:
    page = vouchers(actor, from_json(VoucherFilter, wanted), cursor, BATCH)
    return [_voucher(row, actor) for row in page.rows], page.next


def _voucher(row: VoucherRow, actor: Actor) -> Line:
    return (
        row.number,
        row.quota_number,
        _said(row.customer, actor),
        _number(row.customer),
        _word(TYPES, row.association_type),
        row.face,
        row.used,
        row.came_back,
        row.balance,
        row.min_order,
        row.face.currency,
        _word(VOUCHER_STATES, row.shown_state(actor.at)),
        row.window.start,
        row.window.end,
        row.issued_at,
    )


def _quota_columns(*holder: Column) -> tuple[Column, ...]:
    return (
        _text(gettext_noop("Quota")),
        _text(gettext_noop("From quota")),
        *holder,
        _text(gettext_noop("Purpose")),
        Column(gettext_noop("Granted"), "amount"),
        Column(gettext_noop("Given out"), "amount"),
        Column(gettext_noop("Balance"), "amount"),
        _text(gettext_noop("Currency")),
        _text(gettext_noop("State")),
        Column(gettext_noop("Valid from"), "moment"),
        Column(gettext_noop("Valid until"), "moment"),
        Column(gettext_noop("Granted at"), "moment"),
    )


RESELLERS = _quota_columns(Column(gettext_noop("Reseller"), "name"), _text(gettext_noop("Reseller's account number")))
PARTNERS = _quota_columns(Column(gettext_noop("Partner"), "name"), _text(gettext_noop("Partner's account number")))


def _quotas(*, holder: bool) -> Pages:
    def read(actor: Actor, wanted: Any, cursor: str | None) -> tuple[Sequence[Line], str | None]:
        page = quotas(actor, from_json(QuotaFilter, wanted), cursor, BATCH)
        return [_quota(row, actor, holder) for row in page.rows], page.next

    return read


def _quota(row: QuotaRow, actor: Actor, holder: bool) -> Line:
    whose = (_said(row.partner, actor), _number(row.partner)) if holder else ()
    return (
        row.number,
        row.parent_number,
        *whose,
        row.purpose,
        row.value,
        row.given_out,
        row.balance,
        row.value.currency,
        _word(QUOTA_STATES, row.state),
        row.window.start,
        row.window.end,
        row.granted_at,
    )


# Customers -----------------------------------------------------------------------------------------------------------

CUSTOMERS = (
    Column(gettext_noop("Customer"), "name"),
    Column(gettext_noop("Account name"), "name"),
    _text(gettext_noop("Account number")),
    Column(gettext_noop("Partner"), "name"),
    _text(gettext_noop("Model")),
    _text(gettext_noop("Label")),
    Column(gettext_noop("Phone"), "contact"),
    Column(gettext_noop("E-mail"), "contact"),
    Column(gettext_noop("Usable vouchers"), "amount"),
    _text(gettext_noop("Currency")),
    Column(gettext_noop("Associated since"), "moment"),
)


def _customers(actor: Actor, wanted: Any, cursor: str | None) -> tuple[Sequence[Line], str | None]:
    place = None
    if cursor:
        at, id_ = cursor.split("~")
        place = datetime.fromisoformat(at), UUID(id_)
    found = customers_page(actor, **wanted, after=place, limit=BATCH)
    usable = usable_by_customer(actor, [row.customer_id for row in found.rows])
    known, zero = names(row.partner_id for row in found.rows), Money.zero(pack(actor.site, actor.at).currency)
    left = {customer: held.left for customer, held in usable.items()}
    lines = [_customer(row, actor, known.get(row.partner_id), left.get(row.customer_id, zero)) for row in found.rows]
    return lines, f"{found.next[0].isoformat()}~{found.next[1]}" if found.next else None


def _customer(row: CustomerRow, actor: Actor, partner: Name | None, usable: Money) -> Line:
    return (
        row.in_language(actor.language),
        row.account_name,
        row.number,
        _said(partner, actor),
        _word(TYPES, row.type),
        row.label,
        row.phone,
        row.email,
        usable,
        usable.currency,
        row.associated_at,
    )


# The record ----------------------------------------------------------------------------------------------------------

AUDIT = (
    _text(gettext_noop("What happened")),
    _text(gettext_noop("Event")),
    _text(gettext_noop("Subject")),
    _text(gettext_noop("Subject's id")),
    Column(gettext_noop("By whom"), "name"),
    Column(gettext_noop("Account"), "name"),
    Column(gettext_noop("Partner"), "name"),
    Column(gettext_noop("Customer"), "name"),
    Column(gettext_noop("When"), "moment"),
    _text(gettext_noop("Request")),
    _text(gettext_noop("Data of the event")),
)


def _audit(actor: Actor, wanted: Any, cursor: str | None) -> tuple[Sequence[Line], str | None]:
    found = events(actor, **wanted, before=UUID(cursor) if cursor else None, limit=BATCH + 1)
    page = found[:BATCH]
    people = user_names(row.user_id for row in page)
    known = names(each for row in page for each in (row.seat_id or row.home_id, row.partner_id, row.customer_id))
    lines = [_event(row, actor, people, known) for row in page]
    return lines, str(page[-1].id) if len(found) > BATCH else None


def _event(row: EventRow, actor: Actor, people: Mapping[UUID, tuple[str, str]], known: Mapping[UUID, Name]) -> Line:
    zh, en = people.get(row.user_id, ("", "")) if row.user_id else ("", "")

    def name(organisation: UUID | None) -> str:
        return _said(known.get(organisation), actor) if organisation else ""

    return (
        event_words(row.name),
        row.name,
        subject_words(row.subject_kind),
        str(row.subject_id),
        (zh if actor.language == "zh" else en) or Ours(gettext("The system")),
        name(row.seat_id or row.home_id),
        name(row.partner_id),
        name(row.customer_id),
        row.at,
        row.request_id,
        json.dumps(row.data, ensure_ascii=False, sort_keys=True) if row.data else "",
    )


SHEETS: Mapping[str, Sheet] = {
    "voucher_records": Sheet(VOUCHER_RECORDS, _voucher_records),
    "quota_records": Sheet(QUOTA_RECORDS, _quota_records),
    "vouchers": Sheet(VOUCHERS, _vouchers),
    "quotas": Sheet(_quota_columns(), _quotas(holder=False)),
    "issued_quotas": Sheet(RESELLERS, _quotas(holder=True)),
    "vendor_quotas": Sheet(PARTNERS, _quotas(holder=True)),
    "customers": Sheet(CUSTOMERS, _customers),
    "audit": Sheet(AUDIT, _audit),
}
