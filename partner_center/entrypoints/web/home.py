"""The first page after signing in, one for each audience; a card shows to who may open what it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import names
from partner_center.customers.queries import association_counts
from partner_center.entrypoints.web import home_customer, home_vendor, quota_choice
from partner_center.entrypoints.web import home_parts as parts
from partner_center.entrypoints.web.dates import moment_with_zone
from partner_center.entrypoints.web.formats import amount
from partner_center.entrypoints.web.home_parts import Waiting
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.standing_words import TYPES, identity, tier
from partner_center.entrypoints.web.view_models import Action, Page, Tab, Term
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.partners.queries import standings
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import QuotaFilter, quotas_count
from partner_center.vouchers.queries.overview import (
    Ending,
    Held,
    ResellerQuota,
    ending,
    passed_on_in_all,
    quota_total,
    usable_in_all,
)
from partner_center.vouchers.rules import QuotaSum

AHEAD = timedelta(days=90)
MOST_COMING = 8


@page(Can.HOME_VIEW, methods=("GET",))
def home(request: PageRequest) -> HttpResponse:
    """What ends soon, the money, what happens by itself, and what happened last."""
    if request.actor.audience == "vendor":
        return home_vendor.home(request)
    if request.actor.audience == "customer":
        return home_customer.home(request)
    return render(request, "home/partner.html", page=_head(request.actor), **_cards(request))


def _head(actor: Actor) -> Page:
    own = names([actor.seat])[actor.seat_id]
    held = standings([actor.seat_id], actor.at)
    words = (identity(held.get((actor.seat_id, "identity"), "")), tier(held.get((actor.seat_id, "tier"), "")))
    return Page(
        local((own.zh, own.en)),
        tags=tuple(word for word in words if word != "—"),
        note=moment_with_zone(actor.at),
        user_text=True,
    )


def _cards(request: PageRequest) -> dict[str, Any]:
    """Every card the reader may see; what is None does not show."""
    actor = request.actor
    currency = pack(actor.site, actor.at).currency
    sees_quota = may(actor, Can.VOUCHER_QUOTA_VIEW)
    found = ending(actor, actor.at + AHEAD) if sees_quota else ()
    total = next(iter(quota_total(actor)), QuotaSum(*(Money.zero(currency),) * 7)) if sees_quota else None
    return {
        "inbox": parts.inbox_card(actor),
        "soon": _soon(request, found) if sees_quota else None,
        "soon_days": parts.warned_days(actor),
        "soon_list": _soon_list(actor) if sees_quota else None,
        "coming": parts.coming(found[:MOST_COMING], actor.at) if sees_quota else None,
        "ahead": AHEAD.days,
        "quota": _quota(actor, total) if total else None,
        "vouchers": _vouchers(actor, currency, total) if may(actor, Can.VOUCHER_VIEW) else None,
        "passed_on": _passed_on(request, currency),
        "customers": _customers(request),
        "events": parts.latest(actor) if may(actor, Can.AUDIT_VIEW) else None,
    }


def _soon(request: PageRequest, found: tuple[Ending, ...]) -> tuple[Waiting, ...]:
    """Quota that ends soon with money in it, soonest first."""
    last = request.actor.at + timedelta(days=parts.warned_days(request.actor))
    return tuple(_waiting(request, each) for each in found if each.kind == "quota" and each.ends_at <= last)


def _waiting(request: PageRequest, each: Ending) -> Waiting:
    actor = request.actor
    actions = []
    if each.state == "normal" and may(actor, Can.VOUCHER_ISSUE):
        actions.append(Action(gettext("Issue vouchers"), reverse("issue-vouchers", args=[each.quota_id])))
    if each.state == "normal" and request.identity == "distributor" and may(actor, Can.QUOTA_PASS_ON):
        actions.append(Action(gettext("Pass on"), reverse("pass-on-quota", args=[each.quota_id]), minor=True))
    return Waiting(
        "ticket",
        each.number,
        gettext("Quota ends, not issued") if each.state == "normal" else gettext("Quota ends, frozen"),
        reverse("quota", args=[each.quota_id]),
        each.amount,
        each.ends_at,
        gettext("What is not issued lapses and does not come back"),
        tuple(actions),
    )


def _soon_list(actor: Actor) -> Tab:
    """All valid quota of these days, also what is given out, as the list counts it."""
    days = parts.warned_days(actor)
    wanted = QuotaFilter(states=("normal",), ends_before=actor.at + timedelta(days=days))
    text = gettext("valid quota ending within %(num)s days") % {"num": days}
    return Tab(text, f"{reverse('quotas')}?state=normal&ends={days}", quotas_count(actor, wanted))


def _quota(actor: Actor, total: QuotaSum) -> dict[str, Any]:
    terms = parts.equation(total)
    return {
        "amount": parts.left(total),
        "terms": terms,
        "segments": parts.segments(terms),
        "caveat": parts.left_caveat(total),
        "count": quotas_count(actor, QuotaFilter()),
        "href": reverse("quotas"),
    }


def _vouchers(actor: Actor, currency: str, total: QuotaSum | None) -> dict[str, Any]:
    found = usable_in_all(actor)
    held = found[0] if found else Held(0, Money.zero(currency))
    text = ngettext("%(num)s usable voucher", "%(num)s usable vouchers", held.count) % {"num": f"{held.count:,}"}
    text += gettext(", of what you issued")
    if total and total.outstanding > held.left:
        # With this the card and the quota's own equation say the same sum.
        rest = amount(total.outstanding - held.left)
        text += gettext("; besides %(rest)s not valid yet or held by an order") % {"rest": rest}
    return {
        "amount": held.left,
        "count": held.count,
        "caveat": text,
        "href": f"{reverse('vouchers')}?state=usable",
    }


def _passed_on(request: PageRequest, currency: str) -> dict[str, Any] | None:
    """For a distributor: what resellers hold of its quota."""
    actor = request.actor
    if request.identity != "distributor" or not may(actor, Can.QUOTA_PASS_ON, Can.QUOTA_RECLAIM):
        return None
    found, zero = passed_on_in_all(actor), Money.zero(currency)
    given = found[0] if found else ResellerQuota(0, zero, zero, zero)
    terms = (
        Term(gettext("Passed on"), given.passed_on),
        Term(gettext("Issued by resellers"), given.issued, "=", parts.USED),
        *([Term(gettext("Lapsed"), given.lost, "+", parts.LOST)] if given.lost.minor else []),
        Term(gettext("Not issued yet"), given.left, "+", parts.BELOW),
    )
    text = ngettext("%(num)s quota passed on", "%(num)s quotas passed on", given.quotas) % {"num": given.quotas}
    return {
        "amount": given.left,
        "terms": terms,
        "segments": parts.segments(terms),
        "caveat": text,
        "count": given.quotas,
        "href": reverse("issued-quotas"),
        "pass_on": quota_choice.address(actor, Can.QUOTA_PASS_ON, "pass-on-quota"),
        "left": amount(given.left),
    }


def _customers(request: PageRequest) -> tuple[Tab, ...] | None:
    """Customers by model, own ones and resellers', each number leading to its list."""
    actor, home = request.actor, reverse("customers")
    found: list[tuple[str, str, int]] = []
    if may(actor, Can.CUSTOMER_VIEW):
        counts = association_counts(actor)
        found.append((gettext("My customers"), home, sum(counts.values())))
        found += [(gettext(word), f"{home}?type={code}", counts.get(code, 0)) for code, word in TYPES.items()]
    if request.identity == "distributor" and may(actor, Can.CUSTOMER_VIEW_RESELLERS):
        total = sum(association_counts(actor, "resellers").values())
        found.append((gettext("Resellers' customers"), f"{home}?tab=resellers", total))
    return parts.counted(found) if found else None


urlpatterns = [path("", home, name="home")]
