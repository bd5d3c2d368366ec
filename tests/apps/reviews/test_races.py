"""Two real connections: of two decisions at once one wins; a subject is asked about once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict
from partner_center.reviews import queries
from partner_center.reviews.actions import Decided, Opened
from partner_center.reviews.rules import Decision
from tests.apps.reviews.conftest import ONE, Desk, ask, build_desk, decide, withdraw
from tests.cast import build_cast
from tests.races import after, at_once


@pytest.fixture
def desk(committing_db: str, fast_hashing: None) -> Desk:
    return build_desk(build_cast())


def test_of_two_reviewers_at_once_one_decides(desk):
    review = desk.ask()
    ends = at_once(
        lambda: decide(desk.lin(), review_id=review, decision=Decision("approve", version=1)),
        lambda: decide(desk.lars(), review_id=review, decision=Decision("reject", reason="licence_differs", version=1)),
    )
    assert sorted(type(end).__name__ for end in ends) == ["Conflict", "Decided"]
    with seated(desk.lin.actor):
        assert len(queries.turns(desk.lin.actor, review)) == 2


def test_a_decision_that_waits_for_a_withdrawal_finds_it(desk):
    review = desk.ask()
    _, told = after(
        lambda: withdraw(desk.cast.sol(), review_id=review),
        lambda: decide(desk.lin(), review_id=review, decision=Decision("approve")),
    )
    assert isinstance(told, Conflict) and told.values["state"] == "withdrawn"


def test_a_subject_is_asked_about_once(desk):
    subject = uuid4()
    ends = at_once(*[lambda: ask(desk.cast.sol(), terms=ONE, subject_id=subject)] * 2)
    assert sorted(type(end) for end in ends if isinstance(end, Opened)) == [Opened]
    assert [end.code for end in ends if isinstance(end, Conflict)] == ["review_waits_already"]


def test_the_second_of_two_equal_approvals_is_told_that_it_is_over(desk):
    review = desk.ask()
    first, second = after(
        lambda: decide(desk.lin(), review_id=review, decision=Decision("approve")),
        lambda: decide(desk.lars(), review_id=review, decision=Decision("approve")),
    )
    assert isinstance(first, Decided) and isinstance(second, Conflict)
