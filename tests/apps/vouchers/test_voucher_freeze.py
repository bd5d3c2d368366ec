"""The vendor stops one voucher and lets it go again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import NotAllowed, NotFound
from partner_center.kernel.ids import new_id
from partner_center.vouchers import actions, queries
from partner_center.vouchers.queries.checkout import OrderInput
from tests.apps.vouchers.conftest import DAY, World, cny


def freeze(world: World, voucher: UUID, reason: str = "核查") -> None:
    actions.freeze_voucher(world.cast.vera(), voucher_id=voucher, reason=reason)


def pay(world: World, *vouchers: UUID) -> actions.Authorised:
    lines = [OrderInput("ecs.s", cny("30"))]
    return actions.authorise(world.cast.carl(), order_reference="O1", lines=lines, voucher_ids=vouchers)


def test_a_frozen_voucher_pays_nothing_and_is_not_taken_back(world: World, refuses: Any) -> None:
    """SM-5: usable, and frozen; S-390."""
    voucher = world.issue()
    freeze(world, voucher)
    found = world.voucher(voucher)
    assert (found.state, found.is_frozen, found.frozen_reason) == ("usable", True, "核查")
    with refuses("S-390"):
        pay(world, voucher)
    with refuses("S-390"):
        actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    carl = world.cast.carl()
    with seated(carl):
        mine = queries.my_voucher(carl, voucher)
        assert mine.is_frozen and mine.frozen_reason == "核查"
        assert Event.objects.visible_to(carl).filter(name="voucher.frozen", subject_id=voucher).count() == 1


def test_it_is_let_go_and_pays_again(world: World) -> None:
    voucher = world.issue()
    freeze(world, voucher)
    actions.unfreeze_voucher(world.cast.vera(), voucher_id=voucher, reason="核查完成")
    assert pay(world, voucher).held == cny("30")
    assert world.voucher(voucher).frozen_reason == ""


def test_what_an_order_holds_of_it_is_still_paid_with(world: World) -> None:
    voucher = world.issue()
    hold = pay(world, voucher)
    freeze(world, voucher)
    actions.capture(world.cast.carl(), authorisation_id=hold.authorisation_id)
    assert world.sum(world.sols).spent == cny("30") and world.voucher(voucher).is_frozen


def test_a_frozen_voucher_still_ends_and_comes_home(world: World) -> None:
    voucher = world.issue()
    freeze(world, voucher)
    actions.expire_due(system_actor("S-401: time", world.cast.at + 61 * DAY))
    assert world.voucher(voucher).state == "expired" and world.sum(world.sols).closes


def test_it_is_refused_by_name(world: World, refuses: Any) -> None:
    vera, voucher = world.cast.vera(), world.issue()
    with refuses("S-361"):
        freeze(world, voucher, " ")
    with refuses("S-390"):
        actions.unfreeze_voucher(vera, voucher_id=voucher, reason="r")
    freeze(world, voucher)
    with refuses("S-390", "S-361"):
        freeze(world, voucher, "x" * 201)
    gone = world.issue()
    actions.reclaim(world.cast.sol(), voucher_ids=[gone])
    with refuses("S-390"):
        freeze(world, gone)


def test_only_the_vendor_freezes_and_only_what_is_there(world: World, refuses: Any) -> None:
    voucher = world.issue()
    for person in (world.cast.sol, world.cast.carl, world.cast.strange_provider):
        for verb in (actions.freeze_voucher, actions.unfreeze_voucher):
            with refuses(error=NotAllowed):
                verb(person(), voucher_id=voucher, reason="r")
    with refuses(error=NotFound):
        freeze(world, new_id())
