"""Files written row by row: a workbook, or lines with commas. What is a text stays a text."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.translation import gettext

from partner_center.entrypoints.jobs.sheets import Column, Value
from partner_center.kernel.money import Money

BOM = "\ufeff"
# What a spreadsheet would take for a formula at the beginning of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_000
WIDTHS = {"text": 22, "name": 20, "contact": 20, "amount": 16, "moment": 17}
# One row in memory at a time; nothing that somebody typed becomes a formula, a number or a link.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
About = Sequence[tuple[str, str]]


class Writer(Protocol):
    """Takes rows one by one; what the file is about is known, and written, when all are there."""

    def row(self, values: Sequence[Value]) -> None: ...

    def close(self, about: About) -> None: ...


def writer(path: Path, title: str, columns: Sequence[Column], zone: ZoneInfo) -> Writer:
    made: type[Workbook] | type[Lines] = Workbook if path.suffix == ".xlsx" else Lines
    return made(path, title, columns, zone)


def _local(value: datetime, zone: ZoneInfo) -> datetime:
    return value.astimezone(zone).replace(tzinfo=None, microsecond=0)


class Workbook:
    """A first sheet that says what it is, a second with the rows."""

    def __init__(self, path: Path, title: str, columns: Sequence[Column], zone: ZoneInfo) -> None:
        self.columns, self.zone, self.at = columns, zone, 0
        self.book = xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": str(path.parent)})
        self.book.set_properties({"title": title})
        self.about = self.book.add_worksheet(gettext("About this file"))
        self.sheet = self.book.add_worksheet(gettext("Lines of the list"))
        self.amount = self.book.add_format({"num_format": "#,##0.00"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.bold = self.book.add_format({"bold": True})
        self._head()

    def _head(self) -> None:
        self.sheet.freeze_panes(1, 0)
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, WIDTHS[column.kind])
            self.sheet.write_string(0, number, gettext(column.label), self.bold)

    def row(self, values: Sequence[Value]) -> None:
        self.at += 1
        for number, value in enumerate(values):
            self._cell(number, value)

    def _cell(self, number: int, value: Value) -> None:
        match value:
            case None | "":
                return
            case Money():
                self.sheet.write_number(self.at, number, float(value.decimal), self.amount)
            case datetime():
                self.sheet.write_datetime(self.at, number, _local(value, self.zone), self.moment)
            case int():
                self.sheet.write_number(self.at, number, value)
            case _:
                self.sheet.write_string(self.at, number, value[:LONGEST_CELL])

    def close(self, about: About) -> None:
        self.about.set_column(0, 0, 24)
        self.about.set_column(1, 1, 60)
        for number, (label, value) in enumerate(about):
            self.about.write_string(number, 0, label, self.bold)
            self.about.write_string(number, 1, value[:LONGEST_CELL])
        self.book.close()


class Lines:
    """What the file is, an empty line, the heads and the rows. The rows lie beside it until they are counted."""

    def __init__(self, path: Path, title: str, columns: Sequence[Column], zone: ZoneInfo) -> None:
        self.path, self.zone, self.beside = path, zone, path.with_suffix(".rows")
        self.file = self.beside.open("w", encoding="utf-8", newline="")
        self.out: Any = csv.writer(self.file)
        self.out.writerow([gettext(column.label) for column in columns])

    def row(self, values: Sequence[Value]) -> None:
        self.out.writerow([self._cell(value) for value in values])

    def _cell(self, value: Value) -> str:
        match value:
            case None:
                return ""
            case Money():
                return str(value.decimal)
            case datetime():
                return f"{_local(value, self.zone):%Y-%m-%d %H:%M}"
            case int():
                return str(value)
            case _:
                return _plain(value)

    def close(self, about: About) -> None:
        self.file.close()
        with self.path.open("w", encoding="utf-8", newline="") as whole, self.beside.open(encoding="utf-8") as rows:
            whole.write(BOM)
            csv.writer(whole).writerows([(label, _plain(value)) for label, value in about])
            whole.write("\r\n")
            shutil.copyfileobj(rows, whole)


def _plain(text: str) -> str:
    """A text that a spreadsheet would read as a formula is marked as a text."""
    return f"'{text}" if text.startswith(FORMULA) else text
