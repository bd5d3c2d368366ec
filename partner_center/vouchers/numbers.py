"""Numbers that people read and type: a kind, the month, and a count; the same on pages and on the wire."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import connection
from django.db.models import Q

QUOTA, SUB_QUOTA, VOUCHER = "VQ", "VS", "VC"
_NUMBER = re.compile(rf"({QUOTA}|{SUB_QUOTA}|{VOUCHER})\d{{4}}(-\d*)?$", re.ASCII)
_SEQUENCE = {QUOTA: "vouchers_quota_number", SUB_QUOTA: "vouchers_quota_number", VOUCHER: "vouchers_voucher_number"}


def begins(text: str) -> bool:
    """Whether a text can only be a number, or its beginning: such are found by the index, without asking for names."""
    return _NUMBER.match(text.upper()) is not None


def beginning(text: str) -> Q:
    """The numbers that begin so. Under the fence LIKE may use no index; the bounds may, and in any collation hold."""
    start = text.upper()
    return Q(number__gte=start, number__lt=f"{start}z", number__startswith=start)


def next_numbers(kind: str, at: datetime, many: int) -> list[str]:
    """As many fresh numbers, each given once and never again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_SEQUENCE[kind], many])
        return [f"{kind}{at:%y%m}-{row[0]:06d}" for row in cursor.fetchall()]
