"""The vendor's view of vouchers: every partner's, one with its history, stopping one and letting it go again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web import voucher_shown as shown
from partner_center.entrypoints.web.forms.quota_terms import FreezeVoucherForm
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.limits_shown import scope_facts
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import days_left, named, until, validity
from partner_center.entrypoints.web.quotas import ending_select, ends_before
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Confirm, Fact, Page, Tab
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import freeze_voucher, unfreeze_voucher
from partner_center.vouchers.queries import VoucherFilter, VoucherRow, voucher_counts, voucher_detail, vouchers
from partner_center.vouchers.queries import vouchers_count as count

STATES = ("usable", "used", "expired", "reclaimed")
FROZEN = "frozen"


@page(Can.VENDOR_QUOTA_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Every partner's vouchers; the frozen ones apart. Rules: S-379, S-390."""
    actor, listing = request.actor, Listing.of(request, "q", "state", "type", "ends")
    found = vouchers(actor, _wanted(listing, actor), listing.after, PAGE)
    counts, currency = voucher_counts(actor), pack(actor.site, actor.at).currency
    total = sum(counts.values())
    left = Money.total((row.balance for row in found.rows if row.balance.currency == currency), currency)
    return render(
        request,
        "vendor/vouchers/index.html",
        page=Page(gettext("Vouchers"), count=total),
        chips=_chips(listing, counts, total, actor),
        filter=listing.filter(
            gettext("Customer or voucher number"), shown.types(listing), ending_select(listing), keep=("state",)
        ),
        columns=_columns(currency),
        rows=[_row(row, actor) for row in found.rows],
        pager=listing.pager(found, None if listing.is_narrowed else total, gettext("Balance on this page"), left),
        listing=listing,
    )


def _wanted(listing: Listing, actor: Actor) -> VoucherFilter:
    state = listing.value("state")
    return VoucherFilter(
        states=("usable",) if state == FROZEN else (state,) if state in STATES else (),
        is_frozen=True if state == FROZEN else None,
        text=listing.value("q"),
        association_type={"1": 1, "2": 2}.get(listing.value("type")),
        ends_before=ends_before(listing, actor.at),
    )


def _chips(listing: Listing, counts: dict[str, int], total: int, actor: Actor) -> tuple[Tab, ...]:
    """All states, which add up to the first; of the usable the frozen ones once more."""
    words = [(state, gettext(shown.STATES[state][1]), counts.get(state, 0)) for state in STATES]
    frozen = count(actor, VoucherFilter(states=("usable",), is_frozen=True))
    own = Tab(gettext("Frozen"), listing.href(state=FROZEN), frozen, listing.value("state") == FROZEN)
    return (*listing.chips("state", words, total), own)


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / from"), "main"),
        Column(gettext("Customer")),
        Column(gettext("Issued by")),
        Column(gettext("Face value"), "amount", currency),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: VoucherRow, actor: Actor) -> tuple[object, ...]:
    href = reverse("vendor-voucher", args=[row.id])
    return (
        Cell(row.number, row.quota_number, href),
        Cell(named(row.customer), shown.type_word(row.association_type), user_text=True),
        Cell(named(row.partner), user_text=True),
        row.face,
        Cell(row.balance, of=row.face if row.state == "usable" else None),
        shown.badge(row, actor.at),
        validity(row.window, actor.at if row.state == "usable" else row.window.end),
        [*_moves(row, actor), Action(gettext("Details"), href)],
    )


def _moves(row: VoucherRow, actor: Actor) -> list[Action]:
    if not may(actor, Can.VENDOR_QUOTA_FREEZE) or row.state != "usable" or actor.at >= row.window.end:
        return []
    if row.is_frozen:
        return [Action(gettext("Unfreeze"), reverse("unfreeze-voucher", args=[row.id]))]
    return [Action(gettext("Freeze"), reverse("freeze-voucher", args=[row.id]), "danger", icon="snowflake")]


@page(Can.VENDOR_QUOTA_VIEW, methods=("GET",))
def show(request: PageRequest, voucher_id: UUID) -> HttpResponse:
    """One voucher: whose it is, where its face value is, its history. Rules: S-390."""
    actor, row = request.actor, voucher_detail(request.actor, voucher_id)
    return render(
        request,
        "vouchers/show.html",
        page=Page(row.number, subtitle=named(row.customer), badge=shown.badge(row, actor.at)),
        row=row,
        badge=shown.badge(row, actor.at),
        remaining=days_left(row.window, actor.at) if row.state == "usable" else "",
        state=shown.now_state(row, actor.at, named(row.customer)),
        terms=shown.terms(row),
        segments=shown.segments(row),
        facts=_facts(row),
        events=shown.history(row, actor),
        remarks=(),
        actions=tuple(_moves(row, actor)),
    )


def _facts(row: VoucherRow) -> tuple[Fact, ...]:
    least = formats.amount(row.min_order) if row.min_order.minor else gettext("none")
    start = formats.start_day(row.window.start, zone())
    return (
        Fact(
            gettext("Customer"), named(row.customer), reverse("vendor-customer", args=[row.customer_id]), user_text=True
        ),
        Fact(
            gettext("Issued by"), named(row.partner), reverse("vendor-partner", args=[row.partner_id]), user_text=True
        ),
        Fact(gettext("Association"), shown.type_word(row.association_type)),
        Fact(gettext("From quota"), row.quota_number, href=reverse("vendor-quota", args=[row.quota_id])),
        Fact(gettext("Validity"), f"{start} – {until(row.window.end)}"),
        Fact(gettext("Minimum order amount"), least),
        *scope_facts(row.scope),
    )


# Stopping it ---------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_QUOTA_FREEZE)
def stop(request: PageRequest, voucher_id: UUID) -> HttpResponse:
    """Ask for the reason, then freeze the voucher. Rules: S-361, S-390."""
    row = voucher_detail(request.actor, voucher_id)
    return _turn(request, row, freeze_voucher, _stopping(row), gettext("%(voucher)s is frozen."))


@page(Can.VENDOR_QUOTA_FREEZE)
def let_go(request: PageRequest, voucher_id: UUID) -> HttpResponse:
    """Ask for the reason, then let the voucher be used again. Rules: S-361, S-390."""
    row = voucher_detail(request.actor, voucher_id)
    return _turn(request, row, unfreeze_voucher, _letting_go(row), gettext("%(voucher)s can be used again."))


def _turn(
    request: PageRequest, row: VoucherRow, verb: Callable[..., None], confirm: Confirm, said: str
) -> HttpResponse:
    form = FreezeVoucherForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            verb(request.actor, voucher_id=row.id, **form.cleaned_data)
            return redirect_with_message(request, "vendor-voucher", said % {"voucher": row.number}, voucher_id=row.id)
        except Refused as refused:
            form.add_refusal(refused)
    return render(
        request, "vendor/vouchers/turn.html", page=Page(confirm.question.rstrip("？?")), form=form, confirm=confirm
    )


def _stopping(row: VoucherRow) -> Confirm:
    bullets = [
        gettext("The customer reads the reason beside the voucher"),
        gettext("Its partner cannot reclaim it meanwhile"),
        gettext("Its end stays the same: what is left then returns to its quota"),
    ]
    if row.lock_order:
        text = gettext("What the unpaid order %(order)s holds of it can still be paid with")
        bullets.insert(0, text % {"order": row.lock_order})
    return Confirm(
        question=gettext("Freeze %(voucher)s?") % {"voucher": row.number},
        effect=gettext("%(customer)s can no longer use the %(amount)s that are left of it.")
        % {"customer": named(row.customer), "amount": formats.money(row.balance)},
        action=reverse("freeze-voucher", args=[row.id]),
        button=gettext("Freeze %(amount)s") % {"amount": formats.money(row.balance)},
        bullets=tuple(bullets),
        cancel_href=reverse("vendor-voucher", args=[row.id]),
    )


def _letting_go(row: VoucherRow) -> Confirm:
    return Confirm(
        question=gettext("Unfreeze %(voucher)s?") % {"voucher": row.number},
        effect=gettext("%(customer)s can use the %(amount)s that are left of it again.")
        % {"customer": named(row.customer), "amount": formats.money(row.balance)},
        action=reverse("unfreeze-voucher", args=[row.id]),
        button=gettext("Unfreeze %(amount)s") % {"amount": formats.money(row.balance)},
        cancel_href=reverse("vendor-voucher", args=[row.id]),
        danger=False,
    )


urlpatterns = [
    path("vendor/vouchers/", index, name="vendor-vouchers"),
    path("vendor/vouchers/<uuid:voucher_id>/", show, name="vendor-voucher"),
    path("vendor/vouchers/<uuid:voucher_id>/freeze/", stop, name="freeze-voucher"),
    path("vendor/vouchers/<uuid:voucher_id>/unfreeze/", let_go, name="unfreeze-voucher"),
]
