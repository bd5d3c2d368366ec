"""Two real connections at once: every unit of value stays where one of the two orders of events would have put it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep
from typing import Any

import pytest
from django.db import transaction

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.errors import Conflict, DomainError, Refused
from partner_center.kernel.money import Money
from partner_center.ledger.verify import verify
from partner_center.relationships.actions import disassociate
from partner_center.vouchers import actions
from partner_center.vouchers.models import Quota, Voucher
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.quota import quota_sums
from tests.cast import Cast, open_partner
from tests.races import after, told, until_it_waits

from .conftest import DAY, World, cny


@pytest.fixture
def cast(committing_db: str, quota_stage: Any) -> Cast:
    """The cast in a database where it can commit."""
    return quota_stage.world.cast


@pytest.fixture(autouse=True)
def books_close(world: World) -> Iterator[None]:
    """Whoever came first, every quota's sum closes and the ledger verifies."""
    yield
    auditor = system_actor("tests: auditing", datetime.now(UTC))
    with seated(auditor):
        assert all(each.closes for each in quota_sums(Quota.objects.all()).values())
    assert verify(auditor, [], None) == ()


def order(world: World, reference: str, *vouchers: Any, amount: str = "50", key: str | None = None) -> Any:
    return actions.authorise(
        world.cast.carl(),
        order_reference=reference,
        lines=[OrderInput("ecs.s", cny(amount))],
        voucher_ids=list(vouchers) or None,
        api=True,
        key=key,
    )


def the_system(at: datetime) -> Actor:
    return system_actor("tests: jobs", at)


def state_of(world: World, voucher: Any) -> str:
    return world.voucher(voucher).state


def test_a_quota_gives_out_no_more_than_it_has(world):
    _, other = after(lambda: world.issue(face="600"), lambda: world.issue(face="600"))
    assert isinstance(other, Refused) and {each.id for each in other.outcomes} == {"S-377"}


def test_a_quota_is_not_issued_and_passed_on_beyond_what_it_has(world):
    _, other = after(lambda: world.pass_on("700"), lambda: world.pass_on("700"))
    assert isinstance(other, Refused) and {each.id for each in other.outcomes} == {"S-363"}


def test_an_issue_that_meets_a_freeze_is_refused(world):
    _, other = after(
        lambda: actions.freeze(world.cast.vera(), quota_id=world.sols, reason="race"), lambda: world.issue()
    )
    assert isinstance(other, Refused) and {each.id for each in other.outcomes} == {"S-362"}


def test_a_freeze_waits_for_the_issue_and_leaves_it(world):
    voucher, other = after(world.issue, lambda: actions.freeze(world.cast.vera(), quota_id=world.sols, reason="race"))
    assert other is None and state_of(world, voucher) == "usable"


def test_a_voucher_is_held_by_one_order(world):
    voucher = world.issue()
    _, other = after(lambda: order(world, "A", voucher), lambda: order(world, "B", voucher))
    assert isinstance(other, Refused) and {each.code for each in other.outcomes} == {"voucher_locked_by_order"}


def test_an_order_is_authorised_once(world):
    one, other = world.issue(), world.issue()
    _, other = after(lambda: order(world, "A", one), lambda: order(world, "A", other))
    assert isinstance(other, Conflict) and other.code == "order_authorised_already"


def test_a_held_voucher_is_not_reclaimed(world):
    voucher = world.issue()
    _, other = after(
        lambda: order(world, "A", voucher), lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    )
    assert isinstance(other, Refused) and {each.code for each in other.outcomes} == {"voucher_locked_by_order"}


def test_a_reclaimed_voucher_is_not_held(world):
    voucher = world.issue()
    _, other = after(
        lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher]), lambda: order(world, "A", voucher)
    )
    assert isinstance(other, Refused) and "voucher_not_usable" in {each.code for each in other.outcomes}


def test_a_hold_ends_once(world):
    voucher = world.issue()
    hold = order(world, "A", voucher).authorisation_id
    carl = world.cast.carl
    _, other = after(
        lambda: actions.capture(carl(), authorisation_id=hold), lambda: actions.release(carl(), authorisation_id=hold)
    )
    assert isinstance(other, Conflict) and other.code == "authorisation_ended"
    assert world.sum(world.sols).spent == cny("50")


def test_a_captured_hold_does_not_time_out(world):
    hold = order(world, "A", world.issue()).authorisation_id
    late = the_system(world.cast.at + DAY)
    _, other = after(
        lambda: actions.capture(world.cast.carl(), authorisation_id=hold), lambda: actions.time_out_due(late)
    )
    assert other == 0 and world.sum(world.sols).spent == cny("50")


def test_a_hold_that_timed_out_is_not_captured(world):
    hold = order(world, "A", world.issue()).authorisation_id
    late = the_system(world.cast.at + DAY)
    _, other = after(
        lambda: actions.time_out_due(late), lambda: actions.capture(world.cast.carl(), authorisation_id=hold)
    )
    assert isinstance(other, Conflict) and world.sum(world.sols).spent == cny("0")


def test_what_expires_is_not_reclaimed_too(world):
    voucher = world.issue()
    late = the_system(world.cast.at + 61 * DAY)
    expired, other = after(
        lambda: actions.expire_due(late), lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher])
    )
    assert expired == 1 and isinstance(other, Refused)


def test_what_comes_home_while_the_distributor_takes_quota_back_goes_on_to_it(world):
    child = world.pass_on("300")
    rhea = world.cast.rhea
    voucher = world.issue(world.cast.rita, by=rhea(), quota=child)
    _, other = after(
        lambda: actions.reclaim_quota(world.cast.dario(), quota_id=child),
        lambda: actions.reclaim(rhea(), voucher_ids=[voucher]),
    )
    assert other.total == cny("100")
    assert world.sum(child).free == cny("0") and world.sum(world.darios).free == cny("1000")


def test_quota_taken_back_while_a_voucher_comes_home_keeps_nothing(world):
    child = world.pass_on("300")
    rhea = world.cast.rhea
    voucher = world.issue(world.cast.rita, by=rhea(), quota=child)
    _, other = after(
        lambda: actions.reclaim(rhea(), voucher_ids=[voucher]),
        lambda: actions.reclaim_quota(world.cast.dario(), quota_id=child),
    )
    assert other.amount == cny("300") and world.sum(world.darios).free == cny("1000")


def test_quota_that_lapses_is_not_issued(world):
    late = world.cast.at + 60 * DAY
    _, other = after(lambda: actions.lapse_due(the_system(late)), lambda: world.issue(by=world.cast.sol()))
    assert isinstance(other, Refused) and "S-362" in {each.id for each in other.outcomes}


def test_whoever_leaves_while_an_order_holds_vouchers_is_refused(world):
    voucher = world.issue()
    sol = world.cast.sol
    hold, other = after(
        lambda: order(world, "A", voucher),
        lambda: disassociate(sol(), customer_id=world.cast.carl.id, reason="race"),
    )
    assert isinstance(other, Refused) and {each.id for each in other.outcomes} == {"S-201"}
    actions.release(world.cast.carl(), authorisation_id=hold.authorisation_id)
    assert state_of(world, voucher) == "usable" and world.voucher(voucher).balance == cny("100")


def test_the_first_two_grants_of_a_site_open_its_book_once(world):
    window = world.window()
    where = {"site": "cloud-intl", "uscc": ""}
    abroad = open_partner(world.cast.vera(), "solution_provider", "海外", "Abroad", 71, "abroad", **where)

    def grant() -> Any:
        return actions.grant(world.cast.vera(), partner_id=abroad.id, value=Money.of("5", "USD"), window=window)

    one, other = after(grant, grant)
    assert not isinstance(other, DomainError) and one.quota_id != other.quota_id


def test_the_same_key_in_flight_acts_once(world):
    def issue() -> Any:
        return actions.issue(
            world.cast.sol(),
            quota_id=world.sols,
            customer_ids=[world.cast.carl.id],
            face_value=cny("10"),
            key="twice",
        )

    one, other = after(issue, issue)
    assert one == other and world.sum(world.sols).outstanding == cny("10")


def test_a_twin_of_a_call_that_failed_takes_its_place(world):
    def order_a() -> Any:
        return order(world, "A", world_voucher, key="k")

    world_voucher = world.issue()
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            order_a()
            waiting = pool.submit(told, order_a)
            until_it_waits(waiting)
            raise ZeroDivisionError
        assert waiting.result(timeout=20).held == cny("50")


def test_holds_that_time_out_and_a_batch_reclaim_do_not_lock_crosswise(world):
    first, second = sorted([world.issue(), world.issue()])
    order(world, "A", second)
    order(world, "B", first)
    late = the_system(world.cast.at + DAY)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            with seated(late):
                list(Voucher.objects.filter(pk=first).select_for_update(of=("self",)).values_list("pk"))
            batch = pool.submit(told, lambda: actions.reclaim(world.cast.sol(), voucher_ids=[first, second]))
            until_it_waits(batch)
            timed = pool.submit(told, lambda: actions.time_out_due(late))
            sleep(0.2)
        assert isinstance(batch.result(timeout=20), Refused) and timed.result(timeout=20) == 2


def test_an_order_that_is_just_being_paid_takes_no_more_vouchers(world):
    one, more = world.issue(), world.issue()
    hold = order(world, "A", one).authorisation_id
    _, other = after(lambda: actions.capture(world.cast.carl(), authorisation_id=hold), lambda: order(world, "A", more))
    assert isinstance(other, Conflict) and other.code == "order_paid_already"
    assert world.voucher(more).lock_order == ""
