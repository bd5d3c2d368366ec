"""A company joins: applied for, confirmed, checked by itself, else reviewed; opened once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from partner_center.access.models import User
from partner_center.access.signin import sign_in
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.partners.queries import account
from partner_center.programmes import actions, links, queries
from partner_center.programmes.models import Application
from partner_center.programmes.rules import (
    APPLICATION,
    APPLY,
    AUTO,
    JOINING,
    LINK,
    MEND,
    MENDABLE,
    ApplyFacts,
    JoinFacts,
    LinkFacts,
    MendFacts,
)
from partner_center.reviews.queries import review
from partner_center.reviews.rules import Decision
from tests.apps.reviews.conftest import build_desk
from tests.cast import AT, build_cast, open_customer, uscc
from tests.races import at_once

GUEST = Actor(audience="system", at=AT, system="L-020: an applicant without an account", language="en")
FORM = {
    "identity": "solution_provider",
    "name_zh": "新叶云",
    "name_en": "New Leaf Cloud",
    "uscc": uscc(77),
    "account_name": "newleaf",
    "display_name": "叶新",
    "login": "ye.xin",
    "email": "ye.xin@newleaf.example",
    "accepts": True,
}
FINE = ApplyFacts(uscc(77), False, False, False, True)
FORM_ID = UUID(int=7)
PROVEN = JoinFacts("newleaf", True, 2, 1, True, True)


@pytest.fixture
def desk(cast):
    return build_desk(cast)


def known_account(desk, **changes):
    """The cloud account of the company, as the vendor's identity service left it."""
    terms = {"verified_status": 2, "customer_type": 1, "email": FORM["email"], "account_name": "newleaf", **changes}
    return open_customer(desk.cast.vera(), "新叶云", "New Leaf Cloud", 77, "newleaf-cloud", **terms)


def joining():
    """The review of an application that nothing proves."""
    applied = actions.apply(GUEST, **FORM)
    actions.confirm(GUEST, application_id=applied.application_id)
    return row(applied.application_id).review_id


def row(application_id):
    with seated(GUEST):
        return queries.application(GUEST, application_id)


def broken(call):
    with pytest.raises(Refused) as refused:
        call()
    return [outcome.code for outcome in refused.value.outcomes]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"is_partner": True}, "L-021"),
        ({"under_review": True}, "L-021.pending"),
        ({"login_taken": True}, "S-573"),
        ({"accepts": False}, "L-039"),
    ],
)
def test_an_application_breaks_one_rule(changes, rule):
    assert [each.id for each in APPLY if not each.predicate(replace(FINE, **changes))] == [rule]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"identity": "friend"}, "S-001"),
        ({"uscc": "123456789"}, "L-011"),
        ({"uscc": "I" + uscc(77)[1:]}, "L-011"),
    ],
)
def test_what_a_company_says_it_is_stands_under_the_same_rules_as_when_the_vendor_opens_it(desk, changes, rule):
    said = {name: FORM[name] for name in ("identity", "uscc", "login", "accepts")}
    with seated(GUEST):
        assert not actions.apply_check(GUEST, **said)
        assert [each.id for each in actions.apply_check(GUEST, **{**said, **changes})] == [rule]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, []),
        ({"account_known": False}, ["L-001.account", "L-001.verified", "L-001.company", "L-002"]),
        ({"verified_status": 0}, ["L-001.verified"]),
        ({"customer_type": 0}, ["L-001.verified", "L-003"]),
        ({"same_company": False}, ["L-001.company"]),
        ({"same_email": False}, ["L-002"]),
    ],
)
def test_what_is_checked_by_itself(changes, rules):
    assert [each.id for each in AUTO if not each.predicate(replace(PROVEN, **changes))] == rules


def test_a_link_ends_and_only_reopened_fields_are_mended():
    assert [each.id for each in LINK if not each.predicate(LinkFacts(AT, AT))] == ["L-020.link"]
    facts = MendFacts(frozenset({"phone"}), frozenset({"name_en"}), "")
    assert [each.id for each in MEND if not each.predicate(facts)] == ["L-020.reopened", "L-020.name"]
    assert tuple(JOINING.fields) == MENDABLE


def test_what_is_proven_is_opened_at_once(desk):
    known_account(desk)
    applied = actions.apply(GUEST, **FORM)
    assert row(applied.application_id).state == "draft"
    assert actions.confirm(GUEST, application_id=applied.application_id).state == "joined"
    joined = row(applied.application_id)
    with seated(desk.cast.vera()):
        partner = account(desk.cast.vera(), joined.organisation_id)
        events = set(Event.objects.filter(partner_id=partner.organisation_id).values_list("name", flat=True))
        assert not User.objects.get(pk=joined.user_id).has_usable_password()
    assert (partner.identity, partner.name_zh, partner.is_main) == ("solution_provider", "新叶云", True)
    assert {"application.joined", "partner.opened"} <= events
    with pytest.raises(Conflict, match="application_confirmed"):
        actions.confirm(GUEST, application_id=applied.application_id)


def test_the_first_password_is_chosen_by_the_link_once(desk):
    known_account(desk)
    applied = actions.apply(GUEST, **FORM)
    with pytest.raises(Conflict, match="application_not_joined"):
        actions.choose_password(GUEST, application_id=applied.application_id, password="a long one")
    actions.confirm(GUEST, application_id=applied.application_id)
    actions.choose_password(GUEST, application_id=applied.application_id, password="a long password")
    with pytest.raises(Conflict, match="password_chosen_already"):
        actions.choose_password(GUEST, application_id=applied.application_id, password="another one")
    assert sign_in(login="ye.xin", password="a long password", address="10.0.0.1").user is not None


def test_what_is_not_proven_waits_for_operations_with_every_reason(desk):
    known_account(desk, verified_status=0, customer_type=0, email="other@newleaf.example")
    applied = actions.apply(GUEST, **FORM)
    assert actions.confirm(GUEST, application_id=applied.application_id).state == "in_review"
    review_id = row(applied.application_id).review_id
    with seated(desk.lin()):
        waiting = review(desk.lin(), review_id)
    assert (waiting.kind, waiting.role, waiting.asker_id) == ("joining", "operations", None)
    assert [check["code"] for check in waiting.facts["checks"] if not check["passed"]] == [
        "not_enterprise_verified",
        "verified_as_individual",
        "email_not_bound",
    ]
    decided = actions.decide_joining(desk.lin(), review_id=review_id, decision=Decision("approve"))
    assert decided.is_final and row(applied.application_id).state == "joined"


def test_a_rejected_company_may_apply_again(desk):
    applied = actions.apply(GUEST, **FORM)
    actions.confirm(GUEST, application_id=applied.application_id)
    review_id = row(applied.application_id).review_id
    no = Decision("reject", reason="not_the_company", text="please apply from the company's address")
    actions.decide_joining(desk.lin(), review_id=review_id, decision=no)
    found = row(applied.application_id)
    assert (found.state, found.organisation_id) == ("rejected", None)
    again = actions.apply(GUEST, **FORM)
    assert again.number != applied.number
    actions.confirm(GUEST, application_id=again.application_id)


def test_a_returned_application_is_mended_by_its_link_and_checked_anew(desk):
    known_account(desk)
    applied = actions.apply(GUEST, **{**FORM, "account_name": "new-leaf"})
    actions.confirm(GUEST, application_id=applied.application_id)
    review_id = row(applied.application_id).review_id
    back = Decision("return", reason="unclear", text="which account?", fields=("account_name",))
    actions.decide_joining(desk.lin(), review_id=review_id, decision=back)
    ids = {"application_id": applied.application_id}
    assert broken(lambda: actions.supplement_joining(GUEST, mended={"phone": "1"}, **ids)) == ["field_not_reopened"]
    actions.supplement_joining(GUEST, mended={"account_name": "newleaf"}, **ids)
    with seated(GUEST):
        checks = Application.objects.get(pk=applied.application_id).checks
    assert all(check["passed"] for check in checks)


def test_duplicates_are_told(desk):
    applied = actions.apply(GUEST, **FORM)
    second = actions.apply(GUEST, **FORM)
    actions.confirm(GUEST, application_id=applied.application_id)
    assert broken(lambda: actions.apply(GUEST, **FORM)) == ["joining_pending"]
    assert broken(lambda: actions.confirm(GUEST, application_id=second.application_id)) == ["joining_pending"]
    actions.withdraw_joining(GUEST, application_id=applied.application_id)
    actions.confirm(GUEST, application_id=second.application_id)
    partners = {"uscc": uscc(3), "login": "sol", "accepts": False, "identity": "friend"}
    assert broken(lambda: actions.apply(GUEST, **{**FORM, **partners})) == [
        "identity_unknown",
        "joined_already",
        "login_taken",
        "agreements_not_accepted",
    ]


def test_nobody_decides_without_the_item_and_strangers_see_no_application(desk, stranger_sql):
    applied = actions.apply(GUEST, **FORM)
    actions.confirm(GUEST, application_id=applied.application_id)
    review_id = row(applied.application_id).review_id
    for stranger in (*desk.cast.strangers, desk.cast.sol):
        with pytest.raises(NotAllowed):
            actions.decide_joining(stranger(), review_id=review_id, decision=Decision("approve"))
        assert stranger_sql("SELECT 1 FROM programmes_application", stranger.id) == []
    assert broken(lambda: actions.decide_joining(desk.gu(), review_id=review_id, decision=Decision("approve"))) == [
        "review_not_yours"
    ]


def test_a_link_serves_one_purpose_and_ends():
    token = links.sign(FORM_ID, "confirm")
    assert links.read(token, "confirm", timedelta(hours=1)) == FORM_ID
    for bad, purpose, life in (
        (token, "state", timedelta(hours=1)),
        (token + "x", "confirm", timedelta(hours=1)),
        (token, "confirm", timedelta(seconds=-1)),
        ("", "confirm", timedelta(hours=1)),
    ):
        with pytest.raises(NotFound):
            links.read(bad, purpose, life)


def test_drafts_lapse_and_returned_applications_end_by_themselves(desk):
    draft = actions.apply(GUEST, **{**FORM, "uscc": uscc(78), "login": "other"})
    applied = actions.apply(GUEST, **FORM)
    actions.confirm(GUEST, application_id=applied.application_id)
    back = Decision("return", reason="unclear", text="?", fields=("phone",))
    actions.decide_joining(desk.lin(), review_id=row(applied.application_id).review_id, decision=back)
    late = replace(GUEST, at=AT + timedelta(hours=48))
    assert broken(lambda: actions.confirm(late, application_id=draft.application_id)) == ["link_over"]
    assert actions.expire_joining(replace(GUEST, at=AT + timedelta(days=40)), limit=9) == 2
    assert (row(draft.application_id).state, row(applied.application_id).state) == ("lapsed", "expired")


def test_every_state_ends_somewhere():
    assert {"draft", "in_review", "joined", "rejected", "withdrawn", "expired", "lapsed"} == set(APPLICATION.states)


def test_one_company_confirmed_twice_at_once_joins_once(committing_db, fast_hashing):
    desk = build_desk(build_cast())
    for proven in (False, True):
        if proven:
            known_account(desk)
            form = FORM
        else:
            form = {**FORM, "uscc": uscc(79), "account_name": ""}
        logins = [f"login-{proven}-{n}" for n in range(2)]
        ids = [actions.apply(GUEST, **{**form, "login": login}).application_id for login in logins]
        ends = at_once(*[lambda id_=id_: actions.confirm(GUEST, application_id=id_) for id_ in ids])
        assert sum(isinstance(end, actions.Confirmed) for end in ends) == 1, ends
        assert sum(isinstance(end, Refused | Conflict) for end in ends) == 1, ends
