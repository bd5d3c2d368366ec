"""The vendor's pages of quota: all of it, granting, freezing and unfreezing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.entrypoints.web.vouchers.conftest import page_of, value_of

LIST, GRANT = "/vendor/quotas/", "/vendor/quotas/grant/"
QUERIES = 14


def terms(world: Any, **changes: Any) -> dict[str, Any]:
    until = (world.now + timedelta(days=90)).date().isoformat()
    sol = str(world.cast.sol.id)
    return {"partner": sol, "value": "8,000", "ends_at": until, "purpose": "Q4", "key": uuid4().hex, **changes}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_shows_what_was_granted_and_to_whom(world: Any, open_as: Any, language: str) -> None:
    page = page_of(open_as(world.cast.vera, language).get(LIST))
    names = ("远山方案", "北辰云数") if language == "zh" else ("Far Hill Solutions", "Beichen Digital")
    for each in (*names, world.number(world.sols), world.number(world.darios)):
        assert each in page
    assert world.number(world.rheas) not in page


def test_the_list_asks_as_often_for_twenty_rows_as_for_one(world: Any, open_as: Any, cost: Any) -> None:
    vera = open_as(world.cast.vera)
    one = cost(vera, LIST)
    for number in range(18):
        world.grant(world.cast.sol, 100 + number)
    assert cost(vera, LIST) == one <= QUERIES


def test_one_quota_with_all_its_parts(world: Any, open_as: Any) -> None:
    vera = open_as(world.cast.vera)
    page = page_of(vera.get(f"/vendor/quotas/{world.darios}/"))
    assert "差 0.00" in page
    assert "海川数科" in page
    assert vera.get(f"/vouchers/quotas/{world.darios}/").url == f"/vendor/quotas/{world.darios}/"


def test_quota_is_granted_once_however_often_it_is_sent(world: Any, open_as: Any) -> None:
    vera, asked = open_as(world.cast.vera), terms(world, service_types=["ecs"], ids=[str(world.cast.carl.id)])
    answer = vera.post(GRANT, asked)
    assert answer.status_code == 303
    page = page_of(vera.get(answer.url))
    for each in ("¥8,000.00", "云服务器", "卡尔制造", "Q4", "差 0.00"):
        assert each in page
    after = world.written()
    assert vera.post(GRANT, asked).url == answer.url
    assert world.written() == after


@pytest.mark.parametrize(
    ("language", "remedies"),
    [
        ("zh", ("填写大于 0、最多两位小数的金额", "把结束时间改到将来", "云经销商的额度由其总经销商发放")),
        (
            "en",
            (
                "Enter an amount above 0",
                "Choose an end in the future",
                "A reseller gets its quota from its distributor",
            ),
        ),
    ],
)
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_lost(
    world: Any, open_as: Any, language: str, remedies: tuple[str, ...]
) -> None:
    vera, before = open_as(world.cast.vera, language), world.written()
    asked = terms(world, partner=str(world.cast.rhea.id), value="0", ends_at="2020-01-01")
    answer = vera.post(GRANT, asked)
    page = page_of(answer)
    assert answer.status_code == 422
    for each in ("S-350", "S-902", "S-360", *remedies):
        assert each in page
    assert (value_of(answer, "value"), value_of(answer, "purpose")) == ("0", "Q4")
    assert world.written() == before


def test_the_partner_and_named_customers_are_found_and_chosen_without_scripts(world: Any, open_as: Any) -> None:
    vera, before = open_as(world.cast.vera), world.written()
    found = vera.post(GRANT, terms(world, partner="", partner_q="北辰", look="1"))
    assert "北辰云数" in page_of(found)
    assert "海川数科" not in page_of(found)
    chosen = vera.post(GRANT, terms(world, partner="", set=f"partner={world.cast.dario.id}", q="卡尔"))
    assert value_of(chosen, "partner") == str(world.cast.dario.id)
    assert f'name="add" value="{world.cast.carl.id}"' in chosen.content.decode()
    assert world.written() == before


def test_what_cannot_be_read_does_not_hide_what_the_rules_say(world: Any, open_as: Any) -> None:
    asked = terms(world, partner=str(world.cast.rhea.id), value="1.234", ends_at="2020-01-01")
    page = page_of(open_as(world.cast.vera).post(GRANT, asked))
    for each in ("最多两位小数", "S-350", "S-360"):
        assert each in page
    assert "S-902" not in page


def test_without_a_partner_the_form_says_so(world: Any, open_as: Any) -> None:
    answer = open_as(world.cast.vera).post(GRANT, terms(world, partner=""))
    assert answer.status_code == 422
    assert "选择获得额度的伙伴。" in page_of(answer)


def test_a_quota_is_frozen_with_a_reason_and_let_go_again(world: Any, open_as: Any) -> None:
    vera, here = open_as(world.cast.vera), f"/vendor/quotas/{world.sols}/"
    asked = vera.get(f"{here}freeze/")
    assert "8,000.00" in page_of(asked)
    sent = {"reason": "核查客户", "key": value_of(asked, "key")}
    assert vera.post(f"{here}freeze/", sent).status_code == 303
    page = page_of(vera.get(here))
    assert "原因：核查客户" in page
    assert vera.post(f"{here}freeze/", sent).status_code == 303, "sent twice it did its work once"
    assert vera.get(f"{here}freeze/").status_code == 409
    assert vera.post(f"{here}freeze/", {**sent, "key": "other"}).status_code == 409
    assert vera.post(f"{here}unfreeze/", {"reason": "", "key": "k"}).status_code == 422
    assert vera.post(f"{here}unfreeze/", {"reason": "好了", "key": "k2"}).status_code == 303
    assert world.ask("SELECT state FROM vouchers_quota WHERE id = %s", world.sols) == "normal"


@pytest.mark.parametrize("who", ["sol", "dario", "carl", "strange_distributor"])
def test_nobody_outside_the_vendor_opens_these_pages(world: Any, open_as: Any, who: str) -> None:
    client = open_as(getattr(world.cast, who))
    for address in (LIST, GRANT, f"{LIST}{world.sols}/", f"{LIST}{world.sols}/freeze/"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "OPS_ITEM_QUOTA_" in page_of(answer)


def test_a_quota_that_is_none_is_not_there(world: Any, open_as: Any) -> None:
    assert open_as(world.cast.vera).get(f"{LIST}{uuid4()}/").status_code == 404
