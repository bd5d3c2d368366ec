"""Taking vouchers back by hand, when a relation ends, and when their time is over."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import NotAllowed, NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.relationships import actions as relationships
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import Voucher, VoucherRecord
from partner_center.vouchers.queries.checkout import OrderInput
from tests.apps.vouchers.conftest import DAY, World, cny
from tests.cast import RESALE, open_customer, open_partner


def spend(world: World, customer: Any, amount: str, reference: str = "O1") -> None:
    held = actions.authorise(customer(), order_reference=reference, lines=[OrderInput("ecs.s", cny(amount))])
    actions.capture(customer(), authorisation_id=held.authorisation_id)


def records(world: World) -> list[tuple[int, int]]:
    with seated(world.cast.vera()):
        return list(VoucherRecord.objects.order_by("id").values_list("operation_type", "amount_minor"))


def test_a_reclaimed_voucher_returns_its_whole_balance(world: World) -> None:
    """S-399, S-410; the domain's test vector T11: face 100, used 30, so 70 come back."""
    voucher = world.issue(face="100")
    spend(world, world.cast.carl, "30")
    back = actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    assert back.total == cny("70")
    found = world.sum(world.sols)
    assert (found.free, found.spent, found.outstanding, found.closes) == (cny("970"), cny("30"), cny("0"), True)
    row = world.voucher(voucher)
    assert (row.state, row.balance, row.came_back, row.used) == ("reclaimed", cny("0"), cny("70"), cny("30"))
    assert records(world)[-1] == (2, 7_000)


def test_several_are_reclaimed_in_one_transfer(world: World) -> None:
    """S-399."""
    both = [world.issue(), world.issue(world.cast.cora)]
    assert actions.reclaim(world.cast.sol(), voucher_ids=both).total == cny("200")
    assert world.sum(world.sols).free == cny("1000")


def test_the_receiver_no_longer_sees_it_and_the_issuer_does(world: World) -> None:
    """S-400."""
    voucher = world.issue()
    actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    carl, sol = world.cast.carl(), world.cast.sol()
    with seated(carl):
        assert not queries.my_vouchers(carl).rows
        with pytest.raises(NotFound):
            queries.my_voucher(carl, voucher)
    with seated(sol):
        assert [row.id for row in queries.vouchers(sol, queries.VoucherFilter()).rows] == [voucher]


def test_what_is_over_or_used_up_is_not_reclaimed_again(world: World, refuses: Any) -> None:
    """S-405, S-399."""
    first, second = world.issue(face="20"), world.issue(world.cast.cora, face="20")
    actions.reclaim(world.cast.sol(), voucher_ids=[first])
    with refuses("S-405"):
        actions.reclaim(world.cast.sol(), voucher_ids=[first])
    spend(world, world.cast.cora, "20")
    with refuses("S-399"):
        actions.reclaim(world.cast.sol(), voucher_ids=[second])
    with refuses("S-405", "S-399"):
        actions.reclaim(world.cast.sol(), voucher_ids=[first, second])


def test_past_its_end_a_voucher_is_not_reclaimed_even_before_the_job_ran(world: World, refuses: Any) -> None:
    """S-399: only while valid."""
    voucher = world.issue(window=Window(world.cast.at - DAY, world.cast.at + DAY))
    with refuses("S-405"):
        actions.reclaim(world.cast.sol(at=world.cast.at + 2 * DAY), voucher_ids=[voucher])


def test_a_voucher_that_an_order_holds_is_not_reclaimed(world: World, refuses: Any) -> None:
    """S-390."""
    voucher = world.issue()
    actions.authorise(world.cast.carl(), order_reference="O1", lines=[OrderInput("ecs.s", cny("10"))])
    with refuses("S-390"):
        actions.reclaim(world.cast.sol(), voucher_ids=[voucher])


def test_the_interface_reclaims_for_resale_customers_only(world: World, refuses: Any) -> None:
    """S-380."""
    voucher = world.issue()
    with refuses("S-380"):
        actions.reclaim(world.cast.sol(), voucher_ids=[voucher], channel="api")
    resale = world.issue(world.cast.cora)
    assert actions.reclaim(world.cast.sol(), voucher_ids=[resale], channel="api").total == cny("100")


def test_only_the_issuer_reclaims(world: World, refuses: Any) -> None:
    child = world.pass_on()
    voucher = world.issue(world.cast.rita, "1", by=world.cast.rhea(), quota=child)
    for other in (world.cast.strange_provider(), world.cast.sol(), world.cast.dario()):
        with refuses(error=NotFound):
            actions.reclaim(other, voucher_ids=[voucher])
    with refuses(error=NotAllowed):
        actions.reclaim(world.cast.rita(), voucher_ids=[voucher])


def test_disassociation_takes_the_vouchers_back_in_the_same_transaction(world: World) -> None:
    """S-221, S-401; the domain's test vector T12."""
    voucher = world.issue(face="100")
    spend(world, world.cast.carl, "30")
    relationships.disassociate(world.cast.sol(), customer_id=world.cast.carl.id, reason="合同到期")
    assert world.voucher(voucher).state == "reclaimed"
    assert world.sum(world.sols).free == cny("970")
    assert records(world)[-1] == (3, 7_000)


def test_an_expired_voucher_brings_its_rest_home(world: World) -> None:
    """S-401; the domain's test vector T13."""
    voucher = world.issue(face="100", window=Window(world.cast.at - DAY, world.cast.at + DAY))
    spend(world, world.cast.carl, "30")
    night = system_actor("S-401: time", world.cast.at + 2 * DAY)
    assert (actions.expire_due(night), actions.expire_due(night)) == (1, 0)
    assert world.voucher(voucher).state == "expired"
    assert world.sum(world.sols).free == cny("970")
    assert records(world)[-1] == (4, 7_000)


def test_vouchers_of_both_sites_end_in_one_batch_each_in_its_currency(world: World) -> None:
    """S-401, L-307."""
    vera, where = world.cast.vera(), {"site": "cloud-intl", "uscc": ""}
    partner = open_partner(vera, "solution_provider", "海外方案", "Abroad Solutions", 71, "abroad", **where)
    customer = open_customer(vera, "海外客户", "Abroad Ltd", 72, "abroad-c", partner=partner, type=RESALE, **where)
    usd, soon = Money.of("50", "USD"), Window(world.cast.at - DAY, world.cast.at + DAY)
    quota = actions.grant(vera, partner_id=partner.id, value=usd, window=world.window()).quota_id
    abroad = actions.issue(
        partner(), quota_id=quota, customer_ids=[customer.id], face_value=Money.of("20", "USD"), window=soon
    )
    at_home = world.issue(face="100", window=soon)
    assert actions.expire_due(system_actor("S-401: time", world.cast.at + 2 * DAY)) == 2
    ended = [world.voucher(each) for each in (abroad.vouchers[0].voucher_id, at_home)]
    assert [row.came_back for row in ended] == [Money.of("20", "USD"), cny("100")]
    assert (world.sum(quota).free, world.sum(world.sols).free) == (usd, cny("1000"))
    assert world.sum(quota).closes and world.sum(world.sols).closes
    assert sorted(records(world)[-2:]) == [(4, 2_000), (4, 10_000)]


def test_expiry_goes_on_where_it_stopped(world: World) -> None:
    for _ in range(3):
        world.issue(face="1", window=Window(world.cast.at - DAY, world.cast.at + DAY))
    night = system_actor("S-401: time", world.cast.at + 2 * DAY)
    assert [actions.expire_due(night, limit=2) for _ in range(3)] == [2, 1, 0]


def test_a_held_voucher_expires_when_its_order_has_ended(world: World) -> None:
    """S-390, S-401."""
    voucher = world.issue(face="100", window=Window(world.cast.at - DAY, world.cast.at + DAY))
    actions.authorise(world.cast.carl(), order_reference="O1", lines=[OrderInput("ecs.s", cny("10"))])
    night = system_actor("S-401: time", world.cast.at + 2 * DAY)
    assert actions.expire_due(night) == 0
    assert actions.time_out_due(night) == 1
    assert actions.expire_due(night) == 1
    assert world.voucher(voucher).came_back == cny("100")
    with seated(world.cast.vera()):
        assert not Voucher.objects.exclude(lock_order="").exists()


def test_expiry_asks_as_often_for_ten_vouchers_as_for_one(world: World) -> None:
    """One column read a row would be ten thousand statements a chunk."""

    def cost(many: int) -> int:
        for _ in range(many):
            world.issue(face="1", window=Window(world.cast.at - DAY, world.cast.at + DAY))
        end = system_actor("tests: later", world.cast.at + 2 * DAY)
        with CaptureQueriesContext(connection) as captured:
            assert actions.expire_due(end) == many
        return len(captured.captured_queries)

    assert cost(1) == cost(10)
