"""Finding vouchers by what somebody types: a number or its beginning, part of a customer's name."""

from __future__ import annotations

import pytest

from partner_center.fence.seat import seated
from partner_center.vouchers import numbers, queries
from tests.apps.vouchers.conftest import World


def found(world: World, text: str) -> set[str]:
    sol = world.cast.sol()
    with seated(sol):
        return {row.number for row in queries.vouchers(sol, queries.VoucherFilter(text=text)).rows}


def test_a_number_or_its_beginning_in_any_case_finds_the_voucher(world: World) -> None:
    one, other = (world.voucher(world.issue(who)).number for who in (world.cast.carl, world.cast.cora))
    assert found(world, one) == found(world, one.lower()) == {one}
    assert found(world, one[:6]) == found(world, one[:-3]) == {one, other}
    assert found(world, f"{one}0") == set()


def test_part_of_a_name_finds_the_customers_vouchers(world: World) -> None:
    one = world.voucher(world.issue(world.cast.carl)).number
    world.issue(world.cast.cora)
    assert found(world, "Carl") == {one}


@pytest.mark.parametrize(
    ("text", "number"),
    [("VC2611", True), ("vc2611-00", True), ("VQ2611-000001", True), ("VC", False), ("VC2611-x", False), ("瑞", False)],
)
def test_only_what_can_be_nothing_else_is_taken_for_a_number(text: str, number: bool) -> None:
    assert numbers.begins(text) is number
