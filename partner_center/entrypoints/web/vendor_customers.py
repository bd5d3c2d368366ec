"""The vendor's customers: the list, one account, and associating it in the back office as a ticket asks."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import Name, names
from partner_center.audit.queries import of_customer
from partner_center.customers.queries import CustomerAccount, accounts_counts, accounts_page, association_of, customer
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web import keyset, sites
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.formats import mask
from partner_center.entrypoints.web.forms.partners import AssociateForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.standing_words import association_type, identity
from partner_center.entrypoints.web.view_models import (
    Action,
    Badge,
    Cell,
    Column,
    Event,
    Fact,
    Option,
    Page,
    RuleView,
    Select,
)
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.partners.queries import PartnerAccount
from partner_center.partners.queries import accounts_page as partners_page
from partner_center.relationships.actions import associate as associate_customer
from partner_center.relationships.queries import associate_facts
from partner_center.relationships.rules import ASSOCIATE

SITES = ("cloud-cn", "cloud-intl")
MOST_PARTNERS = 200


@page(Can.VENDOR_CUSTOMER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Every customer's account, newest first; somebody's or nobody's. Rules: S-250."""
    actor, listing = request.actor, Listing.of(request, "q", "associated", "site")
    site = listing.value("site") if listing.value("site") in SITES else ""
    found, place = accounts_page(
        actor,
        text=listing.value("q"),
        site=site,
        associated={"yes": True, "no": False}.get(listing.value("associated")),
        after=keyset.read(listing.after),
        limit=PAGE,
    )
    counts = accounts_counts(actor, text=listing.value("q"), site=site)
    total = sum(counts.values())
    known = names(row.partner_id for row in found)
    chips = (
        ("yes", gettext("With a partner"), counts.get(True, 0)),
        ("no", gettext("Without a partner"), counts.get(False, 0)),
    )
    shown = {value: many for value, _, many in chips}
    return render(
        request,
        "vendor/customers/index.html",
        page=Page(gettext("Customer list"), count=total),
        chips=listing.chips("associated", chips, total),
        filter=listing.filter(
            gettext("Name, account name or credit code"), _site_select(listing), keep=("associated",)
        ),
        columns=_columns(),
        rows=[_row(row, known, may(actor, Can.VENDOR_CUSTOMER_MANAGE)) for row in found],
        pager=listing.pager(keyset.paged(found, place), shown.get(listing.value("associated"), total)),
        listing=listing,
    )


def _site_select(listing: Listing) -> Select:
    options = (Option("", gettext("all")), *(Option(each, sites.name(each)) for each in SITES))
    return Select("site", gettext("Site"), options, listing.value("site"))


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Customer / account name"), "main"),
        Column(gettext("Partner")),
        Column(gettext("Level")),
        Column(gettext("Phone / e-mail")),
        Column(gettext("Site")),
        Column(gettext("Registered on")),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: CustomerAccount, known: dict[UUID, Name], manages: bool) -> tuple[object, ...]:
    partner = known.get(row.partner_id) if row.partner_id else None
    href = reverse("vendor-customer", args=[row.organisation_id])
    actions = []
    if manages and partner is None:
        actions.append(Action(gettext("Associate"), reverse("associate-customer", args=[row.organisation_id])))
    return (
        Cell(local((row.name_zh, row.name_en)), row.account_name, href=href, user_text=True),
        Cell(local((partner.zh, partner.en)), user_text=True) if partner else "—",
        row.level,
        Cell(mask(row.phone), mask(row.email)),
        sites.name(row.site),
        start_day(row.registered_at),
        actions,
    )


@page(Can.VENDOR_CUSTOMER_VIEW, methods=("GET",))
def show(request: PageRequest, customer_id: UUID) -> HttpResponse:
    """One customer's account, whose customer it is, and what happened."""
    one = customer(request.actor, customer_id)
    found = association_of(request.actor, customer_id)
    badge = Badge("ok", gettext("With a partner")) if found else Badge("end", gettext("Without a partner"))
    return render(
        request,
        "vendor/customers/show.html",
        page=Page(local((one.name_zh, one.name_en)), badge=badge, user_text=True),
        facts=_facts(one),
        association=_association(request.actor, customer_id),
        events=[Event(event_words(row.name), moment(row.at)) for row in of_customer(request.actor, customer_id)],
        customer_id=customer_id,
        associates=found is None and may(request.actor, Can.VENDOR_CUSTOMER_MANAGE),
        switches=found is not None and may(request.actor, Can.VENDOR_CUSTOMER_MANAGE),
    )


def _facts(one: CustomerAccount) -> tuple[Fact, ...]:
    return (
        Fact(gettext("Account name"), one.account_name, user_text=True),
        Fact(gettext("Customer id"), one.number),
        Fact(gettext("Unified social credit code"), one.uscc or "—"),
        Fact(gettext("Level"), one.level),
        Fact(gettext("Phone"), mask(one.phone)),
        Fact(gettext("E-mail"), mask(one.email)),
        Fact(gettext("Site"), sites.name(one.site)),
        Fact(gettext("Registered on"), start_day(one.registered_at)),
    )


def _association(actor: Actor, customer_id: UUID) -> tuple[Fact, ...]:
    found = association_of(actor, customer_id)
    if found is None:
        return ()
    known = names([found.partner_id, found.upline_id])
    facts = []
    for label, id_ in ((gettext("Partner"), found.partner_id), (gettext("Distributor"), found.upline_id)):
        if id_ and id_ in known:
            name, href = local((known[id_].zh, known[id_].en)), reverse("vendor-partner", args=[id_])
            facts.append(Fact(label, name, href=href, user_text=True))
    facts.append(Fact(gettext("Association type"), association_type(found.type)))
    facts.append(Fact(gettext("Associated since"), start_day(found.associated_at)))
    return tuple(facts)


@page(Can.VENDOR_CUSTOMER_MANAGE)
def associate(request: PageRequest, customer_id: UUID) -> HttpResponse:
    """Make the account a partner's customer; the rules answer beforehand.

    Rules: S-020, S-140, S-141, S-142, S-168, S-195.
    """
    one = customer(request.actor, customer_id)
    posted = request.POST if request.method == "POST" and "check" not in request.POST else None
    form = AssociateForm(posted, partners=_partners(request.actor, one), initial=_asked(request))
    name = local((one.name_zh, one.name_en))
    if posted is not None and _associated(request, customer_id, form):
        text = gettext("%(name)s has a partner now.") % {"name": name}
        return redirect_with_message(request, "vendor-customer", text, customer_id=customer_id)
    return render(
        request,
        "vendor/customers/associate.html",
        page=Page(gettext("Associate %(name)s") % {"name": name}),
        form=form,
        rules=_rules(request, customer_id),
        facts=_facts(one),
        customer_id=customer_id,
    )


def _asked(request: PageRequest) -> dict[str, str]:
    asked = request.POST if request.method == "POST" else request.GET
    return {name: asked[name] for name in ("partner", "type", "reason") if asked.get(name)}


def _partners(actor: Actor, one: CustomerAccount) -> list[tuple[str, str]]:
    """Every partner, of whatever site: what the rules say of the chosen one stands beside the form."""
    found = partners_page(actor, limit=MOST_PARTNERS).rows
    ordered = sorted(found, key=lambda row: (row.site != one.site, row.name_zh))
    return [(str(row.organisation_id), _called(row)) for row in ordered]


def _called(row: PartnerAccount) -> str:
    return " · ".join((local((row.name_zh, row.name_en)), identity(row.identity), sites.name(row.site)))


def _associated(request: PageRequest, customer_id: UUID, form: AssociateForm) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        associate_customer(
            request.actor,
            customer_id=customer_id,
            partner_id=UUID(given["partner"]),
            type=given["type"],
            reason=given["reason"],
            key=given["key"],
        )
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict)
    return not form.errors


def _rules(request: PageRequest, customer_id: UUID) -> tuple[RuleView, ...]:
    """What the rules say about the partner and model chosen so far; nothing before a partner is chosen."""
    asked = request.POST if request.method == "POST" else request.GET
    try:
        partner, type_ = UUID(asked.get("partner", "")), int(asked.get("type", "") or 1)
        facts = associate_facts(request.actor, customer_id, partner, type_)
    except (ValueError, NotFound):
        return ()
    return rule_views(ASSOCIATE.evaluate(facts))


@page(Can.VENDOR_CUSTOMER_MANAGE, methods=("GET",))
def check(request: PageRequest, customer_id: UUID) -> HttpResponse:
    """The rules again, for a form that is being filled in."""
    customer(request.actor, customer_id)
    return render(request, "vendor/customers/_rules.html", rules=_rules(request, customer_id))


urlpatterns = [
    path("vendor/customers/", index, name="vendor-customers"),
    path("vendor/customers/<uuid:customer_id>/", show, name="vendor-customer"),
    path("vendor/customers/<uuid:customer_id>/associate/", associate, name="associate-customer"),
    path("vendor/customers/<uuid:customer_id>/associate/check/", check, name="check-association"),
]
