"""Comma-separated files, in the encodings that spreadsheets write: UTF-8 with or without a mark, UTF-16, GB 18030."""

from __future__ import annotations

import codecs
import csv
import io

from partner_center.entrypoints.sheets.refused import BadFile

LONGEST_CELL = 20_000
_BINARY = frozenset(map(chr, range(9))) | frozenset("\x0b\x0e\x0f\x1a\x1b\x7f\ufffe\uffff")


def read(content: bytes) -> list[list[str]]:
    """Raises: BadFile."""
    text = _decoded(content)
    if not _BINARY.isdisjoint(text):
        raise BadFile("file_not_a_table")
    lines = text.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep="):
        lines = lines[1:]
    try:
        table = list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=_delimiter(lines), strict=True))
    except csv.Error as error:
        raise BadFile("file_not_a_table") from error
    if any(len(cell) > LONGEST_CELL for row in table for cell in row):
        raise BadFile("file_not_a_table")
    return table


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("file_not_a_table")


def _delimiter(lines: list[str]) -> str:
    """What parts the cells of the head; a comma where nothing does."""
    head = next((line for line in lines if line.strip()), "")
    return max(",;\t", key=lambda sign: (head.count(sign), sign == ","))
