"""Quota that a partner holds: the list, one quota with the sum that closes, and the drawer."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from partner_center.vouchers import actions
from tests.entrypoints.web.vouchers.conftest import HTMX, cny, page_of

LIST, QUERIES = "/vouchers/quotas/", 19


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("代金券额度", "来自 示例云", "发放代金券")),
        ("en", ("Voucher quota", "from Demo Cloud", "Issue vouchers")),
    ],
)
def test_the_list_shows_what_is_left_and_what_can_be_done(world: Any, open_as: Any, language: str, words: Any) -> None:
    page = page_of(open_as(world.cast.sol, language).get(LIST))
    for each in (*words, "10,000.00", "8,000.00", world.number(world.sols)):
        assert each in page


def test_a_quota_that_cannot_be_issued_from_says_why(world: Any, open_as: Any) -> None:
    actions.freeze(world.vera(), quota_id=world.sols, reason="check")
    page = page_of(open_as(world.cast.sol).get(LIST))
    assert "冻结中不可发放" in page


def test_a_distributor_passes_on_and_a_reseller_does_not(world: Any, open_as: Any) -> None:
    assert f"/vouchers/quotas/{world.darios}/pass-on/" in open_as(world.cast.dario).get(LIST).content.decode()
    rhea = open_as(world.cast.rhea).get(LIST)
    assert "pass-on" not in rhea.content.decode()
    assert "来自 北辰云数" in page_of(rhea)


def test_states_and_search_stand_in_the_address(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    assert world.number(world.sols) in page_of(sol.get(f"{LIST}?state=normal&q={world.number(world.sols)[:6]}&ends=90"))
    nothing = page_of(sol.get(f"{LIST}?state=frozen"))
    assert "没有符合条件的额度" in nothing
    assert "清除筛选" in nothing


def test_pages_lead_on_and_back_again(world: Any, open_as: Any) -> None:
    for number in range(40):
        world.grant(world.cast.sol, 100 + number)
    sol = open_as(world.cast.sol)
    first = sol.get(LIST)
    second = sol.get(LIST + _link(first, "next"))
    third = sol.get(LIST + _link(second, "next"))
    assert "本页 1 条" in page_of(third)
    back = sol.get(LIST + _link(third, "prev"))
    assert page_of(back) == page_of(second)
    assert page_of(sol.get(_link(back, "prev") or LIST)) == page_of(first)


def _link(response: Any, rel: str) -> str:
    found = re.search(rf'href="{LIST}([^"]*)" rel="{rel}"', response.content.decode())
    return unescape(found.group(1)) if found else ""


def test_the_list_asks_as_often_for_twenty_rows_as_for_one(world: Any, open_as: Any, cost: Any) -> None:
    sol = open_as(world.cast.sol)
    one = cost(sol, LIST)
    for number in range(20):
        world.grant(world.cast.sol, 100 + number)
    assert cost(sol, LIST) == one <= QUERIES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_quota_closes_and_says_so(world: Any, open_as: Any, language: str) -> None:
    page = page_of(open_as(world.cast.dario, language).get(f"/vouchers/quotas/{world.darios}/"))
    assert ("差 0.00" if language == "zh" else "0.00 apart") in page
    for amount in ("5,000.00", "3,000.00", "2,000.00"):
        assert amount in page
    assert ("转给海川数科" if language == "zh" else "Passed on to Haichuan Data") in page


def test_every_yuan_stands_once_whatever_happened_to_it(world: Any, open_as: Any) -> None:
    people = world.cast
    actions.issue(people.rhea(), quota_id=world.rheas, customer_ids=[people.rita.id], face_value=cny(700))
    actions.reclaim(people.sol(), voucher_ids=world.vouchers[:1])
    for who, quota in ((people.dario, world.darios), (people.rhea, world.rheas), (people.sol, world.sols)):
        assert "差 0.00" in page_of(open_as(who).get(f"/vouchers/quotas/{quota}/"))


def test_the_drawer_is_the_same_quota_without_the_frame(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    here = {"HTTP_HX_TARGET": "drawer", "HTTP_HX_CURRENT_URL": f"http://testserver{LIST}?state=normal"}
    answer = sol.get(f"/vouchers/quotas/{world.sols}/", **HTMX, **here)
    html = answer.content.decode()
    assert "<html" not in html
    assert "pc-drawer" in html
    assert f'href="{LIST}?state=normal"' in html
    assert "HX-Target" in answer["Vary"]


@pytest.mark.parametrize("who", ["strange_distributor", "strange_reseller", "strange_provider", "sol"])
def test_anothers_quota_is_not_there(world: Any, open_as: Any, who: str) -> None:
    assert open_as(getattr(world.cast, who)).get(f"/vouchers/quotas/{world.darios}/").status_code == 404


def test_a_reseller_does_not_see_the_quota_its_part_came_from(world: Any, open_as: Any) -> None:
    rhea = open_as(world.cast.rhea)
    assert rhea.get(f"/vouchers/quotas/{world.darios}/").status_code == 404
    assert world.number(world.darios) not in page_of(rhea.get(f"/vouchers/quotas/{world.rheas}/"))


def test_without_the_item_the_page_names_the_permission(world: Any, open_as: Any, manager: Any) -> None:
    for address in (LIST, f"/vouchers/quotas/{world.sols}/"):
        answer = open_as(manager).get(address)
        assert answer.status_code == 403
        assert "BPC_ITEM_SUBCUSTSERV_030100" in page_of(answer)
