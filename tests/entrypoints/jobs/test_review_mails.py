"""Mails about reviews and applications: real SMTP, real links, the asker's own language."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from partner_center.entrypoints.jobs import due, queue
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.partners.actions import ask_for_change, decide_change
from partner_center.programmes import actions as programmes
from partner_center.reviews.queries import reviews_page
from partner_center.reviews.rules import Decision
from tests.cast import uscc
from tests.entrypoints import world as cast
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.jobs.test_mails import _follow_all, _to
from tests.entrypoints.world import World

ADDRESS = "ye.xin@newleaf.example"


def _last(inbox: Inbox, address: str) -> Any:
    _follow_all()
    queue.drain()
    return _to(inbox, address)[-1]


def _link(mail: Any) -> str:
    found = re.search(r"http://[^/\s]+(/join/\S+)", mail.get_content())
    assert found, mail.get_content()
    return found.group(1)


def test_a_company_joins_by_the_links_in_its_mails(world: World, inbox: Inbox) -> None:
    guest = Actor(audience="system", system="L-020: an applicant", at=timezone.now(), language="en")
    programmes.apply(
        guest,
        identity="reseller",
        name_zh="新叶云",
        uscc=uscc(88),
        display_name="Xin",
        login="ye.xin",
        email=ADDRESS,
        accepts=True,
    )
    mail = _last(inbox, ADDRESS)
    assert mail["Subject"].startswith("Confirm the address of application AP")
    client = Client(headers={"accept-language": "en"})
    assert client.post(_link(mail)).status_code == 303
    mail = _last(inbox, ADDRESS)
    assert (
        mail["Subject"].endswith("is under review")
        and "Handed up by itself" in client.get(_link(mail)).content.decode()
    )
    [review] = _open_reviews()
    programmes.decide_joining(cast.actor("vera"), review_id=review, decision=Decision("approve"))
    mail = _last(inbox, ADDRESS)
    assert mail["Subject"] == "新叶云 has joined the partner network"
    assert client.post(_link(mail), {"password": "a long enough one"}).status_code == 303
    assert client.post("/login/", {"login": "ye.xin", "password": "a long enough one"}).status_code == 302


def _open_reviews() -> list[Any]:
    vera = cast.actor("vera")
    with seated(vera):
        return list(reviews_page(vera, state="open").values_list("pk", flat=True))


def test_who_asked_is_told_what_was_returned_and_that_it_was_closed(world: World, inbox: Inbox) -> None:
    asked = ask_for_change(cast.actor("rhea"), after={"name_en": "New Name"})
    back = Decision("return", reason="incomplete", text="Which street?", fields=("registered_address",), note="hm")
    decide_change(cast.actor("vera"), review_id=asked.review_id, decision=back)
    mail = _last(inbox, "rhea@partner.example")
    assert mail["Subject"] == f"Company information {asked.number} was returned"
    assert "Which street?" not in mail.get_content() and "Incomplete" in mail.get_content()
    assert "hm" not in mail.get_content().split()
    assert due.expire_reviews(timezone.now() + timedelta(days=30)) == 1


def test_what_nobody_decides_is_handed_up_by_the_schedule(world: World) -> None:
    ask_for_change(cast.actor("rhea"), after={"name_en": "New Name"})
    handed = [
        due.escalate_reviews(timezone.now() + timedelta(days=days)) for days in (1, 20, 21, 22, 23, 24, 25, 26, 27)
    ]
    assert handed[0] == 0 and sum(handed) == 1
