"""The inbox, a company's base information and joining, as pages: looked at, decided, refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partner_center.access.models import Throttle
from partner_center.kernel.actor import Actor
from partner_center.partners.actions import ask_for_change
from partner_center.programmes import actions as programmes
from partner_center.programmes import links
from partner_center.support import actions as support
from tests.apps.reviews.conftest import Desk, build_desk
from tests.apps.support.opening import opened
from tests.cast import build_cast, uscc
from tests.entrypoints.web.people.conftest import text

FORM = {
    "identity": "solution_provider",
    "name_zh": "新叶云",
    "name_en": "New Leaf Cloud",
    "uscc": uscc(77),
    "display_name": "叶新",
    "login": "ye.xin",
    "email": "ye.xin@newleaf.example",
    "accepts": "on",
    "key": "k",
}


@pytest.fixture
def desk(db: None, fast_hashing: None) -> Desk:
    return build_desk(build_cast(timezone.now()))


def asked(desk: Desk, who: Any = None, name: str = "New Name") -> Any:
    return ask_for_change((who or desk.cast.sol)(), after={"name_en": name}).review_id


def guest() -> Actor:
    return Actor(audience="system", system="L-020: an applicant", at=timezone.now(), language="en")


def under_review() -> Any:
    given = {name: value for name, value in FORM.items() if name not in ("accepts", "key")}
    applied = programmes.apply(guest(), accepts=True, **given)
    programmes.confirm(guest(), application_id=applied.application_id)
    return applied.application_id


def test_the_queue_shows_what_waits_with_its_term_and_the_first_item_lies_open(desk: Desk, signed_in: Any) -> None:
    review = asked(desk)
    page = text(signed_in("gu"), "/inbox/")
    assert "Far Hill Solutions" in page and "3 working days" in page and "Handed up by itself" in page
    assert f'data-item="{review}"' in page and "New Name" in page and "Confirm and next" in page
    assert "Far Hill Solutions" not in text(signed_in("lin"), "/inbox/").partition("<main")[2]
    others = text(signed_in("lin"), "/inbox/?side=others")
    assert "Far Hill Solutions" in others and "Confirm and next" not in others


def test_what_waits_on_pages_of_its_own_is_counted_beside_the_queue(desk: Desk, signed_in: Any) -> None:
    assert "Also waiting for you" not in text(signed_in("gu"), "/inbox/")
    asked_about = opened(desk.cast.sol(), category="other")
    assert 'href="/vendor/tickets/">Tickets to answer<small>1<' in text(signed_in("gu"), "/inbox/")
    support.take(desk.cast.vera(), ticket_id=asked_about)
    support.ask(desk.cast.vera(), ticket_id=asked_about, text="Which one?")
    assert "Tickets to answer" not in text(signed_in("gu"), "/inbox/")
    assert 'href="/tickets/">Tickets that wait for you<small>1<' in text(signed_in("sol"), "/inbox/")


def test_a_fragment_is_the_item_alone(desk: Desk, signed_in: Any) -> None:
    review = asked(desk)
    client = signed_in("gu")
    answer = client.get(f"/inbox/{review}/", headers={"HX-Request": "true", "HX-Target": "inbox-item"})
    assert b"<html" not in answer.content and str(review).encode() in answer.content
    assert b"<html" in client.get(f"/inbox/{review}/").content


def test_deciding_leads_to_the_next_item(desk: Desk, signed_in: Any) -> None:
    first, second = asked(desk), asked(desk, desk.cast.rhea)
    client = signed_in("gu")
    answer = client.post(f"/inbox/{first}/decide/", {"move": "approve", "version": "1"})
    assert (answer.status_code, answer["Location"]) == (303, f"/inbox/{second}/")
    assert "it now waits for the next person" in text(client, answer["Location"])


def test_every_reason_against_a_decision_is_told_at_once_and_nothing_typed_is_lost(desk: Desk, signed_in: Any) -> None:
    review = asked(desk)
    client = signed_in("gu")
    answer = client.post(f"/inbox/{review}/decide/", {"move": "return", "note": "my own note", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("L-007") >= 3 and "my own note" in page and 'value="return" checked' in page
    again = client.post(f"/inbox/{review}/decide/", {"move": "approve", "version": "7"})
    assert again.status_code == 409 and "Somebody moved review" in again.content.decode()
    assert client.post(f"/inbox/{review}/decide/", {"move": "shout", "version": "x"}).status_code == 422


def test_what_is_returned_is_mended_on_the_companys_page(desk: Desk, signed_in: Any) -> None:
    review = asked(desk)
    sent = {"move": "return", "reason": "incomplete", "text": "which address?", "fields": ["registered_address"]}
    assert signed_in("gu").post(f"/inbox/{review}/decide/", sent).status_code == 303
    client = signed_in(desk.cast.sol)
    waiting = text(client, "/inbox/")
    assert "Closed by itself; the company stays as it is" in waiting and "/account/company/" in waiting
    page = text(client, "/account/company/")
    assert "which address?" in page and page.count("disabled") >= 4
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key
    typed = {"registered_address": "1 New Road", "text": "done", "key": key.group(1)}
    assert client.post("/account/company/", typed).status_code == 303
    assert "1 New Road" in text(signed_in("gu"), f"/inbox/{review}/")


def test_a_change_is_asked_for_and_every_error_told_at_once(desk: Desk, signed_in: Any) -> None:
    client = signed_in(desk.cast.sol)
    bad = client.post(
        "/account/company/", {"name_zh": "远山方案", "name_en": "Far Hill Solutions", "uscc": uscc(9), "key": "a"}
    )
    assert bad.status_code == 422 and "L-008" in bad.content.decode() and "L-007" in bad.content.decode()
    assert "ecosystem manager" in bad.content.decode()
    good = client.post("/account/company/", {"name_zh": "远山新名", "key": "b"})
    assert good.status_code == 303
    page = text(client, "/account/company/")
    assert "远山新名" in page and "Withdraw" in page and "Ask for a change" not in page
    again = client.post("/account/company/", {"name_zh": "又一个", "key": "c"})
    assert again.status_code == 422 and "L-007" in again.content.decode()


def test_members_without_the_item_look_only(desk: Desk, signed_in: Any) -> None:
    page = text(signed_in(desk.cast.fay), "/account/company/")
    assert "Far Hill Solutions" in page and "Ask for a change" not in page


def test_several_are_approved_with_one_reason_after_a_question(desk: Desk, signed_in: Any) -> None:
    ids = [str(asked(desk)), str(asked(desk, desk.cast.rhea))]
    client = signed_in("gu")
    assert "Approve 2 reviews?" in client.post("/inbox/approve/", {"ids": ids}).content.decode()
    answer = client.post("/inbox/approve/", {"ids": ids, "sure": "yes", "reason": "confirmed"})
    assert answer.status_code == 303 and "2 are approved or agreed to." in text(client, "/inbox/")
    assert client.post("/inbox/approve/", {"ids": ["nonsense"]}).status_code == 303


def test_it_is_taken_handed_over_and_somebody_stands_in(desk: Desk, signed_in: Any) -> None:
    review = asked(desk)
    client = signed_in("gu")
    assert client.post(f"/inbox/{review}/take/").status_code == 303
    assert "gina" in text(client, f"/inbox/{review}/hand-over/")
    assert client.post(f"/inbox/{review}/hand-over/", {"to": str(desk.lin.user_id)}).status_code == 422
    assert client.post(f"/inbox/{review}/hand-over/", {"to": str(desk.gina.user_id)}).status_code == 303
    away = {"starts_on": "2020-01-02", "ends_on": "2020-01-01", "stand_in": str(desk.gina.user_id)}
    refused = client.post("/inbox/absence/", away)
    assert refused.status_code == 422 and "L-020" in refused.content.decode()
    today = timezone.now().date().isoformat()
    assert client.post("/inbox/absence/", {**away, "starts_on": today, "ends_on": "2099-01-01"}).status_code == 303
    assert "gina" in text(client, "/inbox/absence/")


def test_the_filters_narrow_and_say_when_nothing_matches(desk: Desk, signed_in: Any) -> None:
    asked(desk)
    client = signed_in("gu")
    assert "Far Hill" in text(client, "/inbox/?due=week&who=nobody&q=far")
    for nothing in ("due=overdue", "who=mine", "q=zzz", "kind=joining"):
        assert "Nothing waits that matches" in text(client, f"/inbox/?{nothing}")
    assert "Nothing waits for you" in text(signed_in(desk.cast.strange_provider), "/inbox/")


def test_the_stranger_finds_no_item(desk: Desk, signed_in: Any) -> None:
    review = asked(desk)
    client = signed_in(desk.cast.strange_provider)
    for address in ("", "hand-over/"):
        assert client.get(f"/inbox/{review}/{address}").status_code == 404
    for address in ("decide/", "take/"):
        assert client.post(f"/inbox/{review}/{address}", {"move": "approve"}).status_code == 404
    assert client.post(f"/account/company/{review}/withdraw/").status_code == 404


def test_the_inbox_costs_no_more_queries_than_this(desk: Desk, signed_in: Any, cost: Callable[..., int]) -> None:
    asked(desk), asked(desk, desk.cast.rhea)
    assert {who: cost(signed_in(who), "/inbox/") for who in ("gu", "sol")} == {"gu": 20, "sol": 19}


def test_a_guest_applies_and_every_error_is_told_at_once(desk: Desk) -> None:
    client = Client(headers={"accept-language": "en"})
    wrong = {**FORM, "uscc": "123", "login": "sol", "email": "no", "accepts": "", "identity": "friend", "name_zh": ""}
    answer = client.post("/join/", wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    for rule in ("L-011", "S-573", "L-039", "S-001"):
        assert rule in page, rule
    assert "valid email" in page and "This field is required" in page
    taken = client.post("/join/", {**FORM, "uscc": uscc(3)})
    assert "has already been completed" in taken.content.decode()
    good = client.post("/join/", FORM)
    assert good.status_code == 302 and "AP" in text(client, good["Location"])


def test_applications_from_one_address_are_limited(desk: Desk) -> None:
    Throttle.objects.all().delete()
    client = Client(headers={"accept-language": "en"})
    answers = [client.post("/join/", {}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_the_link_confirms_once_and_shows_how_it_stands(desk: Desk) -> None:
    client = Client(headers={"accept-language": "en"})
    client.post("/join/", FORM)
    given = {name: value for name, value in FORM.items() if name not in ("accepts", "key")}
    applied = programmes.apply(guest(), accepts=True, **{**given, "login": "other"})
    link = f"/join/confirm/{links.sign(applied.application_id, 'confirm')}/"
    assert "yours?" in text(client, link)
    state = client.post(link)["Location"]
    page = text(client, state)
    assert "Under review" in page and "Handed up by itself" in page and "Withdraw" in page
    assert client.get(link)["Location"].startswith("/join/state/")
    assert client.get(link.replace("confirm/", "state/")).status_code == 404
    assert client.get("/join/state/nonsense/").status_code == 404
    assert client.post(state + "withdraw/").status_code == 303
    assert "You may apply again" in text(client, state)


def test_a_joining_is_returned_mended_approved_and_the_password_chosen(desk: Desk, signed_in: Any) -> None:
    application = under_review()
    guest_client, lin = Client(headers={"accept-language": "en"}), signed_in("lin")
    page = text(lin, "/inbox/")
    assert "New Leaf Cloud" in page and "There is a cloud account" in page
    review = re.search(r'data-item="([^"]+)"', page)
    assert review
    address = f"/inbox/{review.group(1)}/decide/"
    lin.post(address, {"move": "return", "reason": "unclear", "text": "which account?", "fields": ["account_name"]})
    state = f"/join/state/{links.sign(application, 'state')}/"
    assert "which account?" in text(guest_client, state)
    assert guest_client.post(state, {"account_name": "newleaf", "text": "this"}).status_code == 303
    assert lin.post(address, {"move": "approve"}).status_code == 303
    assert "Choose your password" in text(guest_client, state)
    assert guest_client.post(state, {"password": "short"}).status_code == 422
    assert guest_client.post(state, {"password": "a long enough one"})["Location"] == "/login/"
    answer = guest_client.post("/login/", {"login": "ye.xin", "password": "a long enough one"})
    assert answer.status_code == 302 and "New Leaf Cloud" in text(guest_client, "/account/company/")
