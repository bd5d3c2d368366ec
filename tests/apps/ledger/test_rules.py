"""Netting, conservation and canonical forms, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_center.kernel.money import Money
from partner_center.ledger.errors import Unbalanced
from partner_center.ledger.rules import Header, Line, Move, merge, micros, net, root, seal_text, transfer_text

ACCOUNTS = [UUID(int=number) for number in range(1, 6)]
AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
amounts = st.integers(-(10**15), 10**15)
moves = st.builds(Move, st.sampled_from(ACCOUNTS), st.builds(Money, amounts, st.sampled_from(["CNY", "USD"])))


@given(st.lists(moves, max_size=30))
def test_merging_keeps_what_each_account_gets_and_mentions_it_once(given_moves: list[Move]) -> None:
    merged = merge(given_moves)
    for account in ACCOUNTS:
        for currency in ("CNY", "USD"):
            told = [m.amount.minor for m in given_moves if (m.account_id, m.amount.currency) == (account, currency)]
            assert merged.get((account, currency), 0) == sum(told)
    assert 0 not in merged.values()


@given(st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS), st.integers(1, 10**12)), min_size=1))
def test_netted_moves_conserve_value(pairs: list[tuple[UUID, UUID, int]]) -> None:
    between = [(one, other, minor) for one, other, minor in pairs if one != other]
    all_moves = [
        move
        for one, other, minor in between
        for move in (Move(one, Money(-minor, "CNY")), Move(other, Money(minor, "CNY")))
    ]
    try:
        netted = net(all_moves)
    except Unbalanced:
        assert not merge(all_moves)
        return
    assert sum(move.amount.minor for move in netted) == 0
    assert len({move.account_id for move in netted}) == len(netted) >= 2


@given(st.lists(moves, min_size=1, max_size=8))
def test_what_does_not_sum_to_zero_in_each_currency_is_refused(given_moves: list[Move]) -> None:
    sums = {"CNY": 0, "USD": 0}
    for move in given_moves:
        sums[move.amount.currency] += move.amount.minor
    if any(sums.values()):
        with pytest.raises(Unbalanced):
            net(given_moves)


def test_nothing_to_move_is_refused() -> None:
    there_and_back = [Move(ACCOUNTS[0], Money(5, "CNY")), Move(ACCOUNTS[0], Money(-5, "CNY"))]
    for nothing in ([], there_and_back):
        with pytest.raises(Unbalanced, match="nothing is moved"):
            net(nothing)


def test_currencies_do_not_balance_each_other() -> None:
    with pytest.raises(Unbalanced, match="-5 CNY, 5 USD"):
        net([Move(ACCOUNTS[0], Money(-5, "CNY")), Move(ACCOUNTS[1], Money(5, "USD"))])


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_microseconds_are_exact_and_know_no_time_zone(at: datetime) -> None:
    instant = at.replace(tzinfo=UTC)
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros(instant)) == instant
    assert micros(instant.astimezone(timezone(timedelta(hours=8)))) == micros(instant)


def test_the_text_of_a_transfer_orders_its_entries_and_ends_with_the_reason() -> None:
    header = Header(
        id=ACCOUNTS[4], kind="quota.grant", at=AT, recorded_at=AT, actor_user_id=ACCOUNTS[3], reason="one\ntwo"
    )
    lines = [Line(ACCOUNTS[1], 5, "CNY", ACCOUNTS[2]), Line(ACCOUNTS[0], -5, "CNY")]
    text = transfer_text(header, lines)
    assert text == transfer_text(header, lines[::-1])
    assert text.splitlines()[10:] == [
        "-",
        "2",
        f"{ACCOUNTS[0]} -5 CNY - - -",
        f"{ACCOUNTS[1]} 5 CNY {ACCOUNTS[2]} - -",
        "one",
        "two",
    ]


@given(st.text(), st.text())
def test_another_reason_is_another_text(one: str, other: str) -> None:
    texts = {transfer_text(Header(ACCOUNTS[0], "k", AT, AT, reason=reason), []) for reason in (one, other)}
    assert len(texts) == len({one, other})


def test_a_root_depends_on_the_one_before_and_on_the_order() -> None:
    one, two = b"1" * 32, b"2" * 32
    assert len({root(one, [one, two]), root(one, [two, one]), root(two, [one, two]), root(one, [])}) == 4


def test_the_signed_text_names_every_sum() -> None:
    assert seal_text(AT, 2, {"USD": 7, "CNY": 5}, b"\0", b"\1") == b"seal/1\n%d\n2\nCNY=5,USD=7\n00\n01" % micros(AT)
