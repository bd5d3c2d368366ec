"""Numbers that people read and type: a kind, the month, and a count; the same on pages and on the wire."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

QUOTA, SUB_QUOTA, VOUCHER, BATCH = "VQ", "VS", "VC", "VB"
_SEQUENCE = {
    QUOTA: "vouchers_quota_number",
    SUB_QUOTA: "vouchers_quota_number",
    VOUCHER: "vouchers_voucher_number",
    BATCH: "vouchers_batch_number",
}


def next_numbers(kind: str, at: datetime, many: int) -> list[str]:
    """As many fresh numbers, each given once and never again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [_SEQUENCE[kind], many])
        return [f"{kind}{at:%y%m}-{row[0]:06d}" for row in cursor.fetchall()]
