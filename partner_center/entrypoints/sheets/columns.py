"""The columns of a file of vouchers, and its rows by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partner_center.entrypoints.sheets.refused import BadFile
from partner_center.vouchers.queries import RowIn
from partner_center.vouchers.rules import Cells


@dataclass(frozen=True)
class Column:
    """A column by the name that programs use, and what its head is called in each language."""

    name: str
    zh: str
    en: str
    required: bool = False


COLUMNS = (
    Column("customer", "客户", "Customer", required=True),
    Column("face_value", "面值", "Face value", required=True),
    Column("min_order_amount", "最小可用订单额", "Minimum order amount"),
    Column("starts_at", "生效日期", "Valid from"),
    Column("ends_at", "截止日期", "Valid until"),
    Column("remark", "备注", "Remark"),
)


def rows_of(table: Sequence[Sequence[str]], most: int) -> tuple[RowIn, ...]:
    """The rows below the head that say anything, each with its number in the file.

    Raises: BadFile for another head, no row at all, or more than `most`.
    """
    top = next((number for number, row in enumerate(table) if any(row)), None)
    if top is None:
        raise BadFile("file_empty")
    places = _places(table[top])
    found = tuple(
        RowIn(number, cells({name: row[place] for name, place in places.items() if place < len(row)}))
        for number, row in enumerate(table[top + 1 :], top + 2)
        if any(row)
    )
    if not found:
        raise BadFile("file_empty")
    if len(found) > most:
        raise BadFile("file_too_long", found=len(found), most=most)
    return found


def cells(texts: Mapping[str, str]) -> Cells:
    """A row's cells by the names of their columns; a customer's full-width signs as those they stand for."""
    given = {column.name: texts.get(column.name, "").strip() for column in COLUMNS}
    return Cells(**{**given, "customer": unicodedata.normalize("NFKC", given["customer"]).strip()})


def _places(head: Sequence[str]) -> dict[str, int]:
    """Where each column stands. Raises: BadFile naming what was found and what is wanted."""
    known = {_folded(word): column.name for column in COLUMNS for word in (column.name, column.zh, column.en)}
    named = [(known.get(_folded(word), ""), place, word) for place, word in enumerate(head) if word]
    places = {name: place for name, place, _ in named}
    missing = [column for column in COLUMNS if column.required and column.name not in places]
    if missing or "" in places or len(places) < len(named):
        raise BadFile(
            "file_wrong_head",
            found=[word[:40] for word in head if word][:12],
            wanted=[f"{column.zh} / {column.en}" for column in COLUMNS],
        )
    return places


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).replace(" ", "").replace("*", "").casefold()
