"""Quota a distributor has passed on: who holds it, what is left of it, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.forms.vouchers import ReclaimForm
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import badge, from_number, named, validity
from partner_center.entrypoints.web.quotas import (
    chosen_states,
    ending_select,
    ends_before,
    state_chips,
    tabs,
    why_not_reclaim,
)
from partner_center.entrypoints.web.reclaiming import Ask, Kept, ask, done, result_address
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Filter, Option, Page, Select
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import QuotasReclaimed, reclaim_quotas
from partner_center.vouchers.queries import QuotaFilter, QuotaRow, quota_counts, quotas
from partner_center.vouchers.rules import RECLAIM_QUOTA, QuotaReclaimFacts

SEEN_BY = (Can.QUOTA_PASS_ON, Can.QUOTA_RECLAIM)
MOST_SOURCES = 50
PARAMS = ("q", "state", "ends", "source")


@page(*SEEN_BY, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The parts that resellers hold. Rules: S-361, S-399."""
    actor, listing = request.actor, Listing.of(request, *PARAMS)
    found = quotas(actor, wanted(listing, actor), listing.after, PAGE)
    counts = quota_counts(actor, "passed_on")
    total, currency = sum(counts.values()), pack(actor.site, actor.at).currency
    left = Money.total((row.balance for row in found.rows), currency)
    return render(
        request,
        "quotas/issued.html",
        page=Page(gettext("Issued quota"), count=total),
        tabs=tabs(request),
        chips=state_chips(listing, counts, ("normal", "frozen", "adjusting", "reclaimed", "invalid")),
        filter=bar(request, listing),
        columns=_columns(currency),
        rows=[(row, _row(row, actor), why_not_reclaim(row, actor.at)) for row in found.rows],
        pager=listing.pager(found, None if listing.is_narrowed else total, gettext("Balance on this page"), left),
        listing=listing,
        reclaims=may(actor, Can.QUOTA_RECLAIM),
        currency=currency,
        is_distributor=request.identity == "distributor",
        export_href=export_href(actor, "issued_quotas", listing.params) if found.rows else "",
    )


def wanted(listing: Listing, actor: Actor) -> QuotaFilter:
    return QuotaFilter(
        tab="passed_on",
        states=chosen_states(listing),
        text=listing.value("q"),
        ends_before=ends_before(listing, actor.at),
        parent_id=_uuid(listing.value("source")),
    )


def bar(request: PageRequest, listing: Listing) -> Filter:
    sources = _sources(request.actor, listing)
    return listing.filter(gettext("Reseller or quota number"), sources, ending_select(listing), keep=("state",))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _sources(actor: Actor, listing: Listing) -> Select:
    held = quotas(actor, QuotaFilter(), None, MOST_SOURCES).rows
    options = (Option("", gettext("all")), *(Option(str(row.id), row.number) for row in held))
    return Select("source", gettext("From quota"), options, listing.value("source"))


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / from"), "main"),
        Column(gettext("Reseller")),
        Column(gettext("Passed on"), "amount", currency),
        Column(gettext("To customers"), "amount", currency, minor=True),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
        Column(gettext("Passed on at"), minor=True),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: QuotaRow, actor: Actor) -> tuple[object, ...]:
    href = reverse("quota", args=[row.id])
    details = Action(gettext("Details"), href, drawer=True, minor=True)
    return (
        Cell(row.number, from_number(row.parent_number), href, drawer=True),
        Cell(named(row.partner), user_text=True),
        row.value,
        row.given_out,
        Cell(row.balance, _ended_with(row), of=row.value if row.state in ("normal", "frozen", "adjusting") else None),
        badge(row, actor.at),
        validity(row.window, actor.at),
        formats.moment(row.granted_at, zone(), actor.at),
        [*_reclaim(row, actor), details],
    )


def _ended_with(row: QuotaRow) -> str:
    """What became of it, for one that is over."""
    if row.state == "reclaimed":
        return gettext("returned %(amount)s") % {"amount": formats.amount(row.given_back)}
    return gettext("lapsed %(amount)s") % {"amount": formats.amount(row.lost)} if row.lost.minor else ""


def _reclaim(row: QuotaRow, actor: Actor) -> list[Action]:
    if not may(actor, Can.QUOTA_RECLAIM):
        return []
    href = f"{reverse('reclaim-quotas')}?ids={row.number}"
    return [Action(gettext("Reclaim"), href, reason=why_not_reclaim(row, actor.at))]


# Taking back -----------------------------------------------------------------------------------------------------


@page(Can.QUOTA_RECLAIM, code_for="vouchers.reclaim_quota")
def reclaim(request: PageRequest) -> HttpResponse:
    """Ask with the amounts that really come back, then take them. Rules: S-399, S-402, S-562."""
    asked = (request.POST if request.method == "POST" else request.GET).getlist("ids")
    rows = quotas(request.actor, QuotaFilter(tab="passed_on", numbers=tuple(asked[:PAGE])), None, PAGE).rows
    if not asked or len(rows) != len(set(asked)):
        raise NotFound("quota")
    form = ReclaimForm(request.POST if request.method == "POST" else None)
    asked_for = tuple(kept(row, request.actor) for row in rows)

    def take(key: str, remark: str, rows: tuple[Kept, ...]) -> QuotasReclaimed:
        return reclaim_quotas(request.actor, quota_ids=[each.id for each in rows], remark=remark, key=key)

    if request.method == "POST" and (back := done(request, form, asked_for, take)) is not None:
        return _said(request, back, [each.number for each in asked_for])
    return ask(request, form, asked_for, _question())


def kept(row: QuotaRow, actor: Actor) -> Kept:
    """A quota as the question names it, with what forbids taking it back."""
    facts = QuotaReclaimFacts(row.state, row.window, actor.at, row.balance)
    return Kept(
        row.id,
        row.number,
        named(row.partner),
        row.balance,
        row.parent_number,
        tuple(each for each in RECLAIM_QUOTA.evaluate(facts, row.id) if not each.passed),
    )


def _question() -> Ask:
    return Ask(
        title=gettext("Reclaim quota"),
        question=lambda many: ngettext("Reclaim %(num)s quota?", "Reclaim %(num)s quotas?", many) % {"num": many},
        effect=gettext(
            "The whole balance of %(amount)s returns to %(home)s. A part cannot be taken, and it cannot be undone."
        ),
        bullets=(
            gettext("Vouchers of customers are not affected"),
            gettext("The resellers are told, and can no longer issue from it"),
            gettext("What counts is the balance when you submit; the result names each amount"),
        ),
        action=reverse("reclaim-quotas"),
        cancel=reverse("issued-quotas"),
    )


def _said(request: PageRequest, back: QuotasReclaimed, numbers: list[str]) -> HttpResponse:
    text = ngettext(
        "%(num)s quota reclaimed; %(amount)s returned.",
        "%(num)s quotas reclaimed; %(amount)s returned.",
        len(back.quotas),
    )
    values = {"num": len(back.quotas), "amount": formats.money(back.total)}
    return redirect_with_message(request, result_address("quotas-reclaimed", request, numbers), text % values)


urlpatterns = [
    path("vouchers/issued-quotas/", index, name="issued-quotas"),
    path("vouchers/issued-quotas/reclaim/", reclaim, name="reclaim-quotas"),
]
