"""Reading customers' accounts, associated or not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from partner_center.customers.models import Account
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound

Place = tuple[datetime, UUID]


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
    is_independent_member: bool
    registered_at: datetime
    partner_id: UUID | None
    upline_id: UUID | None

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en


def name_taken(account_name: str) -> bool:
    """Whether any customer has this account name."""
    return bool(names_taken([account_name]))


def names_taken(account_names: Collection[str]) -> set[str]:
    """Those of the account names that some customer has."""
    with whole("S-112: an account name is one customer's"):
        return set(Account.objects.filter(account_name__in=account_names).values_list("account_name", flat=True))


def customer(actor: Actor, customer_id: UUID) -> CustomerAccount:
    """A customer's account, for itself, its partner of today, that partner's distributor, and vendor staff.

    Raises: NotFound.
    """
    return customers(actor, [customer_id])[customer_id]


def customers(actor: Actor, ids: Collection[UUID]) -> dict[UUID, CustomerAccount]:
    """The same of several. Raises: NotFound where one of them is not the actor's to see."""
    found = Account.objects.visible_to(actor).filter(pk__in=ids).order_by("pk")
    seen = {row.organisation_id: row for row in _as_accounts(list(found))}
    if not seen.keys() >= set(ids):
        raise NotFound("customer")
    return seen


def known_accounts(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that are customers' accounts the actor may see."""
    return set(Account.objects.visible_to(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


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
    rows = _wanted(actor, text, site)
    if associated is not None:
        rows = rows.filter(partner_id__isnull=not associated)
    if after:
        rows = rows.filter(registered_at__lte=after[0]).exclude(registered_at=after[0], pk__gte=after[1])
    found = list(rows.order_by("-registered_at", "-pk")[: limit + 1])
    place = (found[limit - 1].registered_at, found[limit - 1].pk) if len(found) > limit else None
    return _as_accounts(found[:limit]), place


def accounts_counts(actor: Actor, *, text: str = "", site: str = "") -> dict[bool, int]:
    """How many of the accounts are somebody's customers, and how many are nobody's."""
    found = _wanted(actor, text, site).aggregate(all=Count("pk"), somebodys=Count("partner_id"))
    return {True: found["somebodys"], False: found["all"] - found["somebodys"]}


def _wanted(actor: Actor, text: str, site: str) -> QuerySet[Account]:
    rows = Account.objects.visible_to(actor)
    if site:
        rows = rows.filter(site=site)
    return rows.filter(called(text, "") | Q(uscc=text)) if text else rows


def _as_accounts(found: list[Account]) -> tuple[CustomerAccount, ...]:
    return tuple(
        CustomerAccount(
            organisation_id=row.pk,
            number=row.pk.hex,
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
            is_independent_member=row.is_independent_member,
            registered_at=row.registered_at,
            partner_id=row.partner_id,
            upline_id=row.upline_id,
        )
        for row in found
    )


# The substring search walks one partner's rows: under the fence LIKE uses no index of its own anyway, and a trigram
# index would be read whole for the two signs of a Chinese name. Django escapes what LIKE would read as a pattern.


def real_name(text: str, prefix: str = "customer__") -> Q:
    return Q(**{f"{prefix}real_name_zh__icontains": text}) | Q(**{f"{prefix}real_name_en__icontains": text})


def called(text: str, prefix: str) -> Q:
    return real_name(text, prefix) | Q(**{f"{prefix}account_name__icontains": text})
