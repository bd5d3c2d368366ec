"""Issuing: the rules are shown beforehand, a refusal names them all and loses nothing, a second press does nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from partner_center.access.actions import add_member, switch_verification
from tests.cast import PASSWORD, _person
from tests.entrypoints.web.vouchers.conftest import HTMX, page_of, value_of

REMEDIES = {
    "zh": ("面值改为", "改为", "移除该客户，或先与其建立关联"),
    "en": ("or less, or choose fewer customers", "or earlier", "Remove the customer, or associate it first"),
}


def terms(world: Any, **changes: Any) -> dict[str, Any]:
    return {
        "ids": [str(world.cast.carl.id)],
        "face_value": "1,500.00",
        "ends_at": (world.now + timedelta(days=20)).date().isoformat(),
        "remark": "R-17",
        "key": uuid4().hex,
        **changes,
    }


def address(world: Any, step: str = "") -> str:
    return f"/vouchers/quotas/{world.sols}/issue/{step}"


def test_vouchers_are_issued_and_the_list_shows_just_them(world: Any, open_as: Any) -> None:
    sol = open_as(world.cast.sol)
    asked = terms(world, ids=[str(world.cast.carl.id), str(world.cast.cora.id)])
    answer = sol.post(address(world), asked)
    assert answer.status_code == 303
    assert world.balance(world.sols) == 10_000_00 - 2_000_00 - 3_000_00
    page = page_of(sol.get(answer.url))
    assert "已发放 2 张代金券，共 ¥3,000.00。" in page
    assert "只看这一次发放的代金券。" in page
    assert "本页 2 条" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_names_every_rule_says_what_to_do_and_loses_nothing(world: Any, open_as: Any, language: str) -> None:
    sol, before = open_as(world.cast.sol, language), world.written()
    stranger = str(world.cast.strange_customer.id)
    late = (world.now + timedelta(days=400)).date().isoformat()
    asked = terms(world, ids=[str(world.cast.carl.id), stranger], face_value="9000", ends_at=late)
    answer = sol.post(address(world), asked)
    page = page_of(answer)
    assert answer.status_code == 422
    assert world.written() == before
    for rule in ("S-377", "S-373", "S-370"):
        assert rule in page
        assert f'href="/rules/{rule}/"' in answer.content.decode()
    for remedy in REMEDIES[language]:
        assert remedy in page
    assert "8,000.00" in page
    assert (value_of(answer, "face_value"), value_of(answer, "remark")) == ("9000", "R-17")
    assert stranger in answer.content.decode()


def test_a_second_press_issues_nothing_more(world: Any, open_as: Any) -> None:
    sol, asked = open_as(world.cast.sol), terms(world)
    first = sol.post(address(world), asked)
    after = world.written()
    second = sol.post(address(world), asked)
    assert (second.status_code, second.url) == (303, first.url)
    assert world.written() == after


def test_a_form_sent_again_with_other_contents_says_so_and_begins_anew(world: Any, open_as: Any) -> None:
    sol, asked = open_as(world.cast.sol), terms(world)
    sol.post(address(world), asked)
    after = world.written()
    answer = sol.post(address(world), {**asked, "face_value": "2"})
    assert answer.status_code == 422
    assert "这张表单已经提交过" in page_of(answer)
    assert value_of(answer, "key") != asked["key"]
    assert world.written() == after


@pytest.mark.parametrize(
    ("press", "holds"),
    [
        ({"set": "face_value=7.00"}, ("face_value", "7.00")),
        ({"clear": "face_value"}, ("face_value", "")),
        ({"look": "1"}, ("face_value", "1,500.00")),
    ],
)
def test_buttons_change_the_form_without_scripts_and_write_nothing(
    world: Any, open_as: Any, press: dict[str, str], holds: tuple[str, str]
) -> None:
    sol, before = open_as(world.cast.sol), world.written()
    answer = sol.post(address(world), terms(world, **press))
    assert answer.status_code == 200
    assert value_of(answer, holds[0]) == holds[1]
    assert world.written() == before


def test_customers_are_added_and_dropped_by_buttons(world: Any, open_as: Any) -> None:
    sol, carl, cora = open_as(world.cast.sol), str(world.cast.carl.id), str(world.cast.cora.id)
    added = sol.post(address(world), terms(world, add=cora)).content.decode()
    assert f'name="ids" value="{carl}"' in added
    assert f'name="ids" value="{cora}"' in added
    dropped = sol.post(address(world), terms(world, drop=carl)).content.decode()
    assert f'name="ids" value="{carl}"' not in dropped


def test_as_one_types_the_rules_answer_in_their_places_and_nothing_is_written(world: Any, open_as: Any) -> None:
    sol, before = open_as(world.cast.sol), world.written()
    answer = sol.post(address(world, "check/"), terms(world, face_value="9000"), **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.lstrip().startswith('<div id="preflight"')
    assert 'id="said_face_value" hx-swap-oob="true"' in html
    assert "S-377" in html
    assert "disabled" in html
    assert 'name="set" value="face_value=8,000.00"' in html
    assert world.written() == before


def test_what_cannot_be_read_is_said_at_its_field(world: Any, open_as: Any) -> None:
    answer = open_as(world.cast.sol, "en").post(address(world), terms(world, face_value="12.345", ends_at=""))
    page = page_of(answer)
    assert answer.status_code == 422
    assert "Enter an amount with at most two decimals" in page
    assert "required" in page


@pytest.mark.parametrize("who", ["strange_provider", "dario", "rhea"])
def test_nobody_issues_from_anothers_quota(world: Any, open_as: Any, who: str) -> None:
    client, before = open_as(getattr(world.cast, who)), world.written()
    for answer in (client.get(address(world)), client.post(address(world), terms(world))):
        assert answer.status_code == 404
    assert world.written() == before


def test_a_distributor_does_not_issue_from_its_resellers_part(world: Any, open_as: Any) -> None:
    assert open_as(world.cast.dario).get(f"/vouchers/quotas/{world.rheas}/issue/").status_code == 404


def test_without_the_item_the_page_names_the_permission(world: Any, open_as: Any, manager: Any) -> None:
    answer = open_as(manager).get(address(world))
    assert answer.status_code == 403
    assert "BPC_ITEM_SUBCUSTSERV_030103" in page_of(answer)


def test_with_the_switch_on_a_code_is_asked_for_and_its_rule_named(world: Any, open_as: Any) -> None:
    switch_verification(world.cast.sol(), on=True)
    sol, before = open_as(world.cast.sol), world.written()
    assert "验证码" in page_of(sol.get(address(world)))
    for code in ({}, {"code": "000000"}):
        answer = sol.post(address(world), terms(world, **code))
        assert answer.status_code == 422
        assert "S-562" in page_of(answer)
    assert world.written() == before


def test_without_scripts_the_code_is_sent_and_entered_and_nothing_typed_is_lost(
    world: Any, open_as: Any, mailoutbox: Any
) -> None:
    boss = world.cast.sol()
    switch_verification(boss, on=True)
    mail = {"email": "ines@demo.example", "password": PASSWORD}
    ines = _person(add_member(boss, login="ines", display_name="Ines", roles=["finance"], **mail), world.now)
    sol, asked = open_as(ines), terms(world)
    sent = sol.post("/codes/send/?operation=vouchers.issue", asked, HTTP_REFERER="http://testserver" + address(world))
    assert value_of(sent, "remark") == "R-17"
    assert f'action="{address(world)}"' in sent.content.decode()
    code = re.search(r"\d{6}", mailoutbox[-1].subject)
    assert code
    answer = sol.post(address(world), {**asked, "code": code.group()})
    assert answer.status_code == 303
    again = sol.post(address(world), {**asked, "code": code.group()})
    assert again.url == answer.url, "the key answers before the code is asked for"
