"""Notices reach people by real SMTP, once, in their language."""

from __future__ import annotations

import string
import tomllib
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from partner_center.access.actions import add_member
from partner_center.audit.queries import follow
from partner_center.entrypoints.jobs import mails, notices, queue, reactions
from partner_center.entrypoints.jobs.reactions import react
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.relationships.actions import disassociate
from partner_center.support import actions as support
from tests.entrypoints import world as cast
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.world import World

KNOWN = {"name", "partner", "customer", "vendor", "address", "at", "face_value", "amount", "starts_at", "ends_at"}
KNOWN |= {"number", "kind_zh", "kind_en", "reason_zh", "reason_en", "text", "until", "company", "login", "link"}
KNOWN |= {"number", "subject", "closes_at"}


def _follow_all() -> None:
    while react(system_actor("test", timezone.now())):
        pass


def _to(inbox: Inbox, address: str) -> list[Any]:
    return [mail for mail in inbox() if mail["To"] == address]


def test_a_voucher_is_announced_to_its_customer(world: World, inbox: Inbox) -> None:
    world.issue("128.50")
    _follow_all()
    queue.drain()
    [told] = _to(inbox, "carl@customer.example")
    assert told["Subject"] == "您收到一张代金券"
    assert told["Message-ID"] and told["Auto-Submitted"] == "auto-generated"
    body = told.get_content()
    assert "128.50 CNY" in body and "海川数科" in body and "{" not in body


def test_a_reseller_reads_of_quota_in_its_own_language(world: World, inbox: Inbox) -> None:
    _follow_all()
    queue.drain()
    [told] = _to(inbox, "rhea@partner.example")
    assert told["Subject"] == "Your distributor passed voucher quota on to you"
    assert "3,000.00 CNY" in told.get_content()


def test_both_sides_are_told_that_they_have_parted(world: World, inbox: Inbox) -> None:
    disassociate(cast.actor("rhea"), customer_id=world.customer, reason="moved")
    _follow_all()
    queue.drain()
    assert [mail["Subject"] for mail in _to(inbox, "carl@customer.example")] == ["您与合作伙伴的关联已解除"]
    assert "The association with" in _to(inbox, "rhea@partner.example")[-1]["Subject"]


def test_who_opened_a_ticket_is_told_of_its_answers(world: World, inbox: Inbox) -> None:
    """L-250: the opener, not whoever else is of the account."""
    boss = cast.actor("rhea")
    add_member(boss, login="remy", display_name="Remy", roles=["account_manager"], email="remy@partner.example")
    terms = {"category": "other", "severity": "guidance", "contact": "remy@partner.example", "text": "?"}
    ticket = support.open_ticket(cast.actor("remy"), subject="Where is it {name}?", **terms).ticket_id
    support.take(cast.actor("vera"), ticket_id=ticket)
    support.answer(cast.actor("vera"), ticket_id=ticket, text="Here")
    support.resolve(cast.actor("vera"), ticket_id=ticket, text="Found")
    _follow_all()
    queue.drain()
    answered, resolved = _to(inbox, "remy@partner.example")
    assert "TK" in answered["Subject"] and "Where is it {name}?" in answered.get_content()
    assert answered["Subject"] != resolved["Subject"]
    assert not [mail for mail in _to(inbox, "rhea@partner.example") if "TK" in mail["Subject"]]


def test_an_event_seen_twice_is_mailed_once(world: World, inbox: Inbox) -> None:
    world.issue()
    _follow_all()
    queue.drain()
    sent = len(inbox())
    actor = system_actor("test", timezone.now())
    with seated(actor):
        reactions.advance(reactions.FOLLOWER, 0)
        assert follow(reactions.FOLLOWER)
    _follow_all()
    queue.drain()
    assert len(inbox()) == sent > 0


def test_no_personal_data_waits_in_the_queue(world: World) -> None:
    world.issue()
    _follow_all()
    jobs = ProcrastinateJob.objects.filter(task_name="send_notice")
    assert {tuple(sorted(job.args)) for job in jobs} == {("about", "event_id", "notice")}


def test_a_mail_server_that_is_away_loses_nothing(world: World, inbox: Inbox, settings: Any) -> None:
    world.issue()
    _follow_all()
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    queue.drain()
    assert not inbox()
    settings.EMAIL_PORT = there
    waiting = ProcrastinateJob.objects.filter(task_name="send_notice", status="todo")
    assert waiting.count() > 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    queue.drain()
    assert _to(inbox, "carl@customer.example")


def test_every_notice_has_its_words_in_both_languages() -> None:
    words = tomllib.loads((Path(mails.__file__).parent / "notices.toml").read_text())
    assert set(words) == {*notices.NOTICES, "closing"}
    assert {notice for each in reactions.REACTIONS.values() for notice in each} == set(notices.NOTICES)
    for notice in notices.NOTICES:
        for language in ("zh", "en"):
            for part in ("subject", "body"):
                holes = {hole for _, hole, _, _ in string.Formatter().parse(words[notice][language][part]) if hole}
                assert holes <= KNOWN


def test_a_mail_is_sent_over_smtp(settings: Any, inbox: Inbox) -> None:
    EmailMessage("主题", "正文", to=["a@b.example"]).send()
    [told] = inbox()
    assert (told["Subject"], told.get_content().strip(), told["X-Envelope-To"]) == ("主题", "正文", "a@b.example")
