"""Reading partners' accounts, their standing and their links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from partner_center.fence.seat import seated, whole
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.partners.models import Account, Company, CustomerContact, DistributorLink, Standing


@dataclass(frozen=True)
class PartnerAccount:
    """An account with what it is at the caller's instant."""

    organisation_id: UUID
    company_id: UUID
    identity: str
    tier: str
    state: str
    upline_id: UUID | None
    is_main: bool
    may_resell: bool
    number: str
    name_zh: str
    name_en: str
    site: str
    account_name: str
    opened_at: datetime

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True)
class Reseller:
    """A reseller as its distributor lists it."""

    organisation_id: UUID
    number: str
    name_zh: str
    name_en: str
    account_name: str
    phone: str
    email: str
    state: str
    linked_at: datetime

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True)
class ResellerPage:
    """A page of resellers and how many there are in all."""

    rows: tuple[Reseller, ...]
    count: int


@dataclass(frozen=True)
class AccountPage:
    """A page of accounts, newest first, and the place where the next one begins."""

    rows: tuple[PartnerAccount, ...]
    next: tuple[datetime, UUID] | None


@dataclass(frozen=True)
class CompanyRow:
    """The company behind an account."""

    id: UUID
    site: str
    uscc: str
    name_zh: str
    name_en: str
    contracting_entity: str
    registered_address: str


# One account --------------------------------------------------------------------------------------------------------


def account(actor: Actor, organisation_id: UUID) -> PartnerAccount:
    """An account the actor may see (itself, its reseller; any for vendor staff), as it is at `actor.at`.

    Raises: NotFound.
    """
    found = Account.objects.visible_to(actor).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("partner")
    return _described([found], actor.at)[0]


def accounts(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, PartnerAccount]:
    """Those of the accounts that the actor may see, as they are at `actor.at`."""
    found = Account.objects.visible_to(actor).filter(pk__in=set(ids)).order_by("pk")
    return {row.organisation_id: row for row in _described(list(found), actor.at)}


def _described(found: Sequence[Account], at: datetime) -> tuple[PartnerAccount, ...]:
    held = standings([row.pk for row in found], at)
    return tuple(
        PartnerAccount(
            organisation_id=row.pk,
            company_id=row.company_id,
            identity=held.get((row.pk, "identity"), ""),
            tier=held.get((row.pk, "tier"), ""),
            state=held.get((row.pk, "state"), ""),
            upline_id=row.upline_id,
            is_main=row.is_main,
            may_resell=row.may_resell,
            number=row.pk.hex,
            name_zh=row.name_zh,
            name_en=row.name_en,
            site=row.site,
            account_name=row.account_name,
            opened_at=row.opened_at,
        )
        for row in found
    )


def standings(ids: Iterable[UUID], at: datetime) -> dict[tuple[UUID, str], str]:
    """(account, aspect) → what it is at an instant, for the accounts whose standing the seat may see."""
    rows = _in_force(Standing.objects.filter(organisation_id__in=list(ids)), at)
    return {(owner, aspect): value for owner, aspect, value in rows.values_list("organisation_id", "aspect", "value")}


# An account's state at an instant, to be read within another statement: the account's column goes in for `owner`.
STATE_THEN = """
    SELECT s.value FROM partners_standing s WHERE s.organisation_id = {owner} AND s.aspect = 'state'
    AND s.valid_from <= %(at)s AND (s.valid_to IS NULL OR s.valid_to > %(at)s) LIMIT 1
"""
IDENTITY_THEN = STATE_THEN.replace("'state'", "'identity'")


def _in_force(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(Q(valid_to=None) | Q(valid_to__gt=at), valid_from__lte=at)


def history(actor: Actor, organisation_id: UUID) -> tuple[tuple[str, str, datetime, datetime | None], ...]:
    """(aspect, value, from, to) of an account, newest first."""
    rows = Standing.objects.visible_to(actor).filter(organisation_id=organisation_id).order_by("-valid_from", "aspect")
    return tuple(rows.values_list("aspect", "value", "valid_from", "valid_to"))


# Companies ----------------------------------------------------------------------------------------------------------


def company_of(organisation_id: UUID) -> UUID | None:
    """The company behind an account, whoever asks."""
    with whole("S-352: whose company an account is"):
        return Account.objects.filter(pk=organisation_id).values_list("company_id", flat=True).first()


def same_company(one: UUID, other: UUID) -> bool:
    """Whether two partner accounts belong to one company."""
    with whole("S-352: whether two accounts are one company's"):
        companies = Account.objects.filter(pk__in={one, other}).values_list("company_id", flat=True)
        found = list(companies)
    return len(found) == len({one, other}) and len(set(found)) == 1


def uscc_of_company(organisation_id: UUID) -> str:
    """The unified social credit code of the company behind an account; empty where it has none."""
    with whole("S-352: which company an account is, by its code"):
        codes = Account.objects.filter(pk=organisation_id).values_list("company__uscc", flat=True)
        return codes.first() or ""


def is_company_of_partner(uscc: str, site: str) -> bool:
    """Whether a company of this code has a partner's account on the site."""
    return (uscc, site) in companies_of_partners([uscc])


def companies_of_partners(codes: Collection[str]) -> set[tuple[str, str]]:
    """Those of the codes whose company has a partner's account, each with the site."""
    wanted = {code for code in codes if code}
    if not wanted:
        return set()
    with whole("S-142: whether a company is a partner"):
        rows = Account.objects.filter(company__uscc__in=wanted).values_list("company__uscc", "site")
        return {(code or "", site) for code, site in rows}


def company(actor: Actor, company_id: UUID) -> CompanyRow:
    """A company the actor may see: its own, any for vendor staff. Raises: NotFound."""
    found = Company.objects.visible_to(actor).filter(pk=company_id).first()
    if found is None:
        raise NotFound("company")
    return CompanyRow(
        found.pk,
        found.site,
        found.uscc or "",
        found.name_zh,
        found.name_en,
        found.contracting_entity,
        found.registered_address,
    )


def company_id_by_uscc(uscc: str, site: str) -> UUID | None:
    """The company of this code on a site, whoever asks."""
    with whole("L-005: whether the company has an account already"):
        return Company.objects.filter(uscc=uscc, site=site).values_list("id", flat=True).first() if uscc else None


@dataclass(frozen=True)
class ContactRow:
    """How customers reach a partner: a contact it named, or its account where it named none (then without an id)."""

    id: UUID | None
    name: str
    duty: str
    phone: str
    email: str


def customer_contacts(actor: Actor) -> tuple[ContactRow, ...]:
    """The contacts that the seat shows its customers, in the order they were made. Rules: L-194."""
    rows = CustomerContact.objects.visible_to(actor).filter(organisation_id=actor.seat_id).order_by("made_at", "id")
    return tuple(_contact(row) for row in rows)


def _contact(row: CustomerContact) -> ContactRow:
    return ContactRow(row.pk, row.name, row.duty, row.phone, row.email)


def customer_contact(actor: Actor, contact_id: UUID) -> ContactRow:
    """Raises: NotFound."""
    found = next((each for each in customer_contacts(actor) if each.id == contact_id), None)
    if found is None:
        raise NotFound("contact")
    return found


def hold_contacts(actor: Actor) -> list[CustomerContact]:
    """The seat's contacts, while its account is held so that none is added meanwhile."""
    list(Account.objects.visible_to(actor).filter(pk=actor.seat_id).select_for_update(of=("self",)))
    return list(CustomerContact.objects.visible_to(actor).filter(organisation_id=actor.seat_id))


def contacts_of(actor: Actor, organisation_id: UUID) -> tuple[ContactRow, ...]:
    """How a customer reaches the partner it belongs to; the caller knows that it does. None named: the account's own.

    Rules: L-194, S-184.
    """
    # Rows are read for somebody outside their fence: as the system's own doing, not as a question to the whole truth.
    with seated(actor.for_system("S-184: how a customer reaches its partner")):
        named = CustomerContact.objects.filter(organisation_id=organisation_id).order_by("made_at", "id")
        if found := tuple(_contact(row) for row in named):
            return found
        own = Account.objects.filter(pk=organisation_id).values_list("phone", "email").first()
    return (ContactRow(None, "", "", *own),) if own and any(own) else ()


# Distributors and resellers -----------------------------------------------------------------------------------------


def distributor_of(organisation_id: UUID, at: datetime) -> UUID | None:
    """The distributor an account belongs to at an instant."""
    return distributors_of([organisation_id], at).get(organisation_id)


def distributors_of(organisation_ids: Collection[UUID], at: datetime) -> dict[UUID, UUID]:
    """Reseller → the distributor it belongs to at an instant, for those of the accounts that belong to one."""
    with whole("S-004: which distributor a reseller belongs to"):
        links = _in_force(DistributorLink.objects.filter(reseller_id__in=organisation_ids), at)
        return dict(links.values_list("reseller_id", "distributor_id"))


def was_linked(organisation_id: UUID) -> tuple[bool, bool]:
    """Whether an account has a distributor, and whether it ever had one."""
    with whole("S-004: whether a reseller cooperates, or cooperated, with any distributor"):
        states = set(DistributorLink.objects.filter(reseller_id=organisation_id).values_list("state", flat=True))
    return "active" in states, bool(states)


def resellers(
    actor: Actor,
    *,
    text: str = "",
    account_name: str = "",
    reseller_id: UUID | None = None,
    linked_after: datetime | None = None,
    linked_before: datetime | None = None,
    offset: int = 0,
    limit: int = 10,
) -> ResellerPage:
    """The seat's resellers of today, newest first; both ends of the time span are left out.

    Rules: L-285, S-006.
    """
    links = DistributorLink.objects.visible_to(actor, as_="distributor").filter(
        distributor_id=actor.seat, state="active"
    )
    wanted = {
        "reseller_id": reseller_id,
        "valid_from__gt": linked_after,
        "valid_from__lt": linked_before,
        "reseller__account_name__icontains": account_name,
    }
    links = links.filter(**{field: value for field, value in wanted.items() if value})
    if text:
        links = links.filter(_called(text, "reseller__"))
    page = links.select_related("reseller").order_by("-valid_from", "-id")[offset : offset + limit]
    return ResellerPage(_as_resellers(list(page), actor.at), links.count())


def _as_resellers(links: Sequence[DistributorLink], at: datetime) -> tuple[Reseller, ...]:
    held = standings([link.reseller_id for link in links], at)
    return tuple(
        Reseller(
            organisation_id=link.reseller_id,
            number=link.reseller_id.hex,
            name_zh=link.reseller.name_zh,
            name_en=link.reseller.name_en,
            account_name=link.reseller.account_name,
            phone=link.reseller.phone,
            email=link.reseller.email,
            state=held.get((link.reseller_id, "state"), ""),
            linked_at=link.valid_from,
        )
        for link in links
    )


def _called(text: str, prefix: str = "") -> Q:
    """Rows whose account or names hold the text; Django escapes what LIKE would read as a pattern."""
    fields = ("name_zh", "name_en", "account_name", "phone", "email")
    matches = Q()
    for field in fields:
        matches |= Q(**{f"{prefix}{field}__icontains": text})
    return matches


# The vendor's list --------------------------------------------------------------------------------------------------


def accounts_page(
    actor: Actor,
    *,
    text: str = "",
    identity: str = "",
    state: str = "",
    site: str = "",
    upline_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> AccountPage:
    """Accounts the actor may see, newest first, behind the place `after`."""
    rows = Account.objects.visible_to(actor)
    wanted = {"site": site, "upline_id": upline_id}
    rows = rows.filter(**{field: value for field, value in wanted.items() if value})
    if text:
        rows = rows.filter(_called(text) | Q(company__uscc=text))
    for aspect, value in (("identity", identity), ("state", state)):
        if value:
            held = _in_force(Standing.objects.filter(aspect=aspect, value=value), actor.at)
            rows = rows.filter(pk__in=held.values("organisation_id"))
    if after:
        opened, last = after
        rows = rows.filter(opened_at__lte=opened).exclude(opened_at=opened, pk__gte=last)
    found = list(rows.order_by("-opened_at", "-pk")[: limit + 1])
    place = (found[limit - 1].opened_at, found[limit - 1].pk) if len(found) > limit else None
    return AccountPage(_described(found[:limit], actor.at), place)


def identity_counts(actor: Actor, *, text: str = "") -> dict[str, int]:
    """How many of the accounts the actor may see are of each identity today."""
    rows = Account.objects.visible_to(actor)
    if text:
        rows = rows.filter(_called(text) | Q(company__uscc=text))
    held = _in_force(Standing.objects.filter(aspect="identity", organisation_id__in=rows.values("pk")), actor.at)
    return dict(held.order_by().values_list("value").annotate(Count("pk")))


def accounts_of_company(actor: Actor, company_id: UUID) -> tuple[PartnerAccount, ...]:
    """The accounts of a company that the actor may see, the main one first."""
    found = Account.objects.visible_to(actor).filter(company_id=company_id).order_by("-is_main", "opened_at", "pk")
    return _described(list(found), actor.at)


def main_accounts(actor: Actor) -> tuple[PartnerAccount, ...]:
    """The main account of every company the seat may see, by name. For the vendor."""
    rows = Account.objects.visible_to(actor).filter(is_main=True).order_by("name_zh")
    return _described(tuple(rows), actor.at)
