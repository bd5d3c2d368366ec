"""The vendor's partners: the list, one company with its accounts and standing, opening an account."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import Name, names
from partner_center.entrypoints.web import keyset, nav, sites
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.forms.partners import OpenPartnerForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.standing_words import ASPECTS, IDENTITIES, STATES, identity, standing, state, tier
from partner_center.entrypoints.web.view_models import Cell, Column, Event, Fact, Option, Page, Select
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.kernel.rules import Outcome
from partner_center.partners.actions import open_partner, opening_check
from partner_center.partners.queries import (
    PartnerAccount,
    account,
    accounts_of_company,
    accounts_page,
    company,
    history,
    identity_counts,
)

MOST_RESELLERS = 100


@page(Can.VENDOR_PARTNER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Every partner's account, newest first, by identity. Rules: S-001, L-005."""
    actor, listing = request.actor, Listing.of(request, "q", "identity", "state")
    found = accounts_page(
        actor,
        text=listing.value("q"),
        identity=listing.value("identity") if listing.value("identity") in IDENTITIES else "",
        state=listing.value("state") if listing.value("state") in STATES else "",
        after=keyset.read(listing.after),
        limit=PAGE,
    )
    counts = identity_counts(actor, text=listing.value("q"))
    total = sum(counts.values())
    known = names(row.upline_id for row in found.rows)
    return render(
        request,
        "vendor/partners/index.html",
        page=Page(gettext("Partner list"), count=total),
        chips=listing.chips("identity", [(each, identity(each), counts.get(each, 0)) for each in IDENTITIES], total),
        filter=listing.filter(
            gettext("Name, account name, phone, e-mail or credit code"), _state_select(listing), keep=("identity",)
        ),
        columns=_columns(),
        rows=[_row(row, known) for row in found.rows],
        pager=listing.pager(keyset.paged(found.rows, found.next), _shown_total(listing, counts, total)),
        listing=listing,
        opens=may(actor, Can.VENDOR_PARTNER_MANAGE),
    )


def _shown_total(listing: Listing, counts: dict[str, int], total: int) -> int | None:
    if listing.value("state"):
        return None
    return counts.get(listing.value("identity"), 0) if listing.value("identity") else total


def _state_select(listing: Listing) -> Select:
    options = (Option("", gettext("all")), *(Option(each, state(each).text) for each in STATES))
    return Select("state", gettext("State"), options, listing.value("state"))


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Partner / account name"), "main"),
        Column(gettext("Identity")),
        Column(gettext("Tier")),
        Column(gettext("Distributor")),
        Column(gettext("State"), "state"),
        Column(gettext("Site")),
        Column(gettext("Opened on")),
    )


def _row(row: PartnerAccount, known: dict[UUID, Name]) -> tuple[object, ...]:
    upper = known.get(row.upline_id) if row.upline_id else None
    href = reverse("vendor-partner", args=[row.organisation_id])
    return (
        Cell(local((row.name_zh, row.name_en)), row.account_name, href=href, user_text=True),
        identity(row.identity),
        tier(row.tier),
        Cell(local((upper.zh, upper.en)), user_text=True) if upper else "—",
        state(row.state),
        sites.name(row.site),
        start_day(row.opened_at),
    )


@page(Can.VENDOR_PARTNER_VIEW, methods=("GET",))
def show(request: PageRequest, partner_id: UUID) -> HttpResponse:
    """A partner's account: its company, the company's accounts, its resellers, and what it was when. Rules: S-001."""
    actor = request.actor
    one = account(actor, partner_id)
    own = Name(one.organisation_id, one.number, one.name_zh, one.name_en)
    known = {own.id: own, **names([one.upline_id])}
    return render(
        request,
        "vendor/partners/show.html",
        page=Page(local((one.name_zh, one.name_en)), badge=state(one.state), tags=_tags(one), user_text=True),
        company=_company(actor, one),
        account=_account(one, known),
        columns=_columns(),
        accounts=[_row(row, known) for row in accounts_of_company(actor, one.company_id)],
        resellers=[_row(row, known) for row in _resellers(actor, one)],
        is_distributor=one.identity == "distributor",
        events=_standing(actor, partner_id),
        quota_href=_quota_href(actor, one),
    )


def _resellers(actor: Actor, one: PartnerAccount) -> tuple[PartnerAccount, ...]:
    if one.identity != "distributor":
        return ()
    return accounts_page(actor, upline_id=one.organisation_id, limit=MOST_RESELLERS).rows


def _tags(one: PartnerAccount) -> tuple[str, ...]:
    return tuple(word for word in (identity(one.identity), tier(one.tier)) if word != "—")


def _quota_href(actor: Actor, one: PartnerAccount) -> str:
    href = nav.href("vendor-quotas") if may(actor, Can.VENDOR_QUOTA_VIEW) else ""
    return f"{href}?{urlencode({'q': one.name_zh})}" if href else ""


def _company(actor: Actor, one: PartnerAccount) -> tuple[Fact, ...]:
    behind = company(actor, one.company_id)
    return (
        Fact(gettext("Company"), local((behind.name_zh, behind.name_en)), user_text=True),
        Fact(gettext("Unified social credit code"), behind.uscc or "—"),
        Fact(gettext("Contracting entity"), behind.contracting_entity or "—", user_text=True),
        Fact(gettext("Registered address"), behind.registered_address or "—", user_text=True),
    )


def _account(one: PartnerAccount, known: dict[UUID, Name]) -> tuple[Fact, ...]:
    upper = known.get(one.upline_id) if one.upline_id else None
    facts = [
        Fact(gettext("Account name"), one.account_name, user_text=True),
        Fact(gettext("Partner id"), one.number),
        Fact(gettext("Site"), sites.name(one.site)),
        Fact(gettext("Opened on"), start_day(one.opened_at)),
        Fact(gettext("May win resale customers"), gettext("yes") if one.may_resell else gettext("no")),
    ]
    if upper:
        name, href = local((upper.zh, upper.en)), reverse("vendor-partner", args=[upper.id])
        facts.append(Fact(gettext("Distributor"), name, href=href, user_text=True))
    return tuple(facts)


def _standing(actor: Actor, partner_id: UUID) -> tuple[Event, ...]:
    """What the account was from when to when, newest first; what is not over is marked as now."""
    return tuple(_dated(actor.at, *each) for each in history(actor, partner_id))


def _dated(at: datetime, aspect: str, value: str, since: datetime, until: datetime | None) -> Event:
    words = {"aspect": gettext(ASPECTS[aspect]) if aspect in ASPECTS else aspect, "value": standing(aspect, value)}
    title = gettext("%(aspect)s: %(value)s") % words
    when = f"{start_day(since)} – {start_day(until)}" if until else gettext("since %(day)s") % {"day": start_day(since)}
    return Event(title, when, "future" if since > at else "done")


@page(Can.VENDOR_PARTNER_MANAGE)
def add(request: PageRequest) -> HttpResponse:
    """Open a partner's account for a new company; every error at once. Rules: S-001, L-005, L-011, L-110, L-307."""
    form = OpenPartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (made := _opened(request, form)):
        text = gettext("%(name)s is open; its administrator can sign in now.") % {"name": form.cleaned_data["name_zh"]}
        return redirect_with_message(request, "vendor-partner", text, partner_id=made)
    return render(request, "vendor/partners/add.html", page=Page(gettext("Open a partner's account")), form=form)


def _opened(request: PageRequest, form: OpenPartnerForm) -> UUID | None:
    """The new account. What the rules say is told together with what is wrong in the fields."""
    valid = form.is_valid()
    try:
        if valid:
            return open_partner(request.actor, **form.cleaned_data).organisation_id
        for outcome in foreseen(request.actor, form):
            form.add_broken(outcome)
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict, "login")
    return None


def foreseen(actor: Actor, form: OpenPartnerForm) -> tuple[Outcome, ...]:
    """What the verb would refuse of a form that is not complete yet."""
    given = {name: str(form.data.get(name, "")).strip() for name in ("site", "identity", "tier", "uscc")}
    return opening_check(actor, **given)


urlpatterns = [
    path("vendor/partners/", index, name="vendor-partners"),
    path("vendor/partners/open/", add, name="open-partner"),
    path("vendor/partners/<uuid:partner_id>/", show, name="vendor-partner"),
]
