"""The demo's shop: its checkout speaks to the running integration API, and says so when that is silent."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from django.test import Client, override_settings
from django.utils import timezone

from partner_center.access import actions as access
from partner_center.vouchers.rules import Scope
from tests import conftest as databases
from tests.cast import PASSWORD
from tests.entrypoints.web.people.conftest import Scene, build_scene, text

FIELD_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
SILENT = "http://127.0.0.1:9"
WANTED = "/shop/checkout/?n.ecs.s3=3"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    """Closes each thread's database connection with its request."""

    daemon_threads = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture(scope="module")
def scene(django_db_setup: None, template: str, django_db_blocker: Any, fast_hashing: None) -> Iterator[Scene]:
    """The scene, committed, in a database of this module, with a server that answers at SITE_ADDRESSES."""
    name, shared = f"{databases.PREFIX}_shop_{os.getpid()}", connections["default"].settings_dict["NAME"]
    connections["default"].close()
    databases._create(name, template)
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(WSGIHandler())
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    sites = {**settings.SITE_ADDRESSES, "cloud-cn": f"http://127.0.0.1:{server.server_port}"}
    urls = "tests.entrypoints.web.people.shop_urls"
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, FIELD_KEY=FIELD_KEY, ROOT_URLCONF=urls, SITE_ADDRESSES=sites),
    ):
        databases.as_application(name)
        made = build_scene(timezone.now())
        access.make_key(made.cast.carl(made.now), label="demo")
        yield made
        server.shutdown()
        server.server_close()
        connections.close_all()
        databases.as_application(shared)
    with databases.owner() as connection:
        connection.execute(databases.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(databases.sql.Identifier(name)))


@pytest.fixture
def carl(scene: Scene) -> Client:
    return _signed_in("carl")


def _signed_in(login: str) -> Client:
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM access_throttle")
    client = Client(headers={"accept-language": "en"})
    assert client.post("/login/", {"login": login, "password": PASSWORD}).status_code == 302
    client.post("/language/?to=en")
    return client


def held(client: Client, ids: list[str], key: str = "a" * 32) -> Any:
    return client.post("/shop/hold/", {"n.ecs.s3": "3", "ids": ids, "key": key})


def test_the_catalogue_is_for_sale(carl: Client) -> None:
    page = text(carl, "/shop/")
    assert 'name="n.ecs.s3"' in page and "General" in page and "100.00" in page
    assert "/shop/" in text(carl, "/billing/vouchers/")
    assert carl.get("/shop/checkout/")["Location"] == "/shop/?empty"


def test_checkout_lists_what_pays_and_every_limit_of_what_does_not(carl: Client, scene: Scene) -> None:
    page = text(carl, WANTED)
    assert f'value="{scene.carls}"' in page and "300.00" in page and "Hold ¥300.00" in page
    others = page.partition("Vouchers that do not pay")[2]
    assert "S-395" in others and "S-396" in others and "1,000.00" in others and "required:" in others


def test_an_order_is_held_then_paid(carl: Client, scene: Scene) -> None:
    answer = held(carl, [str(scene.carls)], "b" * 32)
    assert answer.status_code == 302 and held(carl, [str(scene.carls)], "b" * 32)["Location"] == answer["Location"]
    page = text(carl, answer["Location"])
    assert "300.00 of vouchers is held" in page and "/pay/" in page
    key = re.search(r'name="key" value="([0-9a-f]+-end)"', page)
    assert key
    given_up = carl.post(answer["Location"] + "give-up/", {"key": key.group(1)})
    assert given_up.status_code == 303 and "Given up" in text(carl, answer["Location"])
    again = held(carl, [str(scene.carls)], "c" * 32)
    assert carl.post(again["Location"] + "pay/", {"key": "pay-1"}).status_code == 303
    assert "Paid: 300.00 by vouchers" in text(carl, again["Location"])
    late = carl.post(again["Location"] + "pay/", {"key": "pay-2"})
    assert late.status_code == 409 and "not touched" in late.content.decode()


def test_what_the_api_refuses_stands_on_the_page_with_its_rules(carl: Client, scene: Scene) -> None:
    answer = held(carl, [str(scene.carls_limited)], "d" * 32)
    assert answer.status_code == 422
    assert "S-395" in answer.content.decode() and "S-396" in answer.content.decode()


def test_the_page_takes_one_voucher_an_order(carl: Client, scene: Scene) -> None:
    """S-392."""
    other = scene.issue(scene.cast.sol, scene.sols, scene.cast.carl, "20")
    page = text(carl, WANTED)
    assert page.count("checked") == 1
    answer = held(carl, [str(scene.carls), str(other)], "e" * 32)
    assert answer.status_code == 422 and "S-392" in answer.content.decode()


def test_how_one_buys_is_chosen_and_asked_about(carl: Client, scene: Scene) -> None:
    """S-395, S-458."""
    limits = Scope(billing_modes=frozenset({"yearly"}), with_discounts=False)
    scene.issue(scene.cast.sol, scene.sols, scene.cast.carl, "30", limits=limits)
    shop = text(carl, "/shop/?billing_mode=yearly&enterprise_project=ep-9")
    assert 'value="yearly" selected' in shop and 'value="ep-9"' in shop
    unmet = text(carl, f"{WANTED}&billing_mode=monthly&discount=0.8").partition("Vouchers that do not pay")[2]
    assert (
        "The billing mode is monthly; the voucher is limited to yearly" in unmet
        and "does not go with discounts" in unmet
    )
    met = text(carl, f"{WANTED}&billing_mode=yearly&order_type=renew&region=cn-east-1")
    assert "30.00" in met.partition("Vouchers that do not pay")[0] and "renewal · yearly · cn-east-1" in met
    assert 'name="billing_mode" value="yearly"' in met


def test_nothing_chosen_holds_nothing(carl: Client) -> None:
    assert held(carl, []).status_code == 303


def test_a_strangers_order_is_not_found(carl: Client, scene: Scene) -> None:
    order = scene.hold("SO-OTHER", "100")
    access.make_key(scene.cast.strange_customer(scene.now), label="demo")
    assert _signed_in("stranger-c").get(f"/shop/orders/{order}/").status_code == 404


def test_without_an_access_key_the_shop_says_what_it_needs(scene: Scene) -> None:
    answer = _signed_in("cora").get(WANTED)
    assert answer.status_code == 409 and "access key" in answer.content.decode()


def test_a_silent_api_is_told_honestly(carl: Client) -> None:
    with override_settings(SITE_ADDRESSES={**settings.SITE_ADDRESSES, "cloud-cn": SILENT}):
        answer = carl.get(WANTED)
    page = answer.content.decode()
    assert answer.status_code == 502 and SILENT in page and "Nothing has changed" in page


def test_a_partner_has_no_shop(scene: Scene) -> None:
    assert _signed_in("sol").get("/shop/").status_code == 403
