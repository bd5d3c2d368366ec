"""Who holds what of a quota: a tree from its holder down to customers, whose every level closes."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.queries import names
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.quota_shown import Onlooker, badge, named
from partner_center.entrypoints.web.quota_whereabouts import HELD_BY_CUSTOMERS, LEFT, LEFT_BELOW, LOST, USED
from partner_center.entrypoints.web.quotas import VIEW, vendor_name
from partner_center.entrypoints.web.view_models import Node, Page, Segment
from partner_center.kernel.money import Money
from partner_center.vouchers.queries import Chain, HeldBy, Link, chain


@page(*VIEW, methods=("GET",))
def show(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """Granted, passed on to whom, outstanding in whose vouchers, spent, lost. Rules: S-366."""
    if request.actor.audience == "vendor" and "/vendor/" not in request.path:
        return HttpResponseRedirect(reverse("vendor-quota-chain", args=[quota_id]))
    found, actor = chain(request.actor, quota_id), request.actor
    row = found.whole.row
    onlooker = Onlooker(actor, names([row.upline_id]), vendor_name())
    return render(
        request,
        "quotas/chain.html",
        page=Page(
            gettext("Who holds what of %(quota)s") % {"quota": row.number},
            subtitle=named(row.partner),
            badge=badge(row, actor.at),
        ),
        nodes=_nodes(found, onlooker),
        currency=row.value.currency,
        balanced=_closes(found) if found.closes else "",
        apart="" if found.closes else formats.amount(found.whole.sum.difference),
        back=reverse("vendor-quota" if actor.audience == "vendor" else "quota", args=[quota_id]),
    )


def _closes(found: Chain) -> str:
    levels = 1 + len(found.parts)
    text = ngettext(
        "It closes: %(num)s quota, each unit once, 0.00 apart",
        "Every level closes: %(num)s quota, each unit once, 0.00 apart",
        levels,
    )
    return text % {"num": levels}


def _nodes(found: Chain, onlooker: Onlooker) -> tuple[Node, ...]:
    whole = found.whole
    label = gettext("Granted by %(name)s") % {"name": onlooker.of(whole.row.upline_id)}
    nodes = [Node(label, whole.sum.value, note=named(whole.row.partner), strong=True), *_of(whole, 1, LEFT)]
    if found.parts:
        note = ngettext("%(num)s part", "%(num)s parts", len(found.parts)) % {"num": len(found.parts)}
        nodes.append(Node(gettext("Passed on to resellers"), whole.sum.passed_on, 1, note, strong=True))
    for part in found.parts:
        # What was given back is its quota's again, and stands there.
        net = part.sum.value - part.sum.given_back
        href = reverse("quota", args=[part.row.id])
        title = f"{named(part.row.partner)} · {part.row.number}"
        nodes.append(Node(title, net, 2, badge(part.row, onlooker.actor.at).text, href=href))
        nodes += _of(part, 3, LEFT_BELOW)
    return tuple(nodes)


def _of(link: Link, depth: int, colour: int) -> list[Node]:
    """What is free of one quota, what its customers have, and what is lost."""
    own = link.sum
    nodes = [_leaf(gettext("Kept"), own.free, depth, colour)] if own.free.minor or not link.held else []
    issued = own.outstanding + own.spent
    if issued.minor:
        note = _people(sum(each.customers for each in link.held))
        nodes.append(Node(gettext("In customers' vouchers"), issued, depth, note))
        nodes += [_customer(each, depth + 1) for each in link.held]
    if own.lost.minor:
        nodes.append(_leaf(gettext("Lost"), own.lost, depth, LOST))
    if depth == 1 and own.given_back.minor:
        nodes.append(_leaf(gettext("Given back"), own.given_back, depth, LOST))
    return nodes


def _people(many: int) -> str:
    return ngettext("%(num)s customer", "%(num)s customers", many) % {"num": many}


def _customer(held: HeldBy, depth: int) -> Node:
    label = named(held.customer) if held.customer else gettext("%(num)s others") % {"num": held.customers}
    note = gettext("not spent") if not held.spent.minor else gettext("spent")
    if held.left.minor and held.spent.minor:
        note = gettext("%(left)s not spent") % {"left": formats.amount(held.left)}
    parts = (
        Segment(gettext("Not spent"), held.left.minor, HELD_BY_CUSTOMERS),
        Segment(gettext("Spent"), held.spent.minor, USED),
    )
    return Node(label, held.left + held.spent, depth, note, parts)


def _leaf(label: str, amount: Money, depth: int, colour: int) -> Node:
    return Node(label, amount, depth, segments=(Segment(label, amount.minor, colour),))


urlpatterns = [
    path("vouchers/quotas/<uuid:quota_id>/chain/", show, name="quota-chain"),
    path("vendor/quotas/<uuid:quota_id>/chain/", show, name="vendor-quota-chain"),
]
