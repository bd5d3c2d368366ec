"""A partner's customers, its own and its resellers': the list, masked columns, one customer, its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may, require
from partner_center.access.queries import Name, names
from partner_center.customers.actions import label, reveal
from partner_center.customers.queries import (
    CustomerList,
    CustomerRow,
    association_counts,
    customer_detail,
    customers_page,
)
from partner_center.entrypoints.web import customer_shown, keyset, quota_choice
from partner_center.entrypoints.web.customer_shown import actions
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.formats import NONE, mask
from partner_center.entrypoints.web.forms.customers import LabelForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quotas import came_from_list, in_drawer
from partner_center.entrypoints.web.standing_words import TYPES, association_type
from partner_center.entrypoints.web.view_models import Action, Filter, Page, Tab
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Refused
from partner_center.policy.queries import pack
from partner_center.vouchers.queries.overview import Held, usable_by_customer

TabName = Literal["own", "resellers"]
CANS = (Can.CUSTOMER_VIEW, Can.CUSTOMER_VIEW_RESELLERS)


@dataclass(frozen=True)
class Line:
    """A customer as a row of the list."""

    name: str
    account_name: str
    href: str
    partner: str
    type: str
    label: str
    phone: str
    email: str
    usable: Held | None
    since: str
    actions: tuple[Action, ...]


@page(*CANS, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The customers of one tab, narrowed by model and name. Rules: S-250, S-251."""
    return _listed(request)


@page(*CANS, methods=("POST",), seat=False)
def show_column(request: PageRequest, column: str) -> HttpResponse:
    """The same list with one masked column shown; who looked is kept whatever becomes of the page. Rules: S-255."""
    with seated(request.actor):
        found = _found(request, narrowed(request))
    reveal(request.actor, column=column, customer_ids=[row.customer_id for row in found.rows])
    with seated(request.actor):
        return _listed(request, found, shown=column)


def narrowed(request: PageRequest) -> Listing:
    listing = replace(Listing.of(request, "tab", "type", "q"), path=reverse("customers"))
    own, others = may(request.actor, Can.CUSTOMER_VIEW), _has_resellers(request)
    if not own and not others:
        require(request.actor, Can.CUSTOMER_VIEW)
    tab = "resellers" if others and (listing.value("tab") == "resellers" or not own) else ""
    kept = {**listing.params, "tab": tab, "type": listing.value("type") if listing.value("type") in ("1", "2") else ""}
    return replace(listing, params={name: value for name, value in kept.items() if value})


def _has_resellers(request: PageRequest) -> bool:
    return request.identity == "distributor" and may(request.actor, Can.CUSTOMER_VIEW_RESELLERS)


def _tab(listing: Listing) -> TabName:
    return cast(TabName, listing.value("tab") or "own")


def _found(request: PageRequest, listing: Listing) -> CustomerList:
    return customers_page(
        request.actor,
        text=listing.value("q"),
        type=int(listing.value("type") or 0) or None,
        tab=_tab(listing),
        after=keyset.read(listing.after),
        limit=PAGE,
    )


def _listed(request: PageRequest, found: CustomerList | None = None, shown: str = "") -> HttpResponse:
    listing = narrowed(request)
    found = found or _found(request, listing)
    total = sum(found.counts.values())
    chosen = found.counts.get(int(listing.value("type")), 0) if listing.value("type") else total
    chips = [(str(code), gettext(word), found.counts.get(code, 0)) for code, word in TYPES.items()]
    return render(
        request,
        "customers/index.html",
        page=Page(gettext("Customer management"), count=None if _has_resellers(request) else total),
        listing=listing,
        tabs=_tabs(request, listing, total),
        chips=listing.chips("type", chips, total),
        filter=bar(request, listing),
        lines=_lines(request, found.rows, shown),
        columns=_Columns(listing, request, shown),
        pager=listing.pager(keyset.paged(found.rows, found.next), chosen),
        export_href=export_href(request.actor, "customers", listing.params) if found.rows else "",
    )


def bar(request: PageRequest, listing: Listing) -> Filter:
    return listing.filter(gettext("Name, account name or label"), keep=("tab", "type"))


def wanted(listing: Listing) -> dict[str, object]:
    """What the query is asked for. Rules: S-251."""
    return {"text": listing.value("q"), "type": int(listing.value("type") or 0) or None, "tab": _tab(listing)}


class _Columns:
    """Which columns the table has, and where its eyes lead."""

    def __init__(self, listing: Listing, request: PageRequest, shown: str) -> None:
        self.with_partner = _tab(listing) == "resellers"
        self.currency = pack(request.actor.site, request.actor.at).currency
        asked = request.GET.urlencode()
        self.eyes = {
            each: f"{reverse('show-customer-column', args=[each])}{'?' if asked else ''}{asked}"
            for each in ("phone", "email")
            if each != shown
        }


def _tabs(request: PageRequest, listing: Listing, total: int) -> tuple[Tab, ...]:
    """My customers, and my resellers'; one alone is no tab."""
    if not _has_resellers(request) or not may(request.actor, Can.CUSTOMER_VIEW):
        return ()
    here = _tab(listing)
    other: TabName = "own" if here == "resellers" else "resellers"
    counts = {here: total, other: sum(association_counts(request.actor, other, listing.value("q")).values())}
    labels = (("own", gettext("My customers")), ("resellers", gettext("Resellers' customers")))
    return tuple(
        Tab(word, listing.href(tab="" if name == "own" else name, type=""), counts[name], name == here)  # type: ignore[index]
        for name, word in labels
    )


def _lines(request: PageRequest, rows: Sequence[CustomerRow], shown: str) -> list[Line]:
    usable = usable_by_customer(request.actor, [row.customer_id for row in rows])
    others = [row.partner_id for row in rows if row.partner_id != request.actor.seat]
    known = names(others) if others else {}
    issue = quota_choice.address(request.actor, Can.VOUCHER_ISSUE, "issue-vouchers")
    return [
        _line(row, usable.get(row.customer_id), known.get(row.partner_id), shown, actions(request, row, issue))
        for row in rows
    ]


def _line(row: CustomerRow, usable: Held | None, partner: Name | None, shown: str, able: tuple[Action, ...]) -> Line:
    return Line(
        name=local((row.name_zh, row.name_en)),
        account_name=row.account_name,
        href=reverse("customer", args=[row.customer_id]),
        partner=local((partner.zh, partner.en)) if partner else "",
        type=association_type(row.type),
        label=row.label,
        phone=(row.phone or NONE) if shown == "phone" else mask(row.phone),
        email=(row.email or NONE) if shown == "email" else mask(row.email),
        usable=usable,
        since=start_day(row.associated_at),
        actions=able,
    )


def _own(request: PageRequest, customer_id: UUID) -> CustomerRow:
    """A customer of the seat, or of its resellers for who may see those. Raises: NotFound; NotAllowed."""
    row = customer_detail(request.actor, customer_id)
    require(request.actor, Can.CUSTOMER_VIEW if row.partner_id == request.actor.seat else Can.CUSTOMER_VIEW_RESELLERS)
    return row


@page(*CANS, Can.VENDOR_CUSTOMER_VIEW)
def show(request: PageRequest, customer_id: UUID) -> HttpResponse:
    """One customer: what it can use, its association, its label, what happened; as a drawer beside the list too.

    Rules: S-256, S-258.
    """
    if request.actor.audience == "vendor":
        return HttpResponseRedirect(reverse("vendor-customer", args=[customer_id]))
    row = _own(request, customer_id)
    if in_drawer(request):
        return _drawer(request, row)
    form = LabelForm(request.POST if request.method == "POST" else None, initial={"label": row.label})
    if request.method == "POST" and _labelled(request, row, form):
        return redirect_with_message(request, "customer", gettext("The label is saved."), customer_id=customer_id)
    one = customer_shown.shown(request, row, vouchers=True)
    head = Page(one.name, tags=(one.type,), user_text=True)
    own = row.partner_id == request.actor.seat
    return _page_of(request, head, one, form if own else None)


def _page_of(request: PageRequest, head: Page, one: customer_shown.Shown, form: LabelForm | None) -> HttpResponse:
    columns, rows = customer_shown.voucher_table(one, request.actor.at)
    return render(request, "customers/show.html", page=head, one=one, form=form, columns=columns, rows=rows)


def _drawer(request: PageRequest, row: CustomerRow) -> HttpResponse:
    close = came_from_list(request, reverse("customers"))
    return render(request, "customers/_drawer.html", one=customer_shown.shown(request, row), close_href=close)


def _labelled(request: PageRequest, row: CustomerRow, form: LabelForm) -> bool:
    if not form.is_valid():
        return False
    try:
        label(request.actor, customer_id=row.customer_id, text=form.cleaned_data["label"])
    except Refused as refused:
        form.add_refusal(refused)
    return not form.errors


@page(*CANS, methods=("POST",), seat=False)
def show_contact(request: PageRequest, customer_id: UUID, column: str) -> HttpResponse:
    """One customer's page with its phone or e-mail shown; who looked is kept. Rules: S-255."""
    with seated(request.actor):
        row = _own(request, customer_id)
    reveal(request.actor, column=column, customer_ids=[row.customer_id])
    with seated(request.actor):
        one = customer_shown.shown(request, row, revealed=column, vouchers=True)
        form = LabelForm(initial={"label": row.label}) if row.partner_id == request.actor.seat else None
        return _page_of(request, Page(one.name, tags=(one.type,), user_text=True), one, form)


urlpatterns = [
    path("customers/", index, name="customers"),
    path("customers/show/<slug:column>/", show_column, name="show-customer-column"),
    path("customers/<uuid:customer_id>/", show, name="customer"),
    path("customers/<uuid:customer_id>/show/<slug:column>/", show_contact, name="show-customer-contact"),
]
