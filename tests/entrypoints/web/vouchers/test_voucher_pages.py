"""Vouchers a partner has issued: the list, one voucher, taking back, and the records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partner_center.kernel.periods import Window
from partner_center.vouchers import actions
from partner_center.vouchers.queries.checkout import OrderInput
from tests.entrypoints.web.vouchers.conftest import HTMX, cny, page_of, value_of

LIST, RECLAIM, RECORDS = "/vouchers/issued/", "/vouchers/issued/reclaim/", "/vouchers/records/"
QUERIES = {LIST: 22, RECORDS: 25, f"{RECORDS}?kind=quota": 22}


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("可使用 2", "顾问销售", "代售")), ("en", ("Usable 2", "Consulting", "Resale"))]
)
def test_the_list_shows_consulting_and_resale_customers(world: Any, open_as: Any, language: str, words: Any) -> None:
    page = page_of(open_as(world.cast.sol, language).get(LIST))
    for each in (*words, *world.numbers, "S-380", "S-379"):
        assert each in page


def test_a_voucher_before_its_window_is_not_active_yet(world: Any, open_as: Any) -> None:
    later = Window(world.now + timedelta(days=3), world.now + timedelta(days=9))
    actions.issue(
        world.cast.sol(), quota_id=world.sols, customer_ids=[world.cast.carl.id], face_value=cny(5), window=later
    )
    page = page_of(open_as(world.cast.sol).get(f"{LIST}?state=inactive"))
    assert "未激活 1" in page
    assert "本页 1 条" in page


def test_a_distributor_sees_its_resellers_vouchers_from_the_quota_but_cannot_take_them(
    world: Any, open_as: Any
) -> None:
    issued = actions.issue(
        world.cast.rhea(), quota_id=world.rheas, customer_ids=[world.cast.rita.id], face_value=cny(5), remark="secret"
    ).vouchers[0]
    dario = open_as(world.cast.dario)
    assert issued.number not in page_of(dario.get(LIST))
    page = page_of(dario.get(f"{LIST}?quota={world.rheas}"))
    assert issued.number in page
    assert "由 海川数科 发放" in page
    assert "secret" not in page_of(dario.get(f"/vouchers/issued/{issued.voucher_id}/"))
    assert dario.get(f"{RECLAIM}?ids={issued.number}").status_code == 404


@pytest.mark.parametrize("address", QUERIES)
def test_lists_ask_as_often_for_twenty_rows_as_for_one(world: Any, open_as: Any, cost: Any, address: str) -> None:
    people, part = world.cast, world.rheas
    actions.issue(people.rhea(), quota_id=part, customer_ids=[people.rita.id], face_value=cny(1))
    client = open_as(people.dario if "quota" in address else people.rhea)
    one = cost(client, address)
    for _ in range(20):
        actions.issue(people.rhea(), quota_id=part, customer_ids=[people.rita.id], face_value=cny(1))
        actions.pass_on(people.dario(), quota_id=world.darios, reseller_ids=[people.rhea.id], amount=cny(1))
    assert cost(client, address) == one <= QUERIES[address]


def test_a_voucher_is_face_spent_came_back_and_left(world: Any, open_as: Any) -> None:
    carl = world.cast.carl()
    held = actions.authorise(carl, order_reference="CS1", lines=[OrderInput("ecs.small", cny(300))])
    actions.capture(carl, authorisation_id=held.authorisation_id)
    answer = open_as(world.cast.sol).get(f"/vouchers/issued/{world.vouchers[0]}/")
    page = page_of(answer)
    for each in ("1,000.00 面值", "300.00 已用", "700.00 剩余", "用于订单", "经办 卡尔制造", "for Sol's eyes"):
        assert each in page


def test_the_drawer_is_the_same_voucher_without_the_frame(world: Any, open_as: Any) -> None:
    answer = open_as(world.cast.sol).get(f"/vouchers/issued/{world.vouchers[0]}/", **HTMX, HTTP_HX_TARGET="drawer")
    assert "<html" not in answer.content.decode()
    assert world.numbers[0] in page_of(answer)


@pytest.mark.parametrize("who", ["strange_provider", "dario", "rhea", "strange_distributor"])
def test_anothers_voucher_is_not_there(world: Any, open_as: Any, who: str) -> None:
    client, before = open_as(getattr(world.cast, who)), world.written()
    assert client.get(f"/vouchers/issued/{world.vouchers[0]}/").status_code == 404
    assert client.post(RECLAIM, {"ids": [world.numbers[0]], "key": "k"}).status_code == 404
    assert world.written() == before


def test_several_are_taken_back_and_the_message_names_what_came_back(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    query = "&".join(f"ids={number}" for number in world.numbers)
    asked = sol.get(f"{RECLAIM}?{query}")
    assert "回收 2 张代金券？" in page_of(asked)
    sent = {"ids": list(world.numbers), "key": value_of(asked, "key"), "remark": "moved"}
    assert sol.post(RECLAIM, sent).status_code == 303
    page = page_of(sol.get(LIST))
    assert "已回收 2 张代金券，实收回 ¥2,000.00。" in page
    assert "已回收 2" in page
    after = world.written()
    assert sol.post(RECLAIM, sent).status_code == 303
    assert world.written() == after


@pytest.mark.parametrize(
    ("language", "remedy"), [("zh", "等订单支付、取消或超时后再办理"), ("en", "Wait until the order is paid")]
)
def test_a_voucher_that_an_order_holds_stays_and_the_page_says_why(
    world: Any, open_as: Any, language: str, remedy: str
) -> None:
    actions.authorise(world.cast.carl(), order_reference="CS9", lines=[OrderInput("ecs.small", cny(300))])
    sol, before = open_as(world.cast.sol, language), world.written()
    assert "CS9" in page_of(sol.get(LIST))
    answer = sol.post(RECLAIM, {"ids": list(world.numbers), "key": "k"})
    page = page_of(answer)
    assert answer.status_code == 422
    for each in ("S-390", "CS9", remedy):
        assert each in page
    assert world.written() == before


def test_the_records_say_what_was_done_by_whom_and_why(world: Any, open_as: Any) -> None:
    actions.reclaim(world.cast.sol(), voucher_ids=world.vouchers[:1], remark="moved")
    sol = open_as(world.cast.sol)
    page = page_of(sol.get(RECORDS))
    for each in ("手动回收", "+1,000.00", "−1,000.00", "moved", "for Sol's eyes", "sol"):
        assert each in page
    assert "moved" not in page_of(sol.get(f"{RECORDS}?type=1"))
    assert "本页 2 条" in page_of(sol.get(f"{RECORDS}?q={world.numbers[0]}"))
    assert "本页 3 条" in page_of(
        sol.get(f"{RECORDS}?q={world.number(world.sols)}&days=7&who={world.cast.sol.user_id}")
    )
    assert "没有符合条件的记录" in page_of(sol.get(f"{RECORDS}?who={world.cast.fay.user_id}"))


def test_the_log_of_quota_is_a_tab_of_its_own(world: Any, open_as: Any) -> None:
    page = page_of(open_as(world.cast.dario).get(f"{RECORDS}?kind=quota"))
    for each in ("转出", "海川数科", "−2,000.00", world.number(world.rheas)):
        assert each in page


def test_without_the_items_the_pages_name_the_permission(world: Any, open_as: Any, manager: Any) -> None:
    for address, item in ((LIST, "030200"), (RECLAIM, "030201"), (RECORDS, "030102")):
        answer = open_as(manager).get(address)
        assert answer.status_code == 403
        assert f"BPC_ITEM_SUBCUSTSERV_{item}" in page_of(answer)
