"""Reversing what ended something: reclaims, adjustments and invalidations, while it could live on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from partner_center.access.actions import add_member
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict
from partner_center.ledger.models import Transfer
from partner_center.ledger.verify import verify
from partner_center.relationships.actions import disassociate, switch_type
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import QuotaAdjustment, QuotaRecord, VoucherRecord
from partner_center.vouchers.queries.checkout import OrderInput
from tests.apps.vouchers.conftest import DAY, World, cny


@pytest.fixture
def vito(world: World) -> UUID:
    """A second person of the vendor's, in finance."""
    return add_member(world.cast.vera(), login="vito", display_name="维托", roles=["vendor_finance"], password="x")


def last(world: World, kind: str) -> UUID:
    with seated(world.cast.vera()):
        found = Transfer.objects.filter(kind=kind).order_by("-id").first()
        assert found is not None
        return found.pk


def undo(world: World, kind: str, vito: UUID, at: Any = None) -> actions.Reversed:
    return actions.reverse(world.cast.vera(at), transfer_id=last(world, kind), reason="误操作", approved_by=vito)


def touched(caught: list[Any]) -> int:
    assert caught[0].code == "transfer_touched"
    return int(caught[0].values["count"])


def row(world: World, quota: UUID) -> queries.QuotaRow:
    vera = world.cast.vera()
    with seated(vera):
        return queries.quota_detail(vera, quota).row


def sound(world: World, *quotas: UUID) -> bool:
    return all(world.sum(each).closes for each in quotas) and not verify(world.cast.vera(), [])


def names(world: World) -> list[str]:
    with seated(world.cast.vera()):
        return list(Event.objects.order_by("-id").values_list("name", flat=True)[:3])


def spend(world: World, amount: str) -> None:
    carl = world.cast.carl()
    hold = actions.authorise(carl, order_reference="O1", lines=[OrderInput("ecs.s", cny(amount))])
    actions.capture(carl, authorisation_id=hold.authorisation_id)


def test_a_voucher_that_was_taken_back_is_usable_again_with_what_was_left(world: World, vito: UUID) -> None:
    """S-390, S-410."""
    voucher = world.issue()
    spend(world, "30")
    actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    undo(world, "voucher.reclaim", vito)
    found = world.voucher(voucher)
    assert (found.state, found.balance, found.came_back) == ("usable", cny("70"), cny("0"))
    with seated(world.cast.vera()):
        lines = VoucherRecord.objects.order_by("id").values_list("operation_type", "amount_minor")
        assert list(lines) == [(1, 10_000), (2, 7_000), (1, 7_000)]
    assert names(world)[:2] == ["transfer.reversed", "voucher.restored"]
    actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    assert sound(world, world.sols)


def test_what_went_on_to_the_distributor_comes_back_from_there(world: World, vito: UUID) -> None:
    """S-402: the part's "given back" falls by as much."""
    part = world.pass_on("300")
    voucher = world.issue(world.cast.rita, by=world.cast.rhea(), quota=part)
    actions.reclaim_quota(world.cast.dario(), quota_id=part)
    actions.reclaim(world.cast.rhea(), voucher_ids=[voucher])
    assert world.sum(world.darios).free == cny("1000")
    undo(world, "voucher.reclaim", vito)
    assert world.sum(world.darios).free == cny("900") and world.sum(part).outstanding == cny("100")
    assert sound(world, world.darios, part)


def test_a_voucher_that_could_not_live_on_stays_where_it_is(world: World, vito: UUID, refuses: Any) -> None:
    """Its value is issued again, its customer is gone or in the other model, or its time is over."""
    voucher = world.issue(face="1000")
    actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    again = world.issue(face="400")
    with refuses(error=Conflict) as caught:
        undo(world, "voucher.reclaim", vito)
    assert caught[0].code == "transfer_touched"
    actions.reclaim(world.cast.sol(), voucher_ids=[again])
    with refuses(error=Conflict) as caught:
        undo(world, "voucher.reclaim", vito, world.cast.at + 60 * DAY)
    assert touched(caught) == 1


def test_a_voucher_of_a_customer_that_left_or_switched_is_not_restored(world: World, vito: UUID, refuses: Any) -> None:
    """S-221: types 3 and 8 of the log."""
    world.issue(world.cast.cora)
    switch_type(world.cast.vera(), customer_id=world.cast.cora.id, type=1, reason="ticket")
    with refuses(error=Conflict) as caught:
        undo(world, "voucher.reclaim", vito)
    assert touched(caught) == 1
    world.issue(world.cast.carl)
    disassociate(world.cast.sol(), customer_id=world.cast.carl.id, reason="left")
    with refuses(error=Conflict) as caught:
        undo(world, "voucher.reclaim", vito)
    assert touched(caught) == 1


def test_a_part_that_was_taken_back_is_its_resellers_again(world: World, vito: UUID) -> None:
    """S-365, S-411: with the terms that its quota has by now."""
    part = world.pass_on("300")
    world.issue(world.cast.rita, by=world.cast.rhea(), quota=part)
    actions.reclaim_quota(world.cast.dario(), quota_id=part)
    actions.begin_adjusting(world.cast.vera(), quota_id=world.darios, reason="r")
    actions.adjust(world.cast.vera(), quota_id=world.darios, service_types=["ecs"], reason="r")
    undo(world, "quota.reclaim", vito)
    found = world.sum(part)
    assert (found.free, found.outstanding, found.given_back) == (cny("200"), cny("100"), cny("0"))
    assert (row(world, part).state, row(world, part).scope.service_types) == ("normal", {"ecs"})
    with seated(world.cast.vera()):
        lines = QuotaRecord.objects.order_by("id").values_list("operation_type", "amount_minor")
        assert list(lines) == [(10, 30_000), (11, 20_000), (10, 20_000)]
    assert names(world)[:2] == ["transfer.reversed", "quota.restored"] and sound(world, world.darios, part)
    world.issue(world.cast.rita, by=world.cast.rhea(), quota=part)


def test_a_part_does_not_come_back_from_a_quota_that_is_over(world: World, vito: UUID, refuses: Any) -> None:
    part = world.pass_on("300")
    actions.reclaim_quota(world.cast.dario(), quota_id=part)
    actions.invalidate(world.cast.vera(), quota_id=world.darios, reason="r")
    with refuses(error=Conflict) as caught:
        undo(world, "quota.reclaim", vito)
    assert touched(caught) == 1


def test_an_invalid_quota_is_valid_again_with_its_parts(world: World, vito: UUID) -> None:
    part = world.pass_on("300")
    actions.invalidate(world.cast.vera(), quota_id=world.darios, reason="r", with_parts=True)
    undo(world, "quota.invalidate", vito)
    assert (row(world, world.darios).state, row(world, part).state) == ("normal", "normal")
    assert (world.sum(world.darios).free, world.sum(part).free) == (cny("700"), cny("300"))
    assert sound(world, world.darios, part)


def test_an_invalid_quota_is_not_revived_after_its_end(world: World, vito: UUID, refuses: Any) -> None:
    actions.invalidate(world.cast.vera(), quota_id=world.sols, reason="r")
    with refuses(error=Conflict) as caught:
        undo(world, "quota.invalidate", vito, world.cast.at + 60 * DAY)
    assert touched(caught) == 1


@pytest.mark.parametrize("value", ["1500", "400"])
def test_an_adjusted_value_is_what_it_was(world: World, vito: UUID, value: str) -> None:
    """S-366."""
    actions.begin_adjusting(world.cast.vera(), quota_id=world.sols, reason="r")
    actions.adjust(world.cast.vera(), quota_id=world.sols, value=cny(value), reason="r")
    made = undo(world, "quota.adjust", vito)
    assert world.sum(world.sols).value == world.sum(world.sols).free == cny("1000")
    with seated(world.cast.vera()):
        line = QuotaAdjustment.objects.order_by("-id").first()
        assert line is not None and (line.transfer_id, line.reason) == (made.reversal_id, "误操作")
    assert sound(world, world.sols)


def test_an_addition_that_was_issued_is_not_taken_away(world: World, vito: UUID, refuses: Any) -> None:
    actions.begin_adjusting(world.cast.vera(), quota_id=world.sols, reason="r")
    actions.adjust(world.cast.vera(), quota_id=world.sols, value=cny("1500"), reason="r")
    world.issue(face="1200")
    with refuses(error=Conflict) as caught:
        undo(world, "quota.adjust", vito)
    assert touched(caught) == 1


@pytest.mark.parametrize(("kind", "instead"), [("voucher.expire", "issue"), ("quota.lapse", "grant")])
def test_what_ended_in_time_is_not_revived(world: World, vito: UUID, refuses: Any, kind: str, instead: str) -> None:
    """S-401: its time is over whatever two persons say."""
    world.issue()
    late = system_actor("S-401: time", world.cast.at + 61 * DAY)
    actions.expire_due(late)
    actions.lapse_due(late)
    with refuses(error=Conflict) as caught:
        undo(world, kind, vito)
    assert (caught[0].code, caught[0].values["instead"]) == ("transfer_not_reversible", instead)
