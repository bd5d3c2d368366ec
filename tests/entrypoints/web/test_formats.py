"""How amounts, dates, deadlines and masks are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.formats import Due
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Beginning

CHINA = formats.zone_of("cloud-cn")
ABROAD = formats.zone_of("cloud-intl")
NOW = datetime(2026, 11, 23, 10, 48, tzinfo=CHINA)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA).astimezone(UTC)


def yuan(text: str) -> Money:
    return Money.of(text, "CNY")


@pytest.mark.parametrize(
    ("value", "options", "written"),
    [
        (yuan("1234.5"), {}, "1,234.50"),
        (yuan("0"), {}, "0.00"),
        (yuan("-286"), {}, "−286.00"),
        (yuan("6150"), {"sign": True}, "+6,150.00"),
        (yuan("0"), {"sign": True}, "0.00"),
        (yuan("-0.01"), {"sign": True}, "−0.01"),
        (yuan("240000.49"), {"estimate": True}, "≈\u00a0240,000"),
        (yuan("239999.50"), {"estimate": True}, "≈\u00a0240,000"),
        (Decimal("1695.7208"), {}, "1,695.72"),
        (1086, {}, "1,086"),
        (None, {}, "—"),
    ],
)
def test_an_amount_in_a_column(value: formats.Number | None, options: dict[str, bool], written: str) -> None:
    assert formats.amount(value, **options) == written


@pytest.mark.parametrize(
    ("value", "options", "written"),
    [
        (yuan("1234.5"), {}, "¥1,234.50"),
        (Money.of("1234.5", "USD"), {}, "$1,234.50"),
        (yuan("-286"), {}, "−¥286.00"),
        (yuan("50247.44"), {"sign": True}, "+¥50,247.44"),
        (yuan("9870.12"), {"estimate": True}, "≈\u00a0¥9,870"),
        (None, {}, "—"),
    ],
)
def test_an_amount_alone_carries_its_currency(value: Money | None, options: dict[str, bool], written: str) -> None:
    assert formats.money(value, **options) == written


def test_a_rounding_trail_shows_four_decimals() -> None:
    assert formats.exact(Decimal("1695.7208")) == "1,695.7208"
    assert formats.exact(Decimal("-550")) == "−550.0000"


def test_the_unit_stands_in_the_head() -> None:
    assert formats.unit("CNY", "zh") == "（元）"
    assert formats.unit("CNY", "en") == " (CNY)"


def test_a_day_is_a_day_of_the_site() -> None:
    late = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert (formats.day(late, CHINA), formats.day(late, ABROAD)) == ("2026-11-23", "2026-11-22")
    assert formats.day(date(2026, 11, 23), CHINA) == "2026-11-23"


def test_midnight_closes_the_day_before_but_opens_a_beginning() -> None:
    midnight = at(1, 1, year=2027)
    assert formats.day(midnight, CHINA) == "2026-12-31"
    assert formats.until(midnight, CHINA) == "2026-12-31 24:00"
    assert formats.start_day(midnight, CHINA) == "2027-01-01"
    assert formats.moment(midnight, CHINA) == "2027-01-01 00:00"


def test_dense_rows_leave_out_this_year_only() -> None:
    assert formats.moment(at(11, 18, 16, 2), CHINA, NOW) == "11-18 16:02"
    assert formats.moment(at(11, 18, 16, 2), CHINA) == "2026-11-18 16:02"
    assert formats.moment(at(11, 18, 16, 2, year=2025), CHINA, NOW) == "2025-11-18 16:02"


@pytest.mark.parametrize(
    ("deadline", "working_days", "zh", "en"),
    [
        (
            at(11, 21),
            None,
            Due("overdue", "已超期 3 天", "应于 11-20"),
            Due("overdue", "3 days overdue", "was due 20 Nov"),
        ),
        (
            at(11, 23, 9, 30),
            None,
            Due("overdue", "已超期 1 小时 18 分", "应于 11-23"),
            Due("overdue", "1 h 18 min overdue", "was due 23 Nov"),
        ),
        (
            at(11, 23, 18),
            None,
            Due("soon", "今天 18:00", "剩 7 小时 12 分"),
            Due("soon", "Today 18:00", "7 h 12 min left"),
        ),
        (
            at(11, 26),
            3,
            Due("soon", "11-25 周三 24:00", "剩 3 个工作日"),
            Due("soon", "Wed 25 Nov 24:00", "3 working days left"),
        ),
        (
            at(11, 24, 12),
            None,
            Due("soon", "11-24 周二 12:00", "剩 1 天"),
            Due("soon", "Tue 24 Nov 12:00", "1 day left"),
        ),
        (
            at(1, 16, year=2027),
            None,
            Due("plain", "2027-01-15 周五 24:00", "剩 53 天"),
            Due("plain", "Fri 15 Jan 2027 24:00", "53 days left"),
        ),
    ],
)
def test_a_deadline_says_when_and_how_long_that_is(
    deadline: datetime, working_days: int | None, zh: Due, en: Due
) -> None:
    assert formats.due(deadline, NOW, CHINA, "zh", working_days) == zh
    assert formats.due(deadline, NOW, CHINA, "en", working_days) == en


def test_the_last_minutes_are_counted_in_minutes() -> None:
    assert formats.due(NOW + timedelta(minutes=12), NOW, CHINA, "zh").rest == "剩 12 分"


def test_the_zone_is_named_once() -> None:
    assert (formats.zone_label(CHINA, NOW), formats.zone_label(ABROAD, NOW)) == ("GMT+8", "UTC")


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("13900004471", "139 **** 4471"),
        ("lu.yiming@demo.example", "lu****@demo.example"),
        ("赵小云", "赵 **"),
        ("林", "*"),
        ("AK123456", "AK****"),
        ("", "—"),
    ],
)
def test_a_mask_keeps_just_enough_to_recognise(hidden: str, shown: str) -> None:
    assert formats.mask(hidden) == shown


def test_an_invoice_number_comes_in_fours() -> None:
    assert formats.grouped("26442000001730945821") == "2644 2000 0017 3094 5821"


def test_values_found_by_rules_are_written_as_everywhere() -> None:
    assert formats.show(yuan("48000"), "zh", CHINA) == "48,000.00"
    assert formats.show(at(1, 1, year=2027), "zh", CHINA) == "2026-12-31 24:00"
    assert formats.show(("甲", "乙"), "zh", CHINA) == "甲、乙"
    assert (formats.show(True, "zh", CHINA), formats.show(False, "en", CHINA)) == ("是", "no")


def test_a_beginning_at_midnight_is_told_as_that_day() -> None:
    assert formats.show(Beginning.of(at(7, 15)), "zh", CHINA) == "2026-07-15 00:00"
    assert formats.show(at(7, 15), "zh", CHINA) == "2026-07-14 24:00"
