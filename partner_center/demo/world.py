"""The world while it is made: a diary worked off in the order of its days, and what the people in it hold."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from partner_center.access.queries import actor_of, user_by_id
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.money import Money

ZONE = ZoneInfo("Asia/Shanghai")
SEED = 20_240_229
Deed = Callable[["World", datetime], None]


@dataclass
class Held:
    """A voucher somebody holds, as the people of the demo remember it."""

    id: UUID
    balance: Money
    starts_at: datetime
    ends_at: datetime
    kinds: frozenset[str]
    minimum: Money

    def is_good(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at and self.balance.minor > 0


@dataclass
class Client:
    """A customer of a partner, and its vouchers."""

    account: str
    id: UUID
    user_id: UUID
    partner: str
    type: int
    since: datetime
    held: list[Held] = field(default_factory=list)


@dataclass
class World:
    """Everybody by their key, and what is still to happen."""

    now: datetime
    dice: Random = field(default_factory=lambda: Random(SEED))
    people: dict[str, Actor] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    companies: dict[str, UUID] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    quotas: dict[str, UUID] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    diary: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    lines: count[int] = field(default_factory=count)
    watched: set[datetime] = field(default_factory=set)
    whitelisted: set[str] = field(default_factory=set)

    def plan(self, at: datetime, deed: Deed) -> None:
        """Write a deed into the diary, unless its day is still to come."""
        if at <= self.now:
            heapq.heappush(self.diary, (at, next(self.lines), deed))

    def plan_once(self, at: datetime, deed: Deed) -> None:
        """The same, for what one deed does for all who wait for that moment."""
        if at not in self.watched:
            self.watched.add(at)
            self.plan(at, deed)

    def live(self) -> None:
        """Work the diary off; a deed may plan others. So the record's order is that of the days."""
        while self.diary:
            at, _, deed = heapq.heappop(self.diary)
            deed(self, at)

    def meet(self, key: str, user_id: UUID) -> None:
        """Get to know a person, to act as them."""
        user = user_by_id(user_id)
        assert user is not None
        self.people[key] = actor_of(user, at=self.now)

    def act(self, key: str, at: datetime) -> Actor:
        """A person at an hour of the past."""
        return replace(self.people[key], at=at, request_id=f"demo-{self.dice.getrandbits(48):012x}")

    def system(self, reason: str, at: datetime) -> Actor:
        return system_actor(reason, at)

    def working_hour(self, days_ago: float) -> datetime:
        """A moment in the working hours of a day in the past, never later than a quarter of an hour ago."""
        day = (self.now - timedelta(days=days_ago)).astimezone(ZONE)
        day -= timedelta(days=max(0, day.weekday() - 4))
        hour = day.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(seconds=self.dice.randrange(9 * 3600))
        return min(hour, self.now - timedelta(minutes=15, seconds=self.dice.randrange(300)))

    def midnight(self, at: datetime) -> datetime:
        """The end of the local day."""
        return at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)

    def end_of_week(self, at: datetime) -> datetime:
        """The end of the local week's Sunday."""
        return self.midnight(at) + timedelta(days=6 - at.astimezone(ZONE).weekday())

    def clients_of(self, partner: str, at: datetime) -> list[Client]:
        return [each for each in self.clients.values() if each.partner == partner and each.since < at]
