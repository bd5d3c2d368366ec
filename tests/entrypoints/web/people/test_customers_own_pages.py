"""The customer's own pages: vouchers without a word of the quota, orders, the partner."""

from __future__ import annotations

import re
from typing import Any

from partner_center.vouchers.actions import capture, reclaim
from tests.entrypoints.web.people.conftest import Scene, listed, rows, text


def test_a_customer_lists_its_vouchers(scene: Scene, signed_in: Any, cost: Any) -> None:
    client = signed_in(scene.cast.carl)
    page = text(client, "/billing/vouchers/")
    assert rows(page) == listed(page) == 2 and "500.00" in page and "1,000.00" in page and "Far Hill" in page
    assert "only Sol reads this" not in page and str(scene.sols) not in page
    assert cost(client, "/billing/vouchers/") == 16


def test_what_was_reclaimed_is_not_shown(scene: Scene, signed_in: Any) -> None:
    reclaim(scene.cast.sol(scene.now), voucher_ids=(scene.carls,), remark="")
    client = signed_in(scene.cast.carl)
    assert rows(text(client, "/billing/vouchers/")) == 1
    assert client.get(f"/billing/vouchers/{scene.carls}/").status_code == 404


def test_a_voucher_shows_its_limits_and_where_it_went(scene: Scene, signed_in: Any) -> None:
    capture(scene.cast.carl(scene.now), authorisation_id=scene.hold("SO-5", "300"))
    client = signed_in(scene.cast.carl)
    page = text(client, f"/billing/vouchers/{scene.carls}/")
    for said in ("SO-5", "300.00", "200.00", "500.00", "Paid"):
        assert said in page, said
    assert "only Sol reads this" not in page and not re.search(r"VQ\d{4}-", page)
    limited = text(client, f"/billing/vouchers/{scene.carls_limited}/")
    assert "Storage" in limited and "¥1,000.00" in limited and "Not used yet" in limited


def test_orders_say_what_is_held_and_what_was_paid(scene: Scene, signed_in: Any, cost: Any) -> None:
    client = signed_in(scene.cast.carl)
    assert "No orders with vouchers yet" in text(client, "/billing/orders/")
    capture(scene.cast.carl(scene.now), authorisation_id=scene.hold("SO-5", "100"))
    scene.hold("SO-6", "100")
    page = text(client, "/billing/orders/")
    assert rows(page) == listed(page) == 2 and "SO-5" in page and "SO-6" in page
    held = text(client, "/billing/orders/?state=authorised")
    assert rows(held) == listed(held) == 1 and "SO-6" in held
    assert cost(client, "/billing/orders/") == 14


def test_my_partner(scene: Scene, signed_in: Any) -> None:
    page = text(signed_in(scene.cast.carl), "/my-partner/")
    assert "Far Hill Solutions" in page and "Consulting" in page


def test_others_vouchers_are_not_found(scene: Scene, signed_in: Any) -> None:
    for who in (scene.cast.cora, scene.cast.strange_customer):
        assert signed_in(who).get(f"/billing/vouchers/{scene.carls}/").status_code == 404
    assert signed_in(scene.cast.sol).get("/billing/vouchers/").status_code == 403


def test_outside_of_a_demo_there_is_no_shop(scene: Scene, signed_in: Any) -> None:
    client = signed_in(scene.cast.carl)
    assert client.get("/shop/").status_code == 404
    assert "shop" not in text(client, "/billing/vouchers/").lower()
