"""The engine's rules, each refusing on its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from partner_center.reviews import rules
from partner_center.reviews.rules import ABSENCE, DECIDE, HAND_OVER, AbsenceFacts, DecideFacts, HandOverFacts

AT = datetime(2026, 6, 15, tzinfo=UTC)
RIGHT = DecideFacts(
    move="return",
    reason="incomplete",
    known_reasons=("incomplete", "other"),
    text="the address, please",
    fields=("address",),
    known_fields=("address", "name"),
    role="operations",
    may_decide=True,
    person=UUID(int=1),
    asked_by=UUID(int=2),
    first=None,
)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"may_decide": False}, "L-020.role"),
        ({"asked_by": UUID(int=1)}, "L-020.asker"),
        ({"first": UUID(int=1)}, "L-020.second"),
        ({"reason": ""}, "L-007.reason"),
        ({"reason": "made up"}, "L-007.reason"),
        ({"text": "  "}, "L-007.text"),
        ({"move": "reject", "reason": "other", "text": ""}, "L-007.text"),
        ({"fields": ()}, "L-007.fields"),
        ({"fields": ("uscc",)}, "L-007.fields"),
        ({"move": "approve", "reason": "made up"}, "L-007.reason"),
    ],
)
def test_a_decision_breaks_one_rule(changes: dict[str, object], rule: str) -> None:
    assert [outcome.rule.id for outcome in DECIDE.broken(replace(RIGHT, **changes))] == [rule.partition(".")[0]]
    assert [each.id for each in DECIDE if not each.predicate(replace(RIGHT, **changes))] == [rule]


@pytest.mark.parametrize(
    "changes", [{}, {"move": "approve", "reason": "", "text": "", "fields": ()}, {"move": "reject", "text": ""}]
)
def test_a_decision_that_says_what_it_must_passes(changes: dict[str, object]) -> None:
    assert DECIDE.broken(replace(RIGHT, **changes)) == ()


@pytest.mark.parametrize(
    ("facts", "rules_broken"),
    [
        (HandOverFacts(True, True, "operations", True), []),
        (HandOverFacts(True, False, "operations", True), ["L-020.assignee"]),
        (HandOverFacts(True, True, "operations", False), ["L-020.present"]),
    ],
)
def test_a_review_is_handed_to_who_holds_its_role_and_is_here(facts: HandOverFacts, rules_broken: list[str]) -> None:
    assert [each.id for each in HAND_OVER if not each.predicate(facts)] == rules_broken


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"ends_at": AT}, "L-020.absence"),
        ({"stand_in_is_self": True}, "L-020.standin"),
        ({"stand_in_is_colleague": False}, "L-020.standin"),
        ({"overlaps": True}, "L-020.once"),
    ],
)
def test_an_absence_breaks_one_rule(changes: dict[str, object], rule: str) -> None:
    right = AbsenceFacts(AT + timedelta(days=1), AT + timedelta(days=3), AT, True, False, False)
    assert [each.id for each in ABSENCE if not each.predicate(replace(right, **changes))] == [rule]


def test_what_is_over_moves_no_more() -> None:
    for move in rules.LIFECYCLE.moves:
        for state in ("approved", "rejected", "withdrawn", "expired"):
            assert not rules.LIFECYCLE.may(move, state)
