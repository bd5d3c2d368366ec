"""Files as people bring them: read by what is in them, refused whole where they cannot be trusted."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

from partner_center.entrypoints.refusals import said
from partner_center.entrypoints.sheets import BadFile, Limits, read, rows_of
from partner_center.entrypoints.sheets.workbook import MOST_UNPACKED

LIMITS = Limits(1_000_000, 100)
HEAD = ["客户", "面值", "最小可用订单额", "生效日期", "截止日期", "备注"]


def workbook(*rows: Sequence[Any], sheets: Sequence[str] = ("s",), hide: str = "") -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"default_date_format": "yyyy-mm-dd", "in_memory": True}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            if name == hide:
                sheet.hide()
                continue
            sheet.activate()
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return made.getvalue()


def changed(content: bytes, **parts: bytes) -> bytes:
    """The same package with parts put in or replaced; the worksheet is `sheet`."""
    names = {"sheet": "xl/worksheets/sheet1.xml", "macros": "xl/vbaProject.bin", "book": "xl/workbook.xml"}
    given = {names[key]: value for key, value in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, given.pop(each, old.read(each)))
        for name, value in given.items():
            new.writestr(name, value)
    return made.getvalue()


def sheet_of(*cells: str) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"<worksheet {space}><sheetData>{''.join(cells)}</sheetData></worksheet>".encode()


def refused(content: bytes, limits: Limits = LIMITS) -> BadFile:
    with pytest.raises(BadFile) as caught:
        rows_of(read(content, limits), limits.most_rows)
    for language in ("zh", "en"):
        told = said(caught.value.code, language, values=caught.value.values)
        assert told.code == caught.value.code and "—" not in told.message + told.remedy
    return caught.value


def test_a_workbooks_cells_are_read_as_they_would_be_typed() -> None:
    day, instant = date(2026, 7, 1), datetime(2026, 7, 2, 10, 30)
    content = workbook(HEAD, ["carl", 1234.5, 0.1 + 0.2, day, instant, "好"], [10086, "1,000", True, "", "", " x\ny "])
    first, second = rows_of(read(content, LIMITS), 100)
    assert (first.number, second.number) == (2, 3)
    assert (first.cells.face_value, first.cells.min_order_amount) == ("1234.5", "0.3")
    assert (first.cells.starts_at, first.cells.ends_at) == ("2026-07-01", "2026-07-02T10:30:00")
    assert (second.cells.customer, second.cells.min_order_amount, second.cells.remark) == ("10086", "TRUE", "x y")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_csv_is_read_in_every_encoding_that_spreadsheets_write(encoding: str, sign: str) -> None:
    text = sign.join(["客户", "面值", "备注"]) + "\r\n" + sign.join(["ｃａｒｌ　", "１００", f'"说{sign}明"']) + "\r\n"
    (row,) = rows_of(read(text.encode(encoding), LIMITS), 100)
    assert (row.cells.customer, row.cells.face_value, row.cells.remark) == (
        "carl",
        "１００",
        f"说{sign}明".replace("\t", " "),
    )


@pytest.mark.parametrize("head", [("Customer", "Face value"), ("客户 *", "面值"), ("customer", "FACE_VALUE")])
def test_the_head_is_known_in_both_languages(head: tuple[str, str]) -> None:
    (row,) = rows_of([[], list(head), [], ["carl", "1"]], 100)
    assert (row.number, row.cells.face_value) == (4, "1")


@pytest.mark.parametrize(
    "head", [["账号", "面值"], ["客户"], ["客户", "面值", "状态"], ["客户", "面值", "Customer"], ["1", "2"]]
)
def test_another_head_is_refused_with_what_was_found_and_what_is_wanted(head: list[str]) -> None:
    error = refused(workbook(head, ["carl", "1"]))
    assert error.code == "file_wrong_head"
    told = said(error.code, "en", values=error.values)
    assert ", ".join(head) in told.message and "Minimum order amount" in told.message


@pytest.mark.parametrize(
    "content",
    [b"", b" \n", workbook(), workbook(HEAD), ",".join(HEAD).encode(), workbook(HEAD, ["carl", 1], hide="s")],
)
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert refused(content).code in ("file_empty", "file_damaged")


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\x00\x01",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b'a,b\n"x',
        b"\xff\xff\x80\x81",
    ],
)
def test_what_is_no_table_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refused(content).code == "file_not_a_table"


def test_a_formula_is_refused_with_its_cell() -> None:
    error = refused(workbook(HEAD, ["carl", 1], ["carl", "=1+1"]))
    assert (error.code, error.values["cell"]) == ("file_has_formulas", "B3")


def test_macros_are_refused() -> None:
    assert refused(changed(workbook(HEAD, ["carl", 1]), macros=b"x")).code == "file_has_macros"


def test_old_and_protected_workbooks_are_refused() -> None:
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).code == "file_old_or_protected"


def test_too_many_rows_and_too_many_bytes_are_refused() -> None:
    rows = [["carl", 1]] * 5
    assert refused(workbook(HEAD, *rows), Limits(10**6, 4)).code == "file_too_long"
    assert refused(workbook(HEAD, *rows), Limits(1000, 4)).code == "file_too_large"
    assert refused(b"customer,face_value\n" + b"carl,1\n" * 500, Limits(10**6, 4)).code == "file_too_long"


def test_a_bomb_is_not_unpacked() -> None:
    assert refused(changed(workbook(HEAD), sheet=bytes(MOST_UNPACKED + 1))).code == "file_unpacks_too_large"


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_either() -> None:
    content = bytearray(changed(workbook(HEAD), sheet=bytes(20_000_000)))
    while (place := content.find(struct.pack("<I", 20_000_000))) >= 0:
        content[place : place + 4] = struct.pack("<I", 100)
    assert refused(bytes(content)).code == "file_damaged"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "file_too_long"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "file_too_wide"),
        ('<row r="1"><c r="??"><v>1</v></c></row>', "file_damaged"),
        ('<row r="x"><c><v>1</v></c></row>', "file_damaged"),
        ("<row><c><v>1", "file_damaged"),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_not_parsed(cell: str, code: str) -> None:
    assert refused(changed(workbook(HEAD), sheet=sheet_of(cell))).code == code


def test_a_document_with_entities_of_its_own_is_refused() -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa">]>' + sheet_of()
    assert refused(changed(workbook(HEAD), sheet=bomb)).code == "file_damaged"
    assert refused(changed(workbook(HEAD), book=bomb)).code == "file_damaged"


def test_the_first_sheet_that_is_shown_counts() -> None:
    content = workbook(HEAD, ["carl", 1], sheets=("hidden", "shown"), hide="hidden")
    assert len(rows_of(read(content, LIMITS), 100)) == 1


@pytest.mark.parametrize("keep", [4, 30, 200, 2000])
def test_a_workbook_cut_short_is_refused(keep: int) -> None:
    assert refused(workbook(HEAD, ["carl", 1])[:keep]).code == "file_damaged"
