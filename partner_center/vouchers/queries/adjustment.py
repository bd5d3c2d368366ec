"""Reading what the vendor changed of a quota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partner_center.access.queries import user_names
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.vouchers.models import QuotaAdjustment
from partner_center.vouchers.rules import Scope

MOST = 100


@dataclass(frozen=True)
class AdjustmentRow:
    """One change of a quota's terms: each before and after."""

    id: UUID
    value: tuple[Money, Money]
    ends_at: tuple[datetime, datetime]
    scope: tuple[Scope, Scope]
    customers: tuple[frozenset[UUID], frozenset[UUID]]
    reason: str
    operator: tuple[str, str] | None
    at: datetime

    @property
    def change(self) -> Money:
        before, after = self.value
        return after - before


def adjustments(actor: Actor, quota_id: UUID) -> tuple[AdjustmentRow, ...]:
    """What was changed of a quota the seat may see, the latest first. Rules: S-361."""
    found = list(QuotaAdjustment.objects.visible_to(actor).filter(quota_id=quota_id).order_by("-at", "-id")[:MOST])
    people = user_names(row.user_id for row in found)
    return tuple(_row(row, people.get(row.user_id) if row.user_id else None) for row in found)


def _row(row: QuotaAdjustment, operator: tuple[str, str] | None) -> AdjustmentRow:
    return AdjustmentRow(
        id=row.pk,
        value=(Money(row.value_before, row.currency), Money(row.value_after, row.currency)),
        ends_at=(row.ends_before, row.ends_after),
        scope=(
            Scope(frozenset(row.service_types_before), frozenset(row.product_codes_before)),
            Scope(frozenset(row.service_types_after), frozenset(row.product_codes_after)),
        ),
        customers=(frozenset(row.customers_before), frozenset(row.customers_after)),
        reason=row.reason,
        operator=operator,
        at=row.at,
    )
