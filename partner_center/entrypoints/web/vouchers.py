"""Vouchers a partner has issued: the list, one voucher, and taking vouchers back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import api_scope, formats
from partner_center.entrypoints.web import voucher_shown as shown
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.forms.vouchers import ReclaimForm
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.limits_shown import KIND_VALUES, kind_fact, kind_select, scope_facts, with_kind
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import ENDING, days_left, from_number, named, validity
from partner_center.entrypoints.web.quotas import came_from_list, ending_select, in_drawer, tabs
from partner_center.entrypoints.web.reclaiming import Ask, Kept, ask, done, result_address
from partner_center.entrypoints.web.ticket_links import wrong_here
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Fact, Filter, Page, Tab
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import Reclaimed, reclaim_outcomes
from partner_center.vouchers.actions import reclaim as reclaim_vouchers
from partner_center.vouchers.queries import (
    RecordFilter,
    VoucherFilter,
    VoucherRow,
    inactive_count,
    records,
    voucher_counts,
    voucher_detail,
    vouchers,
    vouchers_for_api,
)

PARAMS = ("q", "state", "type", "kind", "ends", "quota", "issue", "old")


@page(Can.VOUCHER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What was issued to customers. Rules: S-379, S-380, S-390."""
    actor = request.actor
    listing = Listing.of(request, *PARAMS)
    asked = wanted(listing, actor)
    found = vouchers(actor, asked, listing.after, PAGE)
    counts = _counts(actor, asked)
    total, currency = sum(counts.values()), pack(actor.site, actor.at).currency
    left = Money.total((row.balance for row in found.rows), currency)
    only = {name: listing.value(name) for name in ("q", "type", "kind", "ends", "quota", "issue")}
    return render(
        request,
        "vouchers/index.html",
        page=Page(gettext("Issued vouchers"), count=total, subtitle=gettext("All customers, consulting and resale.")),
        tabs=tabs(request),
        chips=_chips(listing, counts),
        filter=bar(request, listing),
        columns=_columns(currency),
        rows=[(row, _row(row, actor), _why_not(row, actor)) for row in found.rows],
        pager=listing.pager(found, None if any(only.values()) else total, gettext("Balance on this page"), left),
        listing=listing,
        api_note=api_scope.note(*vouchers_for_api(actor, asked, api_scope.MOST_COUNTED)),
        only=_only(listing, actor, found.rows),
        years=pack(actor.site, actor.at).number("vouchers.listed_years_after_expiry_partner"),
        reclaims=may(actor, Can.VOUCHER_RECLAIM),
        currency=currency,
        export_href=export_href(actor, "vouchers", listing.params) if found.rows else "",
    )


def bar(request: PageRequest, listing: Listing) -> Filter:
    keep = ("state", "quota", "issue", "old")
    return listing.filter(
        gettext("Customer or voucher number"),
        shown.types(listing),
        kind_select(listing.value("kind")),
        ending_select(listing),
        keep=keep,
    )


def wanted(listing: Listing, actor: Actor) -> VoucherFilter:
    state, days, quota = listing.value("state"), listing.value("ends"), _uuid(listing.value("quota"))
    return VoucherFilter(
        states=("usable",) if state == "inactive" else (state,) if state in shown.STATES else (),
        inactive={"inactive": True, "usable": False}.get(state),
        text=listing.value("q"),
        association_type={"1": 1, "2": 2}.get(listing.value("type")),
        kind=KIND_VALUES.get(listing.value("kind")),
        ends_before=actor.at + timedelta(days=int(days)) if days in ENDING else None,
        quota_id=quota,
        issue_id=_uuid(listing.value("issue")),
        # A distributor opens its reseller's quota and sees the vouchers issued from it, which are not its own.
        own_only=quota is None,
        with_old=listing.value("old") == "1",
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _counts(actor: Actor, wanted: VoucherFilter) -> dict[str, int]:
    """How many are in each state a reader is told; not yet active ones are apart from the usable."""
    every = VoucherFilter(with_old=wanted.with_old)
    counts = voucher_counts(actor, every)
    inactive = inactive_count(actor, every)
    return {**counts, "inactive": inactive, "usable": counts.get("usable", 0) - inactive}


def _chips(listing: Listing, counts: dict[str, int]) -> tuple[Tab, ...]:
    words = [(state, gettext(word), counts.get(state, 0)) for state, (_, word, _) in shown.STATES.items()]
    return listing.chips("state", words, sum(counts.values()))


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / from"), "main"),
        Column(gettext("Customer")),
        Column(gettext("Face value"), "amount", currency),
        Column(gettext("Spent"), "amount", currency, minor=True),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
        Column(gettext("Issued at"), minor=True),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: VoucherRow, actor: Actor) -> tuple[object, ...]:
    href = reverse("voucher", args=[row.id])
    why_not = _why_not(row, actor)
    actions = [Action(gettext("Details"), href, drawer=True, minor=True)]
    if may(actor, Can.VOUCHER_RECLAIM):
        actions.insert(0, Action(gettext("Reclaim"), f"{reverse('reclaim-vouchers')}?ids={row.number}", reason=why_not))
    back = gettext("returned %(amount)s") % {"amount": formats.amount(row.came_back)} if row.came_back.minor else ""
    return (
        Cell(row.number, with_kind(from_number(row.quota_number), row.kind), href, drawer=True),
        Cell(named(row.customer), shown.type_word(row.association_type), user_text=True),
        row.face,
        row.used,
        Cell(row.balance, back, of=row.face if row.state == "usable" else None),
        shown.badge(row, actor.at),
        validity(row.window, actor.at if row.state == "usable" else row.window.end),
        formats.moment(row.issued_at, zone(), actor.at),
        actions,
    )


def _why_not(row: VoucherRow, actor: Actor) -> str:
    if row.partner_id != actor.seat:
        return gettext("issued by %(name)s") % {"name": named(row.partner)}
    return shown.why_not_reclaim(row, actor.at)


def _only(listing: Listing, actor: Actor, rows: tuple[VoucherRow, ...]) -> str:
    """What the list is narrowed to by a link from elsewhere, in words."""
    if listing.value("issue"):
        return gettext("Only the vouchers of this issue.")
    if quota := _uuid(listing.value("quota")):
        return gettext("Only vouchers from %(quota)s.") % {"quota": rows[0].quota_number if rows else str(quota)}
    return ""


# One voucher -----------------------------------------------------------------------------------------------------


@page(Can.VOUCHER_VIEW, methods=("GET",))
def show(request: PageRequest, voucher_id: UUID) -> HttpResponse:
    """One voucher: face = spent + came back + left, its scope, its history. Rules: S-376, S-390, S-400."""
    actor, row = request.actor, voucher_detail(request.actor, voucher_id)
    drawer = in_drawer(request)
    response = render(
        request,
        "vouchers/_drawer.html" if drawer else "vouchers/show.html",
        page=Page(row.number, subtitle=named(row.customer), badge=shown.badge(row, actor.at)),
        row=row,
        badge=shown.badge(row, actor.at),
        remaining=days_left(row.window, actor.at) if row.state == "usable" else "",
        state=shown.now_state(row, actor.at, named(row.customer)),
        terms=shown.terms(row),
        segments=shown.segments(row),
        facts=_facts(row, actor),
        events=shown.history(row, actor),
        remarks=_remarks(row, actor),
        actions=(*(() if drawer else wrong_here(actor, "voucher", row.id, row.number)), *_actions(row, actor)),
        close_href=came_from_list(request, reverse("vouchers")),
        page_href=request.path,
    )
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def _facts(row: VoucherRow, actor: Actor) -> tuple[Fact, ...]:
    least = formats.amount(row.min_order) if row.min_order.minor else gettext("none")
    quota = reverse("quota", args=[row.quota_id]) if may(actor, Can.VOUCHER_QUOTA_VIEW) else ""
    start = formats.start_day(row.window.start, zone())
    facts = [
        Fact(gettext("Customer"), named(row.customer), user_text=True),
        Fact(gettext("Association"), shown.type_word(row.association_type)),
        Fact(gettext("From quota"), row.quota_number, href=quota),
        Fact(gettext("Validity"), f"{start} – {formats.until(row.window.end, zone())}"),
        kind_fact(row.kind, row.counts_as_performance),
        Fact(gettext("Minimum order amount"), least),
        *scope_facts(row.scope),
    ]
    if row.partner_id != actor.seat:
        facts.insert(0, Fact(gettext("Issued by"), named(row.partner), user_text=True))
    return tuple(facts)


def _remarks(row: VoucherRow, actor: Actor) -> tuple[Fact, ...]:
    """The issuing partner's own notes; nobody else is given them."""
    if row.partner_id != actor.seat or not may(actor, Can.VOUCHER_RECORD_VIEW):
        return ()
    found = records(actor, RecordFilter(voucher_id=row.id), None, PAGE).rows
    return tuple(Fact(formats.moment(r.at, zone()), r.remark, user_text=True) for r in found if r.remark)


def _actions(row: VoucherRow, actor: Actor) -> tuple[Action, ...]:
    if row.partner_id != actor.seat or not may(actor, Can.VOUCHER_RECLAIM):
        return ()
    why_not = shown.why_not_reclaim(row, actor.at)
    href = f"{reverse('reclaim-vouchers')}?ids={row.number}"
    return (Action(gettext("Reclaim…"), href, "danger", icon="arrow-back-up"),) if not why_not else ()


# Taking back -----------------------------------------------------------------------------------------------------


@page(Can.VOUCHER_RECLAIM, code_for="vouchers.reclaim")
def reclaim(request: PageRequest) -> HttpResponse:
    """Ask with the balances that really come back, then take them. Rules: S-390, S-399, S-400, S-402, S-405, S-406."""
    asked = (request.POST if request.method == "POST" else request.GET).getlist("ids")
    rows = by_numbers(request.actor, asked[:PAGE])
    kept = kept_vouchers(request.actor, rows)
    if not asked or len(rows) != len(set(asked)) or len(kept) != len(rows):
        raise NotFound("voucher")
    form = ReclaimForm(request.POST if request.method == "POST" else None)

    def take(key: str, remark: str, these: tuple[Kept, ...]) -> Reclaimed:
        return reclaim_vouchers(request.actor, voucher_ids=[each.id for each in these], remark=remark, key=key)

    if request.method == "POST" and (back := done(request, form, kept, take)) is not None:
        return _said(request, back)
    return ask(request, form, kept, _question())


def kept_vouchers(actor: Actor, rows: Sequence[VoucherRow]) -> tuple[Kept, ...]:
    """The seat's own vouchers as the question names them, with what forbids taking each back."""
    outcomes = reclaim_outcomes(actor, voucher_ids=[row.id for row in rows])
    return tuple(
        Kept(
            row.id,
            row.number,
            named(row.customer),
            row.balance,
            row.quota_number,
            tuple(each for each in outcomes[row.id] if not each.passed),
        )
        for row in rows
        if row.id in outcomes
    )


def by_numbers(actor: Actor, numbers: list[str]) -> tuple[VoucherRow, ...]:
    """Vouchers of the seat by their numbers, old ones too."""
    return vouchers(actor, VoucherFilter(numbers=tuple(numbers), with_old=True), None, 2 * PAGE).rows if numbers else ()


def _question() -> Ask:
    return Ask(
        title=gettext("Reclaim vouchers"),
        question=lambda many: ngettext("Reclaim %(num)s voucher?", "Reclaim %(num)s vouchers?", many) % {"num": many},
        effect=gettext(
            "The whole balance of %(amount)s returns to %(home)s. A part cannot be taken, and it cannot be undone."
        ),
        bullets=(
            gettext("What customers have spent stays spent"),
            gettext("The customers no longer see these vouchers; you keep the record"),
            gettext("What counts is the balance when you submit; the result names each amount"),
        ),
        action=reverse("reclaim-vouchers"),
        cancel=reverse("vouchers"),
    )


def _said(request: PageRequest, back: Reclaimed) -> HttpResponse:
    many = len(back.vouchers)
    text = ngettext(
        "%(num)s voucher reclaimed; %(amount)s returned.", "%(num)s vouchers reclaimed; %(amount)s returned.", many
    )
    address = result_address("vouchers-reclaimed", request, [each.number for each in back.vouchers])
    return redirect_with_message(request, address, text % {"num": many, "amount": formats.money(back.total)})


urlpatterns = [
    path("vouchers/issued/", index, name="vouchers"),
    path("vouchers/issued/reclaim/", reclaim, name="reclaim-vouchers"),
    path("vouchers/issued/<uuid:voucher_id>/", show, name="voucher"),
]
