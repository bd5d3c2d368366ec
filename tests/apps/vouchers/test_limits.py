"""What limits quota and vouchers: set, narrowed, inherited, and asked of each line of an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from partner_center.catalogue.actions import NewRegion, publish
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotFound
from partner_center.vouchers import actions, queries
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.rules import Scope
from tests.apps.vouchers.conftest import World, cny
from tests.apps.vouchers.limit_cases import scope

LIMITS = scope(
    service_types_excluded="obs",
    order_types="renew",
    regions="cn-north-1",
    billing_modes="yearly",
    enterprise_projects="ep-1",
    with_discounts=False,
    min_discount=Decimal("0.8"),
)
GOOD: dict[str, Any] = {
    "order_type": "renew",
    "region": "cn-north-1",
    "billing_mode": "yearly",
    "enterprise_project": "ep-1",
}


@pytest.fixture
def limited(world: World) -> World:
    """The world in which Sol's quota has every limit."""
    regions = [
        NewRegion("cn-north-1", "cloud-cn", "北方一", "North 1"),
        NewRegion("cn-east-1", "cloud-cn", "东", "East"),
    ]
    publish(world.cast.vera(), service_types=[], products=[], regions=regions)
    world.sols = world.grant(world.cast.sol, limits=LIMITS)
    return world


def order(**changes: Any) -> list[OrderInput]:
    return [OrderInput("ecs.s", cny("80"), **(GOOD | changes))]


def quota_scope(world: World, quota: Any) -> Scope:
    vera = world.cast.vera()
    with seated(vera):
        return queries.quota_detail(vera, quota).row.scope


def test_a_voucher_without_limits_of_its_own_has_those_of_its_quota(limited: World) -> None:
    """S-374, S-395."""
    assert quota_scope(limited, limited.sols) == LIMITS
    assert limited.voucher(limited.issue()).scope == LIMITS


def test_quota_passed_on_keeps_its_limits(limited: World) -> None:
    """S-365."""
    limited.darios = limited.grant(limited.cast.dario, limits=LIMITS)
    assert quota_scope(limited, limited.pass_on("10")) == LIMITS


def test_a_voucher_narrows_what_its_quota_limits(limited: World) -> None:
    """S-374."""
    narrower = scope(min_discount=Decimal("0.9"), service_types_excluded="ecs")
    found = limited.voucher(limited.issue(limits=narrower)).scope
    assert (found.min_discount, found.service_types_excluded) == (Decimal("0.9"), {"ecs", "obs"})


@pytest.mark.parametrize(
    "wider",
    [
        {"order_types": "change"},
        {"regions": "cn-east-1"},
        {"billing_modes": "monthly"},
        {"enterprise_projects": "ep-2"},
        {"min_discount": Decimal("0.7")},
    ],
)
def test_a_voucher_may_not_widen_what_its_quota_limits(limited: World, refuses: Any, wider: dict[str, Any]) -> None:
    """S-374."""
    with refuses("S-374"):
        limited.issue(limits=scope(**wider))


@pytest.mark.parametrize("unknown", [{"order_types": "gift"}, {"regions": "moon"}, {"billing_modes": "daily"}])
def test_codes_nobody_knows_are_refused(world: World, refuses: Any, unknown: dict[str, Any]) -> None:
    """S-374."""
    with refuses("S-374"):
        world.grant(world.cast.sol, limits=scope(**unknown))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order_type": "subscribe"}, "order_type_not_covered"),
        ({"region": "cn-east-1"}, "region_not_covered"),
        ({"billing_mode": "monthly"}, "billing_mode_not_covered"),
        ({"enterprise_project": ""}, "enterprise_project_not_covered"),
        ({"discount": Decimal("0.9")}, "not_with_discounts"),
    ],
)
def test_each_limit_refuses_alone_at_checkout(limited: World, refuses: Any, changes: dict[str, Any], code: str) -> None:
    """S-395, S-458."""
    voucher = limited.issue()
    terms: dict[str, Any] = {"order_reference": "O1", "voucher_ids": [voucher]}
    with refuses() as told:
        actions.authorise(limited.cast.carl(), lines=order(**changes), **terms)
    assert [outcome.code for outcome in told[0].outcomes] == [code]
    assert actions.authorise(limited.cast.carl(), lines=order(), **terms).held == cny("80")


def test_every_limit_that_is_not_met_is_named_with_what_it_asks_for(limited: World) -> None:
    """S-395, S-458."""
    limited.issue()
    carl = limited.cast.carl()
    with seated(carl):
        (row,) = queries.quote(carl, [OrderInput("obs.s", cny("80"), discount=Decimal("0.5"))]).vouchers
    assert {outcome.code for outcome in row.unmet} == {
        *("service_types_excluded", "order_type_not_covered", "region_not_covered", "billing_mode_not_covered"),
        *("enterprise_project_not_covered", "not_with_discounts", "discount_too_deep"),
    }
    told = {outcome.code: outcome.text("message", "en") for outcome in row.unmet}
    assert told["discount_too_deep"].endswith("the highest is 50%, at least 80% is needed")


def test_a_trial_turned_commercial_is_a_subscription(world: World) -> None:
    """S-395."""
    world.issue(limits=scope(order_types="subscribe"))
    for kind in ("subscribe", "on_demand_to_period", "trial_to_commercial"):
        with seated(world.cast.carl()):
            lines = [OrderInput("ecs.s", cny("80"), order_type=kind)]
            assert queries.quote(world.cast.carl(), lines).pays == cny("80")


def test_only_lines_within_all_limits_are_paid_and_count_for_the_minimum(world: World) -> None:
    """S-395, S-396."""
    world.issue(face="500", limits=scope(regions=frozenset()), min_order=cny("100"))
    voucher = world.issue(face="500", limits=scope(billing_modes="monthly"), min_order=cny("81"))
    lines = [OrderInput("ecs.s", cny("80"), billing_mode="monthly"), OrderInput("ecs.s", cny("60"))]
    with seated(world.cast.carl()):
        rows = {row.id: row for row in queries.quote(world.cast.carl(), lines, most=3).vouchers}
    assert {outcome.id for outcome in rows[voucher].unmet} == {"S-396"}
    assert [row.pays for row in rows.values() if row.usable] == [cny("140")]


def test_arrears_are_paid_by_no_voucher(world: World, refuses: Any) -> None:
    """S-394."""
    voucher = world.issue()
    with refuses("S-394"):
        arrears = [OrderInput("ecs.s", cny("80"), arrears=True)]
        actions.authorise(world.cast.carl(), order_reference="O1", lines=arrears, voucher_ids=[voucher])


def test_a_voucher_can_be_used_at_once_and_nobody_changes_or_moves_it(world: World, refuses: Any) -> None:
    """S-391, S-381."""
    voucher = world.issue()
    assert world.voucher(voucher).shown_state(world.cast.at) == "usable"
    assert not {name for name in actions.__all__ if "transfer" in name or "edit" in name or "activate" in name}
    stranger = world.cast.strange_customer()
    with refuses(error=NotFound):
        actions.authorise(stranger, order_reference="O1", lines=[OrderInput("ecs.s", cny("1"))], voucher_ids=[voucher])
