"""Messages reach people by real SMTP, once, in their language; what is refused for good is not sent again."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from partner_center.access import actions as access
from partner_center.access.actions import add_member
from partner_center.audit.queries import follow
from partner_center.demo import mail as server
from partner_center.entrypoints.jobs import due, queue, reactions
from partner_center.entrypoints.jobs.reactions import react
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.notices import actions as notices
from partner_center.notices import queries
from partner_center.relationships.actions import disassociate
from partner_center.support import actions as support
from tests.entrypoints import world as cast
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.world import World


def _follow_all() -> None:
    while react(system_actor("test", timezone.now())):
        pass


def _everything() -> None:
    _follow_all()
    queue.drain()


def _to(inbox: Inbox, address: str) -> list[Any]:
    return [mail for mail in inbox() if mail["To"] == address]


def _log(**wanted: str) -> list[queries.DeliveryRow]:
    actor = system_actor("test", timezone.now())
    with seated(actor):
        return list(queries.deliveries(actor, limit=200, **wanted).rows)


def _hurry() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def test_a_voucher_is_announced_to_its_customer(world: World, inbox: Inbox) -> None:
    world.issue("128.50")
    _everything()
    [told] = _to(inbox, "carl@customer.example")
    assert told["Subject"] == "您收到一张代金券"
    assert told["Message-ID"] and told["Auto-Submitted"] == "auto-generated"
    body = told.get_content()
    assert "卡尔，您好" in body and "128.50 CNY" in body and "海川数科" in body and "{" not in body
    assert "(GMT+8)" in body and "/billing/vouchers/" in body
    carl = cast.actor("carl")
    with seated(carl):
        [notice] = queries.notices(carl).rows
        assert (notice.kind, queries.unread_count(carl)) == ("voucher_issued", 1)
        assert set(notice.values) <= {"partner", "customer", "face_value", "starts_at", "ends_at"}


def test_a_reseller_reads_of_quota_in_its_own_language(world: World, inbox: Inbox) -> None:
    _everything()
    [told] = _to(inbox, "rhea@partner.example")
    assert told["Subject"] == "Your distributor passed voucher quota on to you"
    assert "3,000.00 CNY" in told.get_content()


def test_both_sides_are_told_that_they_have_parted(world: World, inbox: Inbox) -> None:
    disassociate(cast.actor("rhea"), customer_id=world.customer, reason="moved")
    _everything()
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
    assert "TK" in answered["Subject"] and f"/tickets/{ticket}/" in answered.get_content()
    assert answered["Subject"] != resolved["Subject"]
    assert not [mail for mail in _to(inbox, "rhea@partner.example") if "TK" in mail["Subject"]]


def test_an_event_seen_twice_is_told_once(world: World, inbox: Inbox) -> None:
    world.issue()
    _everything()
    sent, logged = len(inbox()), len(_log())
    actor = system_actor("test", timezone.now())
    with seated(actor):
        reactions.advance(reactions.FOLLOWER, 0)
        assert follow(reactions.FOLLOWER)
    _everything()
    assert len(inbox()) == sent > 0 and len(_log()) == logged


def test_no_personal_data_waits_in_the_queue(world: World) -> None:
    world.issue()
    _follow_all()
    jobs = ProcrastinateJob.objects.filter(task_name="send_notice")
    assert {tuple(sorted(job.args)) for job in jobs} == {("about", "event_id", "notice")}


def test_a_mail_server_that_is_away_loses_nothing(world: World, inbox: Inbox, settings: Any) -> None:
    world.issue()
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    _everything()
    assert not inbox()
    assert {(row.state, row.reason, row.tries) for row in _log(kind="voucher_issued")} == {("queued", "unreachable", 1)}
    settings.EMAIL_PORT = there
    _hurry()
    queue.drain()
    [told] = _to(inbox, "carl@customer.example")
    [row] = _log(kind="voucher_issued")
    assert (row.state, row.message_id) == ("sent", told["Message-ID"])


def test_a_try_too_many_fails_and_stays_in_the_message_centre(world: World, inbox: Inbox, settings: Any) -> None:
    world.issue()
    settings.EMAIL_PORT = 1
    _everything()
    [row] = _log(kind="voucher_issued")
    actor = system_actor("test", timezone.now())
    again = [notices.tried(actor, delivery_id=row.id) for _ in range(12)]
    assert again.count(True) == 8 and not again[-1]
    assert [each.state for each in _log(kind="voucher_issued")] == ["failed"]


def test_an_address_that_is_refused_bounces_and_is_not_tried_again(
    world: World, inbox: Inbox, monkeypatch: Any
) -> None:
    """The receiving server says 550: the log shows it, the message stays in the message centre."""

    async def refuse(self: Any, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return "550 no such mailbox"

    monkeypatch.setattr(server.Keeper, "handle_RCPT", refuse, raising=False)
    world.issue()
    _everything()
    [row] = _log(kind="voucher_issued")
    assert (row.state, row.reason, row.answer, row.tries) == ("bounced", "refused", "SMTP 550", 1)
    assert not ProcrastinateJob.objects.filter(task_name="send_delivery", status="todo").exists()
    carl = cast.actor("carl")
    with seated(carl):
        assert queries.unread_count(carl) == 1


def test_a_mailbox_that_is_full_for_now_is_tried_again(world: World, inbox: Inbox, monkeypatch: Any) -> None:
    async def busy(self: Any, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        return "452 mailbox full"

    monkeypatch.setattr(server.Keeper, "handle_RCPT", busy, raising=False)
    world.issue()
    _everything()
    [row] = _log(kind="voucher_issued")
    assert (row.state, row.answer) == ("queued", "SMTP 452")


def test_a_password_is_told_by_mail_and_sms_to_its_owner_alone(
    world: World, inbox: Inbox, settings: Any, tmp_path: Any
) -> None:
    settings.DATA, settings.DEMO = tmp_path, True
    vera = cast.actor("vera")
    access.change_profile(
        vera, display_name="薇拉", display_name_en="", email="vera@cloud.example", phone="13800000001", language="zh"
    )
    access.add_member(vera, login="vik", display_name="维克", roles=("operations",), password=cast.PASSWORD)
    access.change_password(cast.actor("vik"), old=cast.PASSWORD, new="another long one")
    _everything()
    states = {(row.channel, row.state, row.reason) for row in _log(kind="password_changed")}
    assert states == {("mail", "skipped", "no_address"), ("sms", "skipped", "no_address")}
    assert not [mail for mail in inbox() if mail["Subject"] == "您的登录密码已修改"]
    vik = cast.actor("vik")
    access.change_profile(
        vik, display_name="维克", display_name_en="", email="vik@cloud.example", phone="13800000002", language="zh"
    )
    access.change_password(vik, old="another long one", new="a third long one")
    _everything()
    assert [mail["Subject"] for mail in _to(inbox, "vik@cloud.example")] == ["您的登录密码已修改"]
    [text] = [file.read_text() for file in (tmp_path / "sms").glob("*.json")]
    assert "13800000002" in text and "password_changed.zh" in text


def test_a_number_gets_no_more_texts_than_the_policy_says(
    world: World, inbox: Inbox, settings: Any, tmp_path: Any
) -> None:
    from partner_center.access.throttle import count

    settings.DATA, settings.DEMO = tmp_path, True
    carl = cast.actor("carl")
    access.change_profile(
        carl, display_name="卡尔", display_name_en="", email="carl@customer.example", phone="13800000003", language="zh"
    )
    for _ in range(15):
        count("sms-hour:13800000003", 3600)
    notices.choose(carl, category="vouchers", channels=["site", "sms"], user_ids=[])
    world.issue()
    _everything()
    assert {(r.channel, r.state, r.reason) for r in _log(kind="voucher_issued")} == {
        ("sms", "skipped", "too_many"),
        ("mail", "skipped", "switched_off"),
    }


def test_what_is_of_little_hurry_comes_in_one_daily_mail(world: World, inbox: Inbox) -> None:
    from partner_center.exports import actions as exports

    rhea, worker = cast.actor("rhea"), system_actor("test", timezone.now())
    for rows in (3, 4):
        asked = exports.request(rhea, kind="quotas", parameters={}, expected_rows=rows)
        row = exports.start(worker, export_id=asked.export_id)
        assert row
        exports.finish(worker, export_id=asked.export_id, attempt=1, rows=rows, size=1, sha256="0" * 64)
    _follow_all()
    ProcrastinateJob.objects.filter(task_name="make_export")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'make_export'")
    queue.drain()
    assert not [mail for mail in inbox() if "export" in str(mail["Subject"]).lower()]
    assert due.send_digests(timezone.now()) == 1
    queue.drain()
    [told] = [mail for mail in inbox() if mail["Subject"] == "Your messages: 2"]
    assert told["To"] == "rhea@partner.example" and told.get_content().count("Your export is done") == 2
    assert {(r.state, r.message_id) for r in _log(kind="export_finished")} == {("sent", told["Message-ID"])}
    assert due.send_digests(timezone.now()) == 0


def test_what_ends_soon_is_told_once_a_day(world: World, inbox: Inbox) -> None:
    world.issue("10.00", days=14)
    world.issue("20.00", days=14)
    now = timezone.now()
    assert due.tell_what_ends(now) >= 1
    assert due.tell_what_ends(now) >= 1  # the key returns the first run's answer
    _everything()
    told = [mail for mail in _to(inbox, "carl@customer.example") if "到期" in mail["Subject"]]
    assert [mail["Subject"] for mail in told] == ["2 张代金券将在 14 天后到期"]
    assert "30.00 CNY" in told[0].get_content()


def test_a_mail_is_sent_over_smtp(settings: Any, inbox: Inbox) -> None:
    EmailMessage("主题", "正文", to=["a@b.example"]).send()
    [told] = inbox()
    assert (told["Subject"], told.get_content().strip(), told["X-Envelope-To"]) == ("主题", "正文", "a@b.example")
