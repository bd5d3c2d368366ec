"""How amounts, dates, deadlines and masked values are written, in both languages. Pure: no request, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from partner_center.entrypoints.code_words import listed
from partner_center.entrypoints.masks import NONE, mask
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Beginning
from partner_center.kernel.rules import Coded

__all__ = [
    "NONE",
    "Due",
    "amount",
    "day",
    "due",
    "exact",
    "grouped",
    "mask",
    "moment",
    "money",
    "period",
    "show",
    "start_day",
    "unit",
    "until",
    "zone_label",
    "zone_of",
]
Language = Literal["zh", "en"]
Number = Money | Decimal | int

MINUS = "\u2212"
SYMBOLS = {"CNY": "¥", "USD": "$"}
UNITS = {"zh": {"CNY": "元", "USD": "美元"}, "en": {"CNY": "CNY", "USD": "USD"}}
SITE_ZONES = {"cloud-cn": "Asia/Shanghai", "cloud-intl": "UTC"}
SOON = 3
_DAY = timedelta(days=1)
_WEEKDAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WORDS = {
    "zh": {
        "today": "今天 {clock}",
        "left": "剩 {span}",
        "overdue": "已超期 {span}",
        "was": "应于 {day}",
        "working": "{n} 个工作日",
        "days": "{n} 天",
        "hours": "{h} 小时 {m} 分",
        "minutes": "{m} 分",
    },
    "en": {
        "today": "Today {clock}",
        "left": "{span} left",
        "overdue": "{span} overdue",
        "was": "was due {day}",
        "working": "{n} working day{s}",
        "days": "{n} day{s}",
        "hours": "{h} h {m} min",
        "minutes": "{m} min",
    },
}


@dataclass(frozen=True)
class Due:
    """A deadline as a reader sees it: how pressing, when, and how long that is from now."""

    kind: Literal["overdue", "soon", "plain"]
    when: str
    rest: str


def zone_of(site: str) -> ZoneInfo:
    """The zone in which a site writes its dates."""
    return ZoneInfo(SITE_ZONES[site])


def zone_label(zone: ZoneInfo, at: datetime) -> str:
    """`GMT+8`, stated once a page."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    hours = offset // timedelta(hours=1)
    return "UTC" if not hours else f"GMT{hours:+d}"


def amount(value: Number | None, *, sign: bool = False, estimate: bool = False) -> str:
    """`1,234.50`, a real minus, `+` only for differences; an estimate has no cents."""
    return NONE if value is None else _lead(value, sign, estimate) + _digits(value, estimate)


def money(value: Money | None, *, sign: bool = False, estimate: bool = False) -> str:
    """An amount standing alone, with its currency: `¥1,234.50`."""
    if value is None:
        return NONE
    symbol = SYMBOLS.get(value.currency, value.currency + "\u00a0")
    return _lead(value, sign, estimate) + symbol + _digits(value, estimate)


def unit(currency: str, language: Language) -> str:
    """The unit in the head of a column of amounts: `（元）`, ` (CNY)`."""
    name = UNITS[language].get(currency, currency)
    return f"（{name}）" if language == "zh" else f" ({name})"


def exact(value: Decimal) -> str:
    """A figure of a rounding trail, before it is rounded: four decimals."""
    return (MINUS if value < 0 else "") + f"{abs(value):,.4f}"


def _number(value: Number) -> Decimal:
    return value.decimal if isinstance(value, Money) else Decimal(value)


def _lead(value: Number, sign: bool, estimate: bool) -> str:
    number = _number(value)
    mark = MINUS if number < 0 else "+" if sign and number > 0 else ""
    return ("≈\u00a0" if estimate else "") + mark


def _digits(value: Number, estimate: bool) -> str:
    number = abs(_number(value))
    if estimate:
        return f"{number.quantize(Decimal(1), rounding=ROUND_HALF_UP):,}"
    return f"{number:,.2f}" if isinstance(value, Money | Decimal) else f"{number:,}"


def day(value: date | datetime | None, zone: ZoneInfo) -> str:
    """`2026-11-23`; midnight at the end of a day still belongs to that day."""
    if value is None:
        return NONE
    return _wall(value, zone)[0].isoformat() if isinstance(value, datetime) else value.isoformat()


def start_day(value: date | datetime | None, zone: ZoneInfo) -> str:
    """The date of a beginning, where midnight opens the day instead of closing it."""
    return value.astimezone(zone).date().isoformat() if isinstance(value, datetime) else day(value, zone)


def moment(value: datetime | None, zone: ZoneInfo, now: datetime | None = None) -> str:
    """`2026-11-23 14:12`, in dense rows of this year `11-23 14:12`."""
    if value is None:
        return NONE
    local = value.astimezone(zone)
    return f"{_short(local.date(), zone, now)} {local:%H:%M}"


def until(value: datetime | None, zone: ZoneInfo, now: datetime | None = None) -> str:
    """The end of a window; midnight is `24:00` of the day before."""
    if value is None:
        return NONE
    on, clock = _wall(value, zone)
    return f"{_short(on, zone, now)} {clock}"


def _wall(value: datetime, zone: ZoneInfo) -> tuple[date, str]:
    local = value.astimezone(zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return local.date() - _DAY, "24:00"
    return local.date(), f"{local:%H:%M}"


def _short(on: date, zone: ZoneInfo, now: datetime | None) -> str:
    this_year = now is not None and now.astimezone(zone).year == on.year
    return f"{on:%m-%d}" if this_year else on.isoformat()


def due(value: datetime, now: datetime, zone: ZoneInfo, language: Language, working_days: int | None = None) -> Due:
    """A deadline relative to now; `working_days` are those left, where the term counts them."""
    on, clock = _wall(value, zone)
    today = now.astimezone(zone).date()
    words = _WORDS[language]
    if value <= now:
        was = words["was"].format(day=_named_day(on, today, language))
        late = _count("days", (today - on).days, language) if on < today else _span(now - value, language)
        return Due("overdue", words["overdue"].format(span=late), was)
    if on == today:
        return Due("soon", words["today"].format(clock=clock), _left(_span(value - now, language), language))
    days = (on - today).days
    span = _count("days", days, language) if working_days is None else _count("working", working_days, language)
    kind: Literal["soon", "plain"] = "soon" if (days if working_days is None else working_days) <= SOON else "plain"
    return Due(kind, _weekday(on, today, clock, language), _left(span, language))


def _left(span: str, language: Language) -> str:
    return _WORDS[language]["left"].format(span=span)


def _count(word: str, n: int, language: Language) -> str:
    return _WORDS[language][word].format(n=n, s="" if n == 1 else "s")


def _span(length: timedelta, language: Language) -> str:
    if length >= _DAY:
        return _count("days", length.days, language)
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return _WORDS[language]["hours" if hours else "minutes"].format(h=hours, m=minutes)


def _named_day(on: date, today: date, language: Language) -> str:
    year = on.year != today.year
    if language == "zh":
        return on.isoformat() if year else f"{on:%m-%d}"
    return f"{on.day} {_MONTHS[on.month - 1]}" + (f" {on.year}" if year else "")


def _weekday(on: date, today: date, clock: str, language: Language) -> str:
    named, weekday = _named_day(on, today, language), _WEEKDAYS[language][on.weekday()]
    return f"{named} {weekday} {clock}" if language == "zh" else f"{weekday} {named} {clock}"


def period(value: date) -> str:
    """A month of account: `2026-10`."""
    return f"{value:%Y-%m}"


def grouped(text: str, by: int = 4) -> str:
    """A long number in groups, as on an invoice."""
    return " ".join(text[at : at + by] for at in range(0, len(text), by))


def show(value: object, language: Language, zone: ZoneInfo) -> str:
    """A value found by a rule, as its message shows it."""
    if isinstance(value, Money | Decimal):
        return amount(value)
    if isinstance(value, Coded):
        return listed(value.codes, language)
    if isinstance(value, Beginning):
        return moment(value, zone)
    if isinstance(value, datetime):
        return until(value, zone)
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
    if isinstance(value, list | tuple | set | frozenset):
        return ("、" if language == "zh" else ", ").join(show(each, language, zone) for each in value)
    return f"{value:,}" if isinstance(value, int) else str(value)
