"""What waits for me, what waits for others, and how much of it is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from partner_center.inbox.kinds import KINDS
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import calendar, pack
from partner_center.reviews import queries as reviews
from partner_center.reviews.queries import ReviewRow
from partner_center.reviews.rules import Words

Side = Literal["me", "others"]
MOST = 200


@dataclass(frozen=True)
class Waiting:
    """One thing that waits, wherever it comes from.

    `days_left` are working days, after today; `provisional`: the calendar of that year is not published yet.
    """

    source: str
    id: UUID
    kind: str
    number: str
    icon: str
    title: Words
    words: Words
    silence: Words
    state: str
    amount: Money | None
    party_id: UUID | None
    assignee_id: UUID | None
    opened_at: datetime
    due_at: datetime | None
    days_left: int | None
    provisional: bool = False
    escalated: bool = False
    second: bool = False
    bulk: bool = False

    def overdue(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= at


@dataclass(frozen=True)
class Summary:
    """How much waits, by kind, and how much of it is late or due today; `at_stake` is one sum a currency."""

    count: int
    by_kind: dict[str, int]
    overdue: int
    due_today: int
    at_stake: tuple[Money, ...]


def from_reviews(actor: Actor, side: Side) -> tuple[Waiting, ...]:
    """Reviews as rows of the inbox."""
    rows = reviews.for_me(actor) if side == "me" else reviews.for_others(actor)
    return tuple(_of_review(actor, row) for row in reviews.waiting(rows, MOST) if row.kind in KINDS)


def _of_review(actor: Actor, row: ReviewRow) -> Waiting:
    about, due, days = KINDS[row.kind].about, row.waits_until, calendar(row.site)
    zone = pack(row.site, actor.at).zone
    title = row.facts.get("title", {})
    return Waiting(
        source="review",
        id=row.id,
        kind=row.kind,
        number=row.number,
        icon=about.icon,
        title=Words(title.get("zh", row.number), title.get("en", row.number)),
        words=about.words,
        silence=about.silence_of(row.state, row.escalated_at is not None),
        state=row.state,
        amount=row.amount,
        party_id=row.asker_id,
        assignee_id=row.assignee_id,
        opened_at=row.opened_at,
        due_at=due,
        days_left=days.left(actor.at, due, zone) if due else None,
        provisional=bool(due and days.is_provisional(due.astimezone(zone).date())),
        escalated=row.escalated_at is not None,
        second=row.first_by_id is not None,
        bulk=about.bulk and row.state == "open",
    )


# Later sources (agreements to sign, tickets to answer, quota near its end) are further functions of the same row.
SOURCES: tuple[Callable[[Actor, Side], tuple[Waiting, ...]], ...] = (from_reviews,)


def waiting(actor: Actor, side: Side = "me") -> tuple[Waiting, ...]:
    """All that waits for the actor, or for others, overdue first, then soonest, what has no term last."""
    found = [row for source in SOURCES for row in source(actor, side)]
    return tuple(sorted(found, key=lambda row: (row.due_at is None, row.due_at or row.opened_at, row.number)))


def summary(actor: Actor, rows: Iterable[Waiting]) -> Summary:
    """The counts above the list."""
    found = list(rows)
    today = actor.at.astimezone(pack(actor.site, actor.at).zone).date()
    sums: dict[str, Money] = {}
    for money in (row.amount for row in found if row.amount):
        sums[money.currency] = sums.get(money.currency, Money.zero(money.currency)) + money
    return Summary(
        count=len(found),
        by_kind=dict(Counter(row.kind for row in found)),
        overdue=sum(1 for row in found if row.overdue(actor.at)),
        due_today=sum(1 for row in found if not row.overdue(actor.at) and _day(actor, row) == today),
        at_stake=tuple(sums.values()),
    )


def _day(actor: Actor, row: Waiting) -> date | None:
    """The last day of the term: 24:00 is that day's end, not the beginning of the next."""
    zone = pack(actor.site, actor.at).zone
    return (row.due_at.astimezone(zone) - timedelta(microseconds=1)).date() if row.due_at else None
