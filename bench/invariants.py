"""Asks invariants.sql of a database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import psycopg

FILE = Path(__file__).with_name("invariants.sql")


def questions() -> dict[str, str]:
    """Each invariant's name with the query that finds what breaks it."""
    parts = re.split(r"^-- name: (.+)$", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def broken(connection: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    """The invariants that do not hold, each with a few rows that show it. To be asked as the owner."""
    found = {name: connection.execute(query.strip().rstrip(";")).fetchmany(5) for name, query in questions().items()}
    return {name: rows for name, rows in found.items() if rows}
