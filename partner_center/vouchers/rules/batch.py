"""Vouchers issued from a file: what its cells say, what is asked of each row, and what may happen to the whole.

Pure: no database, no clock, no Django.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money, NotAnAmount
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleTable
from partner_center.vouchers.rules.book import BOOK
from partner_center.vouchers.rules.voucher import ISSUE, IssueFacts

BATCH = Lifecycle(
    start="checked",
    moves={
        "issue": ("checked", "issued"),
        "begin": ("checked", "issuing"),
        "end": ("issuing", "issued"),
        "discard": ("checked", "discarded"),
        "undo": ("issued", "undone"),
    },
)
ROW_STATES = ("ready", "refused", "issued", "undone")

# Cells -------------------------------------------------------------------------------------------------------------

_AMOUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?")
_DAY = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)")
_YEARS = range(2000, 2201)


@dataclass(frozen=True, slots=True)
class Cells:
    """A row's cells as text, in the template's order."""

    customer: str
    face_value: str
    min_order_amount: str = ""
    starts_at: str = ""
    ends_at: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Reading:
    """What a row's cells say; None where one says something that cannot be read, or nothing where it must."""

    cells: Cells
    face: Money | None
    min_order: Money | None
    start: datetime | None
    end: datetime | None


def read_cells(cells: Cells, currency: str, quota: Window, zone: tzinfo) -> Reading:
    """The cells as amounts and instants; where no day is given, or the quota's own, the quota's very instants.

    Rules: S-371, S-373.
    """
    return Reading(
        cells=cells,
        face=_amount(cells.face_value, currency),
        min_order=_amount(cells.min_order_amount or "0", currency),
        start=_instant(cells.starts_at, quota.start, zone, closes=False) if cells.starts_at else quota.start,
        end=_instant(cells.ends_at, quota.end, zone, closes=True) if cells.ends_at else quota.end,
    )


def _plain(text: str) -> str:
    """Full-width signs as those they stand for, without what surrounds them."""
    return unicodedata.normalize("NFKC", text).strip()


def _amount(text: str, currency: str) -> Money | None:
    """`1,234.5`, also with a currency sign; never rounded, and a comma stands for thousands only."""
    bare = _plain(text).lstrip("¥$").replace(" ", "")
    if not _AMOUNT.fullmatch(bare):
        return None
    try:
        return Money.of(bare.replace(",", ""), currency)
    except NotAnAmount:
        return None


def _instant(text: str, of_quota: datetime, zone: tzinfo, *, closes: bool) -> datetime | None:
    """A day of the site's calendar, or an instant in ISO 8601; the last day runs to the midnight that closes it."""
    bare = _plain(text)
    if day := _day(bare):
        own = of_quota.astimezone(zone) - timedelta(microseconds=1 if closes else 0)
        if day == own.date():
            return of_quota
        return datetime.combine(day + timedelta(days=1 if closes else 0), time(), zone)
    try:
        at = datetime.fromisoformat(bare)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)) if at.year in _YEARS else None


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if not found or int(found[1]) not in _YEARS:
        return None
    try:
        return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        return None


ROW_READ: RuleTable[Reading] = BOOK.table(
    Rule("S-371.customer", "customer_missing", lambda f: bool(f.cells.customer)),
    Rule(
        "S-371.face_read",
        "amount_unreadable",
        lambda f: f.face is not None,
        lambda f: {"actual": f.cells.face_value},
    ),
    Rule(
        "S-371.minimum_read",
        "amount_unreadable",
        lambda f: f.min_order is not None,
        lambda f: {"actual": f.cells.min_order_amount},
    ),
    Rule(
        "S-373.start_read",
        "day_unreadable",
        lambda f: f.start is not None,
        lambda f: {"actual": f.cells.starts_at},
    ),
    Rule(
        "S-373.end_read",
        "day_unreadable",
        lambda f: f.end is not None,
        lambda f: {"actual": f.cells.ends_at},
    ),
)

# Rows and the whole ------------------------------------------------------------------------------------------------

_OF_ROW = {"S-902.face", "L-307.face", "S-371.face", "S-371.minimum", "S-371.remark", "S-373", "S-373.ahead"}
# A file has as many customers as it has rows, and each row asks by itself whether what is left covers it.
_OF_FORM = {"S-372", "S-377"}

ISSUE_ROW: RuleTable[IssueFacts] = BOOK.table(*(rule for rule in ISSUE if rule.id in _OF_ROW))
ISSUE_WHOLE: RuleTable[IssueFacts] = BOOK.table(*(rule for rule in ISSUE if rule.id not in _OF_ROW | _OF_FORM))


@dataclass(frozen=True)
class RepeatFacts:
    """A row of a file, and the row before it that names the same customer; 0 where there is none."""

    named_before: int


ROW_WARN: RuleTable[RepeatFacts] = BOOK.table(
    Rule(
        "S-372.again",
        "customer_named_before",
        lambda f: not f.named_before,
        lambda f: {"actual": f.named_before},
    ),
)


@dataclass(frozen=True)
class UndoFacts:
    """The vouchers of a file that is to be undone: how many, and how many of them are no longer as issued."""

    vouchers: int
    touched: int


UNDO_BATCH: RuleTable[UndoFacts] = BOOK.table(
    Rule(
        "S-399.batch",
        "batch_touched",
        lambda f: not f.touched,
        lambda f: {"actual": f.touched, "required": f.vouchers},
    ),
)
