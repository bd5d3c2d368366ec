"""Reading the ledger: balances, statements of accounts, transfers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Subquery, Sum

from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.ledger.errors import AccountNotFound, TransferNotFound
from partner_center.ledger.models import Account, Entry, Seal, Transfer

PAGE = 50


@dataclass(frozen=True)
class EntryRow:
    """One line of an account's statement."""

    transfer_id: UUID
    kind: str
    amount: Money
    balance_after: Money
    reason: str
    at: datetime
    recorded_at: datetime
    actor_user_id: UUID | None
    home_id: UUID | None
    reverses_id: UUID | None


@dataclass(frozen=True)
class TransferRow:
    """One transfer, without its entries."""

    id: UUID
    kind: str
    reason: str
    at: datetime
    recorded_at: datetime
    entry_count: int
    actor_user_id: UUID | None
    home_id: UUID | None
    seat_id: UUID | None
    operation_id: UUID | None
    reverses_id: UUID | None
    approved_by_id: UUID | None


@dataclass(frozen=True)
class TransferPage:
    """A transfer with those of its entries that the seat may see, each an account and an amount."""

    transfer: TransferRow
    entries: tuple[tuple[UUID, Money], ...]
    reversed_by_id: UUID | None


@dataclass(frozen=True)
class SealRow:
    """One sealed hour."""

    hour: datetime
    transfer_count: int
    sums: dict[str, int]
    root: str
    key_id: str
    sealed_at: datetime


_OF_ENTRY = ("kind", "reason", "at", "recorded_at", "actor_user_id", "home_id", "reverses_id")
_OF_TRANSFER = tuple(TransferRow.__dataclass_fields__)


def balances(ids: Iterable[UUID]) -> dict[UUID, Money]:
    """What is on these accounts, as far as the seat sees them."""
    rows = Account.objects.filter(pk__in=list(ids)).values_list("pk", "balance", "currency")
    return {account: Money(balance, currency) for account, balance, currency in rows}


def balance(account_id: UUID) -> Money:
    """What is on the account.

    Raises: AccountNotFound.
    """
    found = balances([account_id]).get(account_id)
    if found is None:
        raise AccountNotFound
    return found


def entries_of(
    actor: Actor, account_id: UUID, *, before: UUID | None = None, limit: int = PAGE
) -> tuple[EntryRow, ...]:
    """A page of an account's statement, newest first, behind the transfer `before`."""
    rows = Entry.objects.visible_to(actor).filter(account_id=account_id)
    if before:
        rows = rows.filter(transfer_id__lt=before)
    fields = {f"t_{name}": F(f"transfer__{name}") for name in _OF_ENTRY}
    values = rows.order_by("-transfer_id").values("transfer_id", "amount_minor", "currency", **fields)
    page: list[Any] = list(values[:limit])
    return _statement(page, _balance_at(account_id, page[0]["transfer_id"])) if page else ()


def _balance_at(account_id: UUID, transfer_id: UUID) -> int:
    """The balance when this transfer was its newest. One snapshot, so what was posted meanwhile does no harm."""
    newer = Entry.objects.filter(account_id=OuterRef("pk"), transfer_id__gt=transfer_id).values("account_id")
    total = Subquery(newer.annotate(total=Sum("amount_minor")).values("total"))
    now, since = Account.objects.filter(pk=account_id).annotate(newer=total).values_list("balance", "newer").get()
    return int(now - (since or 0))


def _statement(page: list[dict[str, Any]], after: int) -> tuple[EntryRow, ...]:
    rows = []
    for row in page:
        amount, currency = row["amount_minor"], row["currency"]
        of_transfer = {name: row[f"t_{name}"] for name in _OF_ENTRY}
        rows.append(
            EntryRow(
                transfer_id=row["transfer_id"],
                amount=Money(amount, currency),
                balance_after=Money(after, currency),
                **of_transfer,
            )
        )
        after -= amount
    return tuple(rows)


def transfers(
    actor: Actor, *, kind: str = "", before: UUID | None = None, limit: int = PAGE
) -> tuple[TransferRow, ...]:
    """A page of the transfers that name the seat as their one partner, upline or customer; newest first."""
    rows = Transfer.objects.visible_to(actor)
    if kind:
        rows = rows.filter(kind=kind)
    if before:
        rows = rows.filter(pk__lt=before)
    return tuple(TransferRow(**row) for row in rows.order_by("-pk").values(*_OF_TRANSFER)[:limit])


def transfer(actor: Actor, transfer_id: UUID) -> TransferPage:
    """A transfer that touches an account of the seat.

    Raises: TransferNotFound.
    """
    rows = Entry.objects.visible_to(actor).filter(transfer_id=transfer_id).order_by("account_id")
    entries = tuple(
        (account, Money(amount, currency))
        for account, amount, currency in rows.values_list("account_id", "amount_minor", "currency")
    )
    found = Transfer.objects.filter(pk=transfer_id).values(*_OF_TRANSFER).first() if entries else None
    if found is None:
        raise TransferNotFound
    reversal = Transfer.objects.filter(reverses_id=transfer_id).values_list("pk", flat=True).first()
    return TransferPage(TransferRow(**found), entries, reversal)


def reversed_among(transfer_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the transfers that have their reversal."""
    rows = Transfer.objects.filter(reverses_id__in=list(transfer_ids))
    return {each for each in rows.values_list("reverses_id", flat=True) if each}


def seals(*, before: datetime | None = None, limit: int = PAGE) -> tuple[SealRow, ...]:
    """A page of the sealed hours, newest first; only for those who see all."""
    rows = Seal.objects.filter(hour__lt=before) if before else Seal.objects.all()
    return tuple(
        SealRow(seal.hour, seal.transfer_count, seal.sums, bytes(seal.root).hex(), seal.key_id, seal.sealed_at)
        for seal in rows.order_by("-hour")[:limit]
    )
