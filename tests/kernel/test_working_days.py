"""Working days: the China calendar and plain weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from partner_center.kernel.working_days import WorkCalendar
from partner_center.policy.queries import calendar

CHINA, WEEKS = calendar("cloud-cn"), WorkCalendar()
ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_calendar_of_a_year_is_the_published_one(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    differing = [day for day in days if day.year == year and CHINA.is_working(day) != chinese_calendar.is_workday(day)]
    assert differing == []


def test_a_saturday_worked_to_make_up_is_a_working_day() -> None:
    assert CHINA.is_working(date(2024, 5, 11)) and not WEEKS.is_working(date(2024, 5, 11))


def test_an_order_reviewed_on_a_friday_is_verified_within_ten_working_days() -> None:
    reviewed = date(2024, 5, 10)
    assert WEEKS.add(reviewed, 10) == date(2024, 5, 24)
    assert CHINA.add(reviewed, 10) == date(2024, 5, 23), "2024-05-11 is worked"


def test_an_offer_of_wednesday_ends_with_monday() -> None:
    assert WEEKS.due(at("2024-05-15T10:00"), 3, ZONE) == at("2024-05-21T00:00")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 1, 26), 1, date(2025, 1, 27)),
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
        (date(2025, 2, 7), 1, date(2025, 2, 8)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
    ],
)
def test_spring_festival_and_national_day_are_stepped_over(start: date, days: int, end: date) -> None:
    assert CHINA.add(start, days) == end


def test_adding_and_counting_are_each_others_reverse() -> None:
    start = date(2025, 12, 20)
    for days in range(60):
        assert CHINA.between(start, CHINA.add(start, days)) == days
    assert CHINA.between(date(2026, 3, 3), date(2026, 3, 2)) == -CHINA.between(date(2026, 3, 2), date(2026, 3, 3))


def test_what_is_left_counts_whole_days_after_today() -> None:
    due = at("2026-11-27T00:00")
    assert WEEKS.left(at("2026-11-23T10:48"), due, ZONE) == 3
    assert WEEKS.left(at("2026-11-26T23:59"), due, ZONE) == 0
    assert WEEKS.left(at("2026-12-01T09:00"), due, ZONE) == 0


def test_beyond_the_published_year_the_calendar_is_provisional() -> None:
    assert not CHINA.is_provisional(date(2026, 12, 31)) and CHINA.is_provisional(date(2027, 1, 1))
    assert CHINA.is_working(date(2027, 10, 1)), "until it is published, a Friday is a Friday"
    assert not calendar("cloud-intl").is_provisional(date(2027, 1, 1))
