"""Working days: a calendar of holidays and of rest days worked instead, and what is reckoned by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import islice

_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Monday to Friday, without the holidays, with the days worked to make up for them.

    `published_to` is the last day for which the calendar was published; what lies beyond is Monday to Friday and
    provisional. None: nobody publishes one, and nothing is provisional.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    published_to: date | None = None

    def is_working(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() < SATURDAY and day not in self.holidays)

    def is_provisional(self, day: date) -> bool:
        return self.published_to is not None and day > self.published_to

    def add(self, day: date, days: int) -> date:
        """The day on which that many working days after `day` have passed; `day` itself is never counted."""
        return next(islice(self._after(day), days - 1, None)) if days > 0 else day

    def between(self, start: date, end: date) -> int:
        """How many working days lie behind `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        days = (start + _DAY * n for n in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working(day))

    def due(self, at: datetime, days: int, zone: tzinfo) -> datetime:
        """The end of the last of that many working days after an instant: midnight in the zone."""
        return end_of(self.add(at.astimezone(zone).date(), days), zone)

    def left(self, at: datetime, due: datetime, zone: tzinfo) -> int:
        """Working days left until a deadline; today is not counted, a deadline today or past leaves none."""
        last = (due - timedelta(microseconds=1)).astimezone(zone).date()
        return max(0, self.between(at.astimezone(zone).date(), last))

    def _after(self, day: date) -> Iterator[date]:
        while True:
            day += _DAY
            if self.is_working(day):
                yield day


def end_of(day: date, zone: tzinfo) -> datetime:
    """The end of a day in a zone: 24:00, which is the next day's midnight."""
    return datetime.combine(day + _DAY, time(), zone)
