"""What the vendor changes of a granted quota, and what becomes of what was passed on and issued from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.models import Entry, Transfer
from partner_center.ledger.verify import verify
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import QuotaAdjustment
from partner_center.vouchers.queries.overview import quota_total
from tests.apps.vouchers.conftest import DAY, World, cny
from tests.cast import open_customer


def row(world: World, quota: UUID) -> queries.QuotaRow:
    vera = world.cast.vera()
    with seated(vera):
        return queries.quota_detail(vera, quota).row


def adjust(world: World, quota: UUID, **terms: Any) -> actions.Adjusted:
    """Put aside, then adjusted."""
    actions.begin_adjusting(world.cast.vera(), quota_id=quota, reason="追加")
    return actions.adjust(world.cast.vera(), quota_id=quota, **{"reason": "追加", **terms})


def put_aside(world: World, quota: UUID) -> UUID:
    actions.begin_adjusting(world.cast.vera(), quota_id=quota, reason="追加")
    return quota


def lines(world: World, quota: UUID) -> list[QuotaAdjustment]:
    with seated(world.cast.vera()):
        return list(QuotaAdjustment.objects.filter(quota_id=quota).order_by("id"))


def events(world: World, name: str) -> list[Event]:
    with seated(world.cast.vera()):
        return list(Event.objects.filter(name=name).order_by("id"))


def test_a_quota_that_is_being_adjusted_is_seen_and_not_issued(world: World, refuses: Any) -> None:
    """SM-4, S-361, S-362: issuing and passing on are refused by name meanwhile."""
    put_aside(world, world.sols)
    put_aside(world, world.darios)
    assert row(world, world.sols).state == "adjusting" and row(world, world.sols).state_reason == "追加"
    with refuses("S-362"):
        world.issue()
    with refuses("S-362"):
        world.pass_on()
    assert [event.data["after"] for event in events(world, "quota.paused")] == ["adjusting"] * 2


def test_an_adjusting_that_changes_nothing_ends_as_it_began(world: World) -> None:
    put_aside(world, world.sols)
    actions.end_adjusting(world.cast.vera(), quota_id=world.sols, reason="误操作")
    found = row(world, world.sols)
    assert (found.state, found.value, found.state_reason) == ("normal", cny("1000"), "")
    assert len(events(world, "quota.resumed")) == 1 and not lines(world, world.sols)


def test_a_value_goes_up_through_the_vendors_book(world: World) -> None:
    """S-366: what came to it is free, and the sum closes; the vendor's own sum too."""
    world.issue(face="100")
    adjusted = adjust(world, world.sols, value=cny("1500"))
    assert (adjusted.value, adjusted.change) == (cny("1500"), cny("500"))
    found = world.sum(world.sols)
    assert (found.value, found.free, found.outstanding, found.closes) == (cny("1500"), cny("1400"), cny("100"), True)
    with seated(world.cast.vera()):
        transfer = Transfer.objects.get(kind="quota.adjust")
        assert transfer.reason == "追加"
        assert sorted(Entry.objects.filter(transfer=transfer).values_list("amount_minor", flat=True)) == [-50000, 50000]
        assert all(total.closes for total in quota_total(world.cast.vera()))
    (line,) = lines(world, world.sols)
    assert (line.value_before, line.value_after, line.transfer_id) == (100_000, 150_000, transfer.pk)
    (event,) = events(world, "quota.adjusted")
    assert event.data == {"amount": {"minor": 50000, "currency": "CNY"}, "before": "adjusting", "after": "normal"}
    assert row(world, world.sols).state == "normal" and not verify(world.cast.vera(), [])


def test_a_value_goes_down_to_what_is_gone_and_no_further(world: World, refuses: Any) -> None:
    """S-366."""
    world.issue(face="100")
    put_aside(world, world.sols)
    with refuses("S-366") as caught:
        actions.adjust(world.cast.vera(), quota_id=world.sols, value=cny("99.99"), reason="r")
    assert caught[0].outcomes[0].values["required"] == cny("100")
    actions.adjust(world.cast.vera(), quota_id=world.sols, value=cny("100"), reason="r")
    found = world.sum(world.sols)
    assert (found.value, found.free, found.closes) == (cny("100"), cny("0"), True)
    assert not verify(world.cast.vera(), [])


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        ({"value": cny("0")}, "S-902"),
        ({"value": Money.of("5000", "USD")}, "L-307"),
        ({"service_types": ["nothing"]}, "S-374"),
        ({"value": cny("1000")}, "S-361"),
        ({"value": cny("2000"), "reason": " "}, "S-361"),
    ],
)
def test_an_adjustment_that_breaks_a_rule_is_refused(
    world: World, refuses: Any, terms: dict[str, Any], rule: str
) -> None:
    put_aside(world, world.sols)
    with refuses(rule):
        actions.adjust(world.cast.vera(), quota_id=world.sols, **{"reason": "r", **terms})


def test_an_end_comes_not_before_now_nor_before_what_was_issued_ends(world: World, refuses: Any) -> None:
    """S-360, S-373: also what a reseller issued from its part counts."""
    part = world.pass_on()
    last = world.cast.at + 20 * DAY
    world.issue(world.cast.rita, by=world.cast.rhea(), quota=part, window=Window(world.cast.at, last))
    put_aside(world, world.darios)

    def end(at: datetime) -> Any:
        return actions.adjust(world.cast.vera(), quota_id=world.darios, ends_at=at, reason="r")

    with refuses("S-373"):
        end(last - DAY)
    with refuses("S-360", "S-373"):
        end(world.cast.at)
    assert end(last).parts == 1
    assert {row(world, each).window.end for each in (world.darios, part)} == {last}


def test_a_new_scope_is_for_what_is_issued_from_now_on(world: World, refuses: Any) -> None:
    """S-365, S-374, S-381: parts follow, vouchers keep theirs."""
    part = world.pass_on()
    before = world.issue(world.cast.rita, by=world.cast.rhea(), quota=part)
    adjust(world, world.darios, service_types=["obs"])
    assert row(world, part).scope.service_types == {"obs"}
    assert world.voucher(before).scope.service_types == set()
    after = world.issue(world.cast.rita, by=world.cast.rhea(), quota=part)
    assert world.voucher(after).scope.service_types == {"obs"}
    with refuses("S-374"):
        world.issue(world.cast.rita, by=world.cast.rhea(), quota=part, service_types=["ecs"])
    assert [line.service_types_after for line in lines(world, part)] == [["obs"]]


def test_a_part_follows_its_quota_and_is_not_adjusted_itself(world: World, refuses: Any) -> None:
    """S-365."""
    part = world.pass_on()
    vera = world.cast.vera()
    with refuses("S-365"):
        actions.begin_adjusting(vera, quota_id=part, reason="r")
    with refuses("S-365"):
        actions.designate(vera, quota_id=part, customer_ids=[world.cast.rita.id], reason="r")


def test_a_quota_in_another_state_is_not_adjusted(world: World, refuses: Any) -> None:
    vera = world.cast.vera()
    with refuses(error=Conflict):
        actions.adjust(vera, quota_id=world.sols, value=cny("2000"), reason="r")
    actions.freeze(vera, quota_id=world.sols, reason="r")
    with refuses(error=Conflict):
        actions.begin_adjusting(vera, quota_id=world.sols, reason="r")


def test_only_the_vendor_adjusts_and_nobody_what_is_not_there(world: World, refuses: Any) -> None:
    verbs = (actions.begin_adjusting, actions.end_adjusting, actions.adjust, actions.invalidate)
    for verb in verbs:
        with refuses(error=NotAllowed):
            verb(world.cast.sol(), quota_id=world.sols, reason="r")
        with refuses(error=NotFound):
            verb(world.cast.vera(), quota_id=new_id(), reason="r")
    with refuses(error=NotAllowed):
        actions.designate(world.cast.sol(), quota_id=world.sols, customer_ids=[], reason="r")


def test_the_same_key_adjusts_once(world: World) -> None:
    put_aside(world, world.sols)
    terms = {"quota_id": world.sols, "value": cny("1200"), "reason": "r", "key": "k"}
    assert actions.adjust(world.cast.vera(), **terms) == actions.adjust(world.cast.vera(), **terms)
    assert world.sum(world.sols).value == cny("1200")


def test_a_stranger_sees_no_adjustment(world: World, stranger_sql: Any) -> None:
    adjust(world, world.sols, value=cny("1200"))
    stranger = world.cast.strange_provider
    with seated(stranger()):
        assert not QuotaAdjustment.objects.visible_to(stranger()).exists()
    assert stranger_sql("SELECT * FROM vouchers_quotaadjustment", stranger.id) == []
    assert len(stranger_sql("SELECT * FROM vouchers_quotaadjustment", world.cast.sol.id)) == 1


# Whom it is for ------------------------------------------------------------------------------------------------------


def designate(world: World, quota: UUID, *people: Any, reason: str = "专项") -> int:
    ids = [each.id for each in people]
    return actions.designate(world.cast.vera(), quota_id=quota, customer_ids=ids, reason=reason)


def test_customers_are_named_extended_and_cleared(world: World, refuses: Any) -> None:
    """S-375: who holds a voucher already keeps it."""
    held = world.issue(world.cast.cora)
    designate(world, world.sols, world.cast.carl)
    with refuses("S-375"):
        world.issue(world.cast.cora)
    world.issue(world.cast.carl)
    assert world.voucher(held).state == "usable"
    designate(world, world.sols, world.cast.carl, world.cast.cora)
    world.issue(world.cast.cora)
    designate(world, world.sols)
    assert row(world, world.sols).customer_ids == ()
    assert [len(line.customers_after) for line in lines(world, world.sols)] == [1, 2, 0]
    assert [event.data["count"] for event in events(world, "quota.designated")] == [1, 2, 0]


def test_parts_follow_where_their_resellers_have_the_customers(world: World, refuses: Any) -> None:
    """S-364."""
    part = world.pass_on()
    with refuses("S-364") as caught:
        designate(world, world.darios, world.cast.carl)
    assert caught[0].outcomes[0].values["actual"] == row(world, part).number
    assert designate(world, world.darios, world.cast.rita) == 1
    assert row(world, part).customer_ids == (world.cast.rita.id,)
    assert designate(world, world.darios) == 1
    assert row(world, part).customer_ids == ()


def test_a_part_that_was_taken_back_no_longer_stands_in_the_way(world: World) -> None:
    part = world.pass_on()
    actions.reclaim_quota(world.cast.dario(), quota_id=part)
    assert designate(world, world.darios, world.cast.carl) == 0


def test_naming_is_refused_by_name(world: World, refuses: Any) -> None:
    with refuses("S-375"):
        actions.designate(world.cast.vera(), quota_id=world.sols, customer_ids=[new_id()], reason="r")
    with refuses("S-375"):
        designate(world, world.sols)
    with refuses("S-361"):
        designate(world, world.sols, world.cast.carl, reason="")
    actions.invalidate(world.cast.vera(), quota_id=world.sols, reason="r")
    with refuses(error=Conflict):
        designate(world, world.sols, world.cast.carl)


def test_a_customer_may_be_named_before_it_is_the_partners(world: World) -> None:
    """S-370 asks whose it is when a voucher is issued."""
    prospect = open_customer(world.cast.vera(), "新客", "Prospect", 61, "prospect")
    designate(world, world.sols, prospect)
    with pytest.raises(Refused) as refused:
        world.issue(prospect)
    assert {each.id for each in refused.value.outcomes} == {"S-370"}


# Out of use ----------------------------------------------------------------------------------------------------------


def test_what_is_free_of_an_invalid_quota_is_lost_and_vouchers_live_on(world: World, refuses: Any) -> None:
    """S-361, S-366, S-402."""
    voucher = world.issue(face="100")
    ended = actions.invalidate(world.cast.vera(), quota_id=world.sols, reason="活动取消")
    assert ended.lost == cny("900") and world.voucher(voucher).state == "usable"
    found = world.sum(world.sols)
    assert (found.free, found.lost, found.outstanding, found.closes) == (cny("0"), cny("900"), cny("100"), True)
    assert (row(world, world.sols).state, row(world, world.sols).state_reason) == ("invalid", "活动取消")
    with refuses("S-362", "S-377"):
        world.issue()
    actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    assert world.sum(world.sols).lost == cny("1000") and world.sum(world.sols).closes
    (event,) = events(world, "quota.invalidated")
    assert event.data["amount"] == {"minor": 90_000, "currency": "CNY"}
    assert not verify(world.cast.vera(), [])


def test_parts_stay_their_resellers_unless_they_are_ended_too(world: World) -> None:
    first, second = world.pass_on("300"), world.pass_on("200")
    actions.reclaim_quota(world.cast.dario(), quota_id=second)
    actions.invalidate(world.cast.vera(), quota_id=world.darios, reason="r")
    assert row(world, first).state == "normal"
    world.issue(world.cast.rita, by=world.cast.rhea(), quota=first)
    actions.reclaim_quota(world.cast.dario(), quota_id=first)
    found = world.sum(world.darios)
    assert (found.lost, found.free, found.closes) == (cny("900"), cny("0"), True)


def test_parts_end_with_their_quota_where_that_is_asked(world: World) -> None:
    part, quota = world.pass_on("300"), world.darios
    ended = actions.invalidate(world.cast.vera(), quota_id=quota, reason="r", with_parts=True)
    assert set(ended.quota_ids) == {quota, part} and ended.lost == cny("1000")
    assert row(world, part).state == "invalid" and world.sum(part).lost == cny("300")
    assert all(world.sum(each).closes for each in (quota, part))


def test_frozen_and_adjusting_quota_is_set_invalid_too_and_nothing_twice(world: World, refuses: Any) -> None:
    vera = world.cast.vera()
    actions.freeze(vera, quota_id=world.sols, reason="r")
    put_aside(world, world.darios)
    for quota in (world.sols, world.darios):
        actions.invalidate(vera, quota_id=quota, reason="r")
        with refuses(error=Conflict):
            actions.invalidate(vera, quota_id=quota, reason="r")
    assert actions.lapse_due(system_actor("S-361: time", world.cast.at + 90 * DAY)) == 0
