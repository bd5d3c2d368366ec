"""What is printed once everything runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_COLUMNS = {"role": "role", "login": "sign in as", "password": "password", "address": "at"}


def started(env: Mapping[str, str], credentials: str) -> str:
    lines = [
        "",
        f"  Partner Center is running at  {env['PARTNER_CENTER_ADDRESS']}",
        f"  and for the other site at     {env['PARTNER_CENTER_INTL_ADDRESS']}",
        *(f"  {line}" for line in sign_ins(credentials)),
        "",
        "  Ctrl-C stops everything.",
        "",
    ]
    return "\n".join(lines)


def sign_ins(credentials: str) -> list[str]:
    """The demo's sign-ins as a table, from `{"accounts": {role: {"login": …, "password": …}}}`."""
    try:
        accounts: Any = json.loads(credentials)["accounts"]
    except (ValueError, KeyError, TypeError):
        return []
    rows = [{"role": role} | account for role, account in accounts.items()]
    return ["", *_table(rows)] if rows else []


def _table(rows: list[dict[str, Any]]) -> list[str]:
    names = [name for name in _COLUMNS if any(name in row for row in rows)]
    cells = [[_COLUMNS[name] for name in names], *([str(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return ["   ".join(_pad(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese sign takes two."""
    return sum(2 if "\u2e80" <= sign <= "\uffe6" else 1 for sign in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
