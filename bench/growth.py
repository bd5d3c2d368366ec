"""G11, G12: what the console asks for, over ten and a hundred times as many rows, for a partner as any and the largest.

Each question is the product's own function, in a seat; its time is told with the rows it read, and without the fence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from bench import database
from bench.crowd import Crowd, make
from bench.database import Place
from bench.harness import Check, told
from bench.plans import planned, statements
from partner_center.customers import queries as customers
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.vouchers import queries as vouchers
from partner_center.vouchers.queries import overview

Ask = Callable[[Actor], Any]
TYPICAL, LARGEST = 3, 0


@dataclass(frozen=True)
class Question:
    """Something a page asks for."""

    name: str
    ask: Ask
    seat: str = "partner"
    # Reads rows in proportion to what the seat itself has, and is known to.
    linear: bool = False


def _vouchers(**wanted: Any) -> Ask:
    return lambda actor: vouchers.vouchers(actor, vouchers.VoucherFilter(**wanted))


def _behind(ask: Callable[[Actor, str | None], Any]) -> Ask:
    """The page behind the hundredth, as who has paged there asks for it."""
    places: dict[Any, str | None] = {}

    def go(actor: Actor) -> Any:
        if actor.seat not in places:
            place: str | None = None
            for _ in range(20):
                place = ask(actor, place).next or place
            places[actor.seat] = place
        return ask(actor, places[actor.seat])

    return go


def questions(crowd: Crowd) -> list[Question]:
    """What lists show, what their tabs count, what the home pages sum up."""

    def month(actor: Actor) -> Any:
        return overview.ending(actor, actor.at + timedelta(days=30))

    def of_customer(actor: Actor) -> Any:
        mine = LARGEST if actor.seat == crowd.partner(LARGEST).seat else TYPICAL
        return overview.usable_by_customer(actor, crowd.customers_of(mine, 20))

    lists = [
        Question("vouchers, first page", _vouchers()),
        Question("vouchers in a state", _vouchers(states=("usable",))),
        Question("vouchers, page 20", _behind(lambda a, c: vouchers.vouchers(a, vouchers.VoucherFilter(), c))),
        Question("vouchers by part of a number", _vouchers(text="VC2611-00000")),
        Question("vouchers by part of a name", _vouchers(text="户1"), linear=True),
        Question("voucher records, first page", lambda a: vouchers.records(a, vouchers.RecordFilter())),
        Question("quota, first page", lambda a: vouchers.quotas(a, vouchers.QuotaFilter())),
        Question("customers, first page and tabs", lambda a: customers.customers_page(a), linear=True),
        Question("customers by part of a name", lambda a: customers.customers_page(a, text="户1"), linear=True),
        Question("a customer's own vouchers", vouchers.my_vouchers, "customer"),
        Question("all customers, for the vendor", lambda a: customers.accounts_page(a), "vendor"),
    ]
    sums = [
        Question("vouchers in each state", vouchers.voucher_counts),
        Question("usable vouchers and their value", overview.usable_in_all),
        Question("all quota as one sum", overview.quota_total),
        Question("what ends within a month", month),
        Question("one quota with its sum", lambda a: vouchers.quota_detail(a, _first_quota(a)), linear=True),
        Question("quota in each state", lambda a: vouchers.quota_counts(a, "held")),
        Question("how many records", lambda a: vouchers.records_slice(a, vouchers.RecordFilter(), 0, 0), linear=True),
        Question("customers of each type", customers.association_counts, linear=True),
        Question("usable vouchers of twenty customers", of_customer),
        Question("all quota as one sum, for the vendor", overview.quota_total, "vendor", linear=True),
        Question("quota in each state, for the vendor", lambda a: vouchers.quota_counts(a, "held"), "vendor", True),
    ]
    return [*lists, *sums]


def _first_quota(actor: Actor) -> Any:
    return vouchers.quotas(actor, vouchers.QuotaFilter(), limit=1).rows[0].id


@dataclass(frozen=True)
class Told:
    """One question at one size: milliseconds, and what was wrong with its plans."""

    typical: float
    p95: float
    largest: float
    fence: float
    plan: str


def run(places: dict[int, Place], *, goes: int) -> list[Check]:
    """Every question at every size, smallest first, and how it grew."""
    found: dict[str, list[Told]] = {}
    took: list[Check] = []
    for many, place in places.items():
        began = time.perf_counter()
        database.point_at(place.app)
        crowd = make(place, many)
        took.append(told("G11", f"a world of {many:,} vouchers made, s", f"{time.perf_counter() - began:.0f}"))
        for question in questions(crowd):
            found.setdefault(question.name, []).append(asked(place, crowd, question, goes))
    sizes = " → ".join(f"{many:,}" for many in places)
    head = told("G11", f"p50 at {sizes} vouchers, typical; largest partner", "G12: with the fence / without")
    known = {each.name for each in questions(crowd) if each.linear}
    return [*took, head, *(_line(name, each, name in known) for name, each in found.items())]


def asked(place: Place, crowd: Crowd, question: Question, goes: int) -> Told:
    any_, largest = _actors(crowd, question)
    typical = sorted(each for actor in any_ for each in _times(actor, question, goes // len(any_)))
    with seated(largest):
        heard = statements(lambda: question.ask(largest))
        plan = [each for sql, params in heard if (each := planned(sql, params))]
    return Told(
        median(typical),
        typical[int(len(typical) * 0.95)],
        median(_times(largest, question, max(3, goes // 4))),
        _fence(place, any_[0], question, goes // 2),
        ", ".join(dict.fromkeys(plan)),
    )


def _actors(crowd: Crowd, question: Question) -> tuple[Sequence[Actor], Actor]:
    if question.seat == "vendor":
        return [crowd.vendor], crowd.vendor
    one = crowd.customer if question.seat == "customer" else crowd.partner
    return [one(TYPICAL), one(TYPICAL + 1)], one(LARGEST)


def _times(actor: Actor, question: Question, goes: int) -> Iterator[float]:
    with seated(actor):
        question.ask(actor)
        for _ in range(goes):
            began = time.perf_counter()
            question.ask(actor)
            yield (time.perf_counter() - began) * 1000


def _fence(place: Place, actor: Actor, question: Question, goes: int) -> float:
    """The time with row-level security against the time without: the same question asked as the owner, by turns."""
    on: list[float] = []
    off: list[float] = []
    for _ in range(3):
        on += _times(actor, question, goes // 3 + 1)
        database.point_at(place.owner)
        off += _times(actor, question, goes // 3 + 1)
        database.point_at(place.app)
    return median(on) / median(off)


def _line(name: str, each: Sequence[Told], known: bool) -> Check:
    """Only a plan can fail it: milliseconds are told, with how they grew from the smallest size to the largest."""
    growth, last = each[-1].typical / each[0].typical, each[-1]
    curve = " → ".join(f"{at.typical:.1f}" for at in each)
    largest = " → ".join(f"{at.largest:.1f}" for at in each)
    line = f"{curve} ms, ×{growth:.1f}, p95 {last.p95:.1f}; largest {largest}; fence ×{last.fence:.2f}"
    return Check("G11", name, line, last.plan or "indexed", None if known and last.plan else not last.plan)
