"""The vendor changes a quota while it is issued from, passed on or taken back, on two real connections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from partner_center.access.actions import add_member
from partner_center.access.queries import actor_of, user_by_id
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.ledger.models import Transfer
from partner_center.ledger.verify import verify
from partner_center.relationships.actions import switch_type
from partner_center.vouchers import actions
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.quota import quota_sums
from tests.cast import Cast, build_cast
from tests.races import after, at_once

from .conftest import DAY, World, cny


@pytest.fixture
def cast(committing_db: str, fast_hashing: None) -> Cast:
    """The cast in a database where it can be committed."""
    return build_cast()


@pytest.fixture(autouse=True)
def books_close(world: World) -> Iterator[None]:
    """Whoever came first, every quota's sum closes and the ledger verifies."""
    yield
    auditor = system_actor("tests: auditing", datetime.now(UTC))
    with seated(auditor):
        assert all(each.closes for each in quota_sums(Quota.objects.all()).values())
    assert verify(auditor, [], None) == ()


STOPS: list[Callable[..., Any]] = [actions.freeze, actions.begin_adjusting, actions.invalidate]


@pytest.mark.parametrize("stop", STOPS, ids=lambda verb: verb.__name__)
def test_an_issue_that_meets_the_vendors_stop_is_refused_by_name(world: World, stop: Callable[..., Any]) -> None:
    _, other = after(lambda: stop(world.cast.vera(), quota_id=world.sols, reason="race"), world.issue)
    assert isinstance(other, Refused) and "S-362" in {each.id for each in other.outcomes}


@pytest.mark.parametrize("stop", STOPS, ids=lambda verb: verb.__name__)
def test_the_vendors_stop_waits_for_an_issue_and_leaves_it(world: World, stop: Callable[..., Any]) -> None:
    voucher, other = after(world.issue, lambda: stop(world.cast.vera(), quota_id=world.sols, reason="race"))
    assert not isinstance(other, Exception) and world.voucher(voucher).state == "usable"
    assert world.sum(world.sols).outstanding == cny("100")


def test_a_naming_waits_for_an_issue_and_leaves_it(world: World) -> None:
    def name() -> Any:
        ids = [world.cast.cora.id]
        return actions.designate(world.cast.vera(), quota_id=world.sols, customer_ids=ids, reason="race")

    voucher, other = after(world.issue, name)
    assert other == 0 and world.voucher(voucher).state == "usable"


def test_a_part_that_is_issued_from_while_its_quota_ends_keeps_its_voucher(world: World) -> None:
    part = world.pass_on()
    voucher, other = after(
        lambda: world.issue(world.cast.rita, by=world.cast.rhea(), quota=part),
        lambda: actions.invalidate(world.cast.vera(), quota_id=world.darios, reason="race", with_parts=True),
    )
    assert other.lost == cny("900") and world.voucher(voucher).state == "usable"


def test_quota_is_taken_back_once(world: World) -> None:
    part = world.pass_on()

    def back() -> Any:
        return actions.reclaim_quota(world.cast.dario(), quota_id=part)

    _, other = after(back, back)
    assert isinstance(other, Refused) and {each.id for each in other.outcomes} == {"S-399"}
    assert world.sum(world.darios).free == cny("1000")


def test_an_issue_that_meets_a_reclaim_of_its_quota_is_refused(world: World) -> None:
    part = world.pass_on()
    _, other = after(
        lambda: actions.reclaim_quota(world.cast.dario(), quota_id=part),
        lambda: world.issue(world.cast.rita, by=world.cast.rhea(), quota=part),
    )
    assert isinstance(other, Refused) and "S-362" in {each.id for each in other.outcomes}


def test_a_part_taken_back_while_its_quota_ends_is_lost_with_it(world: World) -> None:
    part = world.pass_on()
    _, other = after(
        lambda: actions.invalidate(world.cast.vera(), quota_id=world.darios, reason="race"),
        lambda: actions.reclaim_quota(world.cast.dario(), quota_id=part),
    )
    assert other.amount == cny("300")
    assert (world.sum(world.darios).free, world.sum(world.darios).lost) == (cny("0"), cny("1000"))


def test_an_end_that_waits_for_a_part_on_its_way_back_loses_it_too(world: World) -> None:
    part = world.pass_on()
    _, other = after(
        lambda: actions.reclaim_quota(world.cast.dario(), quota_id=part),
        lambda: actions.invalidate(world.cast.vera(), quota_id=world.darios, reason="race", with_parts=True),
    )
    assert other.lost == cny("1000") and other.quota_ids == (world.darios,)


def test_what_comes_home_while_the_quota_ends_is_lost(world: World) -> None:
    voucher = world.issue()
    _, other = after(
        lambda: actions.invalidate(world.cast.vera(), quota_id=world.sols, reason="race"),
        lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher]),
    )
    assert other.total == cny("100") and world.sum(world.sols).lost == cny("1000")


def test_a_value_that_shrinks_while_vouchers_come_home_stays_above_what_is_gone(world: World) -> None:
    voucher = world.issue(face="600")
    actions.begin_adjusting(world.cast.vera(), quota_id=world.sols, reason="r")
    _, other = after(
        lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher]),
        lambda: actions.adjust(world.cast.vera(), quota_id=world.sols, value=cny("100"), reason="r"),
    )
    assert not isinstance(other, Exception) and world.sum(world.sols).free == cny("100")


def test_an_end_that_meets_a_longer_voucher_of_a_part_is_refused(world: World) -> None:
    """S-373: the reseller's issue was under way when the end was asked about."""
    part = world.pass_on()
    actions.begin_adjusting(world.cast.vera(), quota_id=world.darios, reason="r")
    soon = world.cast.at + DAY
    _, other = after(
        lambda: world.issue(world.cast.rita, by=world.cast.rhea(), quota=part),
        lambda: actions.adjust(world.cast.vera(), quota_id=world.darios, ends_at=soon, reason="r"),
    )
    assert isinstance(other, Refused) and {each.id for each in other.outcomes} == {"S-373"}


def test_a_voucher_is_not_frozen_and_taken_back(world: World) -> None:
    voucher = world.issue()
    _, other = after(
        lambda: actions.freeze_voucher(world.cast.vera(), voucher_id=voucher, reason="race"),
        lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher]),
    )
    assert isinstance(other, Refused) and {each.code for each in other.outcomes} == {"voucher_frozen"}


def test_an_issue_that_meets_a_switch_goes_to_the_model_there_is(world: World) -> None:
    """S-221: what was issued in the old model comes back; what comes later is of the new one."""
    carl = world.cast.carl.id
    _, voucher = after(
        lambda: switch_type(world.cast.vera(), customer_id=carl, type=2, reason="race"), lambda: world.issue()
    )
    assert isinstance(voucher, Refused) or world.voucher(voucher).association_type == 2


def test_a_request_is_decided_once(world: World) -> None:
    vera = world.cast.vera()
    people = []
    for login in ("vito", "viola"):
        made = add_member(vera, login=login, display_name=login, roles=["vendor_finance"], password="x")
        with seated(vera):
            user = user_by_id(made)
            assert user is not None
            people.append(actor_of(user, at=vera.at))
    with seated(vera):
        transfer = Transfer.objects.filter(kind="quota.grant").order_by("id").first()
        assert transfer is not None
    asked = actions.ask_reversal(vera, transfer_id=transfer.pk, reason="r")
    found = at_once(*[lambda who=who: actions.approve_reversal(who, request_id=asked) for who in people])
    assert sorted(isinstance(each, Conflict) for each in found) == [False, True]
