"""Asking for an export, making it, fetching it, and its end. Rules: S-254, S-412, S-562, S-581, S-904."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from partner_center.access import actions as access
from partner_center.exports import actions, queries, rules
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests import races
from tests.cast import PASSWORD, build_cast

WANTED = {"filter": {}, "words": {"zh": [], "en": []}, "address": {}}
TABLES = ("exports_export", "audit_event", "audit_outbox", "audit_operation")


def ask(actor: Actor, kind: str = "vouchers", **more: Any) -> UUID:
    terms = {"parameters": WANTED, "expected_rows": 5} | more
    return actions.request(actor, kind=kind, **terms).export_id


def system(cast: Any) -> Actor:
    return system_actor("tests: the worker", cast.at)


def row(actor: Actor, export_id: UUID) -> queries.ExportRow:
    with seated(actor):
        return queries.export(actor, export_id)


def made(cast: Any, export_id: UUID) -> queries.ExportRow:
    """What the worker does, without its file."""
    started = actions.start(system(cast), export_id=export_id)
    assert started is not None
    actions.finish(system(cast), export_id=export_id, attempt=started.attempt, rows=5, size=99, sha256="a" * 64)
    return row(system(cast), export_id)


def counted(cast: Any) -> list[int]:
    with seated(system(cast)), connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append(cursor.fetchone()[0])
        return found


def events_of(cast: Any, export_id: UUID) -> list[str]:
    with seated(system(cast)), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM audit_event WHERE subject_id = %s ORDER BY id", [export_id])
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture
def refused(cast: Any) -> Callable[..., None]:
    """A call that is refused, by the rules of these codes alone, and leaves nothing."""

    def check(work: Callable[[], Any], *codes: str, error: type[Exception] = Refused) -> None:
        before = counted(cast)
        with pytest.raises(error) as raised:
            work()
        assert counted(cast) == before
        assert not codes or [each.code for each in raised.value.outcomes] == list(codes)  # type: ignore[attr-defined]

    return check


def test_an_export_waits_is_made_and_is_fetched(cast: Any) -> None:
    export_id = ask(cast.sol())
    waiting = row(cast.sol(), export_id)
    assert (waiting.state, waiting.masked, waiting.language, waiting.expected_rows) == ("queued", True, "zh", 5)
    done = made(cast, export_id)
    assert (done.state, done.rows, done.size, done.attempt) == ("done", 5, 99, 1)
    assert done.expires_at == cast.at + timedelta(days=7)
    fetched = actions.download(cast.fay(), export_id=export_id)
    assert fetched.file_name == f"{cast.sol.id.hex}/{export_id.hex}-1.xlsx"
    actions.download(cast.sol(), export_id=export_id)
    assert events_of(cast, export_id) == [
        "export.requested",
        "export.started",
        "export.finished",
        "export.downloaded",
        "export.downloaded",
    ]


def test_a_request_that_is_sent_twice_is_one_export(cast: Any) -> None:
    assert ask(cast.sol(), key="once") == ask(cast.sol(), key="once")
    with seated(cast.sol()):
        assert queries.exports_count(cast.sol()) == 1
    with pytest.raises(Conflict):
        ask(cast.sol(), "quotas", key="once")


def test_no_more_than_three_at_once(cast: Any, refused: Any) -> None:
    first, *_ = (ask(cast.sol()) for _ in range(3))
    refused(lambda: ask(cast.fay()), "too_many_exports_running")
    ask(cast.dario())
    made(cast, first)
    ask(cast.fay())


def test_a_list_that_is_too_long_for_a_file(cast: Any, refused: Any) -> None:
    refused(lambda: ask(cast.sol(), expected_rows=200_001), "export_too_large")
    ask(cast.sol(), expected_rows=200_000)


def test_every_broken_rule_is_named(cast: Any, refused: Any) -> None:
    for _ in range(3):
        ask(cast.sol())
    refused(lambda: ask(cast.sol(), expected_rows=200_001), "too_many_exports_running", "export_too_large")


@pytest.mark.parametrize("who, kind", [("fay", "customers"), ("sol", "vendor_quotas"), ("carl", "vouchers")])
def test_who_may_not_read_a_list_may_not_export_it(cast: Any, refused: Any, who: str, kind: str) -> None:
    refused(lambda: ask(getattr(cast, who)(), kind), error=NotAllowed)


def test_customers_are_the_administrators_to_export(cast: Any) -> None:
    assert row(cast.sol(), ask(cast.sol(), "customers")).kind == "customers"


def test_what_is_no_list_and_what_is_no_format(cast: Any, refused: Any) -> None:
    refused(lambda: ask(cast.sol(), "passwords"), error=NotFound)
    refused(lambda: ask(cast.sol(), file_format="exe"), error=NotFound)


def test_unmasked_needs_the_permission(cast: Any, refused: Any) -> None:
    refused(lambda: ask(cast.fay(), masked=False), error=NotAllowed)
    export_id = ask(cast.sol(), masked=False)
    assert events_of(cast, export_id) == ["export.requested_unmasked"]


def test_unmasked_asks_for_a_code_where_the_account_does(cast: Any, refused: Any) -> None:
    access.switch_verification(cast.sol(), on=True)
    guarded = replace(cast.sol(), guarded=True)
    refused(lambda: ask(guarded, masked=False), "verification_code_required")
    ask(guarded)


def test_a_file_that_is_not_masked_is_its_askers_alone(cast: Any, refused: Any) -> None:
    boss = cast.sol()
    member = access.add_member(boss, login="ann", display_name="Ann", roles=["administrator"], password=PASSWORD)
    other = replace(boss, user_id=member)
    export_id = ask(boss, "customers", masked=False)
    made(cast, export_id)
    refused(lambda: actions.download(other, export_id=export_id), error=NotFound)
    with seated(other):
        assert queries.exports(other).rows == ()
    actions.download(boss, export_id=export_id)


def test_a_stranger_finds_no_export_and_fetches_none(cast: Any, refused: Any, stranger_sql: Any) -> None:
    export_id = ask(cast.sol())
    made(cast, export_id)
    for stranger in (*cast.strangers, cast.dario, cast.carl, cast.vera):
        refused(lambda stranger=stranger: actions.download(stranger(), export_id=export_id), error=NotFound)
        with seated(stranger()):
            assert queries.exports(stranger()).rows == ()
    everything = "SELECT id FROM exports_export"
    assert stranger_sql(everything, seat=cast.strange_provider.id) == []
    assert stranger_sql(everything) == []
    assert stranger_sql(everything, seat=cast.sol.id) == [(export_id,)]


def test_who_lost_the_permission_fetches_nothing(cast: Any, refused: Any) -> None:
    export_id = ask(cast.fay())
    made(cast, export_id)
    without = replace(cast.fay(), permissions=frozenset())
    refused(lambda: actions.download(without, export_id=export_id), error=NotAllowed)
    with seated(without):
        assert queries.exports(without).rows == ()


def test_what_is_not_done_cannot_be_fetched(cast: Any, refused: Any) -> None:
    export_id = ask(cast.sol())
    refused(lambda: actions.download(cast.sol(), export_id=export_id), "export_not_done")


def test_what_is_kept_no_longer_cannot_be_fetched(cast: Any, refused: Any) -> None:
    export_id = ask(cast.sol())
    made(cast, export_id)
    later = cast.sol(at=cast.at + timedelta(days=7))
    refused(lambda: actions.download(later, export_id=export_id), "export_expired")
    assert actions.expire(system(cast), export_ids=[export_id]) == 1
    assert actions.expire(system(cast), export_ids=[export_id]) == 0
    refused(lambda: actions.download(cast.sol(), export_id=export_id), "export_expired")
    assert row(cast.sol(), export_id).state == "expired"


def test_one_whose_worker_died_is_taken_up_again_and_the_dead_ones_word_counts_no_more(cast: Any, refused: Any) -> None:
    export_id = ask(cast.sol())
    first = actions.start(system(cast), export_id=export_id)
    second = actions.start(system(cast), export_id=export_id)
    assert first is not None and second is not None
    assert (first.attempt, second.attempt) == (1, 2)
    told = {"export_id": export_id, "attempt": 1}
    assert not actions.progress(system(cast), **told, rows=3)
    refused(lambda: actions.finish(system(cast), **told, rows=3, size=1, sha256=""), error=Conflict)
    refused(lambda: actions.fail(system(cast), **told, reason="too_many_rows"), error=Conflict)
    assert actions.progress(system(cast), export_id=export_id, attempt=2, rows=3)


def test_one_that_kills_each_worker_ends_as_failed(cast: Any) -> None:
    export_id = ask(cast.sol())
    for _ in range(rules.MOST_ATTEMPTS):
        assert actions.start(system(cast), export_id=export_id) is not None
    assert actions.start(system(cast), export_id=export_id) is None
    ended = row(cast.sol(), export_id)
    assert (ended.state, ended.reason) == ("failed", "tried_too_often")
    assert actions.start(system(cast), export_id=export_id) is None


def test_what_nobody_finished_within_a_day_stands_in_no_others_way(cast: Any) -> None:
    for _ in range(3):
        ask(cast.sol())
    assert actions.give_up(system(cast)) == 0
    tomorrow = replace(system(cast), at=cast.at + timedelta(days=1, minutes=1))
    assert actions.give_up(tomorrow) == 3
    ask(cast.sol())


def test_an_export_that_is_not_there(cast: Any) -> None:
    with pytest.raises(NotFound):
        actions.download(cast.sol(), export_id=uuid4())


def test_two_at_once_for_the_last_place(committing_db: str, fast_hashing: None) -> None:
    people = build_cast()
    for _ in range(2):
        ask(people.sol())
    ends = races.at_once(lambda: ask(people.sol()), lambda: ask(people.fay()))
    assert sorted(type(each).__name__ for each in ends) == ["Refused", "UUID"]
