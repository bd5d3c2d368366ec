"""The customer's home: its partner, what its vouchers hold, what ends soon, orders that wait to be paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import names
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web import home_parts as parts
from partner_center.entrypoints.web.billing import LISTED, ORDERS, shop_href
from partner_center.entrypoints.web.dates import moment_with_zone
from partner_center.entrypoints.web.home_parts import Waiting
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.my_partner import facts, partner_of
from partner_center.entrypoints.web.page import PageRequest, render
from partner_center.entrypoints.web.view_models import Action, Page, Tab
from partner_center.entrypoints.web.voucher_shown import STATES
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import my_counts
from partner_center.vouchers.queries.order import OrderRow, my_order_counts, my_orders
from partner_center.vouchers.queries.overview import Ending, Held, ending, my_usable

AHEAD = timedelta(days=90)
MOST = 8


def home(request: PageRequest) -> HttpResponse:
    """The customer's home, by permissions."""
    own = names([request.actor.seat])[request.actor.seat_id]
    head = Page(local((own.zh, own.en)), note=moment_with_zone(request.actor.at), user_text=True)
    return render(request, "home/customer.html", page=head, **_cards(request))


def _cards(request: PageRequest) -> dict[str, Any]:
    actor = request.actor
    currency = pack(actor.site, actor.at).currency
    sees_vouchers, pays = may(actor, Can.MY_VOUCHER_VIEW), may(actor, Can.CHECKOUT_PAY)
    partner = partner_of(actor) if may(actor, Can.MY_PARTNER_VIEW) else None
    found = ending(actor, actor.at + AHEAD) if sees_vouchers else ()
    return {
        "inbox": parts.inbox_card(actor),
        "soon": _soon(request, found) if sees_vouchers or pays else None,
        "soon_days": parts.warned_days(actor),
        "vouchers": _vouchers(actor, currency) if sees_vouchers else None,
        "states": _states(actor) if sees_vouchers else None,
        "coming": parts.coming(found[:MOST], actor.at) if sees_vouchers else None,
        "ahead": AHEAD.days,
        "orders": _orders(actor) if pays else None,
        "sees_partner": may(actor, Can.MY_PARTNER_VIEW),
        "partner": facts(request.actor, *partner)[:3] if partner else (),
        "shop_href": shop_href(request),
    }


def _soon(request: PageRequest, found: tuple[Ending, ...]) -> tuple[Waiting, ...]:
    """Orders that hold vouchers and vouchers that end, soonest first."""
    actor = request.actor
    last = actor.at + timedelta(days=parts.warned_days(actor))
    waiting = [_ending(each, shop_href(request)) for each in found if each.ends_at <= last]
    if may(actor, Can.CHECKOUT_PAY):
        waiting += [_order(each, shop_href(request)) for each in my_orders(actor, ("authorised",), limit=MOST).rows]
    return tuple(sorted(waiting, key=lambda each: each.due))


def _ending(each: Ending, shop: str) -> Waiting:
    title = ngettext("%(num)s voucher ends", "%(num)s vouchers end", each.count) % {"num": each.count}
    return Waiting(
        "ticket",
        title,
        gettext("valid until %(day)s") % {"day": formats.day(each.ends_at, zone())},
        f"{reverse('my-vouchers')}?state=usable",
        each.amount,
        each.ends_at,
        gettext("What is left can no longer be used"),
        (Action(gettext("Use it"), shop),) if shop else (),
    )


def _order(row: OrderRow, shop: str) -> Waiting:
    return Waiting(
        "shopping-cart",
        gettext("Order %(order)s") % {"order": row.order_reference},
        gettext("%(held)s held by vouchers") % {"held": formats.amount(row.held)},
        f"{reverse('my-orders')}?state=authorised",
        row.order,
        row.expires_at,
        gettext("The hold ends, the amount goes back to the vouchers"),
        (Action(gettext("Pay or give up"), f"{shop}orders/{row.id}/"),) if shop else (),
    )


def _vouchers(actor: Actor, currency: str) -> dict[str, Any]:
    found = my_usable(actor)
    held = found[0] if found else Held(0, Money.zero(currency))
    text = ngettext("%(num)s usable voucher", "%(num)s usable vouchers", held.count) % {"num": f"{held.count:,}"}
    return {
        "amount": held.left,
        "count": held.count,
        "caveat": text,
        "href": f"{reverse('my-vouchers')}?state=usable",
    }


def _states(actor: Actor) -> tuple[Tab, ...]:
    counts, href = my_counts(actor), reverse("my-vouchers")
    words = [(state, gettext(STATES[state][1])) for state in LISTED]
    return parts.counted((word, f"{href}?state={state}", counts.get(state, 0)) for state, word in words)


def _orders(actor: Actor) -> tuple[Tab, ...]:
    counts, href = my_order_counts(actor), reverse("my-orders")
    words = [(state, gettext(word)) for state, (_, word, _) in ORDERS.items()]
    return parts.counted((word, f"{href}?state={state}", counts.get(state, 0)) for state, word in words)
