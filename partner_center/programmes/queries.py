"""Reading applications to join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from partner_center.customers.models import Account
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.partners.queries import is_company_of_partner
from partner_center.programmes import rules
from partner_center.programmes.models import Application
from partner_center.reviews.queries import ReviewRow, review


@dataclass(frozen=True)
class ApplicationRow:
    """An application as its applicant and the vendor see it."""

    id: UUID
    number: str
    site: str
    state: str
    identity: str
    uscc: str
    name_zh: str
    name_en: str
    registered_address: str
    account_name: str
    display_name: str
    login: str
    email: str
    phone: str
    language: str
    asked_at: datetime
    link_ends_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None
    review_id: UUID | None
    organisation_id: UUID | None
    user_id: UUID | None


def next_number(at: datetime) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('programmes_application_number')")
        return f"AP{at:%y%m}-{cursor.fetchone()[0]:04d}"


def application(actor: Actor, application_id: UUID) -> ApplicationRow:
    """An application the actor may see. Raises: NotFound."""
    found = Application.objects.visible_to(actor).filter(pk=application_id).first()
    if found is None:
        raise NotFound("application")
    return ApplicationRow(**{name: getattr(found, name) for name in ApplicationRow.__dataclass_fields__})


def locked(actor: Actor, **about: Any) -> Application:
    """An application about to move. Raises: NotFound."""
    found = Application.objects.visible_to(actor).select_for_update(no_key=True).filter(**about).first()
    if found is None:
        raise NotFound("application")
    return found


def review_of(actor: Actor, row: Application) -> ReviewRow:
    """The review of an application. Raises: NotFound for one that is in none."""
    if row.review_id is None:
        raise NotFound("review")
    return review(actor, row.review_id)


def apply_facts(actor: Actor, *, uscc: str, taken: bool, accepts: bool) -> rules.ApplyFacts:
    return rules.ApplyFacts(
        uscc=uscc,
        is_partner=is_company_of_partner(uscc, actor.site),
        under_review=under_review(actor, actor.site, uscc),
        login_taken=taken,
        accepts=accepts,
    )


def under_review(actor: Actor, site: str, uscc: str) -> bool:
    rows = Application.objects.visible_to(actor).filter(site=site, uscc=uscc, state="in_review")
    return bool(uscc) and rows.exists()


def join_facts(actor: Actor, row: Application) -> rules.JoinFacts:
    """What is known of the cloud account that the applicant named."""
    account = Account.objects.visible_to(actor).filter(site=row.site, account_name=row.account_name).first()
    return rules.JoinFacts(
        account_name=row.account_name,
        account_known=account is not None,
        verified_status=account.verified_status if account else -1,
        customer_type=account.customer_type if account else -1,
        same_company=bool(account and _same_company(account, row)),
        same_email=bool(account and account.email and account.email.lower() == row.email.lower()),
    )


def _same_company(account: Account, row: Application) -> bool:
    if row.uscc or account.uscc:
        return row.uscc == account.uscc
    return account.real_name_en.casefold() == row.name_en.casefold() != ""


def due_to_lapse(actor: Actor, limit: int) -> tuple[UUID, ...]:
    """Drafts whose link to confirm is over."""
    rows = Application.objects.visible_to(actor).filter(state="draft", link_ends_at__lte=actor.at)
    return tuple(rows.order_by("link_ends_at").values_list("pk", flat=True)[:limit])
