"""Granting, passing on, taking back and freezing quota, on the real database as the application's role."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import QuotaRecord
from tests.apps.vouchers.conftest import DAY, World, cny


def events(world: World, name: str) -> list[Event]:
    with seated(world.cast.vera()):
        return list(Event.objects.filter(name=name).order_by("id"))


def test_a_granted_quota_is_free_to_the_last_fen(world: World) -> None:
    found = world.sum(world.sols)
    assert (found.value, found.free, found.closes) == (cny("1000"), cny("1000"), True)
    (granted,) = [event for event in events(world, "quota.granted") if event.subject_id == world.sols]
    assert granted.partner_id == world.cast.sol.id
    assert granted.data["amount"] == {"minor": 100_000, "currency": "CNY"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"value": cny("0")}, "S-902"),
        ({"value": Money.of("5", "USD")}, "L-307"),
        ({"service_types": ["nothing"]}, "S-374"),
    ],
)
def test_a_grant_that_breaks_a_rule_is_refused(world: World, refuses: Any, changes: dict[str, Any], rule: str) -> None:
    terms = {"partner_id": world.cast.sol.id, "value": cny("5"), "window": world.window(), **changes}
    with refuses(rule):
        actions.grant(world.cast.vera(), **terms)


def test_quota_is_granted_to_who_may_have_it_and_ends_ahead(world: World, refuses: Any) -> None:
    """S-350: a reseller's quota comes from its distributor; S-360."""
    past = Window(world.cast.at - 2 * DAY, world.cast.at - DAY)
    with refuses("S-350", "S-360"):
        actions.grant(world.cast.vera(), partner_id=world.cast.rhea.id, value=cny("5"), window=past)


def test_only_the_vendor_grants(world: World, refuses: Any) -> None:
    with refuses(error=NotAllowed):
        actions.grant(world.cast.dario(), partner_id=world.cast.dario.id, value=cny("5"), window=world.window())


def test_the_same_key_grants_once_and_says_the_same(world: World) -> None:
    """S-901."""
    terms = {"partner_id": world.cast.sol.id, "value": cny("5"), "window": world.window(), "key": "once"}
    first = actions.grant(world.cast.vera(), **terms)
    assert actions.grant(world.cast.vera(), **terms) == first
    assert len(events(world, "quota.granted")) == 3


def test_a_key_used_for_something_else_is_a_conflict(world: World, refuses: Any) -> None:
    """S-901."""
    terms = {"partner_id": world.cast.sol.id, "window": world.window(), "key": "once"}
    actions.grant(world.cast.vera(), value=cny("5"), **terms)
    with refuses(error=Conflict):
        actions.grant(world.cast.vera(), value=cny("6"), **terms)


def test_passing_on_moves_value_down_and_both_sums_close(world: World) -> None:
    """S-363, S-365, S-366, S-411."""
    child = world.pass_on("300")
    upper, lower = world.sum(world.darios), world.sum(child)
    assert (upper.free, upper.passed_on, upper.closes) == (cny("700"), cny("300"), True)
    assert (lower.value, lower.free, lower.closes) == (cny("300"), cny("300"), True)
    with seated(world.cast.vera()):
        record = QuotaRecord.objects.get()
    assert (record.operation_type, record.amount_minor, record.upline_id) == (10, 30_000, world.cast.dario.id)
    (passed,) = events(world, "quota.passed_on")
    assert (passed.partner_id, passed.upline_id) == (world.cast.rhea.id, world.cast.dario.id)


def test_a_sub_quota_inherits_validity_and_limits(world: World) -> None:
    """S-365."""
    world.darios = world.grant(world.cast.dario, service_types=["ecs"], customer_ids=[world.cast.rita.id])
    child = world.pass_on("10")
    with seated(world.cast.rhea()):
        row = queries.quota_detail(world.cast.rhea(), child).row
    assert (row.window, row.scope.service_types) == (world.window(), frozenset({"ecs"}))
    assert row.customer_ids == (world.cast.rita.id,)


def test_passing_on_names_every_broken_rule_at_once(world: World, refuses: Any) -> None:
    """S-363, S-902, S-004."""
    with refuses("S-902", "S-004"):
        actions.pass_on(
            world.cast.dario(),
            quota_id=world.darios,
            reseller_ids=[world.cast.strange_reseller.id, world.cast.sol.id],
            amount=cny("0"),
        )
    with refuses("S-363"):
        actions.pass_on(
            world.cast.dario(), quota_id=world.darios, reseller_ids=[world.cast.rhea.id], amount=cny("1000.01")
        )


def test_a_quota_for_named_customers_goes_only_to_the_reseller_who_has_them(world: World, refuses: Any) -> None:
    """S-364."""
    limited = world.grant(world.cast.dario, customer_ids=[world.cast.carl.id])
    with refuses("S-364"):
        actions.pass_on(world.cast.dario(), quota_id=limited, reseller_ids=[world.cast.rhea.id], amount=cny("1"))


def test_a_reseller_passes_nothing_on(world: World, refuses: Any) -> None:
    """S-351."""
    child = world.pass_on()
    with refuses("S-351", "S-004"):
        actions.pass_on(world.cast.rhea(), quota_id=child, reseller_ids=[world.cast.rhea.id], amount=cny("1"))


def test_anothers_quota_is_not_there(world: World, refuses: Any) -> None:
    stranger = world.cast.strange_distributor()
    with refuses(error=NotFound):
        actions.pass_on(stranger, quota_id=world.darios, reseller_ids=[world.cast.rhea.id], amount=cny("1"))


def test_a_sub_quota_comes_back_whole(world: World) -> None:
    """S-399, S-402."""
    child = world.pass_on("300")
    world.issue(world.cast.rita, "40", by=world.cast.rhea(), quota=child)
    back = actions.reclaim_quota(world.cast.dario(), quota_id=child)
    assert back.amount == cny("260")
    upper, lower = world.sum(world.darios), world.sum(child)
    assert (upper.free, upper.passed_on, upper.closes) == (cny("960"), cny("40"), True)
    assert (lower.free, lower.outstanding, lower.given_back, lower.closes) == (cny("0"), cny("40"), cny("260"), True)
    with seated(world.cast.vera()):
        assert QuotaRecord.objects.filter(operation_type=11).get().amount_minor == 26_000


def test_what_comes_home_to_a_sub_quota_taken_back_goes_on_to_the_quota_it_came_from(world: World) -> None:
    """S-402."""
    child = world.pass_on("300")
    voucher = world.issue(world.cast.rita, "40", by=world.cast.rhea(), quota=child)
    actions.reclaim_quota(world.cast.dario(), quota_id=child)
    actions.reclaim(world.cast.rhea(), voucher_ids=[voucher])
    upper, lower = world.sum(world.darios), world.sum(child)
    assert (upper.free, upper.passed_on, upper.closes) == (cny("1000"), cny("0"), True)
    assert (lower.given_back, lower.closes) == (cny("300"), True)


def test_a_sub_quota_is_taken_back_once_and_only_by_its_distributor(world: World, refuses: Any) -> None:
    """S-399."""
    child = world.pass_on("300")
    with refuses(error=NotFound):
        actions.reclaim_quota(world.cast.strange_distributor(), quota_id=child)
    with refuses(error=NotFound):
        actions.reclaim_quota(world.cast.dario(), quota_id=world.darios)
    actions.reclaim_quota(world.cast.dario(), quota_id=child)
    with refuses("S-399"):
        actions.reclaim_quota(world.cast.dario(), quota_id=child)


def test_a_frozen_quota_gives_nothing_until_it_is_unfrozen(world: World, refuses: Any) -> None:
    """S-361, S-362."""
    actions.freeze(world.cast.vera(), quota_id=world.sols, reason="核查")
    with refuses("S-362"):
        world.issue()
    with refuses(error=Conflict):
        actions.freeze(world.cast.vera(), quota_id=world.sols, reason="核查")
    with refuses(error=NotAllowed):
        actions.unfreeze(world.cast.sol(), quota_id=world.sols, reason="x")
    actions.unfreeze(world.cast.vera(), quota_id=world.sols, reason="核查完成")
    world.issue()
    assert [event.data for event in events(world, "quota.frozen")] == [{"before": "normal", "after": "frozen"}]


def test_the_reason_of_a_freeze_stands_on_the_quota_and_goes_when_it_ends(world: World) -> None:
    """S-361."""

    def reason() -> str:
        with seated(world.cast.sol()):
            return queries.quota_detail(world.cast.sol(), world.sols).row.state_reason

    actions.freeze(world.cast.vera(), quota_id=world.sols, reason="核查")
    assert reason() == "核查"
    actions.unfreeze(world.cast.vera(), quota_id=world.sols, reason="核查完成")
    assert reason() == "核查完成"
    assert [event.data.get("reason") for event in events(world, "quota.unfrozen")] == [None]
    actions.lapse_due(system_actor("S-361: time", world.cast.at + 61 * DAY))
    assert reason() == ""


def test_a_frozen_distributor_passes_nothing_on(world: World, refuses: Any) -> None:
    """S-291."""
    world.standing(world.cast.dario, "frozen")
    with refuses("S-291"):
        world.pass_on()
    world.standing(world.cast.dario, "restricted", world.cast.at + DAY)
    later = world.cast.dario(at=world.cast.at + 2 * DAY)
    assert actions.pass_on(later, quota_id=world.darios, reseller_ids=[world.cast.rhea.id], amount=cny("1")).quotas


def test_a_quota_that_ends_loses_what_is_free_and_says_so(world: World) -> None:
    """S-366, S-402."""
    world.issue(face="100")
    after = system_actor("S-361: time", world.cast.at + 61 * DAY)
    assert actions.lapse_due(after) == 2
    found = world.sum(world.sols)
    assert (found.free, found.lost, found.outstanding, found.closes) == (cny("0"), cny("900"), cny("100"), True)
    assert actions.expire_due(after) == 1
    found = world.sum(world.sols)
    assert (found.lost, found.outstanding, found.closes) == (cny("1000"), cny("0"), True)


def test_only_the_system_ends_what_is_due(world: World, refuses: Any) -> None:
    with refuses(error=NotAllowed):
        actions.expire_due(replace(world.cast.vera(), at=world.cast.at + 100 * DAY))
    with refuses(error=NotAllowed):
        actions.lapse_due(replace(world.cast.vera(), at=world.cast.at + 100 * DAY))
