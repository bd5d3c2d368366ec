"""What ends soon: quota with something left to issue, and vouchers with something left to spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money

_QUOTA = """
    SELECT q.id, q.partner_id, q.upline_id, a.balance FROM vouchers_quota q JOIN ledger_account a ON a.id = q.id
    WHERE q.state IN ('normal', 'adjusting') AND a.balance > 0
    AND q.ends_at > %(after)s AND q.ends_at <= %(until)s AND q.currency = %(currency)s ORDER BY q.id
"""
_VOUCHERS = """
    SELECT v.customer_id, count(*), sum(a.balance) FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
    WHERE v.state = 'usable' AND NOT v.is_frozen AND a.balance > 0
    AND v.ends_at > %(after)s AND v.ends_at <= %(until)s AND v.currency = %(currency)s
    GROUP BY v.customer_id ORDER BY v.customer_id
"""


@dataclass(frozen=True)
class QuotaEnding:
    """A quota that ends soon, and what is free of it."""

    id: UUID
    partner_id: UUID
    upline_id: UUID | None
    free: Money


@dataclass(frozen=True)
class VouchersEnding:
    """A customer whose vouchers end soon: how many, and what is left of them together."""

    customer_id: UUID
    count: int
    left: Money


def _found(actor: Actor, query: str, currency: str, days: int) -> list[tuple[Any, ...]]:
    until = actor.at + timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(query, {"after": until - timedelta(days=1), "until": until, "currency": currency})
        return list(cursor.fetchall())


def quota_ending(actor: Actor, currency: str, days: int) -> tuple[QuotaEnding, ...]:
    """Quota that ends on that day from now, of which something is free. For the system."""
    return tuple(
        QuotaEnding(id_, partner, upline, Money(free, currency))
        for id_, partner, upline, free in _found(actor, _QUOTA, currency, days)
    )


def vouchers_ending(actor: Actor, currency: str, days: int) -> tuple[VouchersEnding, ...]:
    """Customers with usable vouchers that end on that day from now, one line each. For the system."""
    return tuple(
        VouchersEnding(row[0], row[1], Money(int(row[2]), currency)) for row in _found(actor, _VOUCHERS, currency, days)
    )
