"""Reading associations: whose customer an account is, in which model, since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from partner_center.customers.models import Association
from partner_center.customers.queries.account import Place, called, real_name
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.partners.queries import uscc_of_company

Tab = Literal["own", "resellers"]


@dataclass(frozen=True)
class AssociationFacts:
    """A live association, as rules ask about it."""

    association_id: UUID
    customer_id: UUID
    partner_id: UUID
    upline_id: UUID | None
    type: int
    associated_at: datetime
    customer_site: str
    same_company: bool
    name_zh: str
    name_en: str
    account_name: str
    number: str

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True, slots=True)
class Relation:
    """What one asks of a customer of the seat where there are ten thousand: its model, and whether it is the seat."""

    type: int
    same_company: bool


@dataclass(frozen=True)
class CustomerRow:
    """A customer with its live association, as lists show it (S-250)."""

    customer_id: UUID
    number: str
    name_zh: str
    name_en: str
    account_name: str
    partner_id: UUID
    upline_id: UUID | None
    association_id: UUID
    type: int
    associated_at: datetime
    label: str
    phone: str
    email: str
    country_code: str
    verified_status: int
    customer_type: int
    level: str
    xaccount_id: str
    xaccount_type: str

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True)
class CustomerPage:
    """A page by offset, with how many there are in all."""

    rows: tuple[CustomerRow, ...]
    count: int


@dataclass(frozen=True)
class CustomerList:
    """A page by keyset: the place where the next one begins, and how many there are of each association type."""

    rows: tuple[CustomerRow, ...]
    next: Place | None
    counts: dict[int, int]


# For verbs ----------------------------------------------------------------------------------------------------------


def associations(actor: Actor, customer_ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, AssociationFacts]:
    """The live associations of the actor's seat, as partner, with these customers; others are left out.

    With `lock` they stay as they are until the transaction ends.
    """
    wanted = sorted(set(customer_ids))
    if actor.seat is None or not wanted:
        return {}
    with connection.cursor() as cursor:
        # Locked in primary-key order; who ends an association takes the stronger lock. The seat's own company is
        # within its fence, so `same_company` is the whole truth here.
        cursor.execute(f"{_LIVE_OF_PARTNER} {'FOR SHARE OF a' if lock else ''}", [actor.seat, wanted])
        return {row[1]: AssociationFacts(*row) for row in cursor.fetchall()}


def relations(actor: Actor, customer_ids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, Relation]:
    """The same for many customers, of each only what an issue asks; those that are alike share their answer.

    With `lock` they stay as they are until the transaction ends.
    """
    if actor.seat is None or not customer_ids:
        return {}
    wanted = "{" + ",".join(each.hex for each in customer_ids) + "}"
    with connection.cursor() as cursor:
        cursor.execute(_RELATIONS.format(lock="FOR SHARE OF a" if lock else ""), [wanted, actor.seat])
        answers = [(Relation(type_, same), places) for type_, same, places in cursor.fetchall()]
    return {customer_ids[place - 1]: answer for answer, places in answers for place in places}


# Told by their place among those that were asked for: a number each, where ids would be read and made again.
_RELATIONS = """
    WITH held AS MATERIALIZED (
        SELECT asked.place, a.type, coalesce(c.uscc <> '' AND c.uscc = k.uscc, false) AS same_company
        FROM unnest(%s::uuid[]) WITH ORDINALITY AS asked (id, place)
        JOIN customers_association a ON a.customer_id = asked.id
        JOIN customers_account c ON c.organisation_id = a.customer_id
        LEFT JOIN partners_account p ON p.organisation_id = a.partner_id
        LEFT JOIN partners_company k ON k.id = p.company_id
        WHERE a.partner_id = %s AND a.state = 'active'
        ORDER BY a.id {lock}
    )
    SELECT type, same_company, array_agg(place) FROM held GROUP BY type, same_company
"""
_LIVE_OF_PARTNER = """
    SELECT a.id, a.customer_id, a.partner_id, a.upline_id, a.type, a.associated_at, c.site,
           coalesce(c.uscc <> '' AND c.uscc = k.uscc, false), c.real_name_zh, c.real_name_en, c.account_name,
           replace(a.customer_id::text, '-', '')
    FROM customers_association a
    JOIN customers_account c ON c.organisation_id = a.customer_id
    LEFT JOIN partners_account p ON p.organisation_id = a.partner_id
    LEFT JOIN partners_company k ON k.id = p.company_id
    WHERE a.partner_id = %s AND a.customer_id = ANY (%s::uuid[]) AND a.state = 'active'
    ORDER BY a.id
"""


def customers_of_accounts(actor: Actor, accounts: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Which of these accounts are the seat's own customers now, by account name, with their names. Rules: S-382."""
    mine = Association.objects.visible_to(actor, as_="partner").filter(state="active")
    rows = mine.filter(customer__account_name__in=list(accounts))
    found = rows.values_list("customer__account_name", "customer__real_name_zh", "customer__real_name_en")
    return {account: (zh, en) for account, zh, en in found}


def association_of(actor: Actor, customer_id: UUID) -> AssociationFacts | None:
    """The live association of a customer, for whoever is a party to it: my partner, or my customer.

    Rules: S-184.
    """
    found = _live(actor).filter(customer_id=customer_id).first()
    return next(iter(_facts([found])), None) if found else None


def hold_association(actor: Actor, customer_id: UUID) -> AssociationFacts:
    """The live association of the actor's seat with a customer, locked by who is about to end it.

    Raises: NotFound.
    """
    mine = Association.objects.visible_to(actor, as_=None if actor.sees_all else "partner")
    mine = mine.filter(customer_id=customer_id, state="active")
    found = mine.select_for_update().values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("customer")
    return _facts([_live(actor).get(pk=found)])[0]


def _live(actor: Actor) -> QuerySet[Association]:
    rows: QuerySet[Association] = Association.objects.visible_to(actor).filter(state="active")
    return rows.select_related("customer")


def _facts(rows: Iterable[Association]) -> tuple[AssociationFacts, ...]:
    found = list(rows)
    codes = {partner: uscc_of_company(partner) for partner in {row.partner_id for row in found}}
    return tuple(
        AssociationFacts(
            association_id=row.pk,
            customer_id=row.customer_id,
            partner_id=row.partner_id,
            upline_id=row.upline_id,
            type=row.type,
            associated_at=row.associated_at,
            customer_site=row.customer.site,
            same_company=bool(row.customer.uscc) and row.customer.uscc == codes[row.partner_id],
            name_zh=row.customer.real_name_zh,
            name_en=row.customer.real_name_en,
            account_name=row.customer.account_name,
            number=row.customer_id.hex,
        )
        for row in found
    )


def ended_since(actor: Actor, customer_id: UUID, partner_id: UUID, since: datetime) -> tuple[datetime, ...]:
    """When either side ended this pair's associations after an instant, oldest first.

    Rules: S-191, S-193.
    """
    rows = Association.objects.visible_to(actor).filter(customer_id=customer_id, partner_id=partner_id, state="ended")
    asked = rows.filter(ended_by__in=("partner", "customer"), ended_at__gt=since).order_by("ended_at")
    return tuple(row.ended_at for row in asked if row.ended_at)


def has_partner(customer_id: UUID) -> bool:
    """Whether a customer is anybody's already."""
    return bool(with_partner([customer_id]))


def with_partner(customer_ids: Collection[UUID]) -> set[UUID]:
    """Those of the customers that are somebody's already."""
    with whole("S-141: whether the customer is associated with any partner"):
        live = Association.objects.filter(customer_id__in=customer_ids, state="active")
        return set(live.values_list("customer_id", flat=True))


# For pages and interfaces -------------------------------------------------------------------------------------------


def customer_detail(actor: Actor, customer_id: UUID) -> CustomerRow:
    """A customer with its live association, for the partner and its distributor. Raises: NotFound."""
    found = _live(actor).filter(customer_id=customer_id).first()
    if found is None:
        raise NotFound("customer")
    return _as_rows([found])[0]


def sub_customers(
    actor: Actor,
    *,
    account_name: str = "",
    customer: str = "",
    label: str = "",
    association_type: int | None = None,
    associated_after: datetime | None = None,
    associated_before: datetime | None = None,
    customer_ids: Iterable[UUID] = (),
    reseller_id: UUID | None = None,
    tab: Tab = "own",
    offset: int = 0,
    limit: int = 10,
) -> CustomerPage:
    """The seat's customers, or its resellers', newest association first; both ends of the time span are left out.

    Rules: S-251, S-252, S-253.
    """
    rows = _of_tab(actor, tab)
    wanted: dict[str, Any] = {
        "customer__account_name__icontains": account_name,
        "label__contains": label,
        "type": association_type,
        "associated_at__gt": associated_after,
        "associated_at__lt": associated_before,
        "customer_id__in": list(customer_ids),
        "partner_id": reseller_id,
    }
    rows = rows.filter(**{field: value for field, value in wanted.items() if value})
    if customer:
        rows = rows.filter(real_name(customer))
    page = rows.order_by("-associated_at", "-pk")[offset : offset + limit]
    return CustomerPage(_as_rows(list(page)), rows.count())


def customers_page(
    actor: Actor,
    *,
    text: str = "",
    type: int | None = None,
    tab: Tab = "own",
    after: Place | None = None,
    limit: int = 50,
) -> CustomerList:
    """The seat's customers, or its resellers', behind the place `after`; `text` is part of a name or a label.

    Rules: S-250, S-251.
    """
    rows = _named(_of_tab(actor, tab), text)
    counts = dict(rows.order_by("type").values_list("type").annotate(Count("pk")))
    if type:
        rows = rows.filter(type=type)
    if after:
        # A bound on the index's first column, then the rows of that very instant: PostgreSQL walks the index.
        rows = rows.filter(associated_at__lte=after[0]).exclude(associated_at=after[0], pk__gte=after[1])
    # Accounts of the few that are shown are fetched apart: joined and fenced, they would be read for all that are not.
    shown = rows.select_related(None).prefetch_related("customer")
    found = list(shown.order_by("-associated_at", "-pk")[: limit + 1])
    place = (found[limit - 1].associated_at, found[limit - 1].pk) if len(found) > limit else None
    return CustomerList(_as_rows(found[:limit]), place, counts)


def association_counts(actor: Actor, tab: Tab = "own", text: str = "") -> dict[int, int]:
    """How many customers the seat, or its resellers, have of each association type."""
    return dict(_named(_of_tab(actor, tab), text).order_by("type").values_list("type").annotate(Count("pk")))


def _named(rows: QuerySet[Association], text: str) -> QuerySet[Association]:
    return rows.filter(called(text, "customer__") | Q(label__contains=text)) if text else rows


def _of_tab(actor: Actor, tab: Tab) -> QuerySet[Association]:
    if actor.sees_all:
        return _live(actor)
    as_ = "partner" if tab == "own" else "upline"
    rows: QuerySet[Association] = Association.objects.visible_to(actor, as_=as_).filter(state="active")
    return rows.select_related("customer")


def _as_rows(found: list[Association]) -> tuple[CustomerRow, ...]:
    return tuple(
        CustomerRow(
            customer_id=row.customer_id,
            number=row.customer_id.hex,
            name_zh=row.customer.real_name_zh,
            name_en=row.customer.real_name_en,
            account_name=row.customer.account_name,
            partner_id=row.partner_id,
            upline_id=row.upline_id,
            association_id=row.pk,
            type=row.type,
            associated_at=row.associated_at,
            label=row.label,
            phone=row.customer.phone,
            email=row.customer.email,
            country_code=row.customer.country_code,
            verified_status=row.customer.verified_status,
            customer_type=row.customer.customer_type,
            level=row.customer.level,
            xaccount_id=row.xaccount_id,
            xaccount_type=row.xaccount_type,
        )
        for row in found
    )
