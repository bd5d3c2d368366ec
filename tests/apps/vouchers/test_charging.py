"""Usage charged to vouchers without anybody choosing them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from partner_center.access.actions import add_member
from partner_center.access.permissions import Can, item_of
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotAllowed
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.order import spends_of
from tests.apps.vouchers.conftest import DAY, World, cny
from tests.apps.vouchers.limit_cases import scope
from tests.cast import PASSWORD, _person


def meter(world: Any) -> Actor:
    """The vendor's charging system."""
    vera = world.cast.vera() if hasattr(world, "cast") else world
    return replace(vera, permissions=frozenset({item_of(Can.VENDOR_CHARGE).code}))


def charge(world: World, amount: str = "80", reference: str = "U1", key: str | None = None, **line: Any) -> Any:
    lines = [OrderInput("ecs.s", cny(amount), **line)]
    return actions.charge(meter(world), customer_id=world.cast.carl.id, usage_reference=reference, lines=lines, key=key)


def test_restricted_vouchers_are_charged_first_then_the_earliest_end(world: World) -> None:
    """S-397, S-393, S-366."""
    late = world.issue(face="50")
    early = world.issue(face="50", window=Window(world.cast.at, world.cast.at + 3 * DAY))
    restricted = world.issue(face="30", limits=scope(billing_modes="pay_per_use"))
    charged = charge(world, "100")
    assert [(each.voucher_id, each.amount) for each in charged.parts] == [
        (restricted, cny("30")),
        (early, cny("50")),
        (late, cny("20")),
    ]
    assert (charged.paid, charged.left) == (cny("100"), cny("0"))
    assert [world.voucher(each).state for each in (restricted, early, late)] == ["used", "used", "usable"]
    assert (world.sum(world.sols).spent, world.sum(world.sols).closes) == (cny("100"), True)


def test_what_no_voucher_pays_is_left(world: World) -> None:
    """S-394, S-395, S-390."""
    world.issue(face="50", limits=scope(billing_modes="monthly"))
    held = world.issue(face="50")
    order = [OrderInput("ecs.s", cny("1"))]
    actions.authorise(world.cast.carl(), order_reference="O1", lines=order, voucher_ids=[held])
    charged = charge(world)
    assert (charged.parts, charged.left) == ((), cny("80"))
    assert charge(world, reference="U2", arrears=True).left == cny("80")


def test_the_customer_sees_which_usage_a_voucher_paid(world: World) -> None:
    voucher = world.issue(face="50")
    charge(world, "20", "U-2026-06")
    carl = world.cast.carl()
    with seated(carl):
        (row,) = spends_of(carl, voucher)
    assert (row.order_reference, row.source, row.amount, row.state) == ("U-2026-06", "usage", cny("20"), "captured")


def test_usage_is_charged_once(world: World, refuses: Any) -> None:
    """S-901."""
    world.issue(face="100")
    assert charge(world, "20", key="k") == charge(world, "20", key="k")
    with refuses(error=Conflict):
        charge(world, "20")
    with refuses(error=Conflict):
        charge(world, "30", key="k")
    assert world.sum(world.sols).spent == cny("20")


def test_only_the_charging_system_charges(world: World, refuses: Any) -> None:
    world.issue()
    for person in (world.cast.carl, world.cast.sol, world.cast.strange_customer, world.cast.strange_provider):
        with refuses(error=NotAllowed):
            actions.charge(
                person(),
                customer_id=world.cast.carl.id,
                usage_reference="U1",
                lines=[OrderInput("ecs.s", cny("1"))],
            )


def test_the_role_of_the_charging_system_is_given_to_a_program(world: World) -> None:
    user = add_member(
        world.cast.vera(), login="meter", display_name="meter", roles=["charging_system"], password=PASSWORD
    )
    world.issue(face="50")
    program = _person(user, world.cast.at).actor
    lines = [OrderInput("ecs.s", cny("10"))]
    charged = actions.charge(program, customer_id=world.cast.carl.id, usage_reference="U1", lines=lines)
    assert charged.paid == cny("10")


@pytest.mark.parametrize(("amount", "product", "rule"), [("0", "ecs.s", "S-902"), ("1", "nothing", "S-374")])
def test_usage_that_is_none_is_refused(world: World, refuses: Any, amount: str, product: str, rule: str) -> None:
    """S-902, S-374."""
    world.issue()
    rules = {rule} if rule == "S-902" else {"S-902", "S-374"}
    with refuses(*rules):
        actions.charge(
            meter(world),
            customer_id=world.cast.carl.id,
            usage_reference="U1",
            lines=[OrderInput(product, cny(amount))],
        )


def test_a_cash_coupons_share_is_not_asked_of_usage(subsidised: World) -> None:
    """S-415, S-417: what is billed by use is paid in full, and what it spends counts as performance."""
    coupon = subsidised.issue(face="100", by=subsidised.cast.sol(), limits=scope(use_ratio=Decimal("0.5")))
    charged = charge(subsidised, "60")
    assert [(each.voucher_id, each.amount) for each in charged.parts] == [(coupon, cny("60"))]
    assert subsidised.event("voucher.charged")["performance"] == {"minor": 6000, "currency": "CNY"}
