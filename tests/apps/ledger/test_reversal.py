"""A transfer is taken back once, by two persons, with a reason."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.ledger import actions, queries
from partner_center.ledger.errors import AlreadyReversed, InsufficientBalance, SecondPersonRequired, TransferNotFound
from partner_center.ledger.rules import Move

from .conftest import SYSTEM, Books, yuan

OTHER = new_id()


@pytest.fixture
def passed_on(books: Books) -> UUID:
    with seated(books.dario):
        moves = [Move(books.quota, yuan(-700)), Move(books.sub_quota, yuan(700))]
        return actions.post(books.dario, kind="quota.pass_on", moves=moves)


def reverse(actor: Actor, transfer: UUID, reason: str = "wrong reseller", approved_by: UUID = OTHER) -> UUID:
    with seated(actor):
        return actions.reverse(actor, transfer_id=transfer, reason=reason, approved_by=approved_by)


def test_a_reversal_restores_every_balance_and_names_both_persons(books: Books, passed_on: UUID) -> None:
    mirror = reverse(books.dario, passed_on)
    with seated(books.dario):
        assert queries.balances([books.quota, books.sub_quota]) == {books.quota: yuan(10_000), books.sub_quota: yuan(0)}
        page = queries.transfer(books.dario, mirror)
        assert queries.transfer(books.dario, passed_on).reversed_by_id == mirror
    assert page.transfer.kind == "quota.pass_on.reversed"
    assert (page.transfer.actor_user_id, page.transfer.approved_by_id) == (books.dario.user_id, OTHER)
    assert (page.transfer.reverses_id, page.transfer.reason) == (passed_on, "wrong reseller")


def test_a_transfer_is_reversed_once(books: Books, passed_on: UUID) -> None:
    mirror = reverse(books.dario, passed_on)
    for again in (passed_on, mirror):
        with pytest.raises(AlreadyReversed):
            reverse(books.dario, again)
    with seated(books.dario):
        assert queries.balance(books.quota) == yuan(10_000)


def test_one_person_alone_reverses_nothing(books: Books, passed_on: UUID) -> None:
    assert books.dario.user_id is not None
    with pytest.raises(SecondPersonRequired):
        reverse(books.dario, passed_on, approved_by=books.dario.user_id)
    with pytest.raises(SecondPersonRequired):
        reverse(replace(books.dario, user_id=None), passed_on)
    with pytest.raises(SecondPersonRequired):
        reverse(books.dario, passed_on, reason="  ")


@pytest.mark.parametrize(("reason", "same"), [("because", True), ("", False)])
def test_the_database_too_asks_for_two_persons_and_a_reason(
    books: Books, passed_on: UUID, reason: str, same: bool
) -> None:
    person = new_id()
    values = [new_id(), reason, person, passed_on, person if same else OTHER]
    call = "SELECT ledger_reverse(%s, '', NULL, %s, %s, NULL, NULL, now(), %s, %s)"
    with pytest.raises(DatabaseError, match="two_persons"), seated(SYSTEM), connection.cursor() as cursor:
        cursor.execute(call, values)


def test_the_stranger_cannot_tell_a_foreign_transfer_from_none(books: Books, passed_on: UUID) -> None:
    for transfer in (passed_on, new_id()):
        with pytest.raises(TransferNotFound):
            reverse(books.stranger, transfer)


def test_value_that_is_gone_cannot_be_taken_back(books: Books, passed_on: UUID) -> None:
    with seated(books.rhea):
        moves = [Move(books.sub_quota, yuan(-1)), Move(books.foreign, yuan(1))]
        actions.post(books.rhea, kind="voucher.issue", moves=moves)
    with pytest.raises(InsufficientBalance) as refusal:
        reverse(books.dario, passed_on)
    assert refusal.value.account_id == books.sub_quota
