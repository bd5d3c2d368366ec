"""What every page has in common: headers, language, site, permissions, errors."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from partner_center.access.permissions import Can
from partner_center.access.rules import BOOK
from partner_center.entrypoints.web import errors
from partner_center.entrypoints.web.middleware import POLICY
from partner_center.entrypoints.web.page import PageRequest, page
from partner_center.entrypoints.web.urls import urlpatterns as real
from partner_center.kernel.errors import Conflict, NotFound, Refused
from tests.cast import Cast, open_customer
from tests.entrypoints.web.conftest import SignedIn

RAISED: dict[str, Exception] = {
    "absent": NotFound("thing"),
    "conflict": Conflict("access_key_revoked"),
    "refused": Refused([BOOK.broken("S-570", "member_role_count", actual=4, required=3)]),
    "bug": ZeroDivisionError("the secret detail"),
}


@page()
def raising(request: PageRequest, kind: str) -> HttpResponse:
    raise RAISED[kind]


@page(Can.VENDOR_QUOTA_GRANT)
def vendors_only(request: PageRequest) -> HttpResponse:
    return HttpResponse("granted")


def unframed(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")


urlpatterns = [
    *real,
    path("raising/<str:kind>/", raising),
    path("vendors-only/", vendors_only),
    path("v2/thing", unframed),
]
handler403, handler404, handler500 = errors.forbidden, errors.not_found, errors.failed


@pytest.fixture(autouse=True)
def these_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


ADDRESSES = ("/login/", "/healthz", "/rules/", "/nowhere/", "/account/", "/v2/thing")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_a_number_and_a_security_policy(db: None, address: str) -> None:
    answer = Client().get(address)
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-Id"])


def test_a_sane_number_of_the_caller_is_kept_and_another_is_not(db: None) -> None:
    assert Client().get("/login/", headers={"x-request-id": "abc-12345"})["X-Request-Id"] == "abc-12345"
    assert "\n" not in Client().get("/login/", headers={"x-request-id": "<script>"})["X-Request-Id"]
    assert Client().get("/login/", headers={"x-request-id": "<script>"})["X-Request-Id"] != "<script>"


def test_a_program_s_answer_is_left_as_it_is(db: None) -> None:
    answer = Client(headers={"accept-language": "en"}).get("/v2/thing")
    assert (answer.content, answer.has_header("Content-Language"), bool(answer.cookies)) == (b"{}", False, False)


@pytest.mark.parametrize(
    "asked, html", [("en-GB,zh;q=0.5", "en"), ("zh-CN,en", "zh-CN"), ("fr", "zh-CN"), ("", "zh-CN")]
)
def test_before_sign_in_the_browser_s_language_is_taken(db: None, asked: str, html: str) -> None:
    answer = Client(headers={"accept-language": asked}).get("/login/")
    assert f'<html lang="{html}"' in answer.content.decode()
    assert answer["Content-Language"] == html


def test_the_choice_on_this_device_comes_before_the_browser_s(db: None) -> None:
    client = Client(headers={"accept-language": "zh"})
    assert client.post("/language/?to=en").status_code == 302
    assert client.get("/login/")["Content-Language"] == "en"


def test_a_signed_in_user_reads_their_own_language(cast: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    client.post("/login/", {"login": "sol", "password": "correct horse"})
    assert client.get("/account/")["Content-Language"] == "zh-CN"
    client.post("/language/?to=en")
    assert client.get("/account/")["Content-Language"] == "en"


def test_the_page_one_may_not_open_names_the_permission_and_who_gives_it(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.fay).get("/members/")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Organisation - Members - Users - View" in text and "BPC_ITEM_ORG_010100" in text
    assert "Who can give it: sol" in text


def test_a_permission_of_another_kind_of_organisation_is_nobody_s_to_give(cast: Cast, signed_in: SignedIn) -> None:
    text = signed_in(cast.sol).get("/vendors-only/").content.decode()
    assert "OPS_ITEM_QUOTA_010101" in text and "nobody; it is not for your kind of organisation" in text


@pytest.mark.parametrize(
    "kind, status, said",
    [
        ("absent", 404, "There is no such page"),
        ("conflict", 409, "Its state does not allow this"),
        ("refused", 422, "One to three roles"),
    ],
)
def test_a_verb_s_no_becomes_a_page(cast: Cast, signed_in: SignedIn, kind: str, status: int, said: str) -> None:
    answer = signed_in(cast.sol).get(f"/raising/{kind}/")
    assert (answer.status_code, said in answer.content.decode()) == (status, True)
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_bug_tells_its_number_and_nothing_else(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    client.raise_request_exception = False
    answer = client.get("/raising/bug/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode() and answer["X-Request-Id"] in answer.content.decode()
    assert "nothing was changed" in answer.content.decode()


def test_an_unknown_address_keeps_the_menu_of_who_is_signed_in(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.sol).get(f"/{uuid4()}/")
    assert answer.status_code == 404
    assert "/logout/" in answer.content.decode()


BANNER = "data-nosnippet"


class TestAnAccountOfTheInternationalSite:
    """On a page of the China site: advice, never a redirect, and one may be left alone."""

    @pytest.fixture
    def iris(self, cast: Cast) -> str:
        open_customer(cast.vera(), "国际客户", "International", 77, "iris", site="cloud-intl")
        return "iris"

    def test_it_is_told_where_its_own_site_is(self, iris: str, signed_in: SignedIn, settings: Any) -> None:
        text = signed_in(iris).get("/account/").content.decode()
        assert BANNER in text
        assert f"{settings.SITE_ADDRESSES['cloud-intl']}/intl/en-us/account/" in text

    def test_it_is_not_told_again_on_any_device_once_it_said_so(self, iris: str, signed_in: SignedIn) -> None:
        client = signed_in(iris)
        assert client.post("/banner/hide/").status_code == 302
        assert BANNER not in client.get("/account/").content.decode()
        assert BANNER not in signed_in(iris).get("/account/").content.decode()

    def test_it_is_told_nothing_on_its_own_site(self, iris: str, signed_in: SignedIn) -> None:
        client = signed_in(iris, HTTP_HOST="intl.localhost")
        text = client.get("/account/", HTTP_HOST="intl.localhost").content.decode()
        assert BANNER not in text and "International site" in text

    def test_others_are_told_nothing_here(self, cast: Cast, signed_in: SignedIn) -> None:
        assert BANNER not in signed_in(cast.sol).get("/account/").content.decode()
