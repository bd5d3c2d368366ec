"""The vendor's view of quota: all that was granted, one with its sum, stopping it and letting it go again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.forms.vouchers import ReasonForm
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.limits_shown import kind_select, with_kind
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import badge, named, validity
from partner_center.entrypoints.web.quotas import PARAMS, ending_select, shown, state_chips, wanted
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Confirm, Filter, Page
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import freeze, unfreeze
from partner_center.vouchers.queries import QuotaRow, quota_counts, quota_detail, quotas
from partner_center.vouchers.rules import QUOTA


@page(Can.VENDOR_QUOTA_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """All quota granted to partners. Rules: S-350, S-361."""
    actor, listing = request.actor, Listing.of(request, *PARAMS)
    found = quotas(actor, wanted(listing, actor), listing.after, PAGE)
    counts, currency = quota_counts(actor, "held"), pack(actor.site, actor.at).currency
    total = sum(counts.values())
    left = [row.balance for row in found.rows if row.balance.currency == currency]
    return render(
        request,
        "vendor/quotas/index.html",
        page=Page(gettext("Quota"), count=total),
        chips=state_chips(listing, counts, ("normal", "frozen", "adjusting", "invalid")),
        filter=bar(request, listing),
        columns=_columns(currency),
        rows=[_row(row, actor) for row in found.rows],
        pager=listing.pager(
            found,
            None if listing.is_narrowed else total,
            gettext("Balance on this page"),
            Money.total(left, currency),
        ),
        listing=listing,
        grants=may(actor, Can.VENDOR_QUOTA_GRANT),
        export_href=export_href(actor, "vendor_quotas", listing.params) if found.rows else "",
    )


def bar(request: PageRequest, listing: Listing) -> Filter:
    return listing.filter(
        gettext("Partner or quota number"),
        ending_select(listing),
        kind_select(listing.value("kind")),
        keep=("state",),
    )


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / purpose"), "main"),
        Column(gettext("Partner")),
        Column(gettext("Granted"), "amount", currency),
        Column(gettext("Given out"), "amount", currency, minor=True),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
        Column(gettext("Granted at"), minor=True),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: QuotaRow, actor: Actor) -> tuple[object, ...]:
    href = reverse("vendor-quota", args=[row.id])
    return (
        Cell(row.number, with_kind(row.purpose, row.kind), href, user_text=True, drawer=True),
        Cell(named(row.partner), user_text=True),
        row.value,
        row.given_out,
        Cell(row.balance, of=row.value),
        badge(row, actor.at),
        validity(row.window, actor.at),
        formats.moment(row.granted_at, zone(), actor.at),
        [*_moves(row, actor), Action(gettext("Details"), href, drawer=True, minor=True)],
    )


def _moves(row: QuotaRow, actor: Actor) -> list[Action]:
    if not may(actor, Can.VENDOR_QUOTA_FREEZE):
        return []
    known = (
        ("freeze", Action(gettext("Freeze"), reverse("freeze-quota", args=[row.id]), "danger", icon="snowflake")),
        ("unfreeze", Action(gettext("Unfreeze"), reverse("unfreeze-quota", args=[row.id]))),
    )
    return [action for move, action in known if QUOTA.may(move, row.state)]


@page(Can.VENDOR_QUOTA_VIEW, methods=("GET",))
def show(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """One quota as the vendor sees it: with all its parts."""
    detail = quota_detail(request.actor, quota_id)
    return shown(request, detail, "vendor-quotas", tuple(_moves(detail.row, request.actor)))


@page(Can.VENDOR_QUOTA_FREEZE)
def stop(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason, then freeze. Rules: S-361."""
    row = _in_state(request, quota_id, "freeze")
    return _turn(request, row, freeze, _stopping(row), gettext("%(quota)s is frozen."))


@page(Can.VENDOR_QUOTA_FREEZE)
def let_go(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason, then let the quota be used again. Rules: S-361."""
    row = _in_state(request, quota_id, "unfreeze")
    return _turn(request, row, unfreeze, _letting_go(row), gettext("%(quota)s can be used again."))


def _in_state(request: PageRequest, quota_id: UUID, move: str) -> QuotaRow:
    """The quota, if it is in the state that the move needs; a form sent twice is answered by the action's key.

    Raises: NotFound; Conflict.
    """
    row = quota_detail(request.actor, quota_id).row
    if request.method == "GET" and not QUOTA.may(move, row.state):
        raise Conflict("quota_in_other_state", state=row.state, needed=", ".join(QUOTA.sources(move)))
    return row


def _turn(request: PageRequest, row: QuotaRow, verb: Callable[..., None], confirm: Confirm, said: str) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verb(request.actor, quota_id=row.id, **form.cleaned_data)
        return redirect_with_message(request, "vendor-quota", said % {"quota": row.number}, quota_id=row.id)
    return render(
        request, "vendor/quotas/turn.html", page=Page(confirm.question.rstrip("？?")), form=form, confirm=confirm
    )


def _stopping(row: QuotaRow) -> Confirm:
    return Confirm(
        question=gettext("Freeze %(quota)s?") % {"quota": row.number},
        effect=gettext("%(partner)s can no longer issue or pass on the %(amount)s that are left of it.")
        % {"partner": named(row.partner), "amount": formats.money(row.balance)},
        action=reverse("freeze-quota", args=[row.id]),
        button=gettext("Freeze %(amount)s") % {"amount": formats.money(row.balance)},
        bullets=(
            gettext("Vouchers of customers stay usable"),
            gettext("What is reclaimed still returns to it"),
            gettext("Its end stays the same; frozen quota lapses too"),
        ),
        cancel_href=reverse("vendor-quota", args=[row.id]),
    )


def _letting_go(row: QuotaRow) -> Confirm:
    return Confirm(
        question=gettext("Unfreeze %(quota)s?") % {"quota": row.number},
        effect=gettext("%(partner)s can issue and pass on the %(amount)s that are left of it again.")
        % {"partner": named(row.partner), "amount": formats.money(row.balance)},
        action=reverse("unfreeze-quota", args=[row.id]),
        button=gettext("Unfreeze %(amount)s") % {"amount": formats.money(row.balance)},
        cancel_href=reverse("vendor-quota", args=[row.id]),
        danger=False,
    )


urlpatterns = [
    path("vendor/quotas/", index, name="vendor-quotas"),
    path("vendor/quotas/<uuid:quota_id>/", show, name="vendor-quota"),
    path("vendor/quotas/<uuid:quota_id>/freeze/", stop, name="freeze-quota"),
    path("vendor/quotas/<uuid:quota_id>/unfreeze/", let_go, name="unfreeze-quota"),
]
