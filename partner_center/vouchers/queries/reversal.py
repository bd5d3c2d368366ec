"""Reading requests for reversals, and what of a quota's movements could be asked back. The vendor's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from partner_center.access.queries import Name, names, user_names
from partner_center.fence.paging import Paged, newest_first
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.vouchers.models import Quota, ReversalRequest


@dataclass(frozen=True)
class ReversalRow:
    """A request for a reversal: what it would take back, who asks and why, and what was decided."""

    id: UUID
    transfer_id: UUID
    kind: str
    amount: Money
    quota_id: UUID
    quota_number: str
    partner: Name | None
    reason: str
    state: str
    asked_by: UUID
    asker: tuple[str, str]
    asked_at: datetime
    decided_by: UUID | None
    decider: tuple[str, str]
    decided_at: datetime | None
    answer: str
    reversal_id: UUID | None


def _seen(actor: Actor) -> QuerySet[ReversalRequest]:
    # Nobody is a party to them: whoever does not see all finds none, here and behind the fence.
    rows: QuerySet[ReversalRequest] = ReversalRequest.objects.all()
    return rows if actor.sees_all else rows.none()


def reversal_requests(actor: Actor, state: str = "", cursor: str | None = None, limit: int = 20) -> Paged[ReversalRow]:
    """A page of requests, newest first."""
    rows = _seen(actor)
    page = newest_first(rows.filter(state=state) if state else rows, "asked_at", cursor, limit)
    return page.of(_rows(page.rows))


def reversal_counts(actor: Actor) -> dict[str, int]:
    """How many requests are in each state."""
    return dict(_seen(actor).order_by().values_list("state").annotate(Count("id")))


def reversal_request(actor: Actor, request_id: UUID) -> ReversalRow:
    """One request. Raises: NotFound."""
    found = _seen(actor).filter(pk=request_id).first()
    if found is None:
        raise NotFound("reversal")
    return _rows([found])[0]


def waiting_reversals(actor: Actor, transfer_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """transfer → the request that waits for a second person, for those that have one."""
    rows = _seen(actor).filter(transfer_id__in=list(transfer_ids), state="waiting")
    return dict(rows.values_list("transfer_id", "pk"))


def _rows(found: Iterable[ReversalRequest]) -> tuple[ReversalRow, ...]:
    rows = list(found)
    quotas = {each.pk: each for each in Quota.objects.filter(pk__in={row.quota_id for row in rows})}
    partners = names(each.partner_id for each in quotas.values())
    people = user_names(each for row in rows for each in (row.asked_by, row.decided_by))
    return tuple(
        ReversalRow(
            id=row.pk,
            transfer_id=row.transfer_id,
            kind=row.kind,
            amount=Money(row.amount_minor, row.currency),
            quota_id=row.quota_id,
            quota_number=quotas[row.quota_id].number,
            partner=partners.get(quotas[row.quota_id].partner_id),
            reason=row.reason,
            state=row.state,
            asked_by=row.asked_by,
            asker=people.get(row.asked_by, ("", "")),
            asked_at=row.asked_at,
            decided_by=row.decided_by,
            decider=people.get(row.decided_by, ("", "")) if row.decided_by else ("", ""),
            decided_at=row.decided_at,
            answer=row.answer,
            reversal_id=row.reversal_id,
        )
        for row in rows
    )
