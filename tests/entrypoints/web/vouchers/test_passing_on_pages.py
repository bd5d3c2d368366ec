"""Passing quota on, and taking it back: the distributor's two pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from partner_center.access.actions import switch_verification
from partner_center.access.codes import send_code
from partner_center.vouchers import actions
from tests.entrypoints.web.vouchers.conftest import HTMX, cny, page_of, value_of

ISSUED, RECLAIM = "/vouchers/issued-quotas/", "/vouchers/issued-quotas/reclaim/"
QUERIES = 22


def address(world: Any, step: str = "") -> str:
    return f"/vouchers/quotas/{world.darios}/pass-on/{step}"


def terms(world: Any, **changes: Any) -> dict[str, Any]:
    return {"ids": [str(world.cast.rhea.id)], "amount": "500", "remark": "Q3", "key": uuid4().hex, **changes}


def test_a_part_is_passed_on_and_the_message_names_the_sum(world: Any, open_as: Any) -> None:
    dario = open_as(world.cast.dario)
    answer = dario.post(address(world), terms(world))
    assert (answer.status_code, answer.url) == (303, ISSUED)
    assert world.balance(world.darios) == 2_500_00
    assert "已转给 1 家云经销商，共 ¥500.00。" in page_of(dario.get(ISSUED))


@pytest.mark.parametrize(
    ("language", "remedies"),
    [
        ("zh", ("每家改为 1,500.00", "从「我的云经销商」中选择")),
        ("en", ("Set 1,500.00 or less", "Choose from My resellers")),
    ],
)
def test_a_refusal_names_every_rule_and_loses_nothing(
    world: Any, open_as: Any, language: str, remedies: tuple[str, ...]
) -> None:
    dario, before = open_as(world.cast.dario, language), world.written()
    both = [str(world.cast.rhea.id), str(world.cast.strange_reseller.id)]
    answer = dario.post(address(world), terms(world, ids=both, amount="2000"))
    page = page_of(answer)
    assert answer.status_code == 422
    for each in ("S-363", "S-004", *remedies):
        assert each in page
    assert value_of(answer, "amount") == "2000"
    assert world.written() == before


def test_a_second_press_passes_nothing_more_on(world: Any, open_as: Any) -> None:
    dario, asked = open_as(world.cast.dario), terms(world)
    dario.post(address(world), asked)
    after = world.written()
    assert dario.post(address(world), asked).status_code == 303
    assert world.written() == after


def test_as_one_types_the_rules_answer_and_nothing_is_written(world: Any, open_as: Any) -> None:
    before = world.written()
    answer = open_as(world.cast.dario).post(address(world, "check/"), terms(world, amount="9000"), **HTMX)
    assert "S-363" in answer.content.decode()
    assert 'id="said_amount" hx-swap-oob="true"' in answer.content.decode()
    assert world.written() == before


def test_a_solution_provider_is_told_that_only_distributors_pass_on(world: Any, open_as: Any) -> None:
    answer = open_as(world.cast.sol).post(f"/vouchers/quotas/{world.sols}/pass-on/", terms(world))
    assert answer.status_code == 422
    assert "S-351" in page_of(answer)


def test_nobody_passes_on_anothers_quota(world: Any, open_as: Any) -> None:
    assert open_as(world.cast.strange_distributor).get(address(world)).status_code == 404


def test_the_list_says_of_each_part_what_can_be_done(world: Any, open_as: Any) -> None:
    page = page_of(open_as(world.cast.dario).get(ISSUED))
    assert "海川数科" in page
    assert "回收 详情" in page
    actions.freeze(world.vera(), quota_id=world.rheas, reason="check")
    assert "冻结中不可回收" in page_of(open_as(world.cast.dario).get(ISSUED))


def test_the_list_asks_as_often_for_twenty_rows_as_for_one(world: Any, open_as: Any, cost: Any) -> None:
    dario = open_as(world.cast.dario)
    one = cost(dario, ISSUED)
    for _ in range(20):
        actions.pass_on(world.cast.dario(), quota_id=world.darios, reseller_ids=[world.cast.rhea.id], amount=cny(1))
    assert cost(dario, ISSUED) == one <= QUERIES


def test_the_question_names_what_really_comes_back_and_the_answer_too(world: Any, open_as: Any) -> None:
    dario, number = open_as(world.cast.dario), world.number(world.rheas)
    asked = dario.get(f"{RECLAIM}?ids={number}")
    page = page_of(asked)
    assert "回收 1 笔额度？" in page
    assert "2,000.00" in page
    sent = {"ids": [number], "key": value_of(asked, "key"), "remark": ""}
    answer = dario.post(RECLAIM, sent)
    assert answer.status_code == 303
    assert "已回收 1 笔额度，实收回 ¥2,000.00。" in page_of(dario.get(ISSUED))
    assert world.balance(world.darios) == 5_000_00
    after = world.written()
    assert dario.post(RECLAIM, sent).status_code == 303
    assert world.written() == after


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_cannot_be_taken_back_is_named_with_its_rule_and_left_out(world: Any, open_as: Any, language: str) -> None:
    actions.issue(world.cast.rhea(), quota_id=world.rheas, customer_ids=[world.cast.rita.id], face_value=cny(2_000))
    number = world.number(world.rheas)
    dario, before = open_as(world.cast.dario, language), world.written()
    page = page_of(dario.get(f"{RECLAIM}?ids={number}"))
    assert "S-399" in page
    assert ("到「已发放代金券」回收" if language == "zh" else "is reclaimed under Issued vouchers") in page
    answer = dario.post(RECLAIM, {"ids": [number], "key": "k"})
    assert answer.status_code == 422
    assert "S-399" in page_of(answer)
    assert world.written() == before


def test_several_are_taken_back_at_once_with_one_code(world: Any, open_as: Any) -> None:
    more = actions.pass_on(
        world.cast.dario(), quota_id=world.darios, reseller_ids=[world.cast.rhea.id], amount=cny(300)
    ).quotas[0]
    switch_verification(world.cast.dario(), on=True)
    dario, numbers = open_as(world.cast.dario), [world.number(world.rheas), more.number]
    refused = dario.post(RECLAIM, {"ids": numbers, "key": "k"})
    assert refused.status_code == 422
    assert "S-562" in page_of(refused)
    code = send_code(world.cast.dario(world.now + timedelta(seconds=1)), operation="vouchers.reclaim_quota").code
    assert dario.post(RECLAIM, {"ids": numbers, "key": "k", "code": code}).status_code == 303
    assert world.balance(world.darios) == 5_000_00


def test_nobody_takes_back_what_another_passed_on(world: Any, open_as: Any) -> None:
    number = world.number(world.rheas)
    for who in (world.cast.strange_distributor, world.cast.rhea):
        assert open_as(who).get(f"{RECLAIM}?ids={number}").status_code in (403, 404)
    assert open_as(world.cast.dario).get(f"{RECLAIM}?ids={world.number(world.darios)}").status_code == 404


def test_without_the_items_the_pages_name_the_permission(world: Any, open_as: Any, manager: Any) -> None:
    for page, item in ((ISSUED, "SALES_020106"), (RECLAIM, "SUBCUSTSERV_030601"), (address(world), "SALES_020106")):
        answer = open_as(manager).get(page)
        assert answer.status_code == 403
        assert f"BPC_ITEM_{item}" in page_of(answer)
