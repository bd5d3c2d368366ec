"""A distributor's resellers, with the quota each was passed on."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.entrypoints.web import nav, quota_choice
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.formats import amount, mask
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.standing_words import state
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Page, Pager
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.partners.queries import Reseller, resellers
from partner_center.policy.queries import pack
from partner_center.vouchers.queries.overview import ResellerQuota, passed_on_by_reseller

NO_NUMBER = 0


@page(Can.RESELLER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The seat's resellers of today. Rules: L-285, S-006, S-351."""
    actor, listing = request.actor, Listing.of(request, "q", "page")
    number = _number(listing.value("page"))
    found = resellers(actor, text=listing.value("q"), offset=number * PAGE, limit=PAGE)
    given = passed_on_by_reseller(actor, [row.organisation_id for row in found.rows])
    currency = pack(actor.site, actor.at).currency
    links = _Links(actor)
    left = Money.total((each.left for each in given.values()), currency)
    return render(
        request,
        "resellers/index.html",
        page=Page(gettext("My resellers"), count=found.count),
        is_distributor=request.identity == "distributor",
        filter=listing.filter(gettext("Name, account name, phone or e-mail")),
        columns=_columns(currency),
        rows=[_row(row, given.get(row.organisation_id), links) for row in found.rows],
        pager=_pager(listing, number, len(found.rows), found.count, left),
        listing=listing,
        narrowed=bool(listing.value("q")),
    )


class _Links:
    """Where a reseller's row leads, as far as the reader may go."""

    def __init__(self, actor: Actor) -> None:
        self.pass_on = quota_choice.address(actor, Can.QUOTA_PASS_ON, "pass-on-quota")
        self.issued = nav.href("issued-quotas") if may(actor, Can.QUOTA_PASS_ON, Can.QUOTA_RECLAIM) else ""
        self.customers = nav.href("customers") if may(actor, Can.CUSTOMER_VIEW_RESELLERS) else ""

    def actions(self, row: Reseller) -> list[Action]:
        found = []
        if self.pass_on:
            href = f"{self.pass_on}?{urlencode({'ids': str(row.organisation_id)})}"
            why_not = "" if row.state == "active" else gettext("not active: gets no quota")
            found.append(Action(gettext("Pass on quota"), href, reason=why_not))
        if self.issued:
            found.append(Action(gettext("Its quota"), f"{self.issued}?{urlencode({'q': row.name_zh})}"))
        return found


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Reseller / account name"), "main"),
        Column(gettext("Phone / e-mail")),
        Column(gettext("State"), "state"),
        Column(gettext("Passed on"), "amount", currency),
        Column(gettext("Not issued yet"), "money", currency),
        Column(gettext("Linked since")),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: Reseller, given: ResellerQuota | None, links: _Links) -> tuple[object, ...]:
    return (
        Cell(local((row.name_zh, row.name_en)), row.account_name, user_text=True),
        Cell(mask(row.phone), mask(row.email)),
        state(row.state),
        Cell(given.passed_on, _pieces(given.quotas)) if given else "—",
        Cell(given.left, of=given.passed_on) if given else "—",
        start_day(row.linked_at),
        links.actions(row),
    )


def _pieces(many: int) -> str:
    return ngettext("%(num)s quota", "%(num)s quotas", many) % {"num": many}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else NO_NUMBER


def _pager(listing: Listing, number: int, shown: int, total: int, left: Money) -> Pager:
    text = gettext("%(num)s on this page, %(total)s in all") % {"num": shown, "total": f"{total:,}"}
    more = (number + 1) * PAGE < total
    return Pager(
        text,
        gettext("Not issued yet on this page"),
        amount(left),
        listing.href(page=str(number - 1) if number > 1 else "") if number else "",
        listing.href(page=str(number + 1)) if more else "",
    )


urlpatterns = [path("resellers/", index, name="resellers")]
