"""A review from its opening to its end: steps, second persons, clocks that stand still, silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError

from partner_center.access.models import User
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.policy.queries import pack
from partner_center.reviews import actions, queries
from partner_center.reviews.models import Review, Turn
from partner_center.reviews.rules import Decision, Step, Terms
from tests.apps.reviews.conftest import ONE, ask, decide, expire, supplement, withdraw

OK = Decision("approve")
BACK = Decision("return", reason="incomplete", text="the address, please", fields=("registered_address",), note="odd")
NO = Decision("reject", reason="licence_differs", text="no")
TWO_PERSONS = Terms((Step("check", "ecosystem_manager", 3, second="operations"),), 10)
TWO_STEPS = Terms((Step("first", "ecosystem_manager", 2), Step("last", "operations", 5)), 10)


def at(text):
    """An instant in China, Monday 2026-06-15 being the cast's day."""
    return datetime.fromisoformat(text).replace(tzinfo=pack("cloud-cn", datetime.now().astimezone()).zone)


def row(actor, review_id):
    with seated(actor):
        return queries.review(actor, review_id)


def mine(actor):
    with seated(actor):
        return [each.id for each in queries.waiting(queries.for_me(actor))]


def others(actor):
    with seated(actor):
        return [each.id for each in queries.waiting(queries.for_others(actor))]


def broken(call):
    with pytest.raises(Refused) as refused:
        call()
    return [outcome.code for outcome in refused.value.outcomes]


def test_it_waits_for_the_role_until_the_end_of_the_last_working_day(desk):
    review = desk.ask(at=at("2026-06-15T10:30"))
    found = row(desk.lin.actor, review)
    # Friday 2026-06-19 is the Dragon Boat Festival; the third working day is Thursday.
    assert (found.state, found.role, found.due_at) == ("open", "operations", at("2026-06-19T00:00"))
    assert str(found.amount) == "120.00" and found.number.startswith("RV2606-")
    assert mine(desk.lin.actor) == [review] and mine(desk.gu.actor) == []
    assert others(desk.gu.actor) == [review] and others(desk.cast.sol.actor) == [review]
    with seated(desk.cast.vera.actor):
        event = Event.objects.get(name="review.opened", subject_id=review)
    assert event.partner_id == desk.cast.sol.id and event.data["kind_of_review"] == "thing"


def test_a_subject_waits_once(desk):
    subject = uuid4()
    ask(desk.cast.sol(), terms=ONE, subject_id=subject)
    with pytest.raises(Conflict, match="review_waits_already"):
        ask(desk.cast.sol(), terms=ONE, subject_id=subject)


def test_an_approval_ends_it_and_both_sides_read_what_was_said(desk):
    review = desk.ask()
    decided = decide(desk.lin(), review_id=review, decision=Decision("approve", text="welcome", note="known to us"))
    assert (decided.state, decided.is_final) == ("approved", True)
    with seated(desk.cast.sol.actor):
        assert [turn.move for turn in queries.turns(desk.cast.sol.actor, review)] == ["approve", "open"]
        assert queries.turns(desk.cast.sol.actor, review)[0].text == "welcome"
        assert queries.notes(desk.cast.sol.actor, review) == (), "what stays inside is not the asker's"
    with seated(desk.gu.actor):
        assert queries.notes(desk.gu.actor, review)[0].text == "known to us"
    with pytest.raises(Conflict, match="review_in_other_state"):
        decide(desk.lars(), review_id=review, decision=NO)


def test_the_stranger_finds_nothing(desk, stranger_sql):
    review = desk.ask()
    decide(desk.lin(), review_id=review, decision=BACK)
    for stranger in desk.cast.strangers:
        with seated(stranger.actor), pytest.raises(NotFound):
            queries.review(stranger.actor, review)
        with pytest.raises(NotFound):
            decide(stranger(), review_id=review, decision=OK)
        for table in ("review", "turn", "note", "absence"):
            assert stranger_sql(f"SELECT 1 FROM reviews_{table}", stranger.id) == []
    assert stranger_sql("SELECT 1 FROM reviews_note", desk.cast.sol.id) == []
    assert len(stranger_sql("SELECT 1 FROM reviews_turn", desk.cast.sol.id)) == 2
    assert stranger_sql("SELECT 1 FROM reviews_review") == []


def test_who_has_another_role_or_asked_may_not_decide(desk):
    review = desk.ask()
    assert broken(lambda: decide(desk.gu(), review_id=review, decision=OK)) == ["review_not_yours"]
    assert broken(lambda: decide(desk.cast.sol(), review_id=review, decision=OK)) == [
        "review_not_yours",
        "review_of_ones_own",
    ]
    assert broken(lambda: decide(desk.lin(), review_id=review, decision=Decision("return"))) == [
        "review_reason_missing",
        "review_text_missing",
        "review_fields_missing",
    ]
    assert row(desk.lin.actor, review).version == 1, "a refusal writes nothing"


def test_the_second_person_differs_from_the_first(desk):
    review = desk.ask(TWO_PERSONS)
    decided = decide(desk.gu(), review_id=review, decision=OK)
    assert (decided.state, decided.is_final) == ("open", False)
    assert mine(desk.lin.actor) == [review] and mine(desk.gu.actor) == []
    # Somebody who holds both roles was the first, and stays the first.
    both = desk.gu(roles=("ecosystem_manager", "operations"))
    assert broken(lambda: decide(both, review_id=review, decision=OK)) == ["second_person_is_first"]
    assert mine(both) == []
    assert decide(desk.lin(), review_id=review, decision=OK).is_final
    with seated(desk.gu.actor):
        assert [turn.move for turn in queries.turns(desk.gu.actor, review)] == ["approve", "agree", "open"]


def test_each_step_has_its_role_and_its_term(desk):
    review = desk.ask(TWO_STEPS, at=at("2026-06-15T10:30"))
    assert row(desk.gu.actor, review).due_at == at("2026-06-18T00:00")
    decide(desk.gu(at("2026-06-16T09:00")), review_id=review, decision=OK)
    found = row(desk.gu.actor, review)
    assert (found.step.name, found.role, found.due_at) == ("last", "operations", at("2026-06-25T00:00"))
    assert decide(desk.lin(at("2026-06-17T09:00")), review_id=review, decision=OK).is_final


def test_the_clock_stands_still_while_it_is_returned(desk):
    review = desk.ask(at=at("2026-06-15T10:30"))
    decide(desk.lin(at("2026-06-16T10:00")), review_id=review, decision=BACK)
    found = row(desk.lin.actor, review)
    assert (found.state, found.due_at, found.days_left, found.fields) == ("returned", None, 2, ("registered_address",))
    assert found.supplement_due_at == at("2026-07-02T00:00")
    assert mine(desk.lin.actor) == [] and mine(desk.cast.fay.actor) == [review]
    supplement(desk.cast.sol(at("2026-06-29T08:00")), review_id=review)
    found = row(desk.lin.actor, review)
    assert (found.state, found.due_at, found.fields) == ("open", at("2026-07-02T00:00"), ())
    assert found.facts["title"]["en"] == "Mended" and mine(desk.lin.actor) == [review]
    with pytest.raises(Conflict):
        supplement(desk.cast.sol(), review_id=review)


def test_what_is_returned_and_never_supplemented_ends_by_itself(desk):
    review = desk.ask(at=at("2026-06-15T10:30"))
    decide(desk.lin(at("2026-06-16T10:00")), review_id=review, decision=BACK)
    assert expire(system_actor("L-020: over", at("2026-07-01T23:59"))) == ()
    assert expire(system_actor("L-020: over", at("2026-07-02T00:00"))) == (row(desk.lin.actor, review).subject_id,)
    assert row(desk.lin.actor, review).state == "expired"
    assert expire(system_actor("L-020: over", at("2026-07-03T00:00"))) == ()


def test_a_step_may_end_by_itself_but_silence_never_approves(desk):
    terms = Terms((Step("answer", "operations", 3, otherwise="expire"),), 10)
    review, other = desk.ask(terms, at=at("2026-06-15T10:30")), desk.ask(at=at("2026-06-15T10:30"))
    assert len(expire(system_actor("L-020: over", at("2026-06-30T09:00")))) == 1
    assert row(desk.lin.actor, review).state == "expired" and row(desk.lin.actor, other).state == "open"


def test_it_is_handed_up_on_the_working_day_after_its_term(desk):
    review = desk.ask(at=at("2026-06-15T10:30"))
    for too_early in ("2026-06-18T23:59", "2026-06-19T09:00", "2026-06-21T09:00"):
        assert actions.escalate_due(system_actor("L-020: late", at(too_early)), limit=10) == 0, too_early
    monday = system_actor("L-020: late", at("2026-06-22T00:05"))
    assert mine(desk.cast.vera.actor) == []
    assert actions.escalate_due(monday, limit=10) == 1
    assert actions.escalate_due(monday, limit=10) == 0
    assert mine(desk.cast.vera.actor) == [review] == mine(desk.lin.actor)
    assert decide(desk.cast.vera(), review_id=review, decision=OK).is_final


def test_a_withdrawn_review_is_decided_by_nobody(desk):
    review = desk.ask()
    withdraw(desk.cast.sol(), review_id=review)
    with pytest.raises(Conflict) as told:
        decide(desk.lin(), review_id=review, decision=OK)
    assert told.value.values["state"] == "withdrawn"
    assert mine(desk.lin.actor) == [] == others(desk.cast.sol.actor)


def test_it_is_taken_handed_over_and_falls_back_to_the_role_when_the_assignee_has_left(desk):
    review = desk.ask()
    actions.take(desk.lin(), review_id=review)
    assert mine(desk.lars.actor) == [] and others(desk.lars.actor) == [review]
    actions.hand_over(desk.lin(), review_id=review, to=desk.lars.user_id, note="yours")
    assert mine(desk.lars.actor) == [review] and mine(desk.lin.actor) == []
    assert broken(lambda: actions.hand_over(desk.lars(), review_id=review, to=desk.gu.user_id)) == [
        "assignee_without_role"
    ]
    assert broken(lambda: actions.hand_over(desk.gu(), review_id=review, to=desk.gu.user_id)) == ["review_not_yours"]
    with seated(desk.cast.vera.actor):
        User.objects.filter(pk=desk.lars.user_id).update(is_active=False)
    assert mine(desk.lin.actor) == [review], "who has left is nobody"


def test_a_stand_in_finds_what_was_assigned(desk):
    review = desk.ask(TWO_STEPS)
    actions.take(desk.gu(), review_id=review)
    away = {"starts_at": desk.cast.at + timedelta(days=1), "ends_at": desk.cast.at + timedelta(days=3)}
    actions.be_absent(desk.gu(), stand_in=desk.lin.user_id, **away)
    assert mine(desk.lin()) == []
    tomorrow = desk.cast.at + timedelta(days=1, hours=1)
    assert mine(desk.lin(tomorrow)) == [review]
    assert broken(lambda: actions.hand_over(desk.gu(tomorrow), review_id=review, to=desk.gu.user_id)) == [
        "assignee_absent"
    ]
    assert broken(lambda: actions.be_absent(desk.gu(), stand_in=desk.gu.user_id, **away)) == [
        "stand_in_unfit",
        "absence_overlaps",
    ]
    assert not decide(desk.lin(tomorrow), review_id=review, decision=OK).is_final
    with seated(desk.gu()):
        absence = queries.absences(desk.gu())[0].pk
    with pytest.raises(NotFound):
        actions.be_back(desk.lin(), absence_id=absence)
    actions.be_back(desk.gu(tomorrow), absence_id=absence)
    with seated(desk.gu()):
        assert queries.absences(desk.gu(tomorrow)) == ()


def test_who_looked_at_an_older_version_is_told(desk):
    review = desk.ask(TWO_STEPS)
    decide(desk.gu(), review_id=review, decision=Decision("approve", version=1))
    with pytest.raises(Conflict, match="review_moved"):
        decide(desk.lin(), review_id=review, decision=Decision("approve", version=1))


def test_another_organisation_than_the_vendor_can_be_the_one_that_decides(desk):
    terms = Terms((Step("consent", "administrator", 5),), 10)
    review = desk.ask(terms, decider_id=desk.cast.carl.id)
    answering = desk.cast.carl(roles=("administrator",))
    assert mine(answering) == [review] and mine(desk.cast.vera(roles=("administrator",))) == []
    assert broken(lambda: decide(desk.cast.vera(), review_id=review, decision=OK)) == ["review_not_yours"]
    assert decide(answering, review_id=review, decision=OK).is_final


def test_the_turns_of_a_review_cannot_be_rewritten(desk):
    desk.ask()
    with pytest.raises(ProgrammingError, match="permission denied"), seated(desk.cast.vera.actor):
        Turn.objects.update(move="approve")


def test_the_states_of_the_table_are_those_of_the_lifecycle(desk):
    review = desk.ask()
    with pytest.raises(IntegrityError, match="reviews_review_state"), seated(desk.cast.vera.actor):
        Review.objects.filter(pk=review).update(state="made up", closed_at=desk.cast.at)
