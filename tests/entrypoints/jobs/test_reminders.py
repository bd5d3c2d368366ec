"""What the catalogue brings beside vouchers: agreements, requests that are answered by mail, reminders, the switch."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from partner_center.access import actions as access
from partner_center.access.permissions import Can
from partner_center.agreements import actions as agreements
from partner_center.entrypoints.jobs import due, queue
from partner_center.entrypoints.jobs.reactions import react
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.notices import queries
from partner_center.policy.queries import text
from partner_center.vouchers import actions as vouchers
from tests.entrypoints import world as cast
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.world import World


def _everything() -> None:
    while react(system_actor("test", timezone.now())):
        pass
    queue.drain()


def _subjects(inbox: Inbox, address: str) -> list[str]:
    return [str(mail["Subject"]).strip() for mail in inbox() if mail["To"] == address]


def _publish(**changes: Any) -> Any:
    now = timezone.now()
    terms: dict[str, Any] = {
        "site": "cloud-cn",
        "code": "code_of_conduct",
        "number": "1.0",
        "titles": ("行为准则", "Code of conduct"),
        "texts": text("cloud-cn", "code_of_conduct-1.0"),
        "effective_at": now,
        "grace_days": 7,
        "governs": ("vouchers.issue",),
        **changes,
    }
    return agreements.publish(cast.actor("vera"), **terms)


def test_an_agreement_is_told_to_everyone_it_binds_and_to_nobody_else(world: World, inbox: Inbox) -> None:
    _publish(binds=("distributor", "solution_provider"))
    _everything()
    asked = "请签署《合作伙伴行为准则》1.0 版"
    assert asked in _subjects(inbox, "dario@partner.example") and asked in _subjects(inbox, "stranger@partner.example")
    assert not [each for each in _subjects(inbox, "rhea@partner.example") if "sign" in each]


def test_whoever_has_not_signed_is_reminded_seven_days_and_one_day_before(world: World, inbox: Inbox) -> None:
    """L-040."""
    id_ = _publish(grace_days=30)
    now = timezone.now()
    agreements.sign(cast.actor("dario"), version_id=id_, language="zh")
    counted = [due.tell_what_ends(now + timedelta(days=days, hours=1)) for days in (20, 23, 24, 29)]
    system = system_actor("test", now + timedelta(days=23, hours=1))
    assert agreements.warn_due(system, days=7, key="asked anew") == 2
    assert counted[1] == counted[3] == 2 and counted[0] == counted[2] == 0
    assert agreements.warn_due(system, days=7, key="asked anew") == 2, "a key returns the first answer"
    react(system_actor("test", now))


def test_quota_near_its_end_is_told_to_its_holder(world: World, inbox: Inbox) -> None:
    """The policy's days before the end: the granted part and the part that was passed on."""
    now = timezone.now()
    assert due.tell_what_ends(now + timedelta(days=16, hours=1)) == 2
    _everything()
    assert "A voucher quota ends in 14 days" in _subjects(inbox, "rhea@partner.example")
    assert "代金券额度将在 14 天后到期" in _subjects(inbox, "dario@partner.example")


def test_a_frozen_quota_is_told(world: World, inbox: Inbox) -> None:
    vouchers.freeze(cast.actor("vera"), quota_id=world.sub_quota, reason="audit")
    _everything()
    assert "One of your quotas is frozen" in _subjects(inbox, "rhea@partner.example")


def test_a_request_is_answered_from_the_mail_that_tells_of_it(world: World, inbox: Inbox, settings: Any) -> None:
    """L-211, S-905: the whole way: asked, mailed, opened, granted, and whoever asked is told."""
    rhea = cast.actor("rhea")
    for login, roles in (("nan", ("account_manager",)), ("boss", ("administrator",))):
        access.add_member(
            rhea,
            login=login,
            display_name=login,
            email=f"{login}@partner.example",
            roles=roles,
            password=cast.PASSWORD,
            language="en",
        )
    access.ask_for_item(cast.actor("nan"), item=Can.VOUCHER_VIEW.value, reason="to see them")
    _everything()
    assert "nan asks for a permission" in _subjects(inbox, "rhea@partner.example")
    [mail] = [each for each in inbox() if each["To"] == "boss@partner.example"]
    found = re.search(r"http\S+/messages/links/answer-request/\S+", mail.get_content())
    assert found and "to see them" not in mail.get_content(), "what somebody typed stays out of mails"
    client = Client(headers={"accept-language": "en"})
    client.post("/login/", {"login": "boss", "password": cast.PASSWORD})
    link = urlsplit(found.group()).path
    assert client.get(link).status_code == 200
    assert client.post(link, {"decision": "grant", "role": "finance"}).status_code == 303
    _everything()
    assert _subjects(inbox, "nan@partner.example") == ["The permission you asked for is granted"]


def test_the_switch_of_the_code_and_an_ended_member_are_told_to_the_account(world: World, inbox: Inbox) -> None:
    rhea = cast.actor("rhea")
    gone = access.add_member(rhea, login="nan", display_name="南", roles=("finance",), password=cast.PASSWORD)
    access.end_member(rhea, user_id=gone, reason="left")
    access.switch_verification(rhea, on=True)
    _everything()
    told = _subjects(inbox, "rhea@partner.example")
    assert "南 can sign in no longer" in told
    assert "The verification code of sensitive operations was switched" in told
    stranger = cast.actor("stranger")
    with seated(stranger):
        assert not queries.notices(stranger).rows
