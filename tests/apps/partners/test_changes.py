"""A company's base information: asked for by its main account, reviewed, dated; nothing changes before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.partners import actions, queries
from partner_center.partners.models import CompanyChange
from partner_center.partners.rules import CHANGE, COMPANY_CHANGE, EDITABLE, SUPPLEMENT, ChangeFacts, SupplementFacts
from partner_center.reviews.rules import Decision
from tests.apps.reviews.conftest import build_desk
from tests.cast import build_cast, open_partner, uscc
from tests.races import at_once

NEW = {"name_zh": "远山新方案", "registered_address": "示例市新路 1 号"}
OK = Decision("approve")
BACK = Decision("return", reason="incomplete", text="the street, please", fields=("registered_address",))


@pytest.fixture
def desk(cast):
    return build_desk(cast)


def own(actor):
    with seated(actor):
        return queries.seat_company(actor)


def broken(call):
    with pytest.raises(Refused) as refused:
        call()
    return [outcome.code for outcome in refused.value.outcomes]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (ChangeFacts(False, "A", "A", "甲", True, ""), "L-006"),
        (ChangeFacts(True, "A", "B", "甲", True, ""), "L-008"),
        (ChangeFacts(True, "A", "A", "", True, ""), "L-007.name"),
        (ChangeFacts(True, "A", "A", "甲", False, ""), "L-007.nothing"),
        (ChangeFacts(True, "A", "A", "甲", True, "RV2606-0001"), "L-007.pending"),
    ],
)
def test_a_change_breaks_one_rule(facts, rule):
    assert [each.id for each in CHANGE if not each.predicate(facts)] == [rule]


def test_only_reopened_fields_are_mended():
    facts = SupplementFacts(True, frozenset({"name_zh"}), frozenset({"industry"}), "甲", True)
    assert [each.id for each in SUPPLEMENT if not each.predicate(facts)] == ["L-007.reopened"]


def test_what_may_be_reopened_is_what_may_be_changed():
    assert tuple(COMPANY_CHANGE.fields) == EDITABLE


def test_an_agreed_change_holds_for_all_accounts_of_the_company_and_keeps_its_days(desk):
    sol, at = desk.cast.sol, desk.cast.at
    company = own(sol()).company_id
    other = open_partner(
        desk.cast.vera(), "solution_provider", "远山二号", "Far Hill Two", 0, "sol2", company_id=company, uscc=""
    )
    asked = actions.ask_for_change(sol(), after=NEW)
    assert own(sol()).facts["name_zh"] == "远山方案", "nothing changes before the vendor agrees"
    assert not actions.decide_change(desk.gu(), review_id=asked.review_id, decision=OK).is_final
    later = at + timedelta(hours=2)
    assert actions.decide_change(desk.lin(later), review_id=asked.review_id, decision=OK).is_final
    for account in (sol(), other()):
        assert own(account).facts["name_zh"] == NEW["name_zh"]
        assert own(account).facts["registered_address"] == NEW["registered_address"]
    assert not own(other()).is_main
    with seated(other()):
        assert queries.company_as_of(other(), company, at)["name_zh"] == "远山方案"
        assert queries.company_as_of(other(), company, later)["name_zh"] == NEW["name_zh"]
        assert [row.value for row in queries.company_facts(other(), company) if row.field == "name_zh"] == [
            NEW["name_zh"],
            "远山方案",
        ]
        assert queries.main_account(company) == sol.id
    with seated(sol()):
        change = queries.changes(sol(), company)[0]
        assert (change.review.state, change.applied_at) == ("approved", later)
        assert change.before["name_zh"] == "远山方案" and change.after["name_zh"] == NEW["name_zh"]
    with seated(desk.cast.vera()):
        event = Event.objects.get(name="company.changed", subject_id=company)
    assert event.partner_id == sol.id and "远山" not in str(event.data)


def test_a_rejected_change_changes_nothing_and_may_be_asked_for_again(desk):
    asked = actions.ask_for_change(desk.cast.sol(), after=NEW)
    no = Decision("reject", reason="licence_differs", text="the licence says otherwise")
    actions.decide_change(desk.gu(), review_id=asked.review_id, decision=no)
    assert own(desk.cast.sol()).facts["name_zh"] == "远山方案"
    assert actions.ask_for_change(desk.cast.sol(), after=NEW).number != asked.number


def test_a_returned_change_is_mended_in_the_named_fields_only(desk):
    sol = desk.cast.sol
    asked = actions.ask_for_change(sol(), after=NEW)
    actions.decide_change(desk.gu(), review_id=asked.review_id, decision=BACK)
    assert broken(
        lambda: actions.supplement_change(sol(), review_id=asked.review_id, after={"name_zh": "别的", "industry": "云"})
    ) == ["field_not_reopened"]
    actions.supplement_change(sol(), review_id=asked.review_id, after={"registered_address": "示例市新路 2 号"})
    with seated(desk.gu()):
        change = queries.change_of_review(desk.gu(), asked.review_id)
    assert change.after["registered_address"] == "示例市新路 2 号" and change.review.state == "open"
    assert [line["after"] for line in change.review.facts["diff"] if line["field"] == "registered_address"] == [
        "示例市新路 2 号"
    ]


def test_every_reason_is_named_and_nothing_is_written(desk):
    sol = desk.cast.sol
    assert broken(lambda: actions.ask_for_change(sol(), after={"uscc": uscc(50), "name_zh": " "})) == [
        "uscc_fixed",
        "company_nameless",
    ]
    assert broken(lambda: actions.ask_for_change(sol(), after={})) == ["nothing_changed"]
    with seated(sol()):
        assert not CompanyChange.objects.exists()
    asked = actions.ask_for_change(sol(), after=NEW)
    assert broken(lambda: actions.ask_for_change(sol(), after=NEW)) == ["change_pending"]
    actions.withdraw_change(sol(), review_id=asked.review_id)
    actions.ask_for_change(sol(), after=NEW)


def test_who_is_not_the_main_account_is_told_and_a_member_without_the_item_may_not(desk):
    company = own(desk.cast.sol()).company_id
    other = open_partner(
        desk.cast.vera(), "solution_provider", "远山二号", "Far Hill Two", 0, "sol2", company_id=company, uscc=""
    )
    assert broken(lambda: actions.ask_for_change(other(), after=NEW)) == ["not_main_account"]
    with pytest.raises(NotAllowed):
        actions.ask_for_change(desk.cast.fay(), after=NEW)


def test_the_stranger_finds_no_change(desk, stranger_sql):
    asked = actions.ask_for_change(desk.cast.sol(), after=NEW)
    actions.decide_change(desk.gu(), review_id=asked.review_id, decision=OK)
    actions.decide_change(desk.lin(), review_id=asked.review_id, decision=OK)
    stranger = desk.cast.strange_provider
    with pytest.raises(NotFound):
        actions.withdraw_change(stranger(), review_id=asked.review_id)
    with pytest.raises(NotFound):
        actions.supplement_change(stranger(), review_id=asked.review_id, after=NEW)
    with pytest.raises(NotAllowed):
        actions.decide_change(stranger(), review_id=asked.review_id, decision=OK)
    for table in ("companychange", "companyfact"):
        assert stranger_sql(f"SELECT 1 FROM partners_{table}", stranger.id) == []
        assert stranger_sql(f"SELECT 1 FROM partners_{table}", desk.cast.sol.id)


def test_the_same_key_asks_once(desk):
    first = actions.ask_for_change(desk.cast.sol(), after=NEW, key="k")
    assert actions.ask_for_change(desk.cast.sol(), after=NEW, key="k") == first


def test_what_is_not_mended_in_time_ends_by_itself(desk):
    asked = actions.ask_for_change(desk.cast.sol(), after=NEW)
    actions.decide_change(desk.gu(), review_id=asked.review_id, decision=BACK)
    assert actions.expire_changes(system_actor("L-007: over", desk.cast.at + timedelta(days=40)), limit=9) == 1
    with seated(desk.cast.sol()):
        assert queries.change_of_review(desk.cast.sol(), asked.review_id).review.state == "expired"


def test_a_withdrawal_and_a_decision_at_once_have_one_winner(committing_db, fast_hashing):
    desk = build_desk(build_cast())
    asked = actions.ask_for_change(desk.cast.sol(), after=NEW)
    ends = at_once(
        lambda: actions.withdraw_change(desk.cast.sol(), review_id=asked.review_id),
        lambda: actions.decide_change(desk.gu(), review_id=asked.review_id, decision=BACK),
    )
    with seated(desk.gu()):
        state = queries.change_of_review(desk.gu(), asked.review_id).review.state
    # Withdrawing is possible after a return; a decision after the withdrawal is not.
    assert state == "withdrawn"
    assert [end for end in ends if isinstance(end, Conflict)] == [] or isinstance(ends[1], Conflict)
