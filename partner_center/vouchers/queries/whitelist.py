"""Reading the lists of customers by which subsidy partners issue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from partner_center.access.queries import user_names
from partner_center.fence.paging import Paged
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.vouchers.models import WhitelistEntry, WhitelistVersion


@dataclass(frozen=True)
class WhitelistRow:
    """A version of a whitelist: how many accounts it has, and who imported it from what."""

    id: UUID
    number: int
    accounts: int
    source: str
    imported_at: datetime
    operator_zh: str
    operator_en: str

    def operator(self, language: str) -> str:
        return self.operator_zh if language == "zh" else self.operator_en


def whitelists(actor: Actor) -> tuple[WhitelistRow, ...]:
    """Every version of the seat's own list, the one in force first. Rules: S-382."""
    found = list(_own(actor).order_by("-number"))
    people = user_names(row.imported_by for row in found)
    return tuple(_row(row, people.get(row.imported_by, ("", "")) if row.imported_by else ("", "")) for row in found)


def _own(actor: Actor) -> QuerySet[WhitelistVersion]:
    rows: QuerySet[WhitelistVersion] = WhitelistVersion.objects.visible_to(actor, as_="partner")
    return rows


def _row(found: WhitelistVersion, operator: tuple[str, str]) -> WhitelistRow:
    return WhitelistRow(
        found.pk, found.number, found.accounts, found.source, found.imported_at, operator[0], operator[1]
    )


def whitelist_accounts(
    actor: Actor, number: int, text: str = "", cursor: str | None = None, limit: int = 50
) -> Paged[str]:
    """The accounts on one version, in their order, those that begin with a text. Raises: NotFound."""
    version = _own(actor).filter(number=number).first()
    if version is None:
        raise NotFound("whitelist")
    rows = WhitelistEntry.objects.visible_to(actor, as_="partner").filter(version=version)
    rows = rows.filter(account_name__istartswith=text) if text else rows
    rows = rows.filter(account_name__gt=cursor) if cursor else rows
    found = list(rows.order_by("account_name").values_list("account_name", flat=True)[: limit + 1])
    return Paged(tuple(found[:limit]), found[limit - 1] if len(found) > limit else None)


def whitelisted(partner_id: UUID, accounts: Iterable[str]) -> frozenset[str]:
    """Which of these accounts are on the version in force; none while nothing was imported. Rules: S-382."""
    last = WhitelistVersion.objects.filter(partner_id=partner_id).order_by("-number").values("pk")[:1]
    rows = WhitelistEntry.objects.filter(version_id=last, account_name__in=list(accounts))
    return frozenset(rows.values_list("account_name", flat=True))


def last_number(actor: Actor) -> int:
    """The number of the seat's version in force; 0 before the first."""
    return _own(actor).order_by("-number").values_list("number", flat=True).first() or 0
