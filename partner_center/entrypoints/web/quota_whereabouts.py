"""Where every unit of a quota is: an equation, a bar and a tree in which each stands once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.quota_shown import Onlooker, named
from partner_center.entrypoints.web.view_models import Node, Segment, Term
from partner_center.kernel.money import Money
from partner_center.vouchers.queries import QuotaDetail, QuotaRow
from partner_center.vouchers.rules import CASH_KIND, QuotaSum

USED, LEFT, HELD_BY_CUSTOMERS, LOST, LEFT_BELOW = 1, 2, 3, 4, 5
MOST_PARTS = 6


@dataclass(frozen=True)
class Whereabouts:
    """The sum of a quota. `balanced` says that it closes; `apart` by how much it does not."""

    terms: tuple[Term, ...]
    segments: tuple[Segment, ...]
    nodes: tuple[Node, ...]
    currency: str
    balanced: str
    apart: str


def whereabouts(detail: QuotaDetail, onlooker: Onlooker) -> Whereabouts:
    """Each unit once: the leaves add up to what was granted, and the page says so."""
    leaves = _leaves(detail)
    value = detail.row.value
    apart = value - Money.total((amount for _, amount, _ in leaves), value.currency)
    parts = [each for each in leaves if each[1].minor]
    return Whereabouts(
        terms=(Term(gettext("Granted"), value), *_terms(parts)),
        segments=tuple(Segment(f"{label} {formats.amount(amount)}", amount.minor, c) for label, amount, c in parts),
        nodes=_nodes(detail, onlooker),
        currency=value.currency,
        balanced="" if apart.minor else _closed(len(parts)),
        apart=formats.amount(apart) if apart.minor else "",
    )


def _closed(parts: int) -> str:
    text = ngettext(
        "It closes: %(num)s part makes up what was granted, 0.00 apart",
        "It closes: the %(num)s parts make up what was granted, 0.00 apart",
        parts,
    )
    return text % {"num": parts}


def _terms(parts: list[tuple[str, Money, int]]) -> list[Term]:
    return [Term(label, amount, "+" if n else "=", colour) for n, (label, amount, colour) in enumerate(parts)]


def _leaves(detail: QuotaDetail) -> list[tuple[str, Money, int]]:
    own, below = detail.sum, [sum_ for _, sum_ in detail.parts]
    zero = Money.zero(detail.row.value.currency)
    return [
        (gettext("Kept"), own.free, LEFT),
        (_below(detail.row), sum((each.free for each in below), zero), LEFT_BELOW),
        (gettext("Not spent by customers"), sum((e.outstanding for e in below), own.outstanding), HELD_BY_CUSTOMERS),
        (gettext("Spent"), sum((each.spent for each in below), own.spent), USED),
        (gettext("Lapsed"), sum((each.lost for each in below), own.lost), LOST),
        (gettext("Given back"), own.given_back, LOST),
    ]


def _below(row: QuotaRow) -> str:
    """Who keeps what was passed on; of cash coupons it is what came back for the same customer. Rules: S-403."""
    return gettext("Kept for named customers") if row.kind == CASH_KIND else gettext("Kept by resellers")


def _nodes(detail: QuotaDetail, onlooker: Onlooker) -> tuple[Node, ...]:
    row, own = detail.row, detail.sum
    giver = onlooker.of(row.upline_id)
    day = formats.start_day(row.granted_at, zone())
    nodes = [
        Node(gettext("Granted by %(name)s") % {"name": giver}, row.value, note=day, strong=True),
        _leaf(gettext("Kept"), own.free, 1, LEFT, gettext("not issued")),
    ]
    if own.outstanding.minor or own.spent.minor:
        note = ngettext("%(num)s customer", "%(num)s customers", detail.customers) % {"num": detail.customers}
        nodes += [
            Node(gettext("Issued to own customers"), own.outstanding + own.spent, 1, note),
            _leaf(gettext("Not spent"), own.outstanding, 2, HELD_BY_CUSTOMERS),
            _leaf(gettext("Spent"), own.spent, 2, USED),
        ]
    if detail.parts:
        nodes += _part_nodes(detail)
    if own.lost.minor:
        nodes.append(_leaf(gettext("Lapsed"), own.lost, 1, LOST, gettext("came back after the end, or was not issued")))
    if own.given_back.minor:
        nodes.append(_leaf(gettext("Given back to %(name)s") % {"name": giver}, own.given_back, 1, LOST))
    return tuple(nodes)


def _leaf(label: str, amount: Money, depth: int, colour: int, note: str = "") -> Node:
    return Node(label, amount, depth, note, (Segment(label, amount.minor, colour),))


def _part_nodes(detail: QuotaDetail) -> list[Node]:
    """Resellers with what they hold; beyond the largest few the rest as one line, so that the sum stays whole."""
    by_reseller: dict[UUID, list[tuple[QuotaRow, QuotaSum]]] = {}
    cash = detail.row.kind == CASH_KIND
    for row, sum_ in detail.parts:
        by_reseller.setdefault(row.id if cash else row.partner_id, []).append((row, sum_))
    nodes = sorted((_reseller_node(each) for each in by_reseller.values()), key=lambda node: -node.amount.minor)
    shown, rest = nodes[:MOST_PARTS], nodes[MOST_PARTS:]
    if len(rest) == 1:
        shown, rest = nodes, []
    note = ngettext("%(num)s reseller", "%(num)s resellers", len(nodes)) % {"num": len(nodes)}
    head = Node(gettext("Passed on to resellers"), detail.sum.passed_on, 1, note)
    if cash:
        note = ngettext("%(num)s quota", "%(num)s quotas", len(nodes)) % {"num": len(nodes)}
        head = Node(gettext("Kept for the customers it came back from"), detail.sum.passed_on, 1, note)
    return [head, *shown, *([_rest_node(rest)] if rest else [])]


def _reseller_node(parts: list[tuple[QuotaRow, QuotaSum]]) -> Node:
    row = parts[0][0]
    label = row.number if row.upline_id is None else named(row.partner)
    total = Money.total((sum_.value - sum_.given_back for _, sum_ in parts), row.value.currency)
    href = reverse("quota", args=[row.id]) if len(parts) == 1 else ""
    note = "" if len(parts) == 1 else ngettext("%(num)s quota", "%(num)s quotas", len(parts)) % {"num": len(parts)}
    return Node(label, total, 2, note, _segments(sum_ for _, sum_ in parts), href=href)


def _rest_node(nodes: list[Node]) -> Node:
    label = gettext("%(num)s others") % {"num": len(nodes)}
    total = Money.total((node.amount for node in nodes), nodes[0].amount.currency)
    whole: dict[int, Segment] = {}
    for segment in (each for node in nodes for each in node.segments):
        known = whole.get(segment.colour)
        whole[segment.colour] = Segment(segment.label, segment.value + (known.value if known else 0), segment.colour)
    return Node(label, total, 2, segments=tuple(whole.values()))


def _segments(sums: Iterable[QuotaSum]) -> tuple[Segment, ...]:
    every = list(sums)
    found = (
        (gettext("Kept by resellers"), LEFT_BELOW, sum(each.free.minor for each in every)),
        (gettext("Not spent by customers"), HELD_BY_CUSTOMERS, sum(each.outstanding.minor for each in every)),
        (gettext("Spent"), USED, sum(each.spent.minor for each in every)),
        (gettext("Lapsed"), LOST, sum(each.lost.minor for each in every)),
    )
    return tuple(Segment(label, value, colour) for label, colour, value in found)
