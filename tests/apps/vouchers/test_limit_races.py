"""Charging, cash coupons and whitelists on two real connections at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.ledger.verify import verify
from partner_center.vouchers import actions
from partner_center.vouchers.models import Quota
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.quota import quota_sums
from tests.apps.vouchers.conftest import World, cny
from tests.apps.vouchers.test_charging import charge
from tests.cast import Cast, build_cast
from tests.races import after, at_once


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


def reclaim(world: World, voucher: Any) -> Any:
    return actions.reclaim(world.cast.sol(), voucher_ids=[voucher])


def test_a_reclaim_takes_what_a_charge_left(world: World) -> None:
    voucher = world.issue(face="100")
    charged, back = after(lambda: charge(world, "30"), lambda: reclaim(world, voucher))
    assert (charged.paid, back.total) == (cny("30"), cny("70"))


def test_a_charge_finds_nothing_of_what_was_reclaimed(world: World) -> None:
    voucher = world.issue(face="100")
    back, charged = after(lambda: reclaim(world, voucher), lambda: charge(world, "30"))
    assert (back.total, charged.paid, charged.left) == (cny("100"), cny("0"), cny("30"))


def test_a_charge_leaves_what_an_order_has_just_taken(world: World) -> None:
    voucher = world.issue(face="100")
    order = {"order_reference": "A", "lines": [OrderInput("ecs.s", cny("60"))], "voucher_ids": [voucher]}
    held, charged = after(lambda: actions.authorise(world.cast.carl(), **order), lambda: charge(world, "30"))
    assert (held.held, charged.paid) == (cny("60"), cny("0"))


def test_an_order_pays_with_what_a_charge_left(world: World) -> None:
    voucher = world.issue(face="100")
    order = {"order_reference": "A", "lines": [OrderInput("ecs.s", cny("90"))], "voucher_ids": [voucher]}
    charged, held = after(lambda: charge(world, "30"), lambda: actions.authorise(world.cast.carl(), **order))
    assert (charged.paid, held.held) == (cny("30"), cny("70"))


def test_two_charges_spend_no_yuan_twice(world: World) -> None:
    world.issue(face="40")
    world.issue(face="40")
    done = at_once(lambda: charge(world, "50", "U1"), lambda: charge(world, "50", "U2"))
    assert sorted(each.paid.minor for each in done) == [3000, 5000]


def test_the_same_usage_is_charged_once_whoever_sends_it(world: World) -> None:
    world.issue(face="100")
    _, other = after(lambda: charge(world, "30"), lambda: charge(world, "30"))
    assert isinstance(other, Conflict) and world.sum(world.sols).spent == cny("30")


def test_of_two_imports_at_once_one_is_told_to_look_first(world: World) -> None:
    world.becomes_subsidy(world.cast.sol)
    sol = world.cast.sol()
    first, second = after(
        lambda: actions.import_whitelist(sol, accounts=["carl"]),
        lambda: actions.import_whitelist(sol, accounts=["cora"]),
    )
    assert first.number == 1
    assert isinstance(second, Conflict) and second.code == "whitelist_imported_meanwhile"


def test_a_reclaimed_coupon_is_kept_however_often_it_is_asked_for(subsidised: World) -> None:
    coupon = subsidised.issue(face="100")
    _, other = after(lambda: reclaim(subsidised, coupon), lambda: reclaim(subsidised, coupon))
    assert isinstance(other, Refused)
    assert subsidised.sum(subsidised.sols).passed_on == cny("100")
