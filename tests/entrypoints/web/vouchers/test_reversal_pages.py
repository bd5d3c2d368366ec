"""Reversals by two persons in the console, and what a reclaim really came to."""

from __future__ import annotations

from typing import Any

import pytest

from partner_center.access.actions import add_member
from partner_center.vouchers import actions
from tests.cast import PASSWORD, _person
from tests.entrypoints.web.vouchers.conftest import cny, page_of, value_of

LIST = "/vendor/reversals/"


@pytest.fixture
def vito(world: Any) -> Any:
    """A second person of the vendor's, in finance."""
    made = add_member(world.vera(), login="vito", display_name="维托", roles=["vendor_finance"], password=PASSWORD)
    return _person(made, world.now)


def transfer(world: Any, kind: str) -> Any:
    return world.ask("SELECT id FROM ledger_transfer WHERE kind = %s ORDER BY id DESC LIMIT 1", kind)


def asked(world: Any, kind: str = "quota.pass_on") -> Any:
    return actions.ask_reversal(world.vera(), transfer_id=transfer(world, kind), reason="误操作")


def test_one_asks_and_another_agrees(world: Any, open_as: Any, vito: Any) -> None:
    vera, fresh = open_as(world.cast.vera), world.grant(world.cast.sol, 300)
    movements = page_of(vera.get(f"/vendor/quotas/{fresh}/movements/"))
    assert "发放额度" in movements and "申请冲正" in movements
    page = f"{LIST}ask/{transfer(world, 'quota.grant')}/"
    form = vera.get(page)
    assert "额度结束，金额退回厂商账簿" in page_of(form)
    done = vera.post(page, {"reason": "重复录入", "key": value_of(form, "key")})
    assert done.status_code == 303
    mine = vera.get(done.url)
    assert "您是申请人" in page_of(mine) and "/approve/" not in mine.content.decode()
    assert vera.post(f"{done.url}approve/").status_code == 409, "the same person does not decide"
    other = open_as(vito)
    assert "处理" in page_of(other.get(f"{LIST}?state=waiting")) and "1" in page_of(other.get("/"))
    assert "冲正 ¥300.00" in page_of(other.get(done.url))
    assert other.post(f"{done.url}approve/").status_code == 303
    assert world.ask("SELECT state FROM vouchers_quota WHERE id = %s", fresh) == "reclaimed"
    assert "已冲正" in page_of(vera.get(f"/vendor/quotas/{fresh}/movements/"))


def test_another_declines_and_says_why(world: Any, open_as: Any, vito: Any) -> None:
    request, other = asked(world, "voucher.issue"), open_as(vito)
    assert other.post(f"{LIST}{request}/decline/", {"answer": "", "key": "k"}).status_code == 422
    assert other.post(f"{LIST}{request}/decline/", {"answer": "金额正确", "key": "k"}).status_code == 303
    assert "金额正确" in page_of(open_as(world.cast.vera).get(f"{LIST}{request}/"))


def test_who_asked_takes_it_back(world: Any, open_as: Any, vito: Any) -> None:
    request = asked(world, "voucher.issue")
    assert open_as(vito).post(f"{LIST}{request}/cancel/").status_code == 404
    assert open_as(world.cast.vera).post(f"{LIST}{request}/cancel/").status_code == 303


def test_what_stands_in_the_way_is_said_before(world: Any, open_as: Any) -> None:
    vera = open_as(world.cast.vera)
    used = world.ask(
        "SELECT t.id FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id"
        " WHERE t.kind = 'quota.grant' AND e.account_id = %s",
        world.sols,
    )
    page = vera.get(f"{LIST}ask/{used}/")
    assert page.status_code == 200 and world.number(world.sols) in page_of(page)
    assert vera.post(f"{LIST}ask/{used}/", {"reason": "x", "key": "k"}).status_code == 422


def test_an_empty_list_says_how_to_begin(world: Any, open_as: Any) -> None:
    vera = open_as(world.cast.vera, "en")
    assert "No reversal asked for yet" in page_of(vera.get(LIST))
    assert "No reversal in this state" in page_of(vera.get(f"{LIST}?state=waiting"))


def test_the_list_costs_the_same_for_many(world: Any, open_as: Any, cost: Any) -> None:
    asked(world, "voucher.issue")
    vera = open_as(world.cast.vera)
    one = cost(vera, LIST)
    for _ in range(4):
        actions.issue(world.cast.sol(), quota_id=world.sols, customer_ids=[world.cast.carl.id], face_value=cny(5))
        asked(world, "voucher.issue")
    assert cost(vera, LIST) == one <= 14


# What really came back -----------------------------------------------------------------------------------------------


def test_the_result_names_each_voucher_and_what_was_left_out(world: Any, open_as: Any) -> None:
    """S-399: the whole balance, what it really came to, and every row that could not be taken."""
    actions.freeze_voucher(world.vera(), voucher_id=world.vouchers[1], reason="核查")
    sol, numbers = open_as(world.cast.sol), list(world.numbers[:2])
    asked_ = sol.get("/vouchers/issued/reclaim/", {"ids": numbers})
    assert value_of(asked_, "left") == numbers[1]
    done = sol.post(
        "/vouchers/issued/reclaim/", {"ids": [numbers[0]], "left": [numbers[1]], "key": value_of(asked_, "key")}
    )
    assert done.status_code == 303 and done.url.startswith("/vouchers/issued/reclaimed/")
    page = page_of(sol.get(done.url))
    for each in (*numbers, "实际退回", "S-390", "合计"):
        assert each in page
    assert open_as(world.cast.strange_provider).get(done.url).url == "/vouchers/issued/"


def test_the_result_names_each_quota_with_its_amount(world: Any, open_as: Any) -> None:
    dario, number = open_as(world.cast.dario), world.number(world.rheas)
    asked_ = dario.get("/vouchers/issued-quotas/reclaim/", {"ids": [number]})
    done = dario.post("/vouchers/issued-quotas/reclaim/", {"ids": [number], "key": value_of(asked_, "key")})
    assert done.url.startswith("/vouchers/issued-quotas/reclaimed/")
    page = page_of(dario.get(done.url))
    assert number in page and "实际退回" in page and world.number(world.darios) in page
    assert dario.get("/vouchers/issued-quotas/reclaimed/").url == "/vouchers/issued-quotas/"
