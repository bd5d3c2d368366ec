"""Customer management: tabs, chips, search, paging, masked columns, one customer, its label."""

from __future__ import annotations

from typing import Any

from partner_center.audit.queries import events
from partner_center.fence.seat import seated
from tests.entrypoints.web.people.conftest import Scene, listed, rows, text


def test_a_partner_lists_its_customers_with_what_they_can_use(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.sol), "/customers/")
    assert rows(page) == 2 and "Carl Manufacturing" in page and "700.00" in page and "2 vouchers" in page
    assert "Rita" not in page and "Stranger" not in page


def test_chips_and_search_narrow_the_list(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.sol)
    page = text(client, "/customers/?type=2")
    assert rows(page) == listed(page) == 1 and "Cora Retail" in page
    assert rows(text(client, "/customers/?q=carl")) == 1
    assert "No customer matches" in text(client, "/customers/?q=nobody")


def test_a_distributor_has_a_tab_for_its_resellers_customers(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.dario)
    assert "No customers yet" in text(client, "/customers/")
    page = text(client, "/customers/?tab=resellers")
    assert "Rita Logistics" in page and "Haichuan Data" in page and "700.00" in page and "Disassociate" not in page
    assert "Resellers&#39; customers" not in text(signed_in(scene.cast.sol), "/customers/?tab=resellers")


def test_the_next_page_begins_where_the_last_ended(many: Scene, signed_in: Any) -> None:
    client = signed_in(many.cast.sol)
    first = text(client, "/customers/")
    assert rows(first) == 20 and "20 on this page, 25 in all" in first
    onward = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = text(client, onward)
    assert rows(second) == 5 and 'rel="prev"' in second


def test_a_masked_column_is_shown_once_and_the_look_is_recorded(many: Scene, signed_in: Any) -> None:
    client = signed_in(many.cast.sol)
    assert "13900000022" not in text(client, "/customers/")
    answer = client.post("/customers/show/phone/")
    page = answer.content.decode()
    assert answer.status_code == 200 and "13900000022" in page and "c22@customer.example" not in page
    actor = many.cast.sol(many.now)
    with seated(actor):
        found = events(actor, name="customer.column_revealed")
    assert len(found) == 1 and found[0].data["column"] == "phone" and len(found[0].data["customers"]) == 20
    assert client.post("/customers/show/uscc/").status_code == 404
    assert client.get("/customers/show/phone/").status_code == 405


def test_one_customer_shows_its_vouchers_and_what_happened(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.sol), f"/customers/{scene.cast.carl.id}/")
    for said in ("Carl Manufacturing", "¥700.00", "Voucher issued", "2 vouchers end", "Customer associated"):
        assert said in page, said


def test_issuing_and_passing_on_begin_with_who_was_picked(scene: Scene, signed_in: Any) -> None:
    issue = f"/vouchers/quotas/{scene.sols}/issue/?ids={scene.cast.carl.id}"
    sol, dario = signed_in(scene.cast.sol), signed_in(scene.cast.dario)
    assert issue in text(sol, "/customers/") and "Carl Manufacturing" in text(sol, issue)
    pass_on = f"/vouchers/quotas/{scene.darios}/pass-on/?ids={scene.cast.rhea.id}"
    assert pass_on in text(dario, "/resellers/") and "Haichuan Data" in text(dario, pass_on)


def test_the_drawer_is_the_same_customer_beside_the_list(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.sol)
    headers = {"HX-Request": "true", "HX-Target": "drawer"}
    answer = client.get(f"/customers/{scene.cast.carl.id}/", headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 200 and "pc-drawer" in page and "<html" not in page


def test_a_contact_is_shown_and_recorded(many: Scene, signed_in: Any) -> None:
    client = signed_in(many.cast.sol)
    answer = client.post(f"/customers/{many.cast.carl.id}/show/email/")
    assert answer.status_code == 200 and "Masked column shown" in answer.content.decode()


def test_the_label_is_kept_or_refused_at_its_field(scene: Scene, signed_in: Any) -> None:
    client, address = signed_in(scene.cast.sol), f"/customers/{scene.cast.carl.id}/"
    assert client.post(address, {"label": "key-account"}).status_code == 303
    assert "key-account" in text(client, "/customers/?q=key-acc")
    refused = client.post(address, {"label": "two words"})
    assert refused.status_code == 422 and "S-251" in refused.content.decode()


def test_a_foreign_customer_is_not_found(scene: Scene, signed_in: Any) -> None:
    for who in (scene.cast.strange_provider, scene.cast.rhea, scene.cast.dario):
        client = signed_in(who)
        for address in ("", "disassociate/"):
            assert client.get(f"/customers/{scene.cast.carl.id}/{address}").status_code == 404
        assert client.post(f"/customers/{scene.cast.carl.id}/show/phone/").status_code == 404


def test_customers_have_no_customers(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.carl)
    for address in ("/customers/", "/resellers/", "/vendor/partners/", "/vendor/customers/"):
        assert client.get(address).status_code == 403


def test_the_list_costs_as_many_queries_for_20_rows_as_for_2(many: Scene, signed_in: Any, cost: Any) -> None:
    client = signed_in(many.cast.sol)
    assert cost(client, "/customers/?q=carl") == cost(client, "/customers/?q=c") == 17


def test_a_distributor_lists_its_resellers_with_quota(scene: Scene, signed_in: Any, cost: Any) -> None:
    client = signed_in(scene.cast.dario)
    page = text(client, "/resellers/")
    assert rows(page) == 1 and "Haichuan Data" in page and "5,000.00" in page and "4,300.00" in page
    assert f"/vouchers/quotas/{scene.darios}/pass-on/" in page
    assert "No reseller matches" in text(client, "/resellers/?q=nobody")
    assert "Only distributors have resellers" in text(signed_in(scene.cast.sol), "/resellers/")
    assert cost(client, "/resellers/") == 17
