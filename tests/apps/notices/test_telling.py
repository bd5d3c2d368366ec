"""Who is told, by which channels, and that nobody else ever is."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from partner_center.access import actions as access
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.errors import NotAllowed, NotFound, Refused
from partner_center.notices import actions, queries
from partner_center.notices.catalogue import kinds
from tests.cast import PASSWORD, Cast, Person

SYSTEM = "S-905: tests"


def tell(cast: Cast, to: Person, kind: str = "quota_granted", **changed: Any) -> actions.Told:
    said: dict[str, Any] = {"event_id": uuid4(), "about": uuid4(), "values": {}, "at": cast.at, **changed}
    return actions.tell(system_actor(SYSTEM, cast.at), kind=kind, organisation_id=to.id, **said)


def log(cast: Cast) -> set[tuple[UUID, str, str, str]]:
    actor = system_actor(SYSTEM, cast.at)
    with seated(actor):
        return {(row.user_id, row.channel, row.state, row.reason) for row in queries.deliveries(actor, limit=200).rows}


def unread(actor: Actor) -> int:
    with seated(actor):
        return queries.unread_count(actor)


def test_without_a_choice_the_account_s_main_user_is_told(cast: Cast) -> None:
    """L-196."""
    told = tell(cast, cast.sol)
    assert told.notices == len(told.deliveries) == 1
    assert (unread(cast.sol()), unread(cast.fay())) == (1, 0)
    assert log(cast) == {(cast.sol.user_id, "mail", "queued", "")}


def test_chosen_recipients_and_channels_are_kept_to(cast: Cast) -> None:
    """L-196."""
    actions.choose(cast.sol(), category="vouchers", channels=["site", "sms"], user_ids=[cast.fay.user_id])
    tell(cast, cast.sol)
    assert (unread(cast.sol()), unread(cast.fay())) == (0, 1)
    assert log(cast) == {
        (cast.fay.user_id, "sms", "queued", ""),
        (cast.fay.user_id, "mail", "skipped", "switched_off"),
    }


def test_a_person_s_own_choice_takes_channels_away_from_that_person_alone(cast: Cast) -> None:
    actions.choose(
        cast.sol(), category="vouchers", channels=["site", "mail"], user_ids=[cast.sol.user_id, cast.fay.user_id]
    )
    actions.choose_own(cast.fay(), category="vouchers", channels=["site", "sms"])
    tell(cast, cast.sol)
    assert log(cast) == {
        (cast.sol.user_id, "mail", "queued", ""),
        (cast.fay.user_id, "mail", "skipped", "switched_off"),
    }


def test_a_recipient_who_has_left_is_told_nothing_more(cast: Cast) -> None:
    actions.choose(cast.sol(), category="vouchers", channels=["site"], user_ids=[cast.fay.user_id])
    access.end_member(cast.sol(), user_id=cast.fay.user_id, reason="left")
    tell(cast, cast.sol)
    assert {user for user, *_ in log(cast)} == {cast.sol.user_id}


def test_mandatory_messages_cannot_be_switched_off(cast: Cast) -> None:
    """L-196: neither for the account nor for oneself."""
    for choose, more in ((actions.choose, {"user_ids": []}), (actions.choose_own, {})):
        with pytest.raises(Refused) as refused:
            choose(cast.sol(), category="security", channels=["site"], **more)  # type: ignore[arg-type]
        assert [each.code for each in refused.value.outcomes] == ["message_mandatory"]
    with seated(cast.sol()):
        assert not queries.preferences(cast.sol())


def test_a_stranger_cannot_be_made_a_recipient(cast: Cast) -> None:
    """L-196."""
    with pytest.raises(Refused) as refused:
        actions.choose(
            cast.sol(), category="vouchers", channels=["site"], user_ids=[cast.strange_provider.user_id, uuid4()]
        )
    assert [each.code for each in refused.value.outcomes] == ["recipient_no_member"]


def test_the_account_s_choice_is_for_whoever_manages_members(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.choose(cast.fay(), category="vouchers", channels=["site"], user_ids=[])
    with pytest.raises(NotFound):
        actions.choose(cast.sol(), category="weather", channels=["site"], user_ids=[])
    with pytest.raises(NotAllowed):
        actions.tell(
            cast.sol(),
            kind="quota_granted",
            event_id=uuid4(),
            about=uuid4(),
            organisation_id=cast.sol.id,
            values={},
            at=cast.at,
        )


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_nobody_of_another_account_is_ever_told(cast: Cast, kind: str) -> None:
    """Whomever an event names: a kind reaches active members of the account it is for, and nobody else."""
    tell(cast, cast.sol, kind, named=cast.strange_provider.user_id)
    assert {user for user, *_ in log(cast)} <= {cast.sol.user_id, cast.fay.user_id}
    assert [unread(each()) for each in cast.strangers] == [0, 0, 0, 0]


def test_a_permission_s_holders_are_those_of_today(cast: Cast) -> None:
    second = access.add_member(
        cast.sol(), login="second", display_name="二", roles=["administrator"], password=PASSWORD
    )
    tell(cast, cast.sol, "access_asked", values={"member": str(cast.fay.user_id), "item": "VOUCHER_ISSUE"})
    assert {user for user, *_ in log(cast)} == {cast.sol.user_id, second}


def test_a_key_tells_once(cast: Cast) -> None:
    said = {"event_id": uuid4(), "about": uuid4(), "key": "once"}
    assert tell(cast, cast.sol, **said) == tell(cast, cast.sol, **said)
    assert unread(cast.sol()) == 1


def test_a_message_is_its_reader_s_alone(cast: Cast) -> None:
    tell(cast, cast.sol)
    with seated(cast.sol()):
        [row] = queries.notices(cast.sol()).rows
    for other in (cast.fay, cast.strange_provider, cast.vera, cast.dario):
        with pytest.raises(NotFound):
            actions.read(other(), notice_id=row.id)
        assert actions.read_all(other()) == 0
    assert actions.read(cast.sol(), notice_id=row.id).read_at == cast.at
    assert unread(cast.sol()) == 0


@pytest.mark.parametrize("table", ["notices_notice", "notices_delivery", "notices_preference"])
def test_postgresql_shows_a_stranger_none_of_it(cast: Cast, table: str) -> None:
    actions.choose(cast.sol(), category="vouchers", channels=["site", "mail"], user_ids=[])
    tell(cast, cast.sol)
    counts = []
    for who in (cast.sol, cast.strange_provider):
        with seated(who()), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(cursor.fetchone()[0])
    assert counts == [1, 0]
