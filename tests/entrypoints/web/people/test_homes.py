"""The homes: each number is the length of the list it opens, and shows only to who may open it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from partner_center.vouchers.actions import freeze
from tests.entrypoints.web.people.conftest import Scene, counted, listed, rows, text

HOMES = {
    "sol": {
        "/customers/",
        "/customers/?type=1",
        "/customers/?type=2",
        "/vouchers/quotas/",
        "/vouchers/issued/?state=usable",
    },
    "dario": {"/customers/?tab=resellers", "/vouchers/issued-quotas/", "/vouchers/quotas/"},
    "vera": {"/vendor/partners/", "/vendor/partners/?identity=distributor"},
    "carl": {"/billing/vouchers/?state=usable", "/billing/orders/?state=authorised"},
}


@pytest.mark.parametrize("who", HOMES)
def test_each_number_is_the_length_of_the_list_it_opens(scene: Scene, signed_in: Any, who: str) -> None:
    scene.hold()
    client = signed_in(getattr(scene.cast, who))
    numbers = counted(text(client, "/"))
    assert HOMES[who] <= set(numbers)
    for address, number in numbers.items():
        page = text(client, address)
        assert number == (rows(page) if "ends=" in address else listed(page)), address


def test_quota_that_ends_soon_says_what_is_at_stake_and_what_to_do(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.sol), "/")
    assert "9,300.00" in page and "lapses" in page and f"/vouchers/quotas/{scene.sols}/issue/" in page
    quiet = text(signed_in(scene.cast.dario), "/")
    assert "No quota with money in it ends in these days." in quiet


def test_the_quota_card_is_a_sum_that_closes(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.dario), "/")
    for part in ("20,000.00", "5,000.00", "15,000.00"):
        assert part in page


def test_a_role_without_an_item_does_not_see_its_card(scene: Scene, signed_in: Any, member: Callable[..., str]) -> None:
    page = text(signed_in(member(scene.cast.sol, "amy", "account_manager")), "/")
    assert "Consulting" in page
    assert "Voucher quota" not in page and "Latest events" not in page and "Happens by itself" not in page


def test_resellers_stand_on_a_distributors_home_only(scene: Scene, signed_in: Any) -> None:
    for who, seen in ((scene.cast.dario, True), (scene.cast.sol, False), (scene.cast.rhea, False)):
        assert ("Passed on · not issued yet" in text(signed_in(who), "/")) is seen


def test_the_vendor_sees_frozen_quota_and_the_ledgers_seal(scene: Scene, signed_in: Any) -> None:
    freeze(scene.cast.vera(scene.now), quota_id=scene.sols, reason="a ticket")
    page = text(signed_in(scene.cast.vera), "/")
    assert "the partner cannot issue it" in page and "Ledger seal" in page and "Far Hill Solutions" in page


def test_a_stranger_sees_nothing_of_others(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.strange_provider), "/")
    assert "9,300.00" not in page and "Carl" not in page


def test_the_homes_cost_no_more_queries_than_this(scene: Scene, signed_in: Any, cost: Any) -> None:
    assert {who: cost(signed_in(getattr(scene.cast, who)), "/") for who in HOMES} == {
        "sol": 22,
        "dario": 27,
        "vera": 21,
        "carl": 23,
    }
