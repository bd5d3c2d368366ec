"""The vendor's view of quota: all that was granted, one with its sum, stopping it, letting it go, ending it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.forms.quota_terms import InvalidateForm, ReasonForm
from partner_center.entrypoints.web.home_parts import warned_days
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.limits_shown import KIND_VALUES, kind_select, with_kind
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import badge, named, validity
from partner_center.entrypoints.web.quotas import chosen_states, ending_select, ends_before, shown, state_chips
from partner_center.entrypoints.web.view_models import (
    Action,
    Cell,
    Column,
    Confirm,
    Filter,
    Option,
    Page,
    Select,
    Tab,
)
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import freeze, invalidate, unfreeze
from partner_center.vouchers.queries import QuotaFilter, QuotaRow, quota_counts, quota_detail, quotas, quotas_count
from partner_center.vouchers.rules import QUOTA, QuotaSum

QLevel = Literal["held", "passed_on", "all"]
LEVELS: dict[str, QLevel] = {"parts": "passed_on", "all": "all"}
STATES_SHOWN = ("normal", "frozen", "adjusting", "invalid", "reclaimed")
ENDING_SOON = "ending"
PARAMS = ("q", "state", "ends", "kind", "level")


@page(Can.VENDOR_QUOTA_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """All quota granted to partners, and the parts that distributors passed on. Rules: S-350, S-361."""
    actor, listing = request.actor, Listing.of(request, *PARAMS)
    level = _level(listing)
    found = quotas(actor, wanted(listing, actor), listing.after, PAGE)
    counts, currency = quota_counts(actor, level), pack(actor.site, actor.at).currency
    total = sum(counts.values())
    left = [row.balance for row in found.rows if row.balance.currency == currency]
    return render(
        request,
        "vendor/quotas/index.html",
        page=Page(gettext("Quota"), count=total),
        chips=(*state_chips(listing, counts, STATES_SHOWN), _ending_chip(listing, actor, level)),
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
        _levels(listing),
        ending_select(listing),
        kind_select(listing.value("kind")),
        keep=("state",),
    )


def _level(listing: Listing) -> QLevel:
    return LEVELS.get(listing.value("level"), "held")


def wanted(listing: Listing, actor: Actor) -> QuotaFilter:
    level, kind = _level(listing), KIND_VALUES.get(listing.value("kind"))
    if listing.value("state") == ENDING_SOON:
        return QuotaFilter(tab=level, text=listing.value("q"), ends_before=soon(actor), kind=kind, with_money=True)
    return QuotaFilter(
        tab=level,
        states=chosen_states(listing),
        text=listing.value("q"),
        ends_before=ends_before(listing, actor.at),
        kind=kind,
    )


def soon(actor: Actor) -> datetime:
    """Until when a quota's end is near: the first of the site's reminders."""
    return actor.at + timedelta(days=warned_days(actor))


def _ending_chip(listing: Listing, actor: Actor, level: QLevel) -> Tab:
    """Quota that ends soon with something still free in it."""
    many = quotas_count(actor, QuotaFilter(tab=level, ends_before=soon(actor), with_money=True))
    chosen = listing.value("state") == ENDING_SOON
    return Tab(gettext("Near its end, with money"), listing.href(state=ENDING_SOON), many, chosen)


def _levels(listing: Listing) -> Select:
    options = (
        Option("", gettext("granted")),
        Option("parts", gettext("passed on")),
        Option("all", gettext("all")),
    )
    return Select("level", gettext("Quota tier"), options, listing.value("level"))


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


def _changes(row: QuotaRow, actor: Actor) -> list[Action]:
    """What may be changed of it; a part follows the quota it came from, and can only be ended."""
    if not may(actor, Can.VENDOR_QUOTA_ADJUST) or not QUOTA.may("invalidate", row.state):
        return []
    found = []
    if row.parent_id is None:
        if row.state == "adjusting":
            found.append(Action(gettext("Set new terms"), reverse("adjust-quota", args=[row.id]), "primary"))
            found.append(Action(gettext("End without a change"), reverse("end-adjusting-quota", args=[row.id])))
        elif row.state == "normal":
            found.append(Action(gettext("Adjust…"), reverse("begin-adjusting-quota", args=[row.id])))
        found.append(Action(gettext("Name customers"), reverse("designate-quota", args=[row.id])))
    return [*found, Action(gettext("Set invalid…"), reverse("invalidate-quota", args=[row.id]), "danger", icon="x")]


@page(Can.VENDOR_QUOTA_VIEW, methods=("GET",))
def show(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """One quota as the vendor sees it: with all its parts."""
    detail, actor = quota_detail(request.actor, quota_id), request.actor
    return shown(request, detail, "vendor-quotas", (*_changes(detail.row, actor), *_moves(detail.row, actor)))


@page(Can.VENDOR_QUOTA_FREEZE)
def stop(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason, then freeze. Rules: S-361."""
    row = in_state(request, quota_id, "freeze")
    return turn(request, row, freeze, _stopping(row), gettext("%(quota)s is frozen."))


@page(Can.VENDOR_QUOTA_FREEZE)
def let_go(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason, then let the quota be used again. Rules: S-361."""
    row = in_state(request, quota_id, "unfreeze")
    return turn(request, row, unfreeze, _letting_go(row), gettext("%(quota)s can be used again."))


def in_state(request: PageRequest, quota_id: UUID, move: str) -> QuotaRow:
    """The quota, if it is in the state that the move needs; a form sent twice is answered by the action's key.

    Raises: NotFound; Conflict.
    """
    row = quota_detail(request.actor, quota_id).row
    if request.method == "GET" and not QUOTA.may(move, row.state):
        raise Conflict("quota_in_other_state", state=row.state, needed=", ".join(QUOTA.sources(move)))
    return row


def turn(
    request: PageRequest,
    row: QuotaRow,
    verb: Callable[..., object],
    confirm: Confirm,
    said: str,
    form_class: type[ReasonForm] = ReasonForm,
    to: str = "vendor-quota",
) -> HttpResponse:
    """The question with its reason; answered, the verb is called and the page of the quota says what was done."""
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verb(request.actor, quota_id=row.id, **form.cleaned_data)
        return redirect_with_message(request, to, said % {"quota": row.number}, quota_id=row.id)
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


@page(Can.VENDOR_QUOTA_ADJUST)
def end(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason and whether the parts go with it, then set the quota invalid. Rules: S-361, S-366, S-402."""
    row = in_state(request, quota_id, "invalidate")
    parts = quota_detail(request.actor, quota_id).parts
    live = [(part, sum_) for part, sum_ in parts if QUOTA.may("invalidate", part.state)]
    form = InvalidateForm if live else ReasonForm
    return turn(request, row, invalidate, _ending(row, live), gettext("%(quota)s is invalid."), form)


def _ending(row: QuotaRow, live: list[tuple[QuotaRow, QuotaSum]]) -> Confirm:
    below = Money.total((sum_.free for _, sum_ in live), row.value.currency)
    bullets = [
        gettext("Vouchers of customers stay usable; what still comes back of them is lost too"),
        gettext("It cannot be issued, adjusted or unfrozen again; two persons can reverse it before its end"),
    ]
    if live:
        text = ngettext(
            "%(num)s part is with a reseller, %(amount)s of it free: it stays valid unless you tick it below",
            "%(num)s parts are with resellers, %(amount)s of them free: they stay valid unless you tick it below",
            len(live),
        )
        bullets.insert(0, text % {"num": len(live), "amount": formats.money(below)})
    return Confirm(
        question=gettext("Set %(quota)s invalid?") % {"quota": row.number},
        effect=gettext("%(amount)s that %(partner)s has not issued is lost.")
        % {"partner": named(row.partner), "amount": formats.money(row.balance)},
        action=reverse("invalidate-quota", args=[row.id]),
        button=gettext("Set it invalid"),
        bullets=tuple(bullets),
        cancel_href=reverse("vendor-quota", args=[row.id]),
    )


urlpatterns = [
    path("vendor/quotas/", index, name="vendor-quotas"),
    path("vendor/quotas/<uuid:quota_id>/", show, name="vendor-quota"),
    path("vendor/quotas/<uuid:quota_id>/freeze/", stop, name="freeze-quota"),
    path("vendor/quotas/<uuid:quota_id>/unfreeze/", let_go, name="unfreeze-quota"),
    path("vendor/quotas/<uuid:quota_id>/invalidate/", end, name="invalidate-quota"),
]
