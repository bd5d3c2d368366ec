"""A ticket's life on the real database: opened, taken, talked over, resolved, closed; and who sees none of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection

from partner_center.access import actions as access
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import NotAllowed, NotFound, Refused
from partner_center.support import actions, queries
from partner_center.support.models import Attachment, Message, Ticket
from tests.apps.support.opening import file, jpeg, opened, wrong_invoice
from tests.cast import PASSWORD, Person, _person


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> Path:
    """Where attachments lie in a test."""
    backend = {**settings.STORAGES["attachments"], "OPTIONS": {"location": tmp_path / "attachments"}}
    settings.STORAGES = {**settings.STORAGES, "attachments": backend}
    return tmp_path / "attachments"


def as_seen(who: Any, read: Any, *arguments: Any, **named: Any) -> Any:
    with seated(who):
        return read(who, *arguments, **named)


def refused(work: Any) -> set[str]:
    with pytest.raises(Refused) as error:
        work()
    return {outcome.code for outcome in error.value.outcomes}


def colleague(cast: Any, login: str, role: str) -> Person:
    boss = cast.sol if role == "account_manager" else cast.vera
    return _person(access.add_member(boss(), login=login, display_name=login, roles=[role], password=PASSWORD), cast.at)


def taken(cast: Any, who: Any, **changes: Any) -> Any:
    id_ = opened(who, **changes)
    actions.take(cast.vera(), ticket_id=id_)
    return id_


def test_every_member_opens_tickets_and_their_manager_sees_them(cast: Any) -> None:
    """L-215, L-250."""
    manager = colleague(cast, "milo", "account_manager")
    id_ = opened(manager(), subject="谁能帮我")
    row = as_seen(manager(), queries.ticket, id_)
    assert row.number.startswith("TK2606-") and (row.state, row.category) == ("submitted", "usage_dispute")
    assert as_seen(cast.sol(), queries.ticket, id_).opened_by == manager.user_id
    with pytest.raises(NotFound):
        as_seen(cast.fay(), queries.ticket, id_)
    with seated(cast.sol()):
        event = Event.objects.get(name="ticket.opened")
    assert (event.subject_id, event.data["number"]) == (id_, row.number) and "谁能帮我" not in str(event.data)


def test_its_days_are_working_days(cast: Any) -> None:
    """S-512. The week of the national holiday does not count; a Saturday that is worked does."""
    zone = ZoneInfo("Asia/Shanghai")
    id_ = opened(cast.sol(at=datetime(2026, 9, 30, 15, tzinfo=zone)), category="usage_dispute")
    assert as_seen(cast.sol(), queries.ticket, id_).due_at == datetime(2026, 10, 14, tzinfo=zone)


def test_opening_names_everything_that_is_wrong_and_leaves_nothing(cast: Any, kept: Path) -> None:
    """L-251, L-252."""
    codes = refused(
        lambda: opened(
            cast.sol(), category="x", subject="", text="", contact="-", uploads=[file("a.pdf"), file("b", b"\0")]
        )
    )
    assert codes == {
        "ticket_category",
        "ticket_subject",
        "ticket_text",
        "ticket_contact",
        "file_name_lies",
        "file_type",
    }
    with seated(cast.vera()):
        assert not Ticket.objects.exists() and not Attachment.objects.exists()
    assert not kept.exists()
    assert refused(lambda: opened(cast.vera())) == {"ticket_audience"}


def test_the_same_key_opens_one_ticket_with_its_files(cast: Any) -> None:
    terms = {"key": "twice", "uploads": (file(),)}
    assert opened(cast.sol(), **terms) == opened(cast.sol(), **terms)
    with seated(cast.sol()):
        assert (Ticket.objects.count(), Attachment.objects.count()) == (1, 1)


def test_a_ticket_is_taken_answered_asked_back_resolved_confirmed_and_rated(cast: Any) -> None:
    """L-250, L-251."""
    id_ = taken(cast, cast.sol())
    actions.answer(cast.vera(), ticket_id=id_, text="正在核对")
    actions.ask(cast.vera(), ticket_id=id_, text="是哪一笔？")
    row = as_seen(cast.sol(), queries.ticket, id_)
    assert (row.state, row.unread_opener, row.unread_vendor) == ("waiting_user", 2, 0)
    later = cast.at + timedelta(days=2)
    actions.reply(cast.sol(at=later), ticket_id=id_, text="昨天那笔", uploads=[file("说明.jpg", jpeg())])
    resumed = as_seen(cast.sol(), queries.ticket, id_)
    assert (resumed.state, resumed.due_at - row.due_at) == ("in_progress", timedelta(days=2))
    actions.resolve(cast.vera(at=later), ticket_id=id_, text="已更正")
    actions.confirm(cast.sol(at=later), ticket_id=id_)
    actions.rate(cast.sol(at=later), ticket_id=id_, marks=5, words="很快")
    done = as_seen(cast.vera(), queries.ticket, id_)
    assert (done.state, done.marks, done.closed_at) == ("closed", 5, later)
    talk = as_seen(cast.sol(), queries.messages, id_)
    assert [each.kind for each in talk] == ["opened", "answer", "ask", "reply", "resolve"]
    assert [one.kind for one in talk[3].files] == ["jpg"]
    assert refused(lambda: actions.rate(cast.sol(), ticket_id=id_, marks=1)) == {"rated_already"}
    assert refused(lambda: actions.reply(cast.sol(), ticket_id=id_, text="还有")) == {"ticket_over"}
    actions.seen(cast.sol(), ticket_id=id_)
    assert as_seen(cast.sol(), queries.ticket, id_).unread_opener == 0


def test_only_who_took_it_answers_and_a_colleague_takes_it_over(cast: Any) -> None:
    """L-250."""
    lin, lu = colleague(cast, "lin", "operations"), colleague(cast, "gu", "ecosystem_manager")
    id_ = opened(cast.sol())
    assert refused(lambda: actions.answer(lin(), ticket_id=id_, text="x")) == {"not_the_assignee", "ticket_state"}
    actions.take(lin(), ticket_id=id_)
    assert refused(lambda: actions.take(cast.vera(), ticket_id=id_)) == {"ticket_taken"}
    assert refused(lambda: actions.take(lu(), ticket_id=id_, over=True)) == {"not_of_my_role"}
    actions.take(cast.vera(), ticket_id=id_, over=True)
    assert refused(lambda: actions.answer(lin(), ticket_id=id_, text="x")) == {"not_the_assignee"}
    assert as_seen(cast.vera(), queries.ticket, id_).assignee_id == cast.vera.user_id
    with pytest.raises(NotAllowed):
        actions.take(colleague(cast, "lu", "direct_sales")(), ticket_id=id_, over=True)
    with pytest.raises(NotAllowed):
        actions.resolve(cast.sol(), ticket_id=id_, text="solved it myself")


def test_it_is_cancelled_by_its_opener_before_it_is_taken(cast: Any) -> None:
    """L-251."""
    id_ = opened(cast.fay())
    assert refused(lambda: actions.cancel(cast.sol(), ticket_id=id_)) == {"not_the_opener"}
    actions.cancel(cast.fay(), ticket_id=id_)
    assert as_seen(cast.fay(), queries.ticket, id_).state == "cancelled"
    assert refused(lambda: actions.take(cast.vera(), ticket_id=id_)) == {"ticket_not_open"}
    other = taken(cast, cast.fay())
    assert refused(lambda: actions.cancel(cast.fay(), ticket_id=other)) == {"ticket_taken_up"}


def test_it_is_urged_once_a_day_while_the_vendor_has_it(cast: Any) -> None:
    """L-251."""
    id_ = opened(cast.carl())
    actions.urge(cast.carl(), ticket_id=id_)
    assert refused(lambda: actions.urge(cast.carl(), ticket_id=id_)) == {"urged_already"}
    actions.urge(cast.carl(at=cast.at + timedelta(days=1)), ticket_id=id_)
    assert as_seen(cast.vera(), queries.ticket, id_).urges == 2


def test_a_message_in_time_reopens_and_afterwards_it_closes_by_itself(cast: Any) -> None:
    """L-251."""
    id_ = taken(cast, cast.sol())
    actions.resolve(cast.vera(), ticket_id=id_, text="好了")
    actions.reply(cast.sol(at=cast.at + timedelta(days=6)), ticket_id=id_, text="还没有")
    assert as_seen(cast.sol(), queries.ticket, id_).state == "in_progress"
    late = cast.at + timedelta(days=6)
    actions.resolve(cast.vera(at=late), ticket_id=id_, text="现在好了")
    over = late + timedelta(days=7)
    assert refused(lambda: actions.reply(cast.sol(at=over), ticket_id=id_, text="?")) == {"too_late_to_reopen"}
    system = system_actor("L-251: test", over)
    assert (actions.close_due(system), actions.close_due(system)) == (1, 0)
    assert as_seen(cast.sol(), queries.ticket, id_).state == "closed"


def test_a_wrong_paper_invoice_is_resolved_when_it_is_known_where_it_goes(cast: Any) -> None:
    """S-477, L-256."""
    id_ = wrong_invoice(cast.sol())
    actions.take(cast.vera(), ticket_id=id_)
    assert refused(lambda: actions.resolve(cast.vera(), ticket_id=id_, text="寄回")) == {"no_return_address"}
    bad = {"address": "", "addressee": "", "phone": "x"}
    assert refused(lambda: actions.name_return(cast.vera(), ticket_id=id_, **bad)) == {
        "return_address",
        "return_addressee",
        "return_phone",
    }
    actions.name_return(
        cast.vera(), ticket_id=id_, address="示例市云路 1 号", addressee="财务部 周岚", phone="0100-8888888"
    )
    assert as_seen(cast.sol(), queries.ticket, id_).return_addressee == "财务部 周岚"
    actions.resolve(cast.vera(), ticket_id=id_, text="收到后重开")
    digital = wrong_invoice(cast.sol(), "digital")
    actions.take(cast.vera(), ticket_id=digital)
    actions.resolve(cast.vera(), ticket_id=digital, text="红字信息已发起")


def test_too_many_open_tickets_are_refused(cast: Any) -> None:
    """L-253."""
    for turn in range(50):
        opened(cast.sol(), subject=f"第 {turn} 个")
    assert refused(lambda: opened(cast.fay())) == {"too_many_open_tickets"}
    opened(cast.carl())


def test_a_file_is_kept_by_random_id_and_deleted_long_after_the_end(cast: Any, kept: Path) -> None:
    """L-251."""
    id_ = opened(cast.sol(), uploads=[file("../../etc/passwd.png")])
    ((attachment,),) = [each.files for each in as_seen(cast.sol(), queries.messages, id_)]
    (path,) = [each for each in kept.rglob("*") if each.is_file()]
    assert path.name == attachment.id.hex and "passwd" not in str(path)
    actions.fetch(cast.sol(), ticket_id=id_, attachment_id=attachment.id)
    actions.fetch(cast.vera(), ticket_id=id_, attachment_id=attachment.id)
    actions.cancel(cast.sol(), ticket_id=id_)
    early, late = (system_actor("L-251: test", cast.at + timedelta(days=days)) for days in (180, 181))
    assert actions.forget_files(early, site="cloud-cn") == 0
    assert (actions.forget_files(late, site="cloud-intl"), actions.forget_files(late, site="cloud-cn")) == (0, 1)
    assert not path.exists()
    with pytest.raises(NotFound):
        actions.fetch(cast.sol(), ticket_id=id_, attachment_id=attachment.id)


def test_the_stranger_finds_nothing(cast: Any, stranger_sql: Any) -> None:
    id_ = opened(cast.rhea(), uploads=[file()])
    actions.take(cast.vera(), ticket_id=id_)
    actions.note(cast.vera(), ticket_id=id_, text="老客户，优先")
    ((attachment,),) = [each.files for each in as_seen(cast.rhea(), queries.messages, id_)]
    for nobody in (cast.strange_reseller, cast.dario, cast.rita):
        for attempt in (
            lambda who: as_seen(who, queries.ticket, id_),
            lambda who: actions.reply(who, ticket_id=id_, text="x"),
            lambda who: actions.cancel(who, ticket_id=id_),
            lambda who: actions.urge(who, ticket_id=id_),
            lambda who: actions.confirm(who, ticket_id=id_),
            lambda who: actions.rate(who, ticket_id=id_, marks=1),
            lambda who: actions.fetch(who, ticket_id=id_, attachment_id=attachment.id),
        ):
            with pytest.raises(NotFound):
                attempt(nobody())
        for table in ("ticket", "message", "note", "attachment"):
            assert stranger_sql(f"SELECT id FROM support_{table}", nobody.id) == []
        assert as_seen(nobody(), queries.ticket_counts)["open"] == 0
    assert len(stranger_sql("SELECT id FROM support_ticket", cast.rhea.id)) == 1
    assert stranger_sql("SELECT id FROM support_note", cast.rhea.id) == []
    assert as_seen(cast.rhea(), queries.notes, id_) == ()
    (noted,) = as_seen(cast.vera(), queries.notes, id_)
    assert noted.text == "老客户，优先"
    with seated(cast.rhea()):
        assert not Event.objects.filter(name="ticket.noted").exists()
    with pytest.raises(NotFound):
        actions.fetch(cast.rhea(), ticket_id=id_, attachment_id=uuid4())


def test_what_was_written_is_never_rewritten(cast: Any) -> None:
    opened(cast.sol())
    with pytest.raises(DatabaseError), seated(cast.sol()), connection.cursor() as cursor:
        cursor.execute("UPDATE support_message SET body = 'x'")
    with seated(cast.sol()):
        assert Message.objects.count() == 1


def test_the_queue_is_narrowed_by_category_state_due_time_and_assignee(cast: Any) -> None:
    """L-250, L-252."""
    first, second = opened(cast.sol()), wrong_invoice(cast.sol())
    opened(cast.carl(), category="suggestion")
    actions.take(cast.vera(), ticket_id=second)

    def found(at: Any = None, **narrowed: Any) -> list[str]:
        page = as_seen(cast.vera(at=at), queries.queue, queries.QueueFilter(**narrowed))
        return [row.category for row in page.rows]

    assert found() == ["wrong_invoice", "usage_dispute", "suggestion"]
    assert found(category="suggestion") == ["suggestion"] and found(state="accepted") == ["wrong_invoice"]
    assert found(tab="mine") == ["wrong_invoice"] and len(found(tab="nobody")) == 2
    assert found(cast.at + timedelta(days=5), due="overdue") == ["wrong_invoice"]
    assert found(cast.at + timedelta(days=3), due="soon") == ["wrong_invoice"]
    assert found(text="额度少了")[0] == "wrong_invoice" and found(tab="over") == []
    counts = as_seen(cast.vera(), queries.queue_tabs, queries.QueueFilter())
    assert counts == {"open": 3, "mine": 1, "nobody": 2, "waiting": 0, "over": 0}
    page = as_seen(cast.vera(), queries.queue, queries.QueueFilter(), None, 1)
    following = as_seen(cast.vera(), queries.queue, queries.QueueFilter(), page.next, 1)
    assert following.rows[0].id == first
