"""Workbooks (xlsx): unpacked within bounds and looked through before anything else parses them.

What is parsed is a copy that holds only parts whose true size was seen: a header that lies about it comes to nothing.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from partner_center.entrypoints.sheets.refused import BadFile

MOST_UNPACKED = 96 * 2**20
MOST_PARTS = 200
WIDEST = 40
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/[^/]+\.xml|xl/worksheets/[^/]+\.xml"
)
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read(content: bytes, deepest: int) -> list[list[str]]:
    """The rows of the first sheet that is not hidden, as texts.

    Raises: BadFile; a formula's cached value cannot be trusted, so its cell is named instead.
    """
    parts = _unpacked(content)
    if "xl/workbook.bin" in parts or "xl/workbook.xml" not in parts:
        raise BadFile("file_not_a_table")
    try:
        index, path = _first_sheet(parts)
        _Looking(deepest).through(parts[path])
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts))).get_sheet_by_index(index)
        return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, expat.ExpatError, KeyError, ValueError) as error:
        raise BadFile("file_damaged") from error


def _unpacked(content: bytes) -> dict[str, bytes]:
    """The parts that matter, at most as long as they say, and together within bounds."""
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            every = packed.infolist()
            if len(every) > MOST_PARTS or sum(each.file_size for each in every) > MOST_UNPACKED:
                raise BadFile("file_unpacks_too_large")
            if any(each.filename.lower().endswith("vbaproject.bin") for each in every):
                raise BadFile("file_has_macros")
            for each in every:
                if each.flag_bits & 1 or each.compress_type not in _METHODS:
                    raise BadFile("file_old_or_protected")
                if _NEEDED.fullmatch(each.filename) or each.filename == "xl/workbook.bin":
                    with packed.open(each) as part:
                        parts[each.filename] = part.read(each.file_size)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise BadFile("file_damaged") from error
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise BadFile("file_has_macros")
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return copy.getvalue()


def _elements(content: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None]) -> None:
    """Walk a part's elements by their local names. A document that declares entities of its own is none of ours."""
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise BadFile("file_damaged")

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.Parse(content, True)


def _first_sheet(parts: Mapping[str, bytes]) -> tuple[int, str]:
    """The first sheet that is shown: its place among the sheets, and the part that holds it."""
    sheets: list[dict[str, str]] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append(
                {key.rpartition(":")[2]: value for key, value in attributes.items()} | {"rid": _rid(attributes)}
            )

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _elements(parts["xl/workbook.xml"], sheet, lambda name: None)
    _elements(parts["xl/_rels/workbook.xml.rels"], relation, lambda name: None)
    for index, each in enumerate(sheets):
        if each.get("state", "visible") == "visible":
            target = targets[each["rid"]]
            return index, target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    raise BadFile("file_empty")


def _rid(attributes: Mapping[str, str]) -> str:
    return next((value for key, value in attributes.items() if key.endswith(":id")), "")


class _Looking:
    """Looks through a sheet for formulas, and for cells so far out that a table up to them would fill the memory."""

    def __init__(self, deepest: int) -> None:
        self.deepest, self.cell = deepest, ""
        self.row = self.column = 0

    def through(self, content: bytes) -> None:
        _elements(content, self.begins, lambda name: None)

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif name == "c":
            self._at(attributes.get("r", ""))
        elif name == "f":
            raise BadFile("file_has_formulas", cell=self.cell)
        elif name in ("v", "is"):
            if self.row > self.deepest:
                raise BadFile("file_too_long", found=self.row - 1, most=self.deepest // 2)
            if self.column > WIDEST:
                raise BadFile("file_too_wide", cell=self.cell, most=WIDEST)

    def _at(self, reference: str) -> None:
        if found := _CELL.fullmatch(reference):
            self.row, self.column = int(found[2]), _number(found[1])
        elif reference:
            raise BadFile("file_damaged")
        else:
            self.column += 1
        self.cell = reference or f"R{self.row}C{self.column}"


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _text(value: object) -> str:
    """A cell as it would be typed: numbers with the fifteen digits that a spreadsheet keeps, days in ISO 8601."""
    match value:
        case bool():
            return str(value).upper()
        case float():
            return format(value, ".15g")
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
    return str(value)
