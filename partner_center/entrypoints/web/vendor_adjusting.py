"""Adjusting a quota: put aside, given new terms, used again; and naming the customers it is for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.access.queries import names
from partner_center.catalogue.queries import products, service_types
from partner_center.customers.queries import accounts_page
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.quota_terms import AdjustForm, DesignateForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.picking import typed
from partner_center.entrypoints.web.quota_shown import named, until
from partner_center.entrypoints.web.vendor_quotas import in_state, turn
from partner_center.entrypoints.web.view_models import Confirm, Fact, Page
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.vouchers.actions import Adjusted, adjust, adjust_outcomes, begin_adjusting, designate, end_adjusting
from partner_center.vouchers.queries import QuotaDetail, QuotaRow, quota_detail, quota_issued_until
from partner_center.vouchers.rules import QUOTA

MOST_FOUND = 8


@page(Can.VENDOR_QUOTA_ADJUST)
def begin(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason, then put the quota aside and lead on to its new terms. Rules: S-361, S-362."""
    row = in_state(request, quota_id, "adjust")
    said = gettext("%(quota)s is put aside; nothing leaves it until you have set its new terms.")
    return turn(request, row, begin_adjusting, _beginning(row), said, to="adjust-quota")


def _beginning(row: QuotaRow) -> Confirm:
    return Confirm(
        question=gettext("Adjust %(quota)s?") % {"quota": row.number},
        effect=gettext("Until the new terms are set, %(partner)s sees the quota and cannot issue or pass it on.")
        % {"partner": named(row.partner)},
        action=reverse("begin-adjusting-quota", args=[row.id]),
        button=gettext("Put aside"),
        bullets=(
            gettext("Vouchers of customers stay usable"),
            gettext("What is reclaimed still returns to it"),
            gettext("Parts that resellers hold can be issued from as before"),
        ),
        cancel_href=reverse("vendor-quota", args=[row.id]),
        danger=False,
    )


@page(Can.VENDOR_QUOTA_ADJUST)
def end(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Ask for the reason, then let the quota be used again as it was. Rules: S-361."""
    row = in_state(request, quota_id, "adjusted")
    confirm = Confirm(
        question=gettext("End the adjusting of %(quota)s without a change?") % {"quota": row.number},
        effect=gettext("%(partner)s can issue and pass on the %(amount)s that are left of it again.")
        % {"partner": named(row.partner), "amount": formats.money(row.balance)},
        action=reverse("end-adjusting-quota", args=[row.id]),
        button=gettext("End without a change"),
        cancel_href=reverse("vendor-quota", args=[row.id]),
        danger=False,
    )
    return turn(request, row, end_adjusting, confirm, gettext("%(quota)s can be used again as it was."))


# The new terms -------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_QUOTA_ADJUST)
def terms(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """The form of the new terms, beside what they may not fall below.

    Rules: S-360, S-361, S-365, S-366, S-373, S-374, S-902.
    """
    row = in_state(request, quota_id, "adjusted")
    form = AdjustForm(request.POST if request.method == "POST" else None, row=row)
    form.offer(
        [(each.code, local(each)) for each in service_types()],
        [(each.code, local(each)) for each in products(row.value.currency)],
    )
    if request.method == "POST" and (adjusted := _adjusted(request, form, row)):
        return redirect_with_message(request, "vendor-quota", _said(adjusted), quota_id=row.id)
    detail = quota_detail(request.actor, quota_id)
    return render(
        request,
        "vendor/quotas/adjust.html",
        status=422 if request.method == "POST" else 200,
        page=Page(gettext("New terms of %(quota)s") % {"quota": row.number}, subtitle=named(row.partner)),
        form=form,
        row=row,
        currency=row.value.currency,
        submitted=request.method == "POST",
        facts=_facts(request, detail),
        follows=_follows(detail),
    )


def _adjusted(request: PageRequest, form: AdjustForm, row: QuotaRow) -> Adjusted | None:
    if not form.is_valid():
        # What cannot be read does not hide what the rules say of the rest.
        unread = set(form.errors)
        for outcome in adjust_outcomes(request.actor, quota_id=row.id, **_asked(form)):
            if not outcome.passed and outcome.field not in unread:
                form.add_broken(outcome)
        return None
    try:
        return adjust(request.actor, quota_id=row.id, key=form.cleaned_data["key"], **_asked(form))
    except Refused as refused:
        form.add_refusal(refused)
    return None


def _asked(form: AdjustForm) -> dict[str, Any]:
    """The terms as far as they can be read; what cannot be read stays as it is."""
    return {
        "value": form.typed("value"),
        "ends_at": form.ends(),
        "service_types": form.typed("service_types"),
        "product_codes": form.typed("product_codes"),
        "reason": form.typed("reason") or "",
    }


def _said(adjusted: Adjusted) -> str:
    text = gettext("%(quota)s is worth %(value)s now (%(change)s) and valid until %(end)s.")
    return text % {
        "quota": adjusted.number,
        "value": formats.money(adjusted.value),
        "change": formats.amount(adjusted.change, sign=True),
        "end": until(adjusted.ends_at),
    }


def _facts(request: PageRequest, detail: QuotaDetail) -> tuple[Fact, ...]:
    """What is now, and where the new terms have their bounds."""
    row = detail.row
    last = quota_issued_until(request.actor, row.id)
    return (
        Fact(gettext("Granted now"), row.value),
        Fact(gettext("Free, can be taken back"), row.balance),
        Fact(gettext("No longer free: the lowest value"), row.value - row.balance),
        Fact(gettext("Ends now"), until(row.window.end)),
        Fact(gettext("Last voucher ends: the earliest end"), until(last) if last else "—"),
    )


def _follows(detail: QuotaDetail) -> str:
    live = [part for part, _ in detail.parts if QUOTA.may("lapse", part.state)]
    if not live:
        return ""
    text = ngettext(
        "A new end and scope go on to %(num)s part that a reseller holds.",
        "A new end and scope go on to the %(num)s parts that resellers hold.",
        len(live),
    )
    return text % {"num": len(live)}


# Naming customers ----------------------------------------------------------------------------------------------------


@page(Can.VENDOR_QUOTA_ADJUST)
def naming(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Set, extend or clear the customers that may get vouchers of the quota. Rules: S-364, S-365, S-375."""
    asked, row = typed(request, ()), in_state(request, quota_id, "invalidate")
    form = DesignateForm(asked.data if request.method == "POST" else None)
    picked = asked.picked if request.method == "POST" else row.customer_ids
    submitted = request.method == "POST" and asked.submits
    if submitted and _named(request, form, row, picked):
        return redirect_with_message(request, "vendor-quota", _said_named(row, len(picked)), quota_id=row.id)
    query, known = asked.text("q"), names(picked)
    detail = quota_detail(request.actor, quota_id)
    return render(
        request,
        "vendor/quotas/designate.html",
        status=422 if submitted else 200,
        page=Page(gettext("Customers of %(quota)s") % {"quota": row.number}, subtitle=named(row.partner)),
        form=form,
        row=row,
        submitted=submitted,
        picked=[(id_, named(known.get(id_))) for id_ in picked],
        query=query,
        found=_customers(request, query, picked),
        effects=_effects(detail),
    )


def _named(request: PageRequest, form: DesignateForm, row: QuotaRow, picked: tuple[UUID, ...]) -> bool:
    if not form.is_valid():
        return False
    given = form.cleaned_data
    try:
        designate(request.actor, quota_id=row.id, customer_ids=picked, reason=given["reason"], key=given["key"])
    except Refused as refused:
        form.add_refusal(refused)
    return not form.errors


def _said_named(row: QuotaRow, many: int) -> str:
    if not many:
        return gettext("%(quota)s is for all customers of its partner now.") % {"quota": row.number}
    text = ngettext(
        "%(quota)s is for %(num)s named customer now.", "%(quota)s is for %(num)s named customers now.", many
    )
    return text % {"quota": row.number, "num": many}


def _customers(request: PageRequest, text: str, picked: tuple[UUID, ...]) -> list[tuple[UUID, str, str]]:
    if not text:
        return []
    rows, _ = accounts_page(request.actor, text=text, limit=MOST_FOUND + len(picked))
    free = [row for row in rows if row.organisation_id not in picked]
    return [(row.organisation_id, local((row.name_zh, row.name_en)), row.account_name) for row in free[:MOST_FOUND]]


def _effects(detail: QuotaDetail) -> tuple[str, ...]:
    """What naming means for what there is already."""
    live = [(part, sum_) for part, sum_ in detail.parts if QUOTA.may("lapse", part.state)]
    found = [gettext("Vouchers issued already stay with whoever has them"), gettext("Nobody named: all its customers")]
    if live:
        free = Money.total((sum_.free for _, sum_ in live), detail.row.value.currency)
        text = ngettext(
            "The names go on to %(num)s part with %(amount)s free; its reseller must have all the customers (S-364)",
            "The names go on to %(num)s parts with %(amount)s free; each reseller must have all the customers (S-364)",
            len(live),
        )
        found.append(text % {"num": len(live), "amount": formats.money(free)})
    return tuple(found)


urlpatterns = [
    path("vendor/quotas/<uuid:quota_id>/begin-adjusting/", begin, name="begin-adjusting-quota"),
    path("vendor/quotas/<uuid:quota_id>/end-adjusting/", end, name="end-adjusting-quota"),
    path("vendor/quotas/<uuid:quota_id>/adjust/", terms, name="adjust-quota"),
    path("vendor/quotas/<uuid:quota_id>/customers/", naming, name="designate-quota"),
]
