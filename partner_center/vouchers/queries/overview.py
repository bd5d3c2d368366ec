"""Reading quota and vouchers in sums: what a seat has in all, what will end, who holds how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.vouchers.queries.own import customers_rows
from partner_center.vouchers.rules import QuotaSum

TERMS = ("value", "free", "passed_on", "outstanding", "spent", "lost", "given_back")


# Usable vouchers of the seat's own issuing by their window: how many, and what is left of them. Untouched ones have
# their whole face value and are tallied; only those an order holds or has used are looked up on the books.
_USABLE = """
    SELECT t.starts_at, t.ends_at, t.currency, t.vouchers, t.face_minor AS minor FROM vouchers_tally t
        WHERE (%(all)s OR t.partner_id = %(seat)s) AND t.state = 'usable'
    UNION ALL
    SELECT v.starts_at, v.ends_at, v.currency, 0, a.balance - v.face_minor
        FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
        WHERE (%(all)s OR v.partner_id = %(seat)s) AND v.state = 'usable'
        AND (v.lock_order <> '' OR v.last_used_at IS NOT NULL)
"""
_MINE = """
    SELECT v.starts_at, v.ends_at, v.currency, 1 AS vouchers, a.balance AS minor
        FROM vouchers_voucher v JOIN ledger_account a ON a.id = v.id
        WHERE v.customer_id = %(seat)s AND v.state = 'usable'
"""


@dataclass(frozen=True)
class Held:
    """Vouchers that may still be used: how many, and what is left of them."""

    count: int
    left: Money


@dataclass(frozen=True)
class Ending:
    """Money that goes when a quota, or the vouchers of one day, end and nobody acts."""

    kind: Literal["quota", "vouchers"]
    ends_at: datetime
    count: int
    amount: Money
    quota_id: UUID | None = None
    number: str = ""
    partner_id: UUID | None = None
    state: str = ""


@dataclass(frozen=True)
class ResellerQuota:
    """What a distributor has passed on to one reseller, net of what came back: not issued yet, lapsed, or issued."""

    quotas: int
    passed_on: Money
    left: Money
    lost: Money

    @property
    def issued(self) -> Money:
        return self.passed_on - self.left - self.lost


def quota_total(actor: Actor) -> tuple[QuotaSum, ...]:
    """All quota of the seat as one sum that closes, one a currency; for vendor staff all that was granted, every level.

    To the vendor a grant that was reversed was none.

    Rules: S-366.
    """
    found = _rows(
        f"""
        WITH mine AS (SELECT * FROM vouchers_quota WHERE %(all)s OR partner_id = %(seat)s)
        SELECT currency, term, sum(minor)::bigint FROM (
            SELECT currency, 'value', value_minor - CASE WHEN %(all)s THEN given_back_minor ELSE 0 END FROM mine
                WHERE parent_id IS NULL OR (NOT %(all)s AND upline_id IS NOT NULL)
            UNION ALL SELECT currency, 'given_back', given_back_minor FROM mine WHERE NOT %(all)s
            UNION ALL SELECT currency, 'passed_on', value_minor - given_back_minor FROM vouchers_quota
                WHERE NOT %(all)s AND upline_id = %(seat)s
            UNION ALL SELECT a.currency, 'free', a.balance FROM mine JOIN ledger_account a ON a.id = mine.id
            UNION ALL SELECT a.currency, 'spent', a.balance FROM mine JOIN ledger_account a ON a.id = mine.spent_account
            UNION ALL SELECT a.currency, 'lost', a.balance FROM mine JOIN ledger_account a ON a.id = mine.lost_account
            UNION ALL SELECT currency, 'outstanding', minor FROM ({_USABLE}) AS usable
            UNION ALL SELECT o.currency, 'outstanding', p.amount_minor FROM vouchers_authorisationpart p
                JOIN vouchers_authorisation o ON o.id = p.authorisation_id
                WHERE (%(all)s OR p.partner_id = %(seat)s) AND o.state = 'authorised'
        ) AS each(currency, term, minor) GROUP BY currency, term ORDER BY currency
        """,
        _of(actor),
    )
    sums: dict[str, dict[str, int]] = {}
    for currency, term, minor in found:
        sums.setdefault(currency, {})[term] = minor
    return tuple(
        QuotaSum(**{term: Money(known.get(term, 0), currency) for term in TERMS}) for currency, known in sums.items()
    )


def ending(actor: Actor, until: datetime, limit: int = 50) -> tuple[Ending, ...]:
    """What will end by itself with money in it, soonest first: the seat's quota, and its vouchers by their end.

    A customer has its own vouchers only; for vendor staff it is quota only, of every level.
    Rules: S-361, S-401.
    """
    found = _rows(
        """
        SELECT 'quota', q.ends_at, 1, a.balance, a.currency, q.id, q.number, q.partner_id, q.state
            FROM vouchers_quota q JOIN ledger_account a ON a.id = q.id
            WHERE %(audience)s <> 'customer' AND (%(all)s OR q.partner_id = %(seat)s)
            AND q.state IN ('normal', 'frozen', 'adjusting') AND a.balance > 0
            AND q.ends_at > %(at)s AND q.ends_at <= %(until)s
        UNION ALL
        SELECT 'vouchers', ends_at, sum(vouchers)::bigint, sum(minor)::bigint, currency, NULL, '', NULL, ''
            FROM ({usable}) AS usable WHERE NOT %(all)s AND ends_at > %(at)s AND ends_at <= %(until)s
            GROUP BY ends_at, currency HAVING sum(vouchers) > 0
        ORDER BY 2, 4 DESC LIMIT %(limit)s
        """.format(usable=_MINE if actor.audience == "customer" else _USABLE),
        _of(actor) | {"until": until, "limit": limit},
    )
    return tuple(
        Ending(kind, ends_at, count, Money(minor, currency), *rest)
        for kind, ends_at, count, minor, currency, *rest in found
    )


def quota_ending(actor: Actor, until: datetime, limit: int = 50) -> tuple[Ending, ...]:
    """The quota among what will end."""
    return tuple(each for each in ending(actor, until, limit) if each.kind == "quota")


def usable_by_customer(actor: Actor, customer_ids: Iterable[UUID]) -> dict[UUID, Held]:
    """What the customers can still use of the vouchers the seat may see; those that have none are left out."""
    found = _rows(
        """
        SELECT v.customer_id, count(*), sum(a.balance)::bigint, a.currency FROM vouchers_voucher v
        JOIN ledger_account a ON a.id = v.id
        WHERE v.customer_id = ANY (%(ids)s) AND (%(all)s OR %(seat)s IN (v.partner_id, v.upline_id))
        AND v.state = 'usable' AND v.ends_at > %(at)s
        GROUP BY v.customer_id, a.currency
        """,
        _of(actor) | {"ids": list(customer_ids)},
    )
    return {customer: Held(count, Money(minor, currency)) for customer, count, minor, currency in found}


def usable_in_all(actor: Actor) -> tuple[Held, ...]:
    """The vouchers of the seat's own issuing that customers may use now, one sum a currency."""
    found = _rows(
        f"""
        SELECT sum(vouchers)::bigint, sum(minor)::bigint, currency FROM ({_USABLE}) AS usable
        WHERE starts_at <= %(at)s GROUP BY currency HAVING sum(vouchers) > 0 ORDER BY currency
        """,
        _of(actor),
    )
    return tuple(Held(count, Money(minor, currency)) for count, minor, currency in found)


def passed_on_by_reseller(actor: Actor, reseller_ids: Iterable[UUID]) -> dict[UUID, ResellerQuota]:
    """For each reseller what the seat has passed on to it; those that got none are left out."""
    found = _rows(
        """
        SELECT q.partner_id, count(*), sum(q.value_minor - q.given_back_minor)::bigint, sum(a.balance)::bigint,
            sum(l.balance)::bigint, a.currency
        FROM vouchers_quota q JOIN ledger_account a ON a.id = q.id JOIN ledger_account l ON l.id = q.lost_account
        WHERE q.upline_id = %(seat)s AND q.partner_id = ANY (%(ids)s) GROUP BY q.partner_id, a.currency
        """,
        _of(actor) | {"ids": list(reseller_ids)},
    )
    return {
        reseller: ResellerQuota(count, Money(net, currency), Money(left, currency), Money(lost, currency))
        for reseller, count, net, left, lost, currency in found
    }


def passed_on_in_all(actor: Actor) -> tuple[ResellerQuota, ...]:
    """What the seat has passed on to all its resellers together, one sum a currency."""
    found = _rows(
        """
        SELECT count(*), sum(q.value_minor - q.given_back_minor)::bigint, sum(a.balance)::bigint,
            sum(l.balance)::bigint, a.currency
        FROM vouchers_quota q JOIN ledger_account a ON a.id = q.id JOIN ledger_account l ON l.id = q.lost_account
        WHERE q.upline_id = %(seat)s GROUP BY a.currency ORDER BY a.currency
        """,
        _of(actor),
    )
    return tuple(
        ResellerQuota(count, Money(net, currency), Money(left, currency), Money(lost, currency))
        for count, net, left, lost, currency in found
    )


def my_usable(actor: Actor) -> tuple[Held, ...]:
    """What the customer's own usable vouchers hold, one sum a currency."""
    ids = list(customers_rows(actor).filter(state="usable").values_list("pk", flat=True))
    found = _rows(
        "SELECT count(*), sum(balance)::bigint, currency FROM ledger_account WHERE id = ANY (%(ids)s) GROUP BY 3",
        {"ids": ids},
    )
    return tuple(Held(count, Money(minor, currency)) for count, minor, currency in found)


def _of(actor: Actor) -> dict[str, Any]:
    return {"all": actor.sees_all, "seat": actor.seat_id, "at": actor.at, "audience": actor.audience}


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
