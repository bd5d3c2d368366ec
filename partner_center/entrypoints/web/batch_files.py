"""The files of a mass issue that are downloaded: the template to fill in, and what became of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext

from partner_center.entrypoints.sheets import COLUMNS
from partner_center.entrypoints.web.batch_shown import Line
from partner_center.entrypoints.web.jinja import language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = (26, 14, 18, 14, 14, 30)
AMOUNTS, DAYS = (1, 2), (3, 4)


def heads() -> list[str]:
    """The names of the columns in the reader's language."""
    return [column.zh if language() == "zh" else column.en for column in COLUMNS]


def example(until: date) -> list[str]:
    return [
        "acme-account",
        "1,234.50",
        "5000",
        (until - timedelta(days=30)).isoformat(),
        until.isoformat(),
        gettext("thanks for the year"),
    ]


def template_csv(until: date) -> HttpResponse:
    """The template with one example row, in the encoding that every spreadsheet opens right."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([heads(), example(until)])
    return _download(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{_name()}.csv")


def template_xlsx(until: date, limit: int) -> HttpResponse:
    """The template: a sheet to fill in, and one that says how, with an example."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        strong = book.add_format({"bold": True, "bg_color": "#EEF2F7", "bottom": 1})
        # Accounts stay as they are typed; a number's leading zeros would be lost.
        kinds = {0: "@", **dict.fromkeys(AMOUNTS, "#,##0.00"), **dict.fromkeys(DAYS, "yyyy-mm-dd"), 5: "@"}
        sheet = book.add_worksheet(gettext("Vouchers"))
        for place, (head, width) in enumerate(zip(heads(), WIDTHS, strict=True)):
            sheet.set_column(place, place, width, book.add_format({"num_format": kinds[place]}))
            sheet.write_string(0, place, head, strong)
        sheet.freeze_panes(1, 0)
        _explain(book, strong, until, limit)
    return _download(made.getvalue(), XLSX, f"{_name()}.xlsx")


def _explain(book: xlsxwriter.Workbook, strong: object, until: date, limit: int) -> None:
    sheet, wrapped = (
        book.add_worksheet(gettext("How to fill it in")),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    for place, width in enumerate((22, 12, 70, 24)):
        sheet.set_column(place, place, width, wrapped)
    titles = [gettext("Column"), gettext("Needed"), gettext("What goes in"), gettext("Example")]
    rows = [titles, *zip(heads(), _needed(), explained(), example(until), strict=True)]
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            sheet.write_string(number, place, text, strong if number == 0 else wrapped)
    notes = [
        gettext("One row a voucher, at most %(num)s rows. Keep the head as it is and add no columns.")
        % {"num": f"{limit:,}"},
        gettext("No formulas: copy the cells and paste them as values."),
        gettext("After the upload nothing is issued yet: each row is checked first, and you decide."),
    ]
    for number, text in enumerate(notes, len(rows) + 1):
        sheet.merge_range(number, 0, number, 3, text, wrapped)


def _needed() -> list[str]:
    return [gettext("yes") if column.required else gettext("no") for column in COLUMNS]


def explained() -> list[str]:
    """What goes into each column."""
    return [
        gettext("The account name or the customer ID, as the customer list shows it."),
        gettext("Above 0, with at most two decimals; more decimals are refused, not rounded."),
        gettext("What is payable must reach it; empty: no minimum."),
        gettext("The first day, such as 2026-10-01, in the site's zone; empty: the quota's."),
        gettext("The last day, to its end; empty: the quota's."),
        gettext("At most 200 characters; only your own company sees it."),
    ]


def result_xlsx(number: str, lines: Iterable[Line]) -> HttpResponse:
    """Every row as it was uploaded, its one status, the rules it breaks, and what to do.

    All cells are texts: what begins with = + - or @ stays what somebody typed.
    """
    made = io.BytesIO()
    titles = [gettext("Row"), *heads(), gettext("Status"), gettext("Rules"), gettext("What is wrong, and what to do")]
    with xlsxwriter.Workbook(made, {"constant_memory": True}) as book:
        strong, text = book.add_format({"bold": True, "bg_color": "#EEF2F7"}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(gettext("Result"))
        for place, width in enumerate((8, *WIDTHS, 16, 14, 80)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate([titles, *map(_result_row, lines)]):
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell, text if row else strong)
    return _download(made.getvalue(), XLSX, f"{number}.xlsx")


def _result_row(line: Line) -> Sequence[str]:
    rules = ", ".join(dict.fromkeys(each.rule for each in line.told))
    return [str(line.number), *line.texts, line.status, rules, "\n".join(each.text for each in line.told)]


def _name() -> str:
    return "代金券批量发放模板" if language() == "zh" else "mass-issue-template"


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    from urllib.parse import quote

    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
