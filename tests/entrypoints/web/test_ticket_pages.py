"""Tickets on pages: opened from a template or a refusal, answered from the queue, files handed out to be saved only."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from partner_center.access.rules import roles
from partner_center.entrypoints.sheets.uploads import LARGEST
from partner_center.entrypoints.web.ticket_links import categories_by_rule
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.policy.queries import pack
from partner_center.support import actions
from partner_center.support.queries import open_tickets
from partner_center.support.rules import categories
from partner_center.vouchers import actions as vouchers
from tests.apps.support.opening import file, opened, png, wrong_invoice

Cast = Any
SignedIn = Any


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> Path:
    backend = {**settings.STORAGES["attachments"], "OPTIONS": {"location": tmp_path / "attachments"}}
    settings.STORAGES = {**settings.STORAGES, "attachments": backend}
    return tmp_path


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "key": uuid4().hex,
        "category": "other",
        "subject": "Where is my quota?",
        "severity": "guidance",
        "contact": "sol@partner.example",
        "text": "It was there yesterday.",
        **changes,
    }


def test_a_ticket_is_opened_from_a_category_and_talked_over(cast: Cast, signed_in: SignedIn) -> None:
    """L-215, L-250, L-251, L-256."""
    sol, vera = signed_in(cast.sol), signed_in(cast.vera)
    assert 'href="/tickets/"' in sol.get("/account/").content.decode()
    assert "No tickets here" in sol.get("/tickets/").content.decode()
    offered = sol.get("/tickets/new/").content.decode()
    assert "Wrong invoice" in offered and "?category=association_exception" in offered
    assert "The wrong invoice, and what is wrong" in sol.get("/tickets/new/?category=wrong_invoice").content.decode()
    done = sol.post("/tickets/new/", filled(attached=[SimpleUploadedFile("shot.png", png())]))
    assert done.status_code == 303
    ticket = done["Location"]
    page = sol.get(ticket).content.decode()
    assert "It waits to be taken up." in page and "shot.png" in page and "Cancel the ticket" in page
    back = f"/vendor{ticket}"
    assert "Where is my quota?" in vera.get("/vendor/tickets/").content.decode()
    assert "Take it" in vera.get(back).content.decode()
    assert vera.post(f"{back}take/").status_code == 303
    early = vera.post(f"{back}say/", {"key": uuid4().hex, "text": " ", "do": "answer"})
    assert early.status_code == 422 and "L-251" in early.content.decode()
    vera.post(f"{back}note/", {"text": "known customer"})
    assert vera.post(f"{back}say/", {"key": uuid4().hex, "text": "Which one?", "do": "ask"}).status_code == 303
    listed = sol.get("/tickets/?tab=waiting").content.decode()
    assert "Where is my quota?" in listed and ">1<" in listed
    asked = sol.get(ticket).content.decode()
    assert "Which one?" in asked and "known customer" not in asked
    assert sol.post(f"{ticket}reply/", {"key": uuid4().hex, "text": "The first"}).status_code == 303
    assert vera.post(f"{back}say/", {"key": uuid4().hex, "text": "Mended", "do": "resolve"}).status_code == 303
    assert "It closes" not in sol.get(ticket).content.decode() and "It is solved" in sol.get(ticket).content.decode()
    assert sol.post(f"{ticket}confirm/").status_code == 303
    assert "How was it solved?" in sol.get(ticket).content.decode()
    assert sol.post(f"{ticket}rate/", {"marks": "9"}).status_code == 422
    assert sol.post(f"{ticket}rate/", {"marks": "5", "words": "Quick"}).status_code == 303
    assert "5 / 5 Quick" in vera.get(back).content.decode()


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(cast: Cast, signed_in: SignedIn) -> None:
    """L-251, L-252."""
    sol = signed_in(cast.sol)
    lying = SimpleUploadedFile("report.pdf", b"<html><script>alert(1)</script></html>", "application/pdf")
    sent = filled(
        category="association_exception", subject="", contact="nowhere", text="Typed with care", attached=[lying]
    )
    answer = sol.post("/tickets/new/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Typed with care" in page
    for said in (
        "The subject has 0 characters",
        "is neither a phone number",
        "Its category asks for this.",
        "report.pdf is no PNG",
    ):
        assert said in page
    renamed = SimpleUploadedFile("report.pdf", png(), "application/pdf")
    assert "calls itself pdf" in sol.post("/tickets/new/", filled(attached=[renamed])).content.decode()
    assert "No tickets here" in sol.get("/tickets/").content.decode()


def test_a_file_is_saved_and_never_shown_and_a_stranger_finds_none(cast: Cast, signed_in: SignedIn) -> None:
    """L-251."""
    id_ = opened(cast.sol(), uploads=[file("发票 扫描.png")])
    found = re.search(
        rf"/tickets/{id_}/files/[0-9a-f-]+/", signed_in(cast.sol).get(f"/tickets/{id_}/").content.decode()
    )
    assert found
    answer = signed_in(cast.sol).get(found.group())
    assert b"".join(answer.streaming_content) == png()
    assert (
        answer["Content-Disposition"].startswith("attachment;")
        and quote("发票 扫描.png") in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Content-Type"] == "image/png"
    assert signed_in(cast.vera).get(found.group()).status_code == 200
    for nobody in (cast.fay, cast.strange_provider, cast.carl):
        client = signed_in(nobody)
        assert client.get(found.group()).status_code == 404
        assert client.get(f"/tickets/{id_}/").status_code == 404
        assert client.post(f"/tickets/{id_}/reply/", {"key": "k", "text": "x"}).status_code == 404
        assert client.post(f"/tickets/{id_}/cancel/").status_code == 404
        assert client.get(f"/vendor/tickets/{id_}/").status_code == 403


def test_a_wrong_invoice_shows_where_it_goes_back_to(cast: Cast, signed_in: SignedIn) -> None:
    """S-477."""
    id_, vera = wrong_invoice(cast.sol()), signed_in(cast.vera)
    vera.post(f"/vendor/tickets/{id_}/take/")
    early = vera.post(f"/vendor/tickets/{id_}/say/", {"key": "a", "text": "Send it back", "do": "resolve"})
    assert early.status_code == 422 and "S-477" in early.content.decode() and "Send it back" in early.content.decode()
    bad = vera.post(f"/vendor/tickets/{id_}/return/", {"address": "", "addressee": "", "phone": ""})
    assert bad.status_code == 422 and bad.content.decode().count("/rules/S-477/") >= 6
    named = {"address": "1 Cloud Road", "addressee": "Zhou Lan", "phone": "0100-8888888"}
    assert vera.post(f"/vendor/tickets/{id_}/return/", named).status_code == 303
    page = signed_in(cast.sol).get(f"/tickets/{id_}/").content.decode()
    assert "Send it back to" in page and "1 Cloud Road" in page and "Zhou Lan" in page


def test_a_link_brings_what_it_is_about(cast: Cast, signed_in: SignedIn) -> None:
    """L-256."""
    sol = signed_in(cast.sol)
    id_ = uuid4()
    said = f"category=usage_dispute&rule=S-362&subject_kind=quota&subject_id={id_}&label=VQ2606-000001"
    page = sol.get(f"/tickets/new/?{said}").content.decode()
    assert 'value="VQ2606-000001 S-362"' in page and str(id_) in page and "/rules/S-362/" in page
    again = sol.get(f"/tickets/new/?{said.replace('usage_dispute', 'x')}").content.decode()
    assert "category=usage_dispute&amp;rule=S-362" in again
    sent = filled(
        category="usage_dispute", rule="S-362", subject_kind="quota", subject_id=str(id_), label="VQ2606-000001"
    )
    shown = sol.get(sol.post("/tickets/new/", sent)["Location"]).content.decode()
    assert f"/vouchers/quotas/{id_}/" in shown and "VQ2606-000001" in shown
    hostile = "category=other&label=%3Cscript%3E&subject_id=nonsense&rule=%22%3E"
    assert "<script>" not in sol.get(f"/tickets/new/?{hostile}").content.decode().replace("<script src", "")


def test_a_refused_page_and_a_rule_beside_a_form_lead_to_a_ticket(cast: Cast, signed_in: SignedIn) -> None:
    """L-256: of a frozen quota only the vendor can say why."""
    window = Window(cast.at - timedelta(days=1), timezone.now() + timedelta(days=300))
    quota = vouchers.grant(cast.vera(), partner_id=cast.sol.id, value=Money.of("100", "CNY"), window=window).quota_id
    vouchers.freeze(cast.vera(), quota_id=quota, reason="audit")
    sol = signed_in(cast.sol)
    beside = sol.get(f"/vouchers/quotas/{quota}/issue/").content.decode()
    link = re.search(r"/tickets/new/\?category=usage_dispute&amp;rule=S-362[^\"]*", beside)
    assert link and str(quota) in link.group()
    assert "About: VQ" in sol.get(link.group().replace("&amp;", "&")).content.decode()
    voucher_page = sol.get(f"/vouchers/quotas/{quota}/").content.decode()
    assert "Something wrong? Open a ticket" in voucher_page
    assert "Something wrong?" not in signed_in(cast.vera).get(f"/vendor/quotas/{quota}/").content.decode()


def test_rules_lead_to_categories_that_exist() -> None:
    assert set(categories_by_rule().values()) <= set(categories())
    assert {each.code for each in categories().values() if set(each.roles) - set(roles())} == set()


def test_what_is_sent_without_end_is_refused_for_its_size(cast: Cast, signed_in: SignedIn) -> None:
    assert pack("cloud-cn", timezone.now()).number("support.file_bytes") * 5 < LARGEST
    large = SimpleUploadedFile("large.pdf", b"x" * (LARGEST + 2**20))
    page = signed_in(cast.sol).post("/tickets/new/", filled(attached=large))
    assert page.status_code == 422 and "33,554,432 bytes" in page.content.decode()
    assert open_tickets(cast.sol()) == 0


def test_bad_input_is_refused_and_never_fails(cast: Cast, signed_in: SignedIn) -> None:
    sol, vera = signed_in(cast.sol), signed_in(cast.vera)
    id_ = opened(cast.sol())
    for address, sent in (
        ("/tickets/new/", {}),
        ("/tickets/new/", {"category": "other"}),
        ("/tickets/new/", filled(severity="x", text="a\x00b")),
        ("/tickets/new/", filled(subject_id="x" * 40)),
        (f"/tickets/{id_}/reply/", {}),
        (f"/tickets/{id_}/rate/", {}),
        (f"/tickets/{id_}/confirm/", {}),
        (f"/tickets/{id_}/explode/", {}),
    ):
        assert sol.post(address, sent).status_code in (200, 404, 422), address
    for address, sent in (
        (f"/vendor/tickets/{id_}/say/", {}),
        (f"/vendor/tickets/{id_}/say/", {"do": "answer"}),
        (f"/vendor/tickets/{id_}/note/", {}),
        (f"/vendor/tickets/{id_}/return/", {"address": "x"}),
        (f"/vendor/tickets/{uuid4()}/take/", {}),
    ):
        assert vera.post(address, sent).status_code in (404, 422), address
    assert vera.get("/vendor/tickets/?tab=x&state=y&due=z&after=nonsense&category=q").status_code == 200
    assert sol.get("/tickets/?tab=x&after=nonsense").status_code == 200


def test_a_list_costs_the_same_however_long_it_is(cast: Cast, signed_in: SignedIn, cost: Any) -> None:
    sol, vera = signed_in(cast.sol), signed_in(cast.vera)
    first = opened(cast.sol())
    actions.take(cast.vera(), ticket_id=first)
    cost(vera, f"/vendor/tickets/{first}/")
    before = [cost(sol, "/tickets/"), cost(vera, "/vendor/tickets/"), cost(vera, f"/vendor/tickets/{first}/")]
    for turn in range(30):
        opened(cast.sol(), subject=f"Nr. {turn}")
        actions.reply(cast.sol(), ticket_id=first, text=f"and {turn}")
    cost(vera, f"/vendor/tickets/{first}/")
    after = [cost(sol, "/tickets/"), cost(vera, "/vendor/tickets/"), cost(vera, f"/vendor/tickets/{first}/")]
    assert after == before and max(after) <= 16
