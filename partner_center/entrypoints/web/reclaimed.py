"""What a reclaim really came to: each row with its amount, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.issued_quotas import kept as kept_quota
from partner_center.entrypoints.web.listing import PAGE
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.quota_shown import named
from partner_center.entrypoints.web.reclaiming import Kept, left_out
from partner_center.entrypoints.web.view_models import Cell, Column, Page
from partner_center.entrypoints.web.vouchers import by_numbers, kept_vouchers
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import QuotaFilter, quotas, reclaimed_last


@dataclass(frozen=True)
class Back:
    """A row that was taken back, and what really came back of it."""

    number: str
    href: str
    holder: str
    home: str
    amount: Money


@page(Can.QUOTA_RECLAIM, methods=("GET",))
def of_quota(request: PageRequest) -> HttpResponse:
    """Quota that was taken back from resellers, each with its amount. Rules: S-399, S-411."""
    actor = request.actor
    done, left = _asked(request, "ids"), _asked(request, "left")
    rows = {each.number: each for each in quotas(actor, _numbers([*done, *left]), None, 2 * PAGE).rows}
    came = reclaimed_last(actor, [row.id for row in rows.values()])
    found = [
        Back(row.number, reverse("quota", args=[row.id]), named(row.partner), row.parent_number, came[row.id])
        for row in (rows[each] for each in done if each in rows)
        if row.id in came
    ]
    kept = tuple(kept_quota(rows[each], actor) for each in left if each in rows)
    return _shown(request, gettext("Quota reclaimed"), gettext("Reseller"), found, kept, reverse("issued-quotas"))


def _numbers(numbers: list[str]) -> QuotaFilter:
    return QuotaFilter(tab="passed_on", numbers=tuple(numbers) or ("",))


@page(Can.VOUCHER_RECLAIM, methods=("GET",))
def of_vouchers(request: PageRequest) -> HttpResponse:
    """Vouchers that were taken back from customers, each with its amount. Rules: S-399, S-410."""
    actor = request.actor
    done, left = _asked(request, "ids"), _asked(request, "left")
    rows = {each.number: each for each in by_numbers(actor, [*done, *left])}
    found = [
        Back(row.number, reverse("voucher", args=[row.id]), named(row.customer), row.quota_number, row.came_back)
        for row in (rows[each] for each in done if each in rows)
        if row.state == "reclaimed"
    ]
    kept = kept_vouchers(actor, [rows[each] for each in left if each in rows])
    return _shown(request, gettext("Vouchers reclaimed"), gettext("Customer"), found, kept, reverse("vouchers"))


def _asked(request: PageRequest, name: str) -> list[str]:
    return list(dict.fromkeys(request.GET.getlist(name)))[:PAGE]


def _shown(
    request: PageRequest, title: str, whom: str, found: list[Back], kept: tuple[Kept, ...], back: str
) -> HttpResponse:
    if not found:
        return HttpResponseRedirect(back)
    currency = found[0].amount.currency or pack(request.actor.site, request.actor.at).currency
    total = Money.total((each.amount for each in found), currency)
    said = ngettext("%(num)s row, %(amount)s came back", "%(num)s rows, %(amount)s came back", len(found))
    return render(
        request,
        "vouchers/reclaimed.html",
        page=Page(title, subtitle=said % {"num": len(found), "amount": formats.money(total)}),
        columns=(
            Column(gettext("Number"), "main"),
            Column(whom),
            Column(gettext("Returned to")),
            Column(gettext("Really came back"), "money", currency),
        ),
        rows=[(Cell(e.number, href=e.href), Cell(e.holder, user_text=True), e.home, e.amount) for e in found],
        total=(gettext("Total"), "", "", total),
        left_out=left_out(tuple(each for each in kept if each.broken)),
        back=back,
    )


urlpatterns = [
    path("vouchers/issued-quotas/reclaimed/", of_quota, name="quotas-reclaimed"),
    path("vouchers/issued/reclaimed/", of_vouchers, name="vouchers-reclaimed"),
]
