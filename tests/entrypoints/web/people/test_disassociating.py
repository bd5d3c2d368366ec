"""Leaving a customer: checked beforehand, understood, with a reason, and what comes back is what was said."""

from __future__ import annotations

from typing import Any

from partner_center.access.actions import switch_verification
from partner_center.access.codes import send_code
from partner_center.relationships.actions import DISASSOCIATE
from tests.entrypoints.web.people.conftest import Scene, text

GIVEN = {"understood": "on", "reason": "the customer asked for it", "key": "k1"}


def address(scene: Scene) -> str:
    return f"/customers/{scene.cast.carl.id}/disassociate/"


def test_every_rule_and_what_comes_back_stand_on_the_page(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.sol), address(scene))
    for said in ("S-190", "S-191", "S-201", "S-206", "¥700.00", "2 vouchers", "all passed", "¥700.00 returns"):
        assert said in page, said


def test_the_result_names_the_real_amount(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.sol)
    answer = client.post(address(scene), GIVEN)
    assert answer.status_code == 303 and answer["Location"] == "/customers/"
    page = text(client, "/customers/")
    assert "no longer your customer; 2 vouchers with ¥700.00 came back" in page
    assert client.get(address(scene)).status_code == 404


def test_without_tick_or_reason_nothing_happens(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.sol)
    untold = client.post(address(scene), {"reason": "", "key": "k1"})
    assert untold.status_code == 422 and "Tick this first." in untold.content.decode()
    silent = client.post(address(scene), {**GIVEN, "reason": " "})
    assert silent.status_code == 422 and "S-195" in silent.content.decode()
    assert "Carl Manufacturing" in text(client, "/customers/")


def test_an_unpaid_order_stands_in_the_way_with_its_remedy(scene: Scene, signed_in: Any) -> None:
    scene.hold("SO-77")
    client = signed_in(scene.cast.sol)
    page = text(client, address(scene))
    assert "SO-77" in page and "Not possible now" in page and 'name="understood"' not in page
    refused = client.post(address(scene), GIVEN)
    assert refused.status_code == 422 and "S-201" in refused.content.decode()


def test_finance_may_not_leave_a_customer(scene: Scene, signed_in: Any) -> None:
    answer = signed_in(scene.cast.fay).get(address(scene))
    assert answer.status_code == 403 and "BPC_ITEM_SUBCUSTSERV_010120" in answer.content.decode()


def test_the_code_is_asked_for_where_the_switch_is_on(scene: Scene, signed_in: Any) -> None:
    switch_verification(scene.cast.sol(scene.now), on=True)
    client = signed_in(scene.cast.sol)
    assert 'name="code"' in text(client, address(scene))
    refused = client.post(address(scene), GIVEN)
    assert refused.status_code == 422 and "S-562" in refused.content.decode()
    sent = send_code(scene.cast.sol(scene.now), operation=DISASSOCIATE)
    assert client.post(address(scene), {**GIVEN, "code": sent.code}).status_code == 303
