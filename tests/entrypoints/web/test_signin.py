"""Signing in and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from tests.cast import PASSWORD, Cast
from tests.entrypoints.web.conftest import SignedIn


def try_in(client: Client, password: str, **more: str) -> Any:
    return client.post("/login/", {"login": "sol", "password": password, **more})


def test_the_right_password_opens_the_console(cast: Cast) -> None:
    client = Client()
    assert try_in(client, PASSWORD)["Location"] == "/"
    assert client.get("/account/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_read_the_same(cast: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    wrong = try_in(client, "nonsense")
    unknown = client.post("/login/", {"login": "nobody", "password": "nonsense"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    said = "The login name or the password is wrong."
    assert said in wrong.content.decode() and said in unknown.content.decode()


def test_after_five_wrong_tries_the_right_password_is_not_looked_at(cast: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    for _ in range(5):
        try_in(client, "nonsense")
    blocked = try_in(client, PASSWORD)
    assert blocked.status_code == 422
    assert "Too many tries. For 15 minutes" in blocked.content.decode()


def test_a_session_key_from_before_sign_in_is_worth_nothing_afterwards(cast: Cast) -> None:
    client = Client()
    client.session["planted"] = True
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["pc_session"] = planted = session.session_key
    try_in(client, PASSWORD)
    assert client.cookies["pc_session"].value != planted
    assert Client(headers={"cookie": f"pc_session={planted}"}).get("/account/").status_code == 302


def test_a_changed_password_ends_the_sessions_of_before(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.all', 'on', true)")
        cursor.execute("UPDATE access_user SET password = %s WHERE login = 'sol'", [make_password("another one")])
    assert client.get("/account/")["Location"] == "/login/?next=%2Faccount%2F"


def test_signing_out_ends_the_session(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/account/").status_code == 302


def test_after_sign_in_one_is_where_one_wanted_to_be(cast: Cast) -> None:
    assert try_in(Client(), PASSWORD, next="/members/?x=1")["Location"] == "/members/?x=1"


def test_nobody_is_sent_to_another_host_after_sign_in(cast: Cast) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        assert try_in(Client(), PASSWORD, next=elsewhere)["Location"] == "/"


def test_the_page_of_an_international_address_leads_nowhere_else() -> None:
    client = Client()
    assert client.get("/intl/en-us//evil.example/")["Location"] == "/"
    answer = client.get("/intl/zh-cn/rules/")
    assert (answer["Location"], answer.cookies["pc_language"].value) == ("/rules/", "zh")


def test_without_a_session_a_fragment_asks_the_browser_to_sign_in(db: None) -> None:
    answer = Client().get("/members/check/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/login/"


def test_forms_without_their_page_s_mark_are_not_accepted(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    answer = client.post("/login/", {"login": "sol", "password": PASSWORD})
    assert answer.status_code == 403
    assert "This form was not accepted" in answer.content.decode() and answer["X-Request-Id"] in answer.content.decode()
    assert client.get("/account/").status_code == 302
