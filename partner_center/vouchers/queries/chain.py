"""Who holds what of a quota, down the chain: its holder, the resellers it was passed on to, their customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from partner_center.access.queries import Name, names
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.quota import QuotaRow, quota_sums, rows_of
from partner_center.vouchers.rules import QuotaSum

MOST_CUSTOMERS = 10


@dataclass(frozen=True)
class HeldBy:
    """What customers have of a quota in vouchers; without one customer it is the rest of them together."""

    customer: Name | None
    customers: int
    vouchers: int
    left: Money
    spent: Money


@dataclass(frozen=True)
class Link:
    """A quota in the chain with its sum, and the customers that hold most of it."""

    row: QuotaRow
    sum: QuotaSum
    held: tuple[HeldBy, ...]

    @property
    def closes(self) -> bool:
        """Whether its sum closes, and its customers' vouchers make up what is outstanding and spent of it."""
        zero = Money.zero(self.row.value.currency)
        left = sum((each.left for each in self.held), zero)
        spent = sum((each.spent for each in self.held), zero)
        return self.sum.closes and left == self.sum.outstanding and spent == self.sum.spent


@dataclass(frozen=True)
class Chain:
    """A quota and the parts of it, the largest first."""

    whole: Link
    parts: tuple[Link, ...]

    @property
    def closes(self) -> bool:
        """Whether every level closes, and the parts make up what was passed on."""
        passed = sum((each.sum.value - each.sum.given_back for each in self.parts), self.whole.sum.value * 0)
        return passed == self.whole.sum.passed_on and all(each.closes for each in (self.whole, *self.parts))


def chain(actor: Actor, quota_id: UUID) -> Chain:
    """A quota with everybody who holds some of it. Rules: S-366. Raises: NotFound."""
    quota = Quota.objects.visible_to(actor).select_related("parent").filter(pk=quota_id).first()
    if quota is None:
        raise NotFound("quota")
    parts = list(Quota.objects.visible_to(actor).filter(parent=quota).select_related("parent").order_by("granted_at"))
    every = [quota, *parts]
    sums, held = quota_sums(every), _held(every)
    links = [Link(row, sums[row.id], held.get(row.id, ())) for row in rows_of(every)]
    ordered = sorted(links[1:], key=lambda each: each.sum.given_back.minor - each.sum.value.minor)
    return Chain(links[0], tuple(ordered))


# What an order holds is the customer's still; what is neither left, held nor come back is spent.
_HELD = f"""
    WITH each AS (
        SELECT v.quota_id, v.customer_id, count(*) AS vouchers,
            sum(a.balance + coalesce(h.amount, 0)) AS left_minor,
            sum(v.face_minor - a.balance - v.came_back_minor - coalesce(h.amount, 0)) AS spent_minor
        FROM vouchers_voucher v
        JOIN ledger_account a ON a.id = v.id
        LEFT JOIN (
            SELECT p.voucher_id, sum(p.amount_minor) AS amount FROM vouchers_authorisationpart p
            JOIN vouchers_authorisation o ON o.id = p.authorisation_id
            WHERE o.state = 'authorised' AND p.quota_id = ANY (%(ids)s) GROUP BY p.voucher_id
        ) AS h ON h.voucher_id = v.id
        WHERE v.quota_id = ANY (%(ids)s) GROUP BY v.quota_id, v.customer_id
    ), ranked AS (
        SELECT *, row_number() OVER (
            PARTITION BY quota_id ORDER BY left_minor DESC, spent_minor DESC, customer_id
        ) AS place FROM each WHERE left_minor > 0 OR spent_minor > 0
    )
    SELECT quota_id, CASE WHEN place <= {MOST_CUSTOMERS} THEN customer_id END AS shown, count(*),
        sum(vouchers)::bigint, sum(left_minor)::bigint, sum(spent_minor)::bigint
    FROM ranked GROUP BY quota_id, shown, CASE WHEN place <= {MOST_CUSTOMERS} THEN place END
    ORDER BY quota_id, min(place)
"""


def _held(quotas: Sequence[Quota]) -> dict[UUID, tuple[HeldBy, ...]]:
    currency = {quota.pk: quota.currency for quota in quotas}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"ids": list(currency)})
        found = cursor.fetchall()
    named = names(row[1] for row in found)
    held: dict[UUID, list[HeldBy]] = defaultdict(list)
    for quota, customer, customers, many, left, spent in found:
        unit = currency[quota]
        held[quota].append(HeldBy(named.get(customer), customers, many, Money(left, unit), Money(spent, unit)))
    return {quota: tuple(rows) for quota, rows in held.items()}
