"""A ticket's number, which people read and type: TK, the month, and a count."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def next_number(at: datetime) -> str:
    """A fresh number, given once and never again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('support_ticket_number')")
        row = cursor.fetchone()
    return f"TK{at:%y%m}-{row[0]:06d}"
