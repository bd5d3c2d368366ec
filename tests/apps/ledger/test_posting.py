"""Posting, funding and sweeping, on PostgreSQL as the application's role."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.ledger import actions, queries
from partner_center.ledger.errors import AccountNotFound, InsufficientBalance, TransferNotFound, Unbalanced
from partner_center.ledger.models import Account, Entry, Transfer
from partner_center.ledger.rules import Header, Line, Move, NewAccount, transfer_digest

from .conftest import AT, SYSTEM, Books, yuan


def counts() -> tuple[int, int, dict[UUID, int]]:
    """Transfers, entries and balances of everybody: what a refusal leaves as it was."""
    with seated(SYSTEM):
        return Transfer.objects.count(), Entry.objects.count(), dict(Account.objects.values_list("pk", "balance"))


def pass_on(actor: Actor, books: Books, minor: int) -> UUID:
    with seated(actor):
        moves = [Move(books.quota, yuan(-minor)), Move(books.sub_quota, yuan(minor))]
        return actions.post(actor, kind="quota.pass_on", moves=moves, reason="季度额度")


def test_a_transfer_writes_its_entries_and_moves_the_balances(books: Books) -> None:
    transfer = pass_on(books.dario, books, 2_500)
    with seated(books.dario):
        page = queries.transfer(books.dario, transfer)
        assert queries.balances([books.quota, books.sub_quota]) == {
            books.quota: yuan(7_500),
            books.sub_quota: yuan(2_500),
        }
        kept = Transfer.objects.get(pk=transfer)
    assert dict(page.entries) == {books.quota: yuan(-2_500), books.sub_quota: yuan(2_500)}
    assert (page.transfer.kind, page.transfer.reason, page.transfer.at) == ("quota.pass_on", "季度额度", AT)
    assert (page.transfer.actor_user_id, page.transfer.seat_id) == (books.dario.user_id, books.dario.seat)
    # Two partners touch it, so it names none; its one upline is named.
    assert (kept.partner_id, kept.upline_id, kept.customer_id) == (None, books.dario.seat, None)


def test_the_digest_is_the_same_in_python(books: Books) -> None:
    transfer = pass_on(books.dario, books, 100)
    with seated(SYSTEM):
        kept = Transfer.objects.get(pk=transfer)
        lines = [
            Line(e.account_id, e.amount_minor, e.currency, e.partner_id, e.upline_id, e.customer_id)
            for e in Entry.objects.filter(transfer_id=transfer)
        ]
    header = Header(**{name: getattr(kept, name) for name in Header.__dataclass_fields__})
    assert transfer_digest(header, lines) == bytes(kept.digest)


def test_moves_of_one_account_are_one_entry(books: Books) -> None:
    moves = [Move(books.quota, yuan(-30)), Move(books.quota, yuan(-70)), Move(books.sub_quota, yuan(100))]
    with seated(books.dario):
        transfer = actions.post(books.dario, kind="quota.pass_on", moves=moves)
        assert Entry.objects.get(transfer_id=transfer, account_id=books.quota).amount_minor == -100


def test_an_overspend_names_the_account_and_writes_nothing(books: Books) -> None:
    before = counts()
    with pytest.raises(InsufficientBalance) as refusal:
        pass_on(books.dario, books, 10_001)
    assert refusal.value.account_id == books.quota
    assert counts() == before


def test_the_last_unit_may_be_spent(books: Books) -> None:
    pass_on(books.dario, books, 10_000)
    with seated(books.dario):
        assert queries.balance(books.quota) == yuan(0)


def test_an_account_without_a_floor_falls_below_zero(books: Books) -> None:
    with seated(SYSTEM):
        assert queries.balance(books.issuance) == yuan(-20_000)


def test_taking_from_a_foreign_account_is_like_taking_from_none(books: Books) -> None:
    before = counts()
    for source in (books.foreign, books.issuance, new_id()):
        with pytest.raises(AccountNotFound), seated(books.dario):
            moves = [Move(source, yuan(-10)), Move(books.quota, yuan(10))]
            actions.post(books.dario, kind="quota.steal", moves=moves)
    assert counts() == before


def test_an_upline_takes_back_from_what_it_gave(books: Books) -> None:
    pass_on(books.dario, books, 100)
    with seated(books.dario):
        moves = [Move(books.sub_quota, yuan(-100)), Move(books.quota, yuan(100))]
        actions.post(books.dario, kind="quota.reclaim", moves=moves)
        assert queries.balance(books.quota) == yuan(10_000)


def test_without_a_seat_nothing_is_taken(books: Books) -> None:
    nobody = Actor(audience="partner", at=AT)
    with pytest.raises(AccountNotFound):
        pass_on(nobody, books, 1)


def test_another_currency_than_the_accounts_is_refused(books: Books) -> None:
    with pytest.raises(AccountNotFound), seated(books.dario):
        moves = [Move(books.quota, Money(-1, "USD")), Move(books.sub_quota, Money(1, "USD"))]
        actions.post(books.dario, kind="quota.pass_on", moves=moves)


def test_two_currencies_travel_in_one_transfer(books: Books) -> None:
    dollars = [NewAccount(new_id(), "cash", "USD", None), NewAccount(new_id(), "cash", "USD", 0, books.dario.seat)]
    with seated(SYSTEM):
        actions.open_accounts(SYSTEM, dollars)
        moves = [
            Move(books.issuance, yuan(-5)),
            Move(books.quota, yuan(5)),
            Move(dollars[0].id, Money(-7, "USD")),
            Move(dollars[1].id, Money(7, "USD")),
        ]
        actions.post(SYSTEM, kind="both", moves=moves)
        assert queries.balance(dollars[1].id) == Money(7, "USD")


RAW_POST = "SELECT ledger_post(%s, 'k', NULL, '', NULL, NULL, NULL, now(), %s::uuid[], %s::bigint[], %s::text[])"


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ([-5, 4], "sum to zero"),
        ([-5], "two entries"),
        ([-5, 5, 0], "two entries"),
        ([0, 0], "not_zero"),
        ([-(2**63), 2**63 - 1], "sum to zero"),
    ],
)
def test_the_database_itself_refuses_what_does_not_balance(books: Books, amounts: list[int], why: str) -> None:
    before = counts()
    with pytest.raises(DatabaseError, match=why), seated(SYSTEM), connection.cursor() as cursor:
        cursor.execute(RAW_POST, [new_id(), [books.quota, books.sub_quota], amounts, ["CNY"]])
    assert counts() == before


def test_the_database_itself_refuses_an_account_twice(books: Books) -> None:
    with pytest.raises(DatabaseError, match="ledger_entry_pkey"), seated(SYSTEM), connection.cursor() as cursor:
        cursor.execute(RAW_POST, [new_id(), [books.quota, books.quota], [-5, 5], ["CNY"]])


def test_each_currency_must_balance_in_the_database_too(books: Books) -> None:
    dollar = NewAccount(new_id(), "cash", "USD", None)
    with pytest.raises(DatabaseError, match="sum to zero"), seated(SYSTEM), connection.cursor() as cursor:
        actions.open_accounts(SYSTEM, [dollar])
        cursor.execute(RAW_POST, [new_id(), [books.quota, dollar.id], [-5, 5], ["CNY", "USD"]])


def test_only_who_sees_all_opens_an_account_that_may_fall_below_zero(books: Books) -> None:
    for floor in (None, -1):
        with pytest.raises(AccountNotFound), seated(books.dario):
            actions.open_accounts(books.dario, [NewAccount(new_id(), "mint", "CNY", floor, books.dario.seat)])


def test_funded_accounts_begin_with_their_balance_in_one_transfer(books: Books) -> None:
    vouchers = [books.voucher() for _ in range(3)]
    paid = [Move(books.quota, yuan(-600))]
    with seated(books.dario):
        transfer = actions.fund(books.dario, kind="voucher.issue", accounts=vouchers, amounts=yuan(200), sources=paid)
        assert set(queries.balances([v.id for v in vouchers]).values()) == {yuan(200)}
        assert queries.balance(books.quota) == yuan(9_400)
        assert len(queries.transfer(books.dario, transfer).entries) == 4
        assert Transfer.objects.get(pk=transfer).customer_id == books.carl.seat


def test_funded_accounts_may_begin_with_different_amounts(books: Books) -> None:
    vouchers = [books.voucher() for _ in range(2)]
    with seated(books.dario):
        actions.fund(
            books.dario,
            kind="voucher.issue",
            accounts=vouchers,
            amounts=[yuan(1), yuan(2)],
            sources=[Move(books.quota, yuan(-1)), Move(books.quota, yuan(-2))],
        )
        assert queries.balances(v.id for v in vouchers) == {vouchers[0].id: yuan(1), vouchers[1].id: yuan(2)}


@pytest.mark.parametrize(
    ("each", "paid", "refusal"),
    [(5_001, -10_002, InsufficientBalance), (5, -9, Unbalanced), (0, -1, Unbalanced), (-5, 10, InsufficientBalance)],
)
def test_a_refused_funding_opens_no_account(books: Books, each: int, paid: int, refusal: type[Exception]) -> None:
    before = counts()
    with pytest.raises(refusal), seated(books.dario):
        actions.fund(
            books.dario,
            kind="voucher.issue",
            accounts=[books.voucher(), books.voucher()],
            amounts=yuan(each),
            sources=[Move(books.quota, yuan(paid))],
        )
    assert counts() == before


def test_a_sweep_returns_what_is_left_and_skips_the_empty(books: Books) -> None:
    vouchers = [books.voucher() for _ in range(3)]
    with seated(books.dario):
        paid = [Move(books.quota, yuan(-300))]
        actions.fund(books.dario, kind="voucher.issue", accounts=vouchers, amounts=yuan(100), sources=paid)
        spent = [Move(vouchers[0].id, yuan(-100)), Move(vouchers[1].id, yuan(-40)), Move(books.foreign, yuan(140))]
        actions.post(books.dario, kind="voucher.spend", moves=spent)
        ids = [voucher.id for voucher in vouchers]
        transfer, given = actions.sweep(books.dario, kind="voucher.expire", accounts=ids, into=books.quota)
        assert given == {ids[1]: 60, ids[2]: 100}
        assert transfer is not None
        assert queries.balance(books.quota) == yuan(9_860)
        assert set(queries.balances(ids).values()) == {yuan(0)}
        assert actions.sweep(books.dario, kind="voucher.expire", accounts=ids, into=books.quota) == (None, {})


def test_a_sweep_of_foreign_accounts_is_refused(books: Books) -> None:
    before = counts()
    with pytest.raises(AccountNotFound), seated(books.dario):
        actions.sweep(books.dario, kind="voucher.expire", accounts=[books.foreign], into=books.quota)
    assert counts() == before


def test_a_statement_shows_the_balance_after_each_entry_page_by_page(books: Books) -> None:
    for minor in (100, 200, 300):
        pass_on(books.dario, books, minor)
    with seated(books.dario):
        whole = queries.entries_of(books.dario, books.quota)
        first = queries.entries_of(books.dario, books.quota, limit=2)
        rest = queries.entries_of(books.dario, books.quota, before=first[-1].transfer_id)
    assert [(row.amount.minor, row.balance_after.minor) for row in whole] == [
        (-300, 9_400),
        (-200, 9_700),
        (-100, 9_900),
        (10_000, 10_000),
    ]
    assert first + rest == whole


def test_the_stranger_finds_no_transfer_statement_or_balance(books: Books) -> None:
    transfer = pass_on(books.dario, books, 100)
    with seated(books.stranger):
        assert queries.entries_of(books.stranger, books.quota) == ()
        assert queries.balances([books.quota, books.sub_quota]) == {}
        with pytest.raises(TransferNotFound):
            queries.transfer(books.stranger, transfer)
        with pytest.raises(AccountNotFound):
            queries.balance(books.quota)
