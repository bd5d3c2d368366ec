"""The inbox: every kind has its verb, one row for all that waits, overdue first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partner_center.fence.seat import seated
from partner_center.inbox import actions, queries
from partner_center.inbox.kinds import KINDS
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.partners.actions import ask_for_change
from partner_center.policy.queries import packs, sites
from partner_center.reviews.queries import terms
from partner_center.reviews.rules import LIVE, Decision
from tests.apps.programmes.test_joining import joining
from tests.apps.reviews.conftest import build_desk


@pytest.fixture
def desk(cast):
    return build_desk(cast)


def change(who, at, name):
    return ask_for_change(who(at), after={"name_en": name})


def rows(actor, side="me"):
    with seated(actor):
        return queries.waiting(actor, side)


def test_every_kind_of_every_pack_has_a_verb_and_every_verb_a_kind():
    for site in sites():
        for pack in packs(site):
            named = {name.partition(".")[2] for name in pack.values if name.startswith("reviews.")}
            assert named == set(KINDS)
            for kind in KINDS:
                assert terms(kind, site, pack.effective_from).steps


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_says_all_that_a_page_shows_of_it(kind):
    about = kind.about
    assert set(about.silence) == {*LIVE, "escalated"} and set(about.effects) == {"approve", "return", "reject"}
    assert about.reasons_for("return") and about.reasons_for("reject") and about.fields
    assert all(words.zh and words.en for words in (about.words, *about.silence.values(), *about.effects.values()))


def test_overdue_comes_first_then_soonest(desk):
    at = desk.cast.at
    late = change(desk.cast.sol, at - timedelta(days=10), "Old")
    soon = change(desk.cast.rhea, at - timedelta(days=1), "Newer")
    last = change(desk.cast.dario, at, "Newest")
    found = rows(desk.gu())
    assert [row.id for row in found] == [late.review_id, soon.review_id, last.review_id]
    assert [row.overdue(at) for row in found] == [True, False, False] and found[2].days_left == 3
    with seated(desk.gu()):
        summary = queries.summary(desk.gu(), found)
    assert (summary.count, summary.overdue, summary.by_kind) == (3, 1, {"company_change": 3})
    assert rows(desk.lin()) == () and len(rows(desk.lin(), "others")) == 3


def test_what_is_returned_waits_for_its_asker_with_what_follows(desk):
    asked = change(desk.cast.sol, desk.cast.at, "New")
    back = Decision("return", reason="incomplete", text="?", fields=("name_en",))
    with seated(desk.gu()):
        actions.decide(desk.gu(), review_id=asked.review_id, decision=back)
    assert rows(desk.gu()) == () and [row.state for row in rows(desk.gu(), "others")] == ["returned"]
    waiting = rows(desk.cast.sol())[0]
    assert waiting.silence.en.startswith("Closed by itself")
    for stranger in desk.cast.strangers:
        assert rows(stranger()) == () == rows(stranger(), "others")


def test_several_are_approved_at_once_and_one_that_is_refused_stops_no_other(desk):
    first, second = (change(who, desk.cast.at, "New") for who in (desk.cast.sol, desk.cast.rhea))
    applied = joining()
    with seated(desk.gu()):
        actions.decide(desk.gu(), review_id=second.review_id, decision=Decision("approve"))
        ids = [first.review_id, second.review_id, applied]
        decided = actions.approve_several(desk.gu(), review_ids=ids, reason="confirmed")
    assert [each.review_id for each in decided.done] == [first.review_id]
    kinds = sorted(type(error).__name__ for error in decided.refused.values())
    assert kinds == ["NotFound", "Refused"], "the second person is not the first; joining is decided one by one"


def test_what_is_over_ends_kind_by_kind(desk):
    asked = change(desk.cast.sol, desk.cast.at, "New")
    back = Decision("return", reason="incomplete", text="?", fields=("name_en",))
    with seated(desk.gu()):
        actions.decide(desk.gu(), review_id=asked.review_id, decision=back)
    assert actions.expire_due(system_actor("L-020: over", desk.cast.at + timedelta(days=40)), limit=50) == 1


def test_nobody_decides_what_they_cannot_see(desk):
    asked = change(desk.cast.sol, desk.cast.at, "New")
    stranger = desk.cast.strange_provider()
    with seated(stranger), pytest.raises(NotFound):
        actions.decide(stranger, review_id=asked.review_id, decision=Decision("approve"))
    with seated(desk.gu()), pytest.raises(Refused):
        actions.decide(desk.gu(), review_id=asked.review_id, decision=Decision("reject"))
