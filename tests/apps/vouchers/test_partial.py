"""Passing quota on and taking it back row by row: the good ones go, each of the others says why it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partner_center.access.permissions import Can, item_of
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import NotAllowed
from partner_center.vouchers import actions
from partner_center.vouchers.models import QuotaRecord
from tests.apps.vouchers.conftest import World, cny, counted
from tests.apps.vouchers.test_quota import events


def give(world: World, *resellers: Any, amount: str = "100", **more: Any) -> actions.PassedOn:
    ids = [each.id for each in resellers]
    terms: dict[str, Any] = {"partial": True, **more}
    return actions.pass_on(world.cast.dario(), quota_id=world.darios, reseller_ids=ids, amount=cny(amount), **terms)


def test_who_may_have_a_part_gets_it_and_the_others_are_named(world: World) -> None:
    passed = give(world, world.cast.strange_reseller, world.cast.rhea, world.cast.sol)
    assert [(each.reseller_id, each.rule, each.code) for each in passed.refused] == [
        (world.cast.strange_reseller.id, "S-004", "not_own_reseller"),
        (world.cast.sol.id, "S-004", "not_own_reseller"),
    ]
    assert (len(passed.quotas), passed.total) == (1, cny("100"))
    whole = world.sum(world.darios)
    assert (whole.free, whole.passed_on, whole.closes) == (cny("900"), cny("100"), True)
    assert [event.subject_id for event in events(world, "quota.passed_on")] == [passed.quotas[0].quota_id]


def test_without_partial_one_that_may_not_keeps_all_from_theirs(world: World, refuses: Any) -> None:
    with refuses("S-004"):
        give(world, world.cast.strange_reseller, world.cast.rhea, partial=False)


def test_the_balance_need_only_last_for_those_who_get_a_part(world: World, refuses: Any) -> None:
    """S-363."""
    with refuses("S-363"):
        give(world, world.cast.rhea, amount="1000.01")
    assert give(world, world.cast.strange_reseller, world.cast.rhea, amount="1000").total == cny("1000")


def test_where_nobody_gets_a_part_nothing_is_written(world: World) -> None:
    before = counted()
    passed = give(world, world.cast.strange_reseller)
    assert (passed.quotas, passed.total, len(passed.refused)) == ((), cny("0"), 1)
    assert counted() == before


def test_the_same_key_names_the_same_parts_and_the_same_refused(world: World) -> None:
    first = give(world, world.cast.strange_reseller, world.cast.rhea, key="once")
    assert give(world, world.cast.strange_reseller, world.cast.rhea, key="once") == first
    assert world.sum(world.darios).passed_on == cny("100")


def test_what_can_be_taken_back_comes_and_the_rest_stays(world: World) -> None:
    """S-399, S-411."""
    back, kept = world.pass_on("100"), world.pass_on("200")
    actions.reclaim_quota(world.cast.dario(), quota_id=back)
    frozen = world.pass_on("50")
    actions.freeze(world.cast.vera(), quota_id=frozen, reason="核查")
    taken = actions.reclaim_quotas(world.cast.dario(), quota_ids=[back, kept, frozen], remark="收" * 256, partial=True)
    assert [(each.quota_id, each.amount) for each in taken.quotas] == [(kept, cny("200"))]
    assert {each.quota_id: each.rule for each in taken.refused} == {back: "S-399", frozen: "S-399"}
    whole = world.sum(world.darios)
    assert (whole.free, whole.passed_on, whole.closes, taken.total) == (cny("950"), cny("50"), True, cny("200"))
    with seated(world.cast.vera()):
        line = QuotaRecord.objects.get(quota_id=kept, operation_type=11)
    assert (line.amount_minor, line.remark) == (20_000, "收" * 256)


def test_where_nothing_can_be_taken_back_nothing_is_written(world: World) -> None:
    child = world.pass_on("100")
    actions.lapse_due(system_actor("S-361: time", world.cast.at + timedelta(days=61)))
    before = counted()
    taken = actions.reclaim_quotas(world.cast.dario(), quota_ids=[child], partial=True)
    assert (taken.quotas, taken.total, len(taken.refused)) == ((), cny("0"), 1)
    assert counted() == before


@pytest.mark.parametrize(
    ("verb", "items"),
    [
        ("pass_on", (Can.QUOTA_PASS_ON, Can.QUOTA_PASS_ON_HELD)),
        ("reclaim_quotas", (Can.QUOTA_RECLAIM, Can.QUOTA_RECLAIM_SEVERAL)),
    ],
)
def test_any_one_of_the_items_will_do(world: World, refuses: Any, verb: str, items: tuple[Can, ...]) -> None:
    """S-590."""
    child = world.pass_on("100")
    inputs: dict[str, dict[str, Any]] = {
        "pass_on": {"quota_id": world.darios, "reseller_ids": [world.cast.rhea.id], "amount": cny("1")},
        "reclaim_quotas": {"quota_ids": [child]},
    }

    def call(*held: Can) -> Any:
        actor = world.cast.dario(permissions=frozenset(item_of(each).code for each in held))
        return getattr(actions, verb)(actor, **inputs[verb])

    with refuses(error=NotAllowed):
        call(Can.VOUCHER_QUOTA_VIEW)
    assert call(items[-1]).quotas
