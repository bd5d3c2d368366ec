"""The vendor changes quota and vouchers that exist, and reads who holds what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from partner_center.vouchers import actions
from tests.entrypoints.web.vouchers.conftest import cny, page_of, value_of

LIST = "/vendor/quotas/"


def here(world: Any) -> str:
    return f"{LIST}{world.sols}/"


def put_aside(world: Any) -> None:
    actions.begin_adjusting(world.vera(), quota_id=world.sols, reason="追加")


def new_terms(world: Any, **changes: Any) -> dict[str, Any]:
    until = (world.now + timedelta(days=90)).date().isoformat()
    return {"value": "11,500", "ends_at": until, "reason": "年末追加", "key": uuid4().hex, **changes}


def state(world: Any) -> str:
    return str(world.ask("SELECT state FROM vouchers_quota WHERE id = %s", world.sols))


def test_a_quota_is_put_aside_given_new_terms_and_used_again(world: Any, open_as: Any) -> None:
    vera = open_as(world.cast.vera)
    asked = vera.get(f"{here(world)}begin-adjusting/")
    begun = vera.post(f"{here(world)}begin-adjusting/", {"reason": "追加", "key": value_of(asked, "key")})
    assert (begun.status_code, begun.url, state(world)) == (303, f"{here(world)}adjust/", "adjusting")
    form = vera.get(begun.url)
    assert value_of(form, "value") == "10000.00" and "已不在余额中" in page_of(form)
    done = vera.post(begun.url, new_terms(world, service_types=["ecs"]))
    page = page_of(vera.get(done.url))
    for each in (
        "11,500.00",
        "金额 10,000.00 → 11,500.00",
        "+1,500.00",
        "适用范围 不限 → 云服务器",
        "原因：年末追加",
        "差 0.00",
    ):
        assert each in page
    sols = page_of(open_as(world.cast.sol).get(f"/vouchers/quotas/{world.sols}/"))
    assert "金额 10,000.00 → 11,500.00" in sols and "原因：年末追加" in sols


@pytest.mark.parametrize(("language", "said"), [("zh", "已转出、发放、使用或失效"), ("en", "passed on, issued, spent")])
def test_all_that_is_wrong_with_new_terms_is_said_at_once(world: Any, open_as: Any, language: str, said: str) -> None:
    put_aside(world)
    vera, before = open_as(world.cast.vera, language), world.written()
    answer = vera.post(f"{here(world)}adjust/", new_terms(world, value="1", ends_at="2020-01-01", reason=""))
    page = page_of(answer)
    assert answer.status_code == 422 and world.written() == before
    for each in ("S-366", "S-360", "S-373", "S-361", said):
        assert each in page
    assert value_of(answer, "value") == "1"
    unread = page_of(vera.post(f"{here(world)}adjust/", new_terms(world, value="1.234", reason="")))
    assert "S-361" in unread and "S-366" not in unread


def test_an_adjusting_ends_without_a_change(world: Any, open_as: Any) -> None:
    put_aside(world)
    vera = open_as(world.cast.vera)
    page = page_of(vera.get(here(world)))
    assert "设定新条款" in page and "原因：追加" in page
    assert vera.post(f"{here(world)}end-adjusting/", {"reason": "误操作", "key": "k"}).status_code == 303
    assert state(world) == "normal"
    assert vera.get(f"{here(world)}adjust/").status_code == 409


def test_customers_are_found_named_and_cleared_without_scripts(world: Any, open_as: Any) -> None:
    vera, page = open_as(world.cast.vera), f"{here(world)}customers/"
    found = vera.post(page, {"q": "卡尔", "look": "1"})
    assert f'name="add" value="{world.cast.carl.id}"' in found.content.decode()
    nobody = vera.post(page, {"reason": "", "key": "k1"})
    assert nobody.status_code == 422 and "S-361" in page_of(nobody) and "S-375" in page_of(nobody)
    named = vera.post(page, {"ids": [str(world.cast.carl.id)], "reason": "专项", "key": "k2"})
    assert named.status_code == 303 and "仅限 1 家指定客户" in page_of(vera.get(named.url))
    assert "卡尔制造" in page_of(vera.get(page))
    assert vera.post(page, {"reason": "放开", "key": "k3"}).status_code == 303
    page_now = page_of(vera.get(here(world)))
    assert "客户：改为不限" in page_now and "增加客户：卡尔制造" in page_now


def test_parts_whose_resellers_lack_a_named_customer_are_named(world: Any, open_as: Any) -> None:
    asked = {"ids": [str(world.cast.carl.id)], "reason": "专项", "key": "k"}
    answer = open_as(world.cast.vera).post(f"{LIST}{world.darios}/customers/", asked)
    assert answer.status_code == 422
    assert "S-364" in page_of(answer) and world.number(world.rheas) in page_of(answer)


def test_a_quota_is_set_invalid_with_its_parts(world: Any, open_as: Any) -> None:
    vera, page = open_as(world.cast.vera), f"{LIST}{world.darios}/invalidate/"
    asked = vera.get(page)
    assert "不勾选下方选项则继续有效" in page_of(asked)
    sent = {"reason": "活动取消", "with_parts": "on", "key": value_of(asked, "key")}
    done = vera.post(page, sent)
    assert (
        done.status_code == 303
        and "已停用" in page_of(vera.get(done.url))
        and "活动取消" in page_of(vera.get(done.url))
    )
    assert world.ask("SELECT count(*) FROM vouchers_quota WHERE state = 'invalid'") == 2
    rhea = page_of(open_as(world.cast.rhea).get(f"/vouchers/quotas/{world.rheas}/"))
    assert "已停用" in rhea and "活动取消" in rhea


def test_the_list_shows_levels_and_what_ends_soon_with_money(world: Any, open_as: Any) -> None:
    vera = open_as(world.cast.vera)
    soon = world.number(world.grant(world.cast.sol, 700, days=5))
    late = world.number(world.sols)
    ending = page_of(vera.get(f"{LIST}?state=ending"))
    assert soon in ending and late not in ending
    assert world.number(world.rheas) in page_of(vera.get(f"{LIST}?level=parts"))
    every = page_of(vera.get(f"{LIST}?level=all"))
    assert all(each in every for each in (soon, late, world.number(world.rheas)))
    assert "临近到期且有余额" in page_of(vera.get("/"))


@pytest.mark.parametrize(("language", "closes"), [("zh", "各级都平"), ("en", "Every level closes")])
def test_the_chain_names_resellers_and_customers_and_closes(
    world: Any, open_as: Any, language: str, closes: str
) -> None:
    page = page_of(open_as(world.cast.vera, language).get(f"{LIST}{world.darios}/chain/"))
    assert closes in page and world.number(world.rheas) in page
    sols = page_of(open_as(world.cast.vera, language).get(f"{here(world)}chain/"))
    assert ("卡尔制造" if language == "zh" else "Carl Manufacturing") in sols


def test_who_holds_a_quota_reads_its_chain_and_a_stranger_finds_none(world: Any, open_as: Any) -> None:
    page = f"/vouchers/quotas/{world.darios}/chain/"
    assert "差 0.00" in page_of(open_as(world.cast.dario).get(page))
    assert open_as(world.cast.vera).get(page).url == f"{LIST}{world.darios}/chain/"
    for person in (world.cast.rhea, world.cast.strange_distributor):
        assert open_as(person).get(page).status_code == 404


def test_the_chain_costs_the_same_for_many_customers(world: Any, open_as: Any, cost: Any) -> None:
    vera = open_as(world.cast.vera)
    one = cost(vera, f"{here(world)}chain/")
    for _ in range(3):
        actions.issue(
            world.cast.sol(),
            quota_id=world.sols,
            customer_ids=[world.cast.carl.id, world.cast.cora.id],
            face_value=cny(5),
        )
    assert cost(vera, f"{here(world)}chain/") == one <= 20


# Vouchers ------------------------------------------------------------------------------------------------------------


def test_a_voucher_is_frozen_and_its_customer_and_partner_read_why(world: Any, open_as: Any) -> None:
    vera, voucher = open_as(world.cast.vera), f"/vendor/vouchers/{world.vouchers[0]}/"
    asked = vera.get(f"{voucher}freeze/")
    assert "客户会在代金券旁看到原因" in page_of(asked)
    sent = {"reason": "核实领取人", "key": value_of(asked, "key")}
    assert vera.post(f"{voucher}freeze/", sent).status_code == 303
    assert vera.post(f"{voucher}freeze/", {**sent, "key": "again"}).status_code == 422
    mine = open_as(world.cast.carl)
    assert "核实领取人" in page_of(mine.get(f"/billing/vouchers/{world.vouchers[0]}/"))
    assert "核实领取人" in page_of(mine.get("/billing/vouchers/"))
    assert "原因：核实领取人" in page_of(open_as(world.cast.sol).get(f"/vouchers/issued/{world.vouchers[0]}/"))
    assert world.numbers[0] in page_of(vera.get("/vendor/vouchers/?state=frozen"))
    assert vera.post(f"{voucher}unfreeze/", {"reason": "核实完成", "key": "u"}).status_code == 303
    assert "代金券已解冻" in page_of(vera.get(voucher))


def test_the_vendors_vouchers_cost_the_same_for_many(world: Any, open_as: Any, cost: Any) -> None:
    vera = open_as(world.cast.vera)
    one = cost(vera, "/vendor/vouchers/")
    for _ in range(6):
        actions.issue(world.cast.sol(), quota_id=world.sols, customer_ids=[world.cast.carl.id], face_value=cny(5))
    assert cost(vera, "/vendor/vouchers/") == one <= 15


@pytest.mark.parametrize("who", ["sol", "dario", "carl", "strange_distributor"])
def test_nobody_outside_the_vendor_opens_these_pages(world: Any, open_as: Any, who: str) -> None:
    client = open_as(getattr(world.cast, who))
    pages = [f"{here(world)}{each}/" for each in ("begin-adjusting", "adjust", "customers", "invalidate", "movements")]
    vouchers = [f"/vendor/vouchers/{world.vouchers[0]}/{each}" for each in ("", "freeze/", "unfreeze/")]
    for address in (*pages, *vouchers, "/vendor/vouchers/", "/vendor/reversals/"):
        assert client.get(address).status_code == 403, address
