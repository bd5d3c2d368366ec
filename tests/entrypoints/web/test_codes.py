"""Verification codes on pages: sent by mail, tried before the action, counted whatever becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from partner_center.access import actions as access
from partner_center.access.codes import require_code
from partner_center.access.rules import BOOK
from partner_center.entrypoints.web.forms.base import CodeField, Form
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.urls import urlpatterns as real
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import Refused
from tests.cast import PASSWORD, Cast
from tests.entrypoints.web.conftest import SignedIn

OPERATION = "vouchers.reclaim"


class ReclaimForm(Form):
    code = CodeField()


@page(code_for=OPERATION)
def reclaim(request: PageRequest) -> HttpResponse:
    form = ReclaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            require_code(request.actor, OPERATION)
            return redirect_with_message(request, "account", "done")
        except Refused as refused:
            form.add_refusal(refused, request.code)
    return render(request, "rules/detail.html", page=Page("x"), texts=(), form=form)


@page(code_for=OPERATION)
def always_refused(request: PageRequest) -> HttpResponse:
    raise Refused([BOOK.broken("S-570", "member_role_count", actual=0, required=3)])


urlpatterns = [*real, path("reclaim/", reclaim), path("always-refused/", always_refused)]


@pytest.fixture(autouse=True)
def these_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def client(cast: Cast, signed_in: SignedIn) -> Client:
    """A colleague of Sol's with an address, in an account that asks for codes."""
    who = {"login": "gail", "display_name": "盖尔", "email": "gail@demo.example", "password": PASSWORD}
    access.add_member(cast.sol(), roles=["finance"], **who)
    access.switch_verification(cast.sol(), on=True)
    return signed_in("gail")


def sent_code(client: Client, **headers: str) -> str:
    assert client.post(f"/codes/send/?operation={OPERATION}", headers=headers).status_code == 200
    return re.findall(r"\b\d{6}\b", str(mail.outbox[-1].body))[0]


@pytest.fixture
def wrong_tries(cast: Cast, stranger_sql: Any) -> Callable[[], int]:
    return lambda: stranger_sql("SELECT max(wrong_tries) FROM access_verificationcode", cast.sol.id)[0][0]


def test_a_code_is_mailed_in_the_reader_s_language_and_lets_the_operation_through(client: Client) -> None:
    code = sent_code(client)
    assert mail.outbox[-1].to == ["gail@demo.example"]
    assert "reclaim vouchers" in mail.outbox[-1].body
    assert client.post("/reclaim/", {"code": code}).status_code == 303


def test_a_code_is_used_once(client: Client) -> None:
    code = sent_code(client)
    client.post("/reclaim/", {"code": code})
    again = client.post("/reclaim/", {"code": code})
    assert again.status_code == 422


def test_without_a_code_the_form_says_that_one_is_needed(client: Client) -> None:
    answer = client.post("/reclaim/", {})
    assert (answer.status_code, answer.context) == (422, None)


def test_a_wrong_guess_stays_counted_though_the_action_is_refused(
    client: Client, wrong_tries: Callable[[], int]
) -> None:
    code = sent_code(client)
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/reclaim/", {"code": wrong}).status_code == 422
    assert client.post("/always-refused/", {"code": wrong}).status_code == 422
    assert wrong_tries() == 2


def test_the_right_code_is_worth_nothing_after_four_wrong_guesses(client: Client) -> None:
    code = sent_code(client)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        client.post("/reclaim/", {"code": wrong})
    assert client.post("/reclaim/", {"code": code}).status_code == 422


def test_an_account_that_asks_for_no_code_is_not_stopped_by_a_stray_one(cast: Cast, client: Client) -> None:
    access.switch_verification(cast.sol(), on=False)
    assert client.post("/reclaim/", {"code": "123456"}).status_code == 303


def test_what_was_typed_is_carried_along_where_the_code_is_entered_on_a_page_of_its_own(client: Client) -> None:
    address, at = f"/codes/send/?operation={OPERATION}", {"referer": "http://testserver/reclaim/"}
    text = client.post(address, {"face_value": "7700.00", "ids": ["a", "b"]}, headers=at).content.decode()
    assert '<form method="post" action="/reclaim/"' in text
    assert '<input type="hidden" name="face_value" value="7700.00">' in text
    assert text.count('name="ids"') == 2


def test_a_code_entered_on_its_own_page_goes_where_the_operation_is_posted(client: Client) -> None:
    text = client.post(f"/codes/send/?operation={OPERATION}&to=/reclaim/%3Fof%3D1", {}).content.decode()
    assert '<form method="post" action="/reclaim/?of=1"' in text
    elsewhere = client.post(f"/codes/send/?operation={OPERATION}&to=https://evil.example/", {}).content.decode()
    assert "evil.example" not in elsewhere


def test_a_page_that_stays_gets_a_fragment(client: Client) -> None:
    answer = client.post(f"/codes/send/?operation={OPERATION}", headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode() and "ga****@demo.example" in answer.content.decode()


def test_no_more_than_fifteen_codes_an_hour_go_to_one_address(client: Client) -> None:
    for _ in range(15):
        sent_code(client)
    client.post(f"/codes/send/?operation={OPERATION}")
    assert len(mail.outbox) == 15


def test_no_code_is_made_for_an_operation_that_is_not_guarded(client: Client) -> None:
    assert client.post("/codes/send/?operation=members.add").status_code == 404
