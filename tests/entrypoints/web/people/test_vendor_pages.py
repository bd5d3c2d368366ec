"""The vendor's partners and customers: lists, one of each, opening an account, associating in the back office."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import open_customer, uscc
from tests.entrypoints.web.people.conftest import Scene, listed, rows, text

OPENED = {
    "site": "cloud-cn",
    "identity": "reseller",
    "name_zh": "新伙伴科技",
    "name_en": "New Partner",
    "uscc": uscc(77),
    "login": "new.partner",
    "display_name": "新人",
    "email": "new@partner.example",
    "password": "a-long-first-password",
    "may_resell": "on",
}


def test_partners_are_listed_by_identity(scene: Scene, signed_in: Any, cost: Any) -> None:
    client = signed_in(scene.cast.vera)
    page = text(client, "/vendor/partners/")
    assert rows(page) == listed(page) == 6 and "Beichen Digital" in page
    resellers = text(client, "/vendor/partners/?identity=reseller")
    assert rows(resellers) == listed(resellers) == 2
    assert rows(text(client, "/vendor/partners/?q=Haichuan")) == 1
    assert cost(client, "/vendor/partners/") == 13


def test_a_partner_shows_company_accounts_resellers_and_standing(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.vera), f"/vendor/partners/{scene.cast.dario.id}/")
    for said in (uscc(1), "Haichuan Data", "Identity: Distributor", "State: Active", "since "):
        assert said in page, said


def test_opening_a_partner_names_every_error_at_once(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.vera)
    answer = client.post(
        "/vendor/partners/open/", {"site": "cloud-cn", "identity": "reseller", "uscc": "123", "login": "a b"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("L-011", "Letters, digits and", 'value="123"', "Company name", "First password"):
        assert said in page, said
    taken = client.post("/vendor/partners/open/", {**OPENED, "uscc": uscc(1)})
    assert taken.status_code == 422 and "L-005" in taken.content.decode()


def test_a_partner_that_was_opened_can_sign_in(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.vera)
    answer = client.post("/vendor/partners/open/", OPENED)
    assert answer.status_code == 303
    assert "New Partner" in text(client, answer["Location"])
    clash = client.post("/vendor/partners/open/", {**OPENED, "uscc": uscc(78)})
    assert clash.status_code == 422 and "taken" in clash.content.decode()


def test_customers_are_listed_with_their_partner(scene: Scene, signed_in: Any, cost: Any) -> None:
    client = signed_in(scene.cast.vera)
    page = text(client, "/vendor/customers/")
    assert rows(page) == listed(page) == 4 and "Far Hill Solutions" in page
    assert "No customer matches" in text(client, "/vendor/customers/?associated=no")
    assert cost(client, "/vendor/customers/") == 12
    detail = text(client, f"/vendor/customers/{scene.cast.carl.id}/")
    assert "Far Hill Solutions" in detail and "carl" in detail
    assert client.get(f"/customers/{scene.cast.carl.id}/")["Location"] == f"/vendor/customers/{scene.cast.carl.id}/"


def test_the_rules_answer_before_anything_is_submitted(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.vera)
    address = f"/vendor/customers/{scene.cast.carl.id}/associate/"
    assert "Choose a partner" in text(client, address)
    for asked in (f"{address}?partner={scene.cast.rhea.id}", f"{address}check/?partner={scene.cast.rhea.id}&type=2"):
        page = text(client, asked)
        assert "S-141" in page and "S-140" in page and "S-168" in page and "1 not passed" in page
    checked = client.post(address, {"check": "yes", "partner": str(scene.cast.rhea.id), "type": "2", "reason": "t"})
    assert checked.status_code == 200 and "S-141" in checked.content.decode()
    refused = client.post(address, {"partner": str(scene.cast.rhea.id), "type": "2", "reason": "t", "key": "k"})
    assert refused.status_code == 422 and "S-141" in refused.content.decode()


def test_an_account_of_nobody_is_associated(scene: Scene, signed_in: Any) -> None:
    free = open_customer(scene.cast.vera(scene.now), "自由客户", "Free Customer", 90, "free")
    client, address = signed_in(scene.cast.vera), f"/vendor/customers/{free.id}/"
    assert "Without a partner" in text(client, address)
    given = {"partner": str(scene.cast.sol.id), "type": "1", "reason": "ticket 7", "key": "k"}
    assert client.post(f"{address}associate/", given).status_code == 303
    assert "Far Hill Solutions" in text(client, address)
    assert "Free Customer" in text(signed_in(scene.cast.sol), "/customers/")


def test_a_customers_model_is_switched_and_what_comes_back_is_said_before(scene: Scene, signed_in: Any) -> None:
    """S-197, S-221."""
    client, address = signed_in(scene.cast.vera), f"/vendor/customers/{scene.cast.carl.id}/"
    assert "Switch association type" in text(client, address)
    asked = text(client, f"{address}switch/")
    assert "Will be reclaimed" in asked and "S-198" in asked and "return to the quota they came from" in asked
    empty = client.post(f"{address}switch/", {"type": "2", "reason": "", "key": "k0"})
    assert empty.status_code == 422 and "S-195" in empty.content.decode()
    assert client.post(f"{address}switch/", {"type": "2", "reason": "ticket 8", "key": "k"}).status_code == 303
    page = text(client, address)
    assert "Resale" in page and "Association type switched" in page
    again = client.post(f"{address}switch/", {"type": "2", "reason": "ticket 8", "key": "k2"})
    assert again.status_code == 422 and "S-197" in again.content.decode()
    assert signed_in(scene.cast.sol).get(f"{address}switch/").status_code == 403


@pytest.mark.parametrize("role", ["ecosystem_manager", "vendor_finance"])
def test_without_the_permission_nothing_is_opened_or_associated(
    scene: Scene, signed_in: Any, member: Any, role: str
) -> None:
    client = signed_in(member(scene.cast.vera, "em", role))
    assert "Open a partner" not in text(client, "/vendor/partners/")
    assert client.get("/vendor/partners/open/").status_code == 403
    assert client.get(f"/vendor/customers/{scene.cast.carl.id}/associate/").status_code == 403


def test_partners_do_not_see_the_vendors_lists(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.dario)
    for address in ("/vendor/partners/", "/vendor/customers/", f"/vendor/partners/{scene.cast.rhea.id}/"):
        assert client.get(address).status_code == 403
