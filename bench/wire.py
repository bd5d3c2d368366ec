"""What really goes to PostgreSQL and back: libpq's own trace of the connection, transactions' ends included."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

_AT = r"^[\d:. -]+\t"
_SENT = re.compile(rf"{_AT}F\t\d+\t(Query|Parse|Sync)(.*?)(?={_AT}[FB]\t|\Z)", re.MULTILINE | re.DOTALL)


@dataclass
class Wire:
    """Statements of a stretch of work, in order; each simple query or sync is one round trip."""

    statements: list[str] = field(default_factory=list)
    round_trips: int = 0


@contextmanager
def listened() -> Iterator[Wire]:
    """Count the round trips of Django's connection."""
    heard = Wire()
    connection.ensure_connection()
    with tempfile.TemporaryFile("w+") as file:
        pgconn = connection.connection.pgconn
        pgconn.trace(file.fileno())
        try:
            yield heard
        finally:
            pgconn.untrace()
        file.seek(0)
        for kind, rest in _SENT.findall(file.read()):
            heard.round_trips += kind in ("Query", "Sync")
            if kind != "Sync":
                heard.statements.append(" ".join(rest.strip('\t\n "').split()))
