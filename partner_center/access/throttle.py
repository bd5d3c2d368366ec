"""Counting tries, in a transaction of their own: what was tried stays counted when the action is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from partner_center.access.models import Throttle
from partner_center.fence.seat import whole

_COUNT = f"""
    INSERT INTO {Throttle._meta.db_table} AS t (bucket, tries, ends_at)
    VALUES (%s, 1, clock_timestamp() + make_interval(secs => %s))
    ON CONFLICT (bucket) DO UPDATE SET
        tries = CASE WHEN t.ends_at <= clock_timestamp() THEN 1 ELSE t.tries + 1 END,
        ends_at = CASE WHEN t.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE t.ends_at END
    RETURNING tries, ends_at
"""


@dataclass(frozen=True)
class Count:
    """How often, this time included, and until when the stretch lasts."""

    tries: int
    ends_at: datetime

    def exceeds(self, most: int) -> bool:
        return self.tries > most


def count(bucket: str, seconds: float) -> Count:
    """Count one more try in the bucket's running stretch of time. Call it outside an action."""
    with whole("S-563: tries are counted before anybody is let in"), connection.cursor() as cursor:
        cursor.execute(_COUNT, [bucket[:200], seconds])
        tries, ends_at = cursor.fetchone()
        return Count(tries, ends_at)


def clear(bucket: str) -> None:
    """Forget a bucket, as after a right password."""
    Throttle.objects.filter(bucket=bucket[:200]).delete()


def forgive(bucket: str) -> None:
    """Take one try back that turned out to be right; what was wrong before it stays counted."""
    Throttle.objects.filter(bucket=bucket[:200], tries__gt=0).update(tries=F("tries") - 1)


def sweep() -> int:
    """Remove buckets whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {Throttle._meta.db_table} WHERE ends_at < clock_timestamp() - interval '1 day'")
        return int(cursor.rowcount)
