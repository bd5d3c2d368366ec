"""Money is exact, of one currency, and conserved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_center.kernel.money import CurrencyMismatch, Money, NotAnAmount

minors = st.integers(min_value=-(10**15), max_value=10**15)


@given(minors)
def test_what_is_written_down_comes_back(minor: int) -> None:
    """S-900."""
    money = Money(minor, "CNY")
    assert Money.of(str(money.decimal), "CNY") == money
    assert money.decimal == Decimal(minor) / 100


@pytest.mark.parametrize("text", ["1.234", "abc", "", "NaN", "Infinity", "1e40", "1,000", True, 1.5, "--1"])
def test_what_is_no_amount_is_refused(text: Any) -> None:
    with pytest.raises(NotAnAmount):
        Money.of(text, "CNY")


@pytest.mark.parametrize(
    ("text", "minor"), [("12.30", 1230), ("12.3", 1230), (12, 1200), (Decimal("0.01"), 1), ("1e2", 10000)]
)
def test_amounts_come_as_text_number_or_decimal(text: Any, minor: int) -> None:
    assert Money.of(text, "CNY").minor == minor


def test_two_currencies_never_meet() -> None:
    yuan, dollar = Money(1, "CNY"), Money(1, "USD")
    for attempt in (lambda: yuan + dollar, lambda: yuan - dollar, lambda: yuan < dollar):
        with pytest.raises(CurrencyMismatch):
            attempt()
    assert yuan != dollar


def test_money_is_multiplied_by_whole_numbers_only() -> None:
    for times in (1.5, True, Decimal(2)):
        with pytest.raises(TypeError):
            Money(1, "CNY") * times  # type: ignore[operator]


@given(minors, st.integers(min_value=1, max_value=1000))
def test_splitting_loses_no_unit_and_is_fair(minor: int, parts: int) -> None:
    shares = Money(minor, "CNY").split(parts)
    assert Money.total(shares, "CNY") == Money(minor, "CNY")
    assert max(shares).minor - min(shares).minor <= 1


@given(st.lists(minors, max_size=20))
def test_a_total_is_the_sum_and_nothing_is_zero(values: list[int]) -> None:
    assert Money.total((Money(value, "CNY") for value in values), "CNY").minor == sum(values)
