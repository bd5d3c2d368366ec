"""Two at one ticket at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from partner_center.access import actions as access
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Refused
from partner_center.support import actions, queries
from tests.apps.support.opening import opened
from tests.cast import PASSWORD, _person
from tests.races import after, at_once


@pytest.fixture
def cast(committing_db: str, cast_stage: Any) -> Any:
    return cast_stage.world


def test_of_two_who_take_a_ticket_at_once_one_has_it(cast: Any) -> None:
    """L-250.taken."""
    lin = _person(
        access.add_member(cast.vera(), login="lin", display_name="林", roles=["operations"], password=PASSWORD), cast.at
    )
    id_ = opened(cast.sol())
    ends = at_once(*[lambda who=who: actions.take(who(), ticket_id=id_) for who in (cast.vera, lin)])
    (told,) = [each for each in ends if isinstance(each, Refused)]
    assert [outcome.code for outcome in told.outcomes] == ["ticket_taken"]
    with seated(cast.vera()):
        assert queries.ticket(cast.vera(), id_).assignee_id in (cast.vera.user_id, lin.user_id)


def test_a_message_while_it_closes_is_told_or_reopens_it(cast: Any) -> None:
    """L-251.talk: whoever comes second finds what the first has done."""
    id_ = opened(cast.sol())
    actions.take(cast.vera(), ticket_id=id_)
    actions.resolve(cast.vera(), ticket_id=id_, text="好了")
    over = system_actor("L-251: test", cast.at + timedelta(days=7))
    _, told = after(lambda: actions.close_due(over), lambda: actions.reply(cast.sol(), ticket_id=id_, text="等等"))
    assert isinstance(told, Refused) and [each.code for each in told.outcomes] == ["ticket_over"]


def test_a_ticket_that_is_being_reopened_is_not_closed(cast: Any) -> None:
    id_ = opened(cast.sol())
    actions.take(cast.vera(), ticket_id=id_)
    actions.resolve(cast.vera(), ticket_id=id_, text="好了")
    over = system_actor("L-251: test", cast.at + timedelta(days=7))
    _, closed = after(lambda: actions.reply(cast.sol(), ticket_id=id_, text="等等"), lambda: actions.close_due(over))
    assert closed == 0
    with seated(cast.vera()):
        assert queries.ticket(cast.vera(), id_).state == "in_progress"
