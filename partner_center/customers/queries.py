"""Reading customers and their associations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from partner_center.access.queries import names
from partner_center.customers.models import Account, Association
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.partners.queries import uscc_of_company

Tab = Literal["own", "resellers"]
Place = tuple[datetime, UUID]


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


@dataclass(frozen=True)
class CustomerAccount:
    """A customer's account, associated or not, as the vendor and the verbs above see it."""

    organisation_id: UUID
    number: str
    site: str
    account_name: str
    name_zh: str
    name_en: str
    uscc: str
    phone: str
    email: str
    country_code: str
    verified_status: int
    customer_type: int
    level: str
    is_finance_managed: bool
    registered_at: datetime
    partner_id: UUID | None
    upline_id: UUID | None

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en


# For verbs ----------------------------------------------------------------------------------------------------------


def associations(actor: Actor, customer_ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, AssociationFacts]:
    """The live associations of the actor's seat, as partner, with these customers; others are left out.

    With `lock` they stay as they are until the transaction ends.
    """
    wanted = sorted(set(customer_ids))
    if actor.seat is None or not wanted:
        return {}
    if lock:
        _share(actor.seat, wanted)
    rows = _live(actor).filter(partner_id=actor.seat, customer_id__in=wanted)
    return {facts.customer_id: facts for facts in _facts(list(rows.order_by("pk")))}


def _share(partner_id: UUID, customer_ids: list[UUID]) -> None:
    """Lock in primary-key order; who ends an association takes the stronger lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {Association._meta.db_table} WHERE partner_id = %s AND customer_id = ANY(%s::uuid[])"
            " AND state = 'active' ORDER BY id FOR SHARE",
            [partner_id, customer_ids],
        )


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
    mine = Association.objects.visible_to(actor).filter(customer_id=customer_id, state="active")
    if not actor.sees_all:
        mine = mine.filter(partner_id=actor.seat)
    found = mine.select_for_update().values_list("pk", flat=True).first()
    if found is None:
        raise NotFound("customer")
    return _facts([_live(actor).get(pk=found)])[0]


def _live(actor: Actor) -> QuerySet[Association]:
    rows: QuerySet[Association] = Association.objects.visible_to(actor).filter(state="active")
    return rows.select_related("customer")


def _facts(rows: Iterable[Association]) -> tuple[AssociationFacts, ...]:
    found = list(rows)
    known = names(row.customer_id for row in found)
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
            number=known[row.customer_id].number,
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
    with whole("S-141: whether the customer is associated with any partner"):
        return Association.objects.filter(customer_id=customer_id, state="active").exists()


def name_taken(account_name: str) -> bool:
    """Whether any customer has this account name."""
    with whole("S-112: an account name is one customer's"):
        return Account.objects.filter(account_name=account_name).exists()


# For pages and interfaces -------------------------------------------------------------------------------------------


def customer(actor: Actor, customer_id: UUID) -> CustomerAccount:
    """A customer's account, for itself, its partner of today, that partner's distributor, and vendor staff.

    Raises: NotFound.
    """
    found = Account.objects.visible_to(actor).filter(pk=customer_id).first()
    if found is None:
        raise NotFound("customer")
    return _as_accounts([found])[0]


def accounts_page(
    actor: Actor,
    *,
    text: str = "",
    site: str = "",
    associated: bool | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> tuple[tuple[CustomerAccount, ...], Place | None]:
    """Customers' accounts the actor may see, newest first, behind the place `after`; the vendor's list."""
    rows = Account.objects.visible_to(actor)
    if site:
        rows = rows.filter(site=site)
    if associated is not None:
        rows = rows.filter(partner_id__isnull=not associated)
    if text:
        rows = rows.filter(_called(text, "") | Q(uscc=text))
    if after:
        rows = rows.filter(registered_at__lte=after[0]).exclude(registered_at=after[0], pk__gte=after[1])
    found = list(rows.order_by("-registered_at", "-pk")[: limit + 1])
    place = (found[limit - 1].registered_at, found[limit - 1].pk) if len(found) > limit else None
    return _as_accounts(found[:limit]), place


def _as_accounts(found: list[Account]) -> tuple[CustomerAccount, ...]:
    known = names(row.pk for row in found)
    return tuple(
        CustomerAccount(
            organisation_id=row.pk,
            number=known[row.pk].number,
            site=row.site,
            account_name=row.account_name,
            name_zh=row.real_name_zh,
            name_en=row.real_name_en,
            uscc=row.uscc or "",
            phone=row.phone,
            email=row.email,
            country_code=row.country_code,
            verified_status=row.verified_status,
            customer_type=row.customer_type,
            level=row.level,
            is_finance_managed=row.is_finance_managed,
            registered_at=row.registered_at,
            partner_id=row.partner_id,
            upline_id=row.upline_id,
        )
        for row in found
    )


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
        rows = rows.filter(_real_name(customer))
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
    rows = _of_tab(actor, tab)
    if text:
        rows = rows.filter(_called(text, "customer__") | Q(label__contains=text))
    counts = dict(rows.order_by("type").values_list("type").annotate(Count("pk")))
    if type:
        rows = rows.filter(type=type)
    if after:
        # A bound on the index's first column, then the rows of that very instant: PostgreSQL walks the index.
        rows = rows.filter(associated_at__lte=after[0]).exclude(associated_at=after[0], pk__gte=after[1])
    found = list(rows.order_by("-associated_at", "-pk")[: limit + 1])
    place = (found[limit - 1].associated_at, found[limit - 1].pk) if len(found) > limit else None
    return CustomerList(_as_rows(found[:limit]), place, counts)


def _of_tab(actor: Actor, tab: Tab) -> QuerySet[Association]:
    if actor.sees_all:
        return _live(actor)
    as_ = "partner" if tab == "own" else "upline"
    rows: QuerySet[Association] = Association.objects.visible_to(actor, as_=as_).filter(state="active")
    return rows.select_related("customer")


# The substring search walks one partner's rows: under the fence LIKE uses no index of its own anyway, and a trigram
# index would be read whole for the two signs of a Chinese name. Django escapes what LIKE would read as a pattern.


def _real_name(text: str, prefix: str = "customer__") -> Q:
    return Q(**{f"{prefix}real_name_zh__icontains": text}) | Q(**{f"{prefix}real_name_en__icontains": text})


def _called(text: str, prefix: str) -> Q:
    return _real_name(text, prefix) | Q(**{f"{prefix}account_name__icontains": text})


def _as_rows(found: list[Association]) -> tuple[CustomerRow, ...]:
    known = names(row.customer_id for row in found)
    return tuple(
        CustomerRow(
            customer_id=row.customer_id,
            number=known[row.customer_id].number,
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
