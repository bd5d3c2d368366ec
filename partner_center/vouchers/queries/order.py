"""Reading a customer's orders as its vouchers know them: what is held, what was paid, what was given back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.vouchers.models import Authorisation, AuthorisationPart


@dataclass(frozen=True)
class OrderRow:
    """An order for which value of vouchers is or was held."""

    id: UUID
    order_reference: str
    state: str
    order: Money
    held: Money
    vouchers: tuple[tuple[UUID, str, Money], ...]
    authorised_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    source: str = "order"


@dataclass(frozen=True)
class SpendRow:
    """What one voucher pays, or would have paid, of one order."""

    order_reference: str
    state: str
    amount: Money
    authorised_at: datetime
    ended_at: datetime | None
    source: str = "order"


def my_orders(
    actor: Actor, states: tuple[str, ...] = (), cursor: str | None = None, limit: int = 20
) -> Paged[OrderRow]:
    """The customer's own orders with vouchers, newest first."""
    rows = _mine(actor)
    page = newest_first(rows.filter(state__in=states) if states else rows, "authorised_at", cursor, limit)
    parts: dict[UUID, list[tuple[UUID, str, Money]]] = defaultdict(list)
    found = AuthorisationPart.objects.filter(authorisation__in=page.rows).select_related("voucher").order_by("id")
    for part in found:
        amount = Money(part.amount_minor, part.voucher.currency)
        parts[part.authorisation_id].append((part.voucher_id, part.voucher.number, amount))
    return page.of(tuple(_row(each, tuple(parts[each.pk])) for each in page.rows))


def my_order_counts(actor: Actor) -> dict[str, int]:
    """How many of the customer's own orders are in each state."""
    found = _mine(actor).order_by().values("state").annotate(many=Count("id"))
    return {row["state"]: row["many"] for row in found}


def spends_of(actor: Actor, voucher_id: UUID) -> tuple[SpendRow, ...]:
    """The orders a voucher was held for, newest first, for its customer."""
    parts = AuthorisationPart.objects.visible_to(actor, as_="customer").filter(voucher_id=voucher_id)
    return tuple(
        SpendRow(
            order_reference=part.authorisation.order_reference,
            state=part.authorisation.state,
            amount=Money(part.amount_minor, part.authorisation.currency),
            authorised_at=part.authorisation.authorised_at,
            ended_at=part.authorisation.ended_at,
            source=part.authorisation.source,
        )
        for part in parts.select_related("authorisation").order_by("-authorisation__authorised_at", "-id")
    )


def _mine(actor: Actor) -> QuerySet[Authorisation]:
    rows: QuerySet[Authorisation] = Authorisation.objects.visible_to(actor, as_="customer")
    return rows


def _row(found: Authorisation, parts: tuple[tuple[UUID, str, Money], ...]) -> OrderRow:
    return OrderRow(
        id=found.pk,
        order_reference=found.order_reference,
        state=found.state,
        order=Money(found.order_minor, found.currency),
        held=Money(found.held_minor, found.currency),
        vouchers=parts,
        authorised_at=found.authorised_at,
        expires_at=found.expires_at,
        ended_at=found.ended_at,
        source=found.source,
    )
