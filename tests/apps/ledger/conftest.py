"""A small world of accounts: the vendor's issuance, a distributor's quota, his reseller's, and two vouchers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.ledger import actions
from partner_center.ledger.rules import Move, NewAccount

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SYSTEM = system_actor("test", AT)


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


def partner() -> Actor:
    organisation = new_id()
    return Actor(audience="partner", at=AT, user_id=new_id(), home=organisation, seat=organisation)


@dataclass(frozen=True)
class Books:
    dario: Actor
    rhea: Actor
    carl: Actor
    stranger: Actor
    issuance: UUID
    quota: UUID
    sub_quota: UUID
    foreign: UUID

    def voucher(self, actor: Actor | None = None) -> NewAccount:
        owner = (actor or self.dario).seat
        return NewAccount(new_id(), "voucher", "CNY", 0, owner, None, self.carl.seat)


@pytest.fixture
def make_books() -> object:
    def make(on_quota: int = 10_000) -> Books:
        dario, rhea, carl, stranger = partner(), partner(), partner(), partner()
        books = Books(dario, rhea, carl, stranger, new_id(), new_id(), new_id(), new_id())
        with seated(SYSTEM):
            actions.open_accounts(
                SYSTEM,
                [
                    NewAccount(books.issuance, "issuance", "CNY", None),
                    NewAccount(books.quota, "quota", "CNY", 0, dario.seat),
                    NewAccount(books.sub_quota, "quota", "CNY", 0, rhea.seat, dario.seat),
                    NewAccount(books.foreign, "quota", "CNY", 0, stranger.seat),
                ],
            )
            for account in (books.quota, books.foreign):
                moves = [Move(books.issuance, yuan(-on_quota)), Move(account, yuan(on_quota))]
                actions.post(SYSTEM, kind="quota.grant", moves=moves)
        return books

    return make


@pytest.fixture
def books(db: None, make_books: object) -> Books:
    return make_books()  # type: ignore[operator]
