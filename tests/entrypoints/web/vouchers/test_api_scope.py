"""The console lists what the partner API does not, and says how much. Rules: S-380."""

from __future__ import annotations

import re
from typing import Any

import pytest

from partner_center.entrypoints.api.open_v2.call import Call
from partner_center.entrypoints.api.open_v2.coerce import coerce
from partner_center.entrypoints.api.open_v2.contract import operation_named
from partner_center.entrypoints.api.open_v2.operations import CALLS
from partner_center.fence.seat import seated
from partner_center.vouchers import actions
from tests.entrypoints.web.vouchers.conftest import cny, page_of

LISTS = {"/vouchers/issued/": "ListIssuedPartnerCoupons", "/vouchers/records/": "ListPartnerCouponsRecord"}
NOTE = re.compile(r"其中 ([\d,]+\+?) 条可通过兼容接口查询")


def through_api(world: Any, operation: str) -> int:
    """The total that a program of Sol's is told."""
    actor = world.cast.sol()
    with seated(actor):
        call = Call(operation, actor, coerce(operation_named(operation), [], b""), None, "")
        answer: Any = CALLS[operation](call)
    total: int = answer["total_count"]
    return total


@pytest.mark.parametrize("address", LISTS)
def test_what_the_console_shows_more_than_the_api_is_the_consulting_customers(
    world: Any, open_as: Any, address: str
) -> None:
    people = world.cast
    for customer, many in ((people.carl, 2), (people.cora, 3)):
        for _ in range(many):
            actions.issue(people.sol(), quota_id=world.sols, customer_ids=[customer.id], face_value=cny(1))
    page = page_of(open_as(people.sol).get(address))
    total = re.search(r"共 (\d+) 条", page)
    consulting = world.ask("SELECT count(*) FROM vouchers_voucher WHERE association_type = 1")
    said = NOTE.search(page)
    assert total and said and "S-380" in page
    assert int(said.group(1)) == through_api(world, LISTS[address]) == 4
    assert int(total.group(1)) - through_api(world, LISTS[address]) == consulting == 3


@pytest.mark.parametrize("address", LISTS)
def test_the_line_counts_what_the_list_is_narrowed_to(world: Any, open_as: Any, address: str) -> None:
    sol, consulting = open_as(world.cast.sol), world.numbers[0]
    narrowed = NOTE.search(page_of(sol.get(f"{address}?q={consulting}")))
    assert narrowed and narrowed.group(1) == "0"
    assert not NOTE.search(page_of(sol.get(f"{address}?q={world.numbers[1]}")))


def test_where_all_is_told_to_programs_too_the_line_is_left_out(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    assert not NOTE.search(page_of(sol.get("/vouchers/issued/?type=2")))
    assert not NOTE.search(page_of(sol.get("/vouchers/records/?kind=quota")))
    assert not NOTE.search(page_of(open_as(world.cast.dario).get("/vouchers/issued/")))


def test_the_line_is_said_in_english(world: Any, open_as: Any) -> None:
    page = page_of(open_as(world.cast.sol, "en").get("/vouchers/issued/"))
    assert "Of these, 1 are visible to the compatible API" in page
