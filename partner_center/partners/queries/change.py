"""Reading a company's base information: what it is, what it was when, and the changes that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.partners.models import Account, Company, CompanyChange, CompanyFact
from partner_center.partners.rules import EDITABLE
from partner_center.reviews.queries import ReviewRow, live_of, reviews


@dataclass(frozen=True)
class SeatCompany:
    """The company behind the seat, as its base-information page shows it."""

    company_id: UUID
    partner_id: UUID
    is_main: bool
    site: str
    uscc: str
    facts: Mapping[str, str]
    contracting_entity: str


@dataclass(frozen=True)
class ChangeRow:
    """A change that was asked for, and its review."""

    id: UUID
    company_id: UUID
    partner_id: UUID
    review_id: UUID
    before: Mapping[str, str]
    after: Mapping[str, str]
    asked_at: datetime
    applied_at: datetime | None
    review: ReviewRow


@dataclass(frozen=True)
class FactRow:
    """What a company was called, or where it sat, from when to when."""

    field: str
    value: str
    valid_from: datetime
    valid_to: datetime | None


def facts_of(row: Company) -> dict[str, str]:
    return {field: getattr(row, field) for field in EDITABLE}


def seat_company(actor: Actor) -> SeatCompany:
    """The company of the actor's own account. Raises: NotFound."""
    own = Account.objects.visible_to(actor).select_related("company").filter(pk=actor.seat_id).first()
    if own is None:
        raise NotFound("company")
    row = own.company
    return SeatCompany(row.pk, own.pk, own.is_main, row.site, row.uscc or "", facts_of(row), row.contracting_entity)


def lock_company(actor: Actor, company_id: UUID) -> Company:
    """A company whose base information is about to change. Raises: NotFound."""
    found = Company.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=company_id).first()
    if found is None:
        raise NotFound("company")
    return found


def main_account(company_id: UUID) -> UUID | None:
    """The account that represents a company."""
    with whole("L-006: which account is the main one of a company"):
        return Account.objects.filter(company_id=company_id, is_main=True).values_list("pk", flat=True).first()


def pending(actor: Actor, company_id: UUID) -> ReviewRow | None:
    """The review of a change that is not over."""
    return live_of(actor, "company_change", company_id)


def changes(actor: Actor, company_id: UUID, limit: int = 50) -> tuple[ChangeRow, ...]:
    """The changes that were asked for, newest first."""
    rows = list(CompanyChange.objects.visible_to(actor).filter(company_id=company_id).order_by("-asked_at")[:limit])
    known = reviews(actor, [row.review_id for row in rows])
    return tuple(_row(row, known[row.review_id]) for row in rows)


def change_of_review(actor: Actor, review_id: UUID) -> ChangeRow:
    """The change a review is about. Raises: NotFound."""
    found = CompanyChange.objects.visible_to(actor).filter(review_id=review_id).first()
    if found is None:
        raise NotFound("company_change")
    return _row(found, reviews(actor, [review_id])[review_id])


def _row(row: CompanyChange, review: ReviewRow) -> ChangeRow:
    return ChangeRow(
        row.pk,
        row.company_id,
        row.partner_id,
        row.review_id,
        row.before,
        row.after,
        row.asked_at,
        row.applied_at,
        review,
    )


def company_facts(actor: Actor, company_id: UUID) -> tuple[FactRow, ...]:
    """Each value a company had of what was ever changed, newest first."""
    rows = CompanyFact.objects.visible_to(actor).filter(company_id=company_id).order_by("-valid_from", "field")
    return tuple(FactRow(r.field, r.value, r.valid_from, r.valid_to) for r in rows)


def company_as_of(actor: Actor, company_id: UUID, at: datetime) -> dict[str, str]:
    """What a company was called and where it sat at an instant. Raises: NotFound."""
    row = Company.objects.visible_to(actor).filter(pk=company_id).first()
    if row is None:
        raise NotFound("company")
    dated = CompanyFact.objects.visible_to(actor).filter(company_id=company_id, valid_from__lte=at)
    then = dated.filter(Q(valid_to=None) | Q(valid_to__gt=at)).values_list("field", "value")
    return {**facts_of(row), **dict(then)}


def opened_at(actor: Actor, company_id: UUID) -> datetime | None:
    """Since when a company is known by what it is called: since its first account."""
    rows = Account.objects.visible_to(actor).filter(company_id=company_id).order_by("opened_at")
    return rows.values_list("opened_at", flat=True).first()
