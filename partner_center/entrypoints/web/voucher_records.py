"""The operation records: what was done to vouchers, and to quota passed on."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.export_words import OPERATIONS
from partner_center.entrypoints.web import api_scope, formats, record_filters
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.quota_shown import named
from partner_center.entrypoints.web.quotas import tabs
from partner_center.entrypoints.web.view_models import Badge, BadgeKind, Cell, Column, Page, Pager, Tab
from partner_center.fence.paging import Paged
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import (
    QuotaRecordRow,
    RecordRow,
    Tally,
    quota_record_tallies,
    quota_records,
    record_tallies,
    records,
    records_for_api,
)

# How each kind of line is marked; its words are those of the export. Rules: S-410, S-411.
MARKS: dict[int, tuple[BadgeKind, str]] = {
    1: ("ok", ""),
    2: ("end", "arrow-back-up"),
    3: ("end", "unlink"),
    4: ("end", "clock-off"),
    5: ("end", "arrow-back-up"),
    6: ("end", "arrow-back-up"),
    7: ("end", "link"),
    8: ("end", "refresh"),
    9: ("end", "building-store"),
    10: ("ok", ""),
    11: ("end", "arrow-back-up"),
}
TYPES: dict[int, tuple[BadgeKind, str, str]] = {
    number: (kind, OPERATIONS[number], icon) for number, (kind, icon) in MARKS.items()
}


@page(Can.VOUCHER_RECORD_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What was done, newest first. Rules: S-376, S-379, S-410, S-411, S-412."""
    listing = Listing.of(request, *record_filters.PARAMS)
    return _of_quota(request, listing) if record_filters.of_quota(listing) else _of_vouchers(request, listing)


def _of_vouchers(request: PageRequest, listing: Listing) -> HttpResponse:
    actor, wanted = request.actor, record_filters.of_vouchers(listing, request.actor)
    found = records(actor, wanted, listing.after, PAGE)
    tallies = record_tallies(actor, record_filters.every_type(wanted))
    currency = pack(actor.site, actor.at).currency
    rows = [_row(row, actor) for row in found.rows]
    note = api_scope.note(*records_for_api(actor, wanted, api_scope.MOST_COUNTED))
    return _shown(request, listing, "voucher_records", _columns(currency), rows, found, tallies, note)


def _of_quota(request: PageRequest, listing: Listing) -> HttpResponse:
    actor, wanted = request.actor, record_filters.of_quotas(listing, request.actor)
    found = quota_records(actor, wanted, listing.after, PAGE)
    tallies = quota_record_tallies(actor, record_filters.every_type(wanted))
    currency = pack(actor.site, actor.at).currency
    rows = [_quota_row(row) for row in found.rows]
    return _shown(request, listing, "quota_records", _quota_columns(currency), rows, found, tallies)


def _shown(
    request: PageRequest,
    listing: Listing,
    kind: str,
    columns: tuple[Column, ...],
    rows: list[tuple[object, ...]],
    found: Paged[object],
    tallies: dict[int, Tally],
    api_note: str = "",
) -> HttpResponse:
    actor = request.actor
    return render(
        request,
        "vouchers/records.html",
        page=Page(gettext("Operation records")),
        tabs=tabs(request),
        logs=_logs(listing),
        chips=_chips(listing, tallies),
        filter=record_filters.bar(request, listing),
        columns=columns,
        rows=rows,
        pager=_pager(listing, found, tallies, pack(actor.site, actor.at).currency),
        listing=listing,
        api_note=api_note,
        is_narrowed=bool(set(listing.params) - {"kind", "old"}),
        years=pack(actor.site, actor.at).number("vouchers.listed_years_after_expiry_partner"),
        export_href=export_href(actor, kind, listing.params) if rows else "",
    )


def _logs(listing: Listing) -> tuple[Tab, ...]:
    of_quota = record_filters.of_quota(listing)
    return (
        Tab(gettext("Vouchers"), listing.path, active=not of_quota),
        Tab(gettext("Quota passed on"), f"{listing.path}?kind=quota", active=of_quota),
    )


def _chips(listing: Listing, tallies: dict[int, Tally]) -> tuple[Tab, ...]:
    """The operations that there are, and the one that is chosen."""
    known = record_filters.OF_QUOTA if record_filters.of_quota(listing) else record_filters.OF_VOUCHERS
    words = [
        (str(n), operation(n), tallies[n].lines if n in tallies else 0)
        for n in known
        if (n in tallies or listing.value("type") == str(n))
    ]
    return listing.chips("type", words, sum(each.lines for each in tallies.values()))


def _pager(listing: Listing, found: Paged[object], tallies: dict[int, Tally], currency: str) -> Pager:
    """How many lines there are in all, and what they come to, seen from the quota."""
    chosen = {n: each for n, each in tallies.items() if listing.value("type") in ("", str(n))}
    total = Money.total((_signed(each.amount, n) for n, each in chosen.items()), currency)
    lines = sum(each.lines for each in chosen.values())
    return listing.pager(found, lines, gettext("Sum of all these lines"), total)


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
        Cell(row.operator or gettext("the system"), row.batch_number, user_text=True),
        Cell(row.remark or "—", user_text=bool(row.remark)),
    )


def _signed(amount: Money, operation_type: int) -> Money:
    """Seen from the quota: what goes out is negative, what comes back positive."""
    return -amount if operation_type in (1, 10) else amount


def operation(operation_type: int) -> str:
    """What was done, in words."""
    return _type(operation_type).text


def _type(operation_type: int) -> Badge:
    kind, word, icon = TYPES.get(operation_type, ("end", str(operation_type), ""))
    return Badge(kind, gettext(word), icon)


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


urlpatterns = [path("vouchers/records/", index, name="voucher-records")]
