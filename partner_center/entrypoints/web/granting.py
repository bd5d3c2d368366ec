"""Granting quota: the vendor's form, all that is wrong with it said at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.access.permissions import Can
from partner_center.access.queries import names
from partner_center.catalogue.queries import products, regions, service_types
from partner_center.customers.queries import accounts_page as customer_accounts
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.limits import SPOKEN_OF
from partner_center.entrypoints.web.forms.vouchers import GrantForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.picking import Typed, typed
from partner_center.entrypoints.web.quota_shown import named
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.partners.queries import PartnerAccount, account
from partner_center.partners.queries import accounts_page as partner_accounts
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import Granted, grant
from partner_center.vouchers.rules import ANYTHING, GRANT, MAY_BE_GRANTED, VOUCHER_KIND, GrantFacts

MOST_FOUND = 8


@dataclass(frozen=True)
class Work:
    """One filling-in of the form: what was typed, for whom, and who was named."""

    form: GrantForm
    typed: Typed
    partner: PartnerAccount | None


@page(Can.VENDOR_QUOTA_GRANT)
def granting(request: PageRequest) -> HttpResponse:
    """The form; posted, it grants, unless a button only changed it.

    Rules: S-350, S-360, S-374, S-395, S-415, S-417, S-902.
    """
    asked = typed(request, ("partner",))
    partner = _partner(request, asked)
    form = _form(request, asked, partner)
    submitted = request.method == "POST" and asked.submits
    if submitted and (granted := _granted(request, form, asked, partner)):
        return _said(request, granted, form)
    return _page(request, Work(form, asked, partner), submitted)


def _partner(request: PageRequest, asked: Typed) -> PartnerAccount | None:
    """The partner chosen so far, by the form or by the link that led here."""
    try:
        return account(request.actor, UUID(asked.text("partner") or request.GET.get("partner", "")))
    except (ValueError, NotFound):
        return None


def _form(request: PageRequest, asked: Typed, partner: PartnerAccount | None) -> GrantForm:
    actor = request.actor
    currency = pack(partner.site if partner else actor.site, actor.at).currency
    form = GrantForm(asked.data if request.method == "POST" else None, currency=currency)
    types = [(row.code, local(row)) for row in service_types()]
    form.offer(types, [(row.code, local(row)) for row in products(currency)])
    site = partner.site if partner else actor.site
    form.offer_limits(ANYTHING, types, [(row.code, local(row)) for row in regions(site)])
    return form


def _granted(request: PageRequest, form: GrantForm, asked: Typed, partner: PartnerAccount | None) -> Granted | None:
    if partner is None:
        form.add_error(None, gettext("Choose the partner that gets the quota."))
    if not form.is_valid() or partner is None:
        _say_the_rest(request, form, partner)
        return None
    try:
        return grant(
            request.actor,
            partner_id=partner.organisation_id,
            value=form.money("value"),
            window=form.whole_days(request.actor.at),
            service_types=form.cleaned_data["service_types"],
            product_codes=form.cleaned_data["product_codes"],
            customer_ids=asked.picked,
            purpose=form.cleaned_data["purpose"],
            kind=form.cleaned_data["kind"] or VOUCHER_KIND,
            limits=form.limits(),
            counts_as_performance=form.cleaned_data["counts_as_performance"],
            key=form.cleaned_data["key"],
        )
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.begin_again(conflict)
    return None


def _say_the_rest(request: PageRequest, form: GrantForm, partner: PartnerAccount | None) -> None:
    """What the rules say of the fields that could be read, so that all errors stand there at once."""
    if partner is None:
        return
    at, unread = request.actor.at, set(form.errors)
    currency, window = form.currency, form.whole_days(at)
    facts = GrantFacts(
        form.money("value"),
        window,
        at,
        partner.identity,
        partner.state,
        currency,
        kind=form.typed("kind") or VOUCHER_KIND,
        scope=form.limits(),
        counts_as_performance=bool(form.typed("counts_as_performance")),
    )
    for outcome in GRANT.broken(facts):
        if outcome.field not in unread:
            form.add_broken(outcome)


def _page(request: PageRequest, work: Work, submitted: bool) -> HttpResponse:
    asked = work.typed
    query, partner_query = asked.text("q"), asked.text("partner_q")
    picked = names(asked.picked)
    return render(
        request,
        "vendor/quotas/grant.html",
        status=422 if submitted else 200,
        page=Page(
            gettext("Grant quota"), subtitle=gettext("The partner can issue vouchers out of it from its first day on.")
        ),
        work=work,
        submitted=submitted,
        partners=[] if work.partner else _partners(request, partner_query),
        partner_query=partner_query,
        picked=[(id_, named(picked.get(id_))) for id_ in asked.picked],
        query=query,
        found=_customers(request, work, query),
        currency=work.form.currency,
        said={name: work.form.field_errors(name) for name in SPOKEN_OF} | {"scope": ()},
    )


def _partners(request: PageRequest, text: str) -> list[tuple[UUID, str, str]]:
    """Partners that may be granted quota directly. Rules: S-350."""
    found = [
        row
        for identity in MAY_BE_GRANTED
        for row in partner_accounts(request.actor, text=text, identity=identity, state="active", limit=MOST_FOUND).rows
    ]
    return [(row.organisation_id, local((row.name_zh, row.name_en)), row.account_name) for row in found[:MOST_FOUND]]


def _customers(request: PageRequest, work: Work, text: str) -> list[tuple[UUID, str, str]]:
    """Customers that a search finds; without one nobody is offered, since naming customers is rare."""
    if not text:
        return []
    rows, _ = customer_accounts(request.actor, text=text, limit=MOST_FOUND + len(work.typed.picked))
    free = [row for row in rows if row.organisation_id not in work.typed.picked]
    return [(row.organisation_id, local((row.name_zh, row.name_en)), row.account_name) for row in free[:MOST_FOUND]]


def _said(request: PageRequest, granted: Granted, form: GrantForm) -> HttpResponse:
    text = gettext("%(quota)s granted, %(amount)s.")
    values = {"quota": granted.number, "amount": formats.money(form.money("value"))}
    return redirect_with_message(request, "vendor-quota", text % values, quota_id=granted.quota_id)


urlpatterns = [path("vendor/quotas/grant/", granting, name="grant-quota")]
