"""The operation records: what was done to vouchers, and to quota passed on."""

from __future__ import annotations

import csv
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import members
from partner_center.entrypoints.web import api_scope, formats
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.quota_shown import named
from partner_center.entrypoints.web.quotas import tabs
from partner_center.entrypoints.web.view_models import Badge, BadgeKind, Cell, Column, Option, Page, Select, Tab
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import (
    QuotaRecordRow,
    RecordFilter,
    RecordRow,
    quota_records,
    records,
    records_for_api,
    records_slice,
)

# Rules: S-410, S-411.
TYPES: dict[int, tuple[BadgeKind, str, str]] = {
    1: ("ok", gettext_noop("Issue"), ""),
    2: ("end", gettext_noop("Reclaimed by hand"), "arrow-back-up"),
    3: ("end", gettext_noop("Reclaimed on disassociation"), "unlink"),
    4: ("end", gettext_noop("Expiry"), "clock-off"),
    10: ("ok", gettext_noop("Passed on"), ""),
    11: ("end", gettext_noop("Quota reclaimed"), "arrow-back-up"),
}
OF_VOUCHERS = (1, 2, 3, 4)
SPANS = ("7", "30", "90", "365")
LARGEST_FILE = 200
BOM = "\ufeff"


@page(Can.VOUCHER_RECORD_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What was done, newest first. Rules: S-376, S-410, S-411, S-412."""
    listing = Listing.of(request, "q", "kind", "type", "days", "who")
    return _of_quota(request, listing) if listing.value("kind") == "quota" else _of_vouchers(request, listing)


def _of_vouchers(request: PageRequest, listing: Listing) -> HttpResponse:
    actor, wanted = request.actor, _wanted(listing, request.actor)
    found = records(actor, wanted, listing.after, PAGE)
    words = [(str(n), gettext(TYPES[n][1]), None) for n in OF_VOUCHERS]
    return render(
        request,
        "vouchers/records.html",
        page=Page(gettext("Operation records")),
        tabs=tabs(request),
        logs=_logs(listing),
        chips=listing.chips("type", words, None),
        filter=listing.filter(
            gettext("Quota or voucher number"), _spans(listing), _people(actor, listing), keep=("type",)
        ),
        columns=_columns(pack(actor.site, actor.at).currency),
        rows=[_row(row, actor) for row in found.rows],
        pager=listing.pager(found, records_slice(actor, wanted, 0, 0)[0]),
        listing=listing,
        api_note=api_scope.note(*records_for_api(actor, wanted, api_scope.MOST_COUNTED)),
        file_href=_file_href(listing),
    )


def _file_href(listing: Listing) -> str:
    narrowed = listing.href()
    return reverse("voucher-records-file") + narrowed.removeprefix(listing.path)


def _wanted(listing: Listing, actor: Actor) -> RecordFilter:
    text, days, kind = listing.value("q"), listing.value("days"), listing.value("type")
    is_voucher = text.upper().startswith("VC")
    return RecordFilter(
        operation_types=(int(kind),) if kind in map(str, OF_VOUCHERS) else (),
        quota_number="" if is_voucher else text.upper(),
        voucher_numbers=(text.upper(),) if is_voucher else (),
        user_id=_uuid(listing.value("who")),
        at=(actor.at - timedelta(days=int(days)) if days in SPANS else None, None),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _logs(listing: Listing) -> tuple[Tab, ...]:
    of_quota = listing.value("kind") == "quota"
    return (
        Tab(gettext("Vouchers"), listing.path, active=not of_quota),
        Tab(gettext("Quota passed on"), f"{listing.path}?kind=quota", active=of_quota),
    )


def _spans(listing: Listing) -> Select:
    options = [Option("", gettext("any time"))]
    for days in SPANS:
        text = ngettext("last %(num)s day", "last %(num)s days", int(days)) % {"num": days}
        options.append(Option(days, text))
    return Select("days", gettext("Time"), tuple(options), listing.value("days"))


def _people(actor: Actor, listing: Listing) -> Select:
    found = members(actor)
    options = (Option("", gettext("anybody")), *(Option(str(m.id), local((m.name_zh, m.name_en))) for m in found))
    return Select("who", gettext("By"), options, listing.value("who"))


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Voucher / quota"), "main"),
        Column(gettext("What was done"), "state"),
        Column(gettext("Customer")),
        Column(gettext("Amount"), "money", currency),
        Column(gettext("When")),
        Column(gettext("By")),
        Column(gettext("Remark")),
    )


def _row(row: RecordRow, actor: Actor) -> tuple[object, ...]:
    href = reverse("voucher", args=[row.voucher_id]) if may(actor, Can.VOUCHER_VIEW) else ""
    return (
        Cell(row.voucher_number, row.quota_number, href),
        _type(row.operation_type),
        Cell(named(row.customer), user_text=True),
        Cell(_signed(row.amount, row.operation_type), sign=True),
        formats.moment(row.at, zone()),
        row.operator or gettext("the system"),
        Cell(row.remark or "—", user_text=bool(row.remark)),
    )


def _signed(amount: Money, operation_type: int) -> Money:
    """Seen from the quota: what goes out is negative, what comes back positive."""
    return -amount if operation_type in (1, 10) else amount


def _type(operation_type: int) -> Badge:
    kind, word, icon = TYPES.get(operation_type, ("end", str(operation_type), ""))
    return Badge(kind, gettext(word), icon)


def _of_quota(request: PageRequest, listing: Listing) -> HttpResponse:
    actor = request.actor
    found = quota_records(actor, listing.value("q"), listing.after, PAGE)
    return render(
        request,
        "vouchers/records.html",
        page=Page(gettext("Operation records")),
        tabs=tabs(request),
        logs=_logs(listing),
        chips=(),
        filter=listing.filter(gettext("Quota number"), keep=("kind",)),
        columns=_quota_columns(pack(actor.site, actor.at).currency),
        rows=[_quota_row(row) for row in found.rows],
        pager=listing.pager(found),
        listing=listing,
        api_note="",
        file_href="",
    )


def _quota_columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / from"), "main"),
        Column(gettext("What was done"), "state"),
        Column(gettext("Reseller")),
        Column(gettext("Amount"), "money", currency),
        Column(gettext("When")),
        Column(gettext("By")),
        Column(gettext("Remark")),
    )


def _quota_row(row: QuotaRecordRow) -> tuple[object, ...]:
    return (
        Cell(row.quota_number, row.parent_number, reverse("quota", args=[row.quota_id])),
        _type(row.operation_type),
        Cell(named(row.partner), user_text=True),
        Cell(_signed(row.amount, row.operation_type), sign=True),
        formats.moment(row.at, zone()),
        row.operator or gettext("the system"),
        Cell(row.remark or "—", user_text=bool(row.remark)),
    )


@page(Can.VOUCHER_RECORD_VIEW, methods=("GET",))
def file(request: PageRequest) -> HttpResponse:
    """The newest lines of the filtered list as a file for spreadsheets, customers' names masked. Rules: S-412."""
    listing = Listing.of(request, "q", "kind", "type", "days", "who")
    found = records(request.actor, _wanted(listing, request.actor), None, LARGEST_FILE).rows
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="voucher-records.csv"'
    out = csv.writer(response)
    out.writerow(_head())
    for row in found:
        out.writerow(_line(row))
    return response


def _head() -> tuple[str, ...]:
    return (
        gettext("Voucher"),
        gettext("Quota"),
        gettext("What was done"),
        gettext("Customer"),
        gettext("Amount"),
        gettext("Currency"),
        gettext("When"),
        gettext("By"),
    )


def _line(row: RecordRow) -> tuple[str, ...]:
    return (
        row.voucher_number,
        row.quota_number,
        _type(row.operation_type).text,
        _plain(formats.mask(named(row.customer))),
        str(_signed(row.amount, row.operation_type).decimal),
        row.amount.currency,
        formats.moment(row.at, zone()),
        _plain(row.operator or gettext("the system")),
    )


def _plain(text: str) -> str:
    """Text that a spreadsheet would read as a formula is marked as text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


urlpatterns = [
    path("vouchers/records/", index, name="voucher-records"),
    path("vouchers/records/file/", file, name="voucher-records-file"),
]
