"""Spending at checkout: what vouchers pay, why others do not, and the hold between."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions, queries
from partner_center.vouchers.queries.checkout import OrderInput
from tests.apps.vouchers.conftest import DAY, World, cny


def order(amount: str = "80", product: str = "ecs.s") -> list[OrderInput]:
    return [OrderInput(product, cny(amount))]


def hold(world: World, amount: str = "80", **changes: Any) -> actions.Authorised:
    terms: dict[str, Any] = {"order_reference": "O1", "lines": order(amount), **changes}
    return actions.authorise(world.cast.carl(), **terms)


def test_every_voucher_is_listed_with_what_it_pays_or_every_limit_it_misses(world: World) -> None:
    """S-395, S-396, S-397, S-392."""
    early = world.issue(face="50", window=Window(world.cast.at - DAY, world.cast.at + 3 * DAY))
    late = world.issue(face="60")
    scoped = world.issue(face="70", service_types=["obs"], min_order=cny("500"))
    ahead = world.issue(face="10", window=Window(world.cast.at + DAY, world.cast.at + 9 * DAY))
    carl = world.cast.carl()
    with seated(carl):
        quoted = queries.quote(carl, order("80"), most=3)
    assert [(row.id, row.pays) for row in quoted.vouchers if row.usable] == [(early, cny("50")), (late, cny("30"))]
    unmet = {row.id: {outcome.id for outcome in row.unmet} for row in quoted.vouchers if not row.usable}
    assert unmet == {scoped: {"S-395", "S-396"}, ahead: {"S-395"}}
    assert (quoted.pays, quoted.left) == (cny("80"), cny("0"))


def test_in_the_console_one_voucher_pays(world: World) -> None:
    """S-392."""
    world.issue(face="50")
    world.issue(face="60")
    carl = world.cast.carl()
    with seated(carl):
        assert [row.pays for row in queries.quote(carl, order("80")).vouchers] == [cny("50"), cny("0")]


def test_a_hold_locks_and_a_capture_spends(world: World) -> None:
    """S-390, S-393."""
    voucher = world.issue(face="100")
    held = hold(world)
    assert (held.held, world.voucher(voucher).lock_order) == (cny("80"), "O1")
    assert world.sum(world.sols).outstanding == cny("100")
    paid = actions.capture(world.cast.carl(), authorisation_id=held.authorisation_id)
    row = world.voucher(voucher)
    assert (paid.state, row.state, row.balance, row.lock_order) == ("captured", "usable", cny("20"), "")
    assert (world.sum(world.sols).spent, world.sum(world.sols).closes) == (cny("80"), True)


def test_a_voucher_spent_to_the_last_fen_is_used(world: World) -> None:
    voucher = world.issue(face="80")
    actions.capture(world.cast.carl(), authorisation_id=hold(world).authorisation_id)
    assert world.voucher(voucher).state == "used"


def test_a_release_gives_back_and_unlocks(world: World) -> None:
    voucher = world.issue(face="100")
    held = hold(world)
    actions.release(world.cast.carl(), authorisation_id=held.authorisation_id)
    row = world.voucher(voucher)
    assert (row.balance, row.lock_order, row.state) == (cny("100"), "", "usable")


def test_an_ended_hold_is_not_ended_again(world: World, refuses: Any) -> None:
    world.issue(face="100")
    held = hold(world)
    actions.capture(world.cast.carl(), authorisation_id=held.authorisation_id, key="c")
    assert actions.capture(world.cast.carl(), authorisation_id=held.authorisation_id, key="c").state == "captured"
    with refuses(error=Conflict):
        actions.release(world.cast.carl(), authorisation_id=held.authorisation_id)


def test_two_vouchers_are_one_too_many_in_the_console(world: World, refuses: Any) -> None:
    """S-392."""
    two = [world.issue(face="10"), world.issue(face="10")]
    with refuses("S-392"):
        hold(world, voucher_ids=two)
    assert hold(world, voucher_ids=two, api=True).held == cny("20")


@pytest.mark.parametrize(
    ("terms", "lines", "rules"),
    [
        ({"service_types": ["obs"]}, order("80"), {"S-395"}),
        ({"min_order": cny("80.01")}, order("80"), {"S-396"}),
        ({}, order("80", "shop.x"), {"S-394"}),
        ({"service_types": ["obs"], "min_order": cny("1")}, order("80"), {"S-395", "S-396"}),
        ({}, order("0"), {"S-902"}),
        ({}, order("5", "nothing"), {"S-902", "S-374", "S-395"}),
    ],
)
def test_an_unmet_limit_refuses_by_name(
    world: World, refuses: Any, terms: dict[str, Any], lines: list[OrderInput], rules: set[str]
) -> None:
    voucher = world.issue(face="100", **terms)
    with refuses(*rules):
        hold(world, lines=lines, voucher_ids=[voucher])


def test_a_locked_voucher_serves_its_order_only(world: World, refuses: Any) -> None:
    """S-390."""
    voucher = world.issue(face="100")
    hold(world, "10")
    with refuses("S-390"):
        hold(world, "10", order_reference="O2", voucher_ids=[voucher])


def test_anothers_voucher_is_not_there(world: World, refuses: Any) -> None:
    """S-381."""
    voucher = world.issue(face="100")
    for other in (world.cast.cora(), world.cast.strange_customer()):
        with refuses(error=NotFound):
            actions.authorise(other, order_reference="O9", lines=order(), voucher_ids=[voucher])
    held = hold(world)
    with refuses(error=NotFound):
        actions.capture(world.cast.strange_customer(), authorisation_id=held.authorisation_id)
    with refuses(error=NotFound):
        actions.capture(world.cast.carl(), authorisation_id=uuid4())


def test_a_partner_does_not_spend_its_customers_vouchers(world: World, refuses: Any) -> None:
    world.issue(face="100")
    with refuses(error=NotAllowed):
        actions.authorise(world.cast.sol(), order_reference="O1", lines=order())


def test_the_same_order_is_held_once(world: World, refuses: Any) -> None:
    world.issue(face="100")
    world.issue(face="100")
    hold(world, "10")
    with refuses(error=Conflict):
        hold(world, "10")


def test_with_nothing_to_pay_with_every_reason_is_named(world: World, refuses: Any) -> None:
    """S-393, S-395, S-396."""
    with refuses("S-393"):
        hold(world)
    world.issue(face="100", service_types=["obs"])
    world.issue(face="100", min_order=cny("500"))
    with refuses("S-395", "S-396"):
        hold(world)
    with refuses("S-902", "S-374"):
        hold(world, lines=order("5", "nothing"))
