"""Account, members, keys, audit, rules: what their pages do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client

from partner_center.access import actions as access
from partner_center.access.models import User
from partner_center.fence.seat import seated
from tests.cast import PASSWORD, Cast
from tests.entrypoints.web.conftest import SignedIn

Cost = Callable[[Client, str], int]
NEW = {"login": "gail", "display_name": "盖尔", "email": "gail@demo.example", "password": PASSWORD + " battery"}


def test_the_account_page_says_who_what_and_which_permissions(cast: Cast, signed_in: SignedIn) -> None:
    text = signed_in(cast.sol).get("/account/").content.decode()
    for said in ("Far Hill Solutions", cast.sol.id.hex, "Solution provider", "BPC_ITEM_ORG_010101", "issue vouchers"):
        assert said in text


def reachable(cast: Cast) -> None:
    """Sol can be written to."""
    with seated(cast.vera()):
        User.objects.filter(pk=cast.sol.user_id).update(email="sol@demo.example")


def code_for(client: Client, operation: str) -> str:
    """The code that was mailed for an operation."""
    client.post(f"/codes/send/?operation={operation}&to=/account/", {})
    found = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
    assert found
    return found.group()


def test_the_switch_of_the_code_turns_on_and_off_again_with_a_code(cast: Cast, signed_in: SignedIn) -> None:
    """S-560, S-562."""
    reachable(cast)
    client = signed_in(cast.sol)
    assert client.post("/account/", {"on": "on"}).status_code == 303
    refused = client.post("/account/", {"on": ""})
    assert refused.status_code == 422 and "S-562" in refused.content.decode()
    assert "Turn off" in client.get("/account/").content.decode()
    assert (
        client.post("/account/", {"on": "", "code": code_for(client, "access.switch_verification")}).status_code == 303
    )
    assert "Turn on" in client.get("/account/").content.decode()


def test_with_the_switch_on_a_key_is_made_with_a_code_only(cast: Cast, signed_in: SignedIn) -> None:
    """S-562: a session that somebody took over must not go round the codes by a key."""
    reachable(cast)
    client = signed_in(cast.sol)
    client.post("/account/", {"on": "on"})
    refused = client.post("/keys/", {"label": "erp"})
    assert refused.status_code == 422 and "S-562" in refused.content.decode()
    made = client.post("/keys/", {"label": "erp", "code": code_for(client, "access.make_key")})
    assert made.status_code == 200 and "erp" in client.get("/keys/").content.decode()


def test_a_member_is_added_and_can_sign_in(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.sol).post("/members/add/", {**NEW, "roles": ["finance"]})
    assert answer.status_code == 303
    assert Client().post("/login/", {"login": "gail", "password": NEW["password"]}).status_code == 302


def test_all_that_is_wrong_with_a_new_member_is_said_at_once(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.sol).post("/members/add/", {"login": "", "roles": ["administrator", "finance"]})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "S-571" in text and text.count("This field is required.") >= 4


def test_a_taken_login_name_is_said_at_its_field(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.sol).post("/members/add/", {**NEW, "login": "carl", "roles": ["finance"]})
    assert answer.status_code == 422 and "The login name carl is taken" in answer.content.decode()


def test_the_rules_of_roles_are_shown_before_submitting(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.sol).get("/members/check/?roles=account_manager&roles=account_director")
    assert "S-572" in answer.content.decode() and "<html" not in answer.content.decode()


def test_roles_change_and_a_member_of_others_is_absent(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    address = f"/members/{cast.fay.user_id}/"
    assert client.post(address, {"roles": ["account_manager"]}).status_code == 303
    assert client.post(address, {}).status_code == 422
    assert client.get(f"/members/{cast.carl.user_id}/").status_code == 404


def test_a_secret_is_shown_in_the_answer_that_made_it_and_never_again(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    made = client.post("/keys/", {"label": "ERP"}).content.decode()
    key, secret = re.findall(r"<code data-user-text>([^<]+)</code>", made)
    listed = client.get("/keys/").content.decode()
    assert key in listed and secret not in listed


def test_a_key_is_revoked_after_a_question(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.sol)
    key = access.make_key(cast.sol(), label="ERP")
    assert "cannot be undone" in client.get(f"/keys/{key.id}/revoke/").content.decode()
    assert client.post(f"/keys/{key.id}/revoke/").status_code == 303
    assert client.get(f"/keys/{key.id}/revoke/").status_code == 409
    assert client.get(f"/keys/{uuid4()}/revoke/").status_code == 404


def test_a_stranger_s_key_is_absent(cast: Cast, signed_in: SignedIn) -> None:
    key = access.make_key(cast.sol(), label="ERP")
    stranger = signed_in(cast.strange_provider)
    assert stranger.post(f"/keys/{key.id}/revoke/").status_code == 404


def test_the_audit_page_tells_own_events_in_words_and_no_stranger_s(cast: Cast, signed_in: SignedIn) -> None:
    access.make_key(cast.sol(), label="ERP")
    mine = signed_in(cast.sol).get("/audit/").content.decode()
    theirs = signed_in(cast.strange_provider).get("/audit/").content.decode()
    assert "Access key made" in mine and "Access key made" not in theirs


def test_events_are_found_by_request_and_by_noun(cast: Cast, signed_in: SignedIn) -> None:
    access.make_key(cast.sol(request_id="REQ-1"), label="ERP")
    client = signed_in(cast.sol)
    assert "Access key made" in client.get("/audit/?q=REQ-1").content.decode()
    assert "No event matches" in client.get("/audit/?q=REQ-2").content.decode()
    assert "Access key made" not in client.get("/audit/?name=member").content.decode()


def test_the_next_page_of_events_begins_behind_the_last_of_this(cast: Cast, signed_in: SignedIn) -> None:
    for turn in range(60):
        access.switch_verification(cast.sol(), on=bool(turn % 2))
    client = signed_in(cast.sol)
    first = client.get("/audit/").content.decode()
    behind = re.findall(r'href="\?(before=[^"]+)" rel="next"', first)[0]
    second = client.get(f"/audit/?{behind}").content.decode()
    assert first.count("<details><summary>") == 50
    assert 10 <= second.count("<details><summary>") < 50
    assert client.get("/audit/?before=nonsense").status_code == 200


def test_the_cost_of_the_audit_page_does_not_grow(cast: Cast, signed_in: SignedIn, cost: Cost) -> None:
    client = signed_in(cast.sol)
    before = cost(client, "/audit/")
    for turn in range(20):
        access.switch_verification(cast.sol(), on=bool(turn % 2))
    assert cost(client, "/audit/") == before == 13


def test_the_cost_of_the_members_page_does_not_grow(cast: Cast, signed_in: SignedIn, cost: Cost) -> None:
    client = signed_in(cast.sol)
    before = cost(client, "/members/")
    for each in range(10):
        access.add_member(cast.sol(), login=f"gail-{each}", display_name="盖尔", roles=["finance", "account_manager"])
    assert cost(client, "/members/") == before == 13


def test_every_rule_has_a_page(db: None) -> None:
    client = Client(headers={"accept-language": "en"})
    text = client.get("/rules/").content.decode()
    for rule_id in set(re.findall(r'href="/rules/([^"/]+)/"', text)):
        assert client.get(f"/rules/{rule_id}/").status_code == 200, rule_id
    assert "S-570" in client.get("/rules/?q=three").content.decode()
    assert client.get("/rules/S-000/").status_code == 404


def test_the_mailbox_and_the_tour_exist_in_a_demo_only(cast: Cast, settings: Any, tmp_path: Any) -> None:
    client = Client(headers={"accept-language": "en"})
    settings.DEMO, settings.DATA = False, tmp_path
    assert [client.get(each).status_code for each in ("/mailbox/", "/tour/")] == [404, 404]
    settings.DEMO = True
    assert [client.get(each).status_code for each in ("/mailbox/", "/tour/")] == [200, 200]


def test_a_mail_of_the_demo_can_be_read(settings: Any, tmp_path: Any, db: None) -> None:
    settings.DEMO, settings.DATA = True, tmp_path
    (tmp_path / "mail").mkdir()
    name = uuid4()
    (tmp_path / "mail" / f"{name}.eml").write_text(
        "From: a@demo.example\nTo: b@demo.example\nSubject: =?utf-8?b?6aqM6K+B56CB?=\n"
        "Date: Mon, 23 Nov 2026 10:00:00 +0800\nContent-Type: text/plain; charset=utf-8\n\n<b>123456</b>\n"
    )
    client = Client()
    assert "验证码" in client.get("/mailbox/").content.decode()
    assert "&lt;b&gt;123456&lt;/b&gt;" in client.get(f"/mailbox/{name}/").content.decode()
    assert client.get(f"/mailbox/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("sol", "/audit/"),
        ("sol", "/customers/"),
        ("sol", "/vouchers/quotas/"),
        ("sol", "/vouchers/issued/"),
        ("sol", "/vouchers/records/"),
        ("dario", "/vouchers/issued-quotas/"),
        ("dario", "/resellers/"),
        ("vera", "/vendor/quotas/"),
        ("vera", "/vendor/partners/"),
        ("vera", "/vendor/customers/"),
    ],
)
def test_no_sign_that_a_text_cannot_hold_makes_a_list_fail(
    cast: Cast, signed_in: SignedIn, who: str, address: str
) -> None:
    client = signed_in(getattr(cast, who))
    for query in ("q=%00", "q=a%00b", "after=%00", "state=%00", "trail=%00"):
        assert client.get(f"{address}?{query}").status_code < 500, query
