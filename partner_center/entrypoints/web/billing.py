"""A customer's own vouchers and the orders they pay: nothing of the quota they came from, no remark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import formats, nav
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.limits_shown import Catalogue, in_one_line, kind_word, scope_facts
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.quota_shown import named, until, validity, with_reason
from partner_center.entrypoints.web.ticket_links import wrong_here
from partner_center.entrypoints.web.view_models import (
    Badge,
    BadgeKind,
    Cell,
    Column,
    Fact,
    NowState,
    Page,
    Segment,
    Tab,
    Term,
)
from partner_center.entrypoints.web.voucher_shown import STATES
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import MyVoucher, my_counts, my_voucher, my_vouchers
from partner_center.vouchers.queries.order import OrderRow, SpendRow, my_order_counts, my_orders, spends_of

LISTED = ("usable", "used", "expired")
ORDERS: Mapping[str, tuple[BadgeKind, str, str]] = {
    "authorised": ("act", gettext_noop("Held, not paid"), "lock"),
    "captured": ("ok", gettext_noop("Paid"), ""),
    "released": ("end", gettext_noop("Given up"), "arrow-back-up"),
}


def badge(row: MyVoucher, at: datetime) -> Badge:
    """The state as its customer is told it: usable only if it can be used now. Rules: S-390, S-391."""
    if row.state == "usable" and row.is_frozen:
        return Badge("frz", gettext("Frozen"))
    if row.state == "usable" and row.lock_order:
        return Badge("wait", gettext("Held by an order"), "lock")
    if row.state == "usable" and at >= row.window.end:
        return Badge("end", gettext("Past its end"), "clock-off")
    kind, word, icon = STATES["inactive" if row.state == "usable" and at < row.window.start else row.state]
    return Badge(kind, gettext(word), icon)


def order_badge(state: str) -> Badge:
    kind, word, icon = ORDERS[state]
    return Badge(kind, gettext(word), icon)


def tabs(request: PageRequest, here: str) -> tuple[Tab, ...]:
    """Vouchers, and the orders they are held for or have paid."""
    found = [
        Tab(gettext("My vouchers"), reverse("my-vouchers"), sum(my_counts(request.actor).values()), here == "vouchers")
    ]
    if may(request.actor, Can.CHECKOUT_PAY):
        many = sum(my_order_counts(request.actor).values())
        found.append(Tab(gettext("Orders with vouchers"), reverse("my-orders"), many, here == "orders"))
    return tuple(found)


def shop_href(request: PageRequest) -> str:
    return nav.href("shop") if settings.DEMO and may(request.actor, Can.CHECKOUT_PAY) else ""


@page(Can.MY_VOUCHER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The customer's own vouchers, without those that were taken back. Rules: S-376, S-379, S-400."""
    actor, listing = request.actor, Listing.of(request, "state")
    state = listing.value("state") if listing.value("state") in LISTED else ""
    found = my_vouchers(actor, (state,) if state else (), listing.after, PAGE)
    counts, currency = my_counts(actor), pack(actor.site, actor.at).currency
    total = sum(counts.values())
    left = Money.total((row.balance for row in found.rows), currency)
    called = Catalogue.of(*(row.scope for row in found.rows))
    return render(
        request,
        "billing/vouchers.html",
        page=Page(gettext("My vouchers"), count=total),
        tabs=tabs(request, "vouchers"),
        chips=listing.chips("state", [(each, gettext(STATES[each][1]), counts.get(each, 0)) for each in LISTED], total),
        columns=_columns(currency),
        rows=[_row(row, actor.at, called) for row in found.rows],
        pager=listing.pager(found, counts.get(state, 0) if state else total, gettext("Balance on this page"), left),
        listing=listing,
        shop_href=shop_href(request),
    )


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Voucher / from"), "main"),
        Column(gettext("Good for")),
        Column(gettext("Minimum order"), "amount", currency),
        Column(gettext("Face value"), "amount", currency),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
    )


def _row(row: MyVoucher, at: datetime, called: Catalogue) -> tuple[object, ...]:
    return (
        Cell(row.number, named(row.partner), href=reverse("my-voucher", args=[row.id])),
        _good_for(row, called),
        row.min_order if row.min_order.minor else "—",
        row.face,
        Cell(row.balance, of=row.face),
        Cell(badge=badge(row, at), sub=row.frozen_reason if row.is_frozen and row.state == "usable" else ""),
        validity(row.window, at),
    )


def _good_for(row: MyVoucher, called: Catalogue) -> Cell:
    """What it is good for in a line, whole on its page; cash coupons say that they are some. Rules: S-395."""
    return Cell(in_one_line(row.scope, called) or gettext("any product"), kind_word(row.kind))


@page(Can.MY_VOUCHER_VIEW, methods=("GET",))
def show(request: PageRequest, voucher_id: UUID) -> HttpResponse:
    """One voucher with its limits and the orders it was used for. Rules: S-376, S-390, S-400."""
    row = my_voucher(request.actor, voucher_id)
    spends = spends_of(request.actor, voucher_id)
    held = Money.total((each.amount for each in spends if each.state == "authorised"), row.face.currency)
    paid = Money.total((each.amount for each in spends if each.state == "captured"), row.face.currency)
    return render(
        request,
        "billing/voucher.html",
        page=Page(row.number, badge=badge(row, request.actor.at)),
        row=row,
        state=_now(row, request.actor.at),
        terms=_terms(row, paid, held),
        segments=_segments(row, paid, held),
        facts=_facts(row),
        columns=_spend_columns(row.face.currency),
        spends=[_spend(each) for each in spends],
        shop_href=shop_href(request),
        actions=wrong_here(request.actor, "voucher", row.id, row.number),
    )


def _terms(row: MyVoucher, paid: Money, held: Money) -> tuple[Term, ...]:
    gone = row.face - row.balance - paid - held
    return (
        Term(gettext("Face value"), row.face),
        Term(gettext("Spent"), paid, "=", 1),
        *([Term(gettext("Held by orders"), held, "+", 3)] if held.minor else []),
        *([Term(gettext("Expired"), gone, "+", 4)] if gone.minor else []),
        Term(gettext("Left"), row.balance, "+", 2),
    )


def _segments(row: MyVoucher, paid: Money, held: Money) -> tuple[Segment, ...]:
    gone = row.face - row.balance - paid - held
    found = ((gettext("Spent"), paid, 1), (gettext("Held by orders"), held, 3), (gettext("Expired"), gone, 4))
    parts = (*found, (gettext("Left"), row.balance, 2))
    return tuple(Segment(f"{label} {formats.amount(value)}", value.minor, colour) for label, value, colour in parts)


def _now(row: MyVoucher, at: datetime) -> NowState:
    """What happens to it now and what happens by itself otherwise, as far as it concerns its customer."""
    shown, end, you = badge(row, at), until(row.window.end), gettext("you")
    lost = gettext("what is left can no longer be used")
    if row.state != "usable" or at >= row.window.end:
        return NowState(shown.kind, gettext("It is over and pays nothing any more."), gettext("nobody"))
    if row.is_frozen:
        text = gettext("Frozen: it cannot be used until the vendor releases it.")
        return NowState("frz", with_reason(text, row.frozen_reason), gettext("the vendor"), end, lost)
    if row.lock_order:
        text = gettext("Held for order %(order)s; no other order can use it.") % {"order": row.lock_order}
        return NowState("wait", text, you, end, gettext("the hold ends by itself when the order is not paid in time"))
    if at < row.window.start:
        text = gettext("Not active before %(start)s.") % {"start": formats.moment(row.window.start, zone())}
        return NowState("wait", text, gettext("nobody"), end, lost)
    text = gettext("%(amount)s can be spent.") % {"amount": formats.amount(row.balance)}
    return NowState("ok", text, you, end, lost)


def _facts(row: MyVoucher) -> tuple[Fact, ...]:
    window = f"{formats.start_day(row.window.start, zone())} – {formats.day(row.window.end, zone())}"
    least = formats.money(row.min_order) if row.min_order.minor else gettext("none")
    return (
        Fact(gettext("Issued by"), named(row.partner), user_text=True),
        Fact(gettext("Kind"), kind_word(row.kind)),
        *scope_facts(row.scope),
        Fact(gettext("Minimum order"), least),
        Fact(gettext("Validity"), window),
        Fact(gettext("Issued on"), formats.start_day(row.issued_at, zone())),
    )


def _spend_columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Order"), "main"),
        Column(gettext("Amount"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Held at")),
        Column(gettext("Ended at")),
    )


def _reference(reference: str, source: str) -> Cell:
    """What it was paid for: an order, or usage that the vendor charged by itself. Rules: S-397."""
    return Cell(reference, gettext("usage") if source == "usage" else "")


def _spend(row: SpendRow) -> tuple[object, ...]:
    return (
        _reference(row.order_reference, row.source),
        row.amount,
        order_badge(row.state),
        formats.moment(row.authorised_at, zone()),
        formats.moment(row.ended_at, zone()),
    )


@page(Can.CHECKOUT_PAY, methods=("GET",))
def orders(request: PageRequest) -> HttpResponse:
    """The orders that vouchers are held for, have paid, or were given up. Rules: S-390, S-393."""
    actor, listing = request.actor, Listing.of(request, "state")
    state = listing.value("state") if listing.value("state") in ORDERS else ""
    found = my_orders(actor, (state,) if state else (), listing.after, PAGE)
    counts, currency = my_order_counts(actor), pack(actor.site, actor.at).currency
    total = sum(counts.values())
    words = [(each, gettext(ORDERS[each][1]), counts.get(each, 0)) for each in ORDERS]
    return render(
        request,
        "billing/orders.html",
        page=Page(gettext("Orders with vouchers"), count=total),
        tabs=tabs(request, "orders"),
        chips=listing.chips("state", words, total),
        columns=_order_columns(currency),
        rows=[_order(row) for row in found.rows],
        pager=listing.pager(found, counts.get(state, 0) if state else total),
        listing=listing,
        shop_href=shop_href(request),
    )


def _order_columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Order"), "main"),
        Column(gettext("Vouchers")),
        Column(gettext("Order amount"), "amount", currency),
        Column(gettext("By vouchers"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Held at")),
        Column(gettext("Ends at")),
    )


def _order(row: OrderRow) -> tuple[object, ...]:
    numbers = " · ".join(number for _, number, _ in row.vouchers)
    ends = row.expires_at if row.state == "authorised" else row.ended_at
    return (
        _reference(row.order_reference, row.source),
        numbers,
        row.order,
        row.held,
        order_badge(row.state),
        formats.moment(row.authorised_at, zone()),
        formats.moment(ends, zone()),
    )


urlpatterns = [
    path("billing/vouchers/", index, name="my-vouchers"),
    path("billing/vouchers/<uuid:voucher_id>/", show, name="my-voucher"),
    path("billing/orders/", orders, name="my-orders"),
]
