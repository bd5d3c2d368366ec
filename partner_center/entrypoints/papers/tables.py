"""A table on a paper, of plain texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from partner_center.entrypoints.papers.blocks import Block


@dataclass(frozen=True)
class Column:
    """A column's head; `share` is its part of what the other columns leave, and none takes what it needs."""

    label: str
    share: int = 0
    code: bool = False


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> Block:
    """A table of texts under its heads."""
    return {
        "kind": "table",
        "head": [_cell(column.label) for column in columns],
        "rows": [[_cell(text, column.code) for column, text in zip(columns, row, strict=True)] for row in rows],
        "widths": [column.share for column in columns],
    }


def _cell(text: str, code: bool = False) -> list[Block]:
    return [{"kind": "code" if code else "text", "text": text}]
