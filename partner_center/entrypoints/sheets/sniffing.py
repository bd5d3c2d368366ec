"""What a file is, told by what is in it and never by its name; then its rows as texts."""

from __future__ import annotations

from dataclasses import dataclass

from partner_center.entrypoints.sheets import text, workbook
from partner_center.entrypoints.sheets.refused import BadFile

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Table = list[list[str]]


@dataclass(frozen=True)
class Limits:
    """How large a file may be, and how many rows it may have below its head."""

    most_bytes: int
    most_rows: int


def read(content: bytes, limits: Limits) -> Table:
    """Every row of a workbook's first sheet, or of a CSV, the head included; cells are texts without control signs.

    Raises: BadFile.
    """
    if len(content) > limits.most_bytes:
        raise BadFile("file_too_large", megabytes=round(limits.most_bytes / 2**20))
    if not content.strip():
        raise BadFile("file_empty")
    if content.startswith(OLE):
        raise BadFile("file_old_or_protected")
    # Room for empty rows in between; how many rows say something is counted later.
    deepest = limits.most_rows * 2 + 100
    table = workbook.read(content, deepest) if content.startswith(ZIP) else text.read(content)
    if len(table) > deepest:
        raise BadFile("file_too_long", found=len(table) - 1, most=limits.most_rows)
    return [[_clean(cell) for cell in row] for row in table]


def _clean(cell: str) -> str:
    """Nothing that a text in the database cannot hold; line breaks as spaces."""
    if cell.isprintable():
        return cell.strip()
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "" for sign in cell).strip()
