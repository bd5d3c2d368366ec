"""The rules of messages, each refusing alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from partner_center.notices.rules import LINK, PREFERENCE, LinkFacts, PreferenceFacts
from tests.cast import AT

GOOD = LinkFacts(intact=True, for_reader=True, until=AT + timedelta(days=7), at=AT, used=False)


def test_a_good_link_breaks_no_rule() -> None:
    assert not LINK.broken(GOOD)


@pytest.mark.parametrize(
    "rule, changed",
    [
        ("link_not_intact", {"intact": False, "for_reader": False, "used": True}),  # S-905.intact
        ("link_of_another", {"for_reader": False}),  # S-905.reader
        ("link_late", {"at": GOOD.until}),  # S-905.late
        ("link_used", {"used": True}),  # S-905.used
    ],
)
def test_a_link_that_acts_no_more_says_why(rule: str, changed: dict[str, object]) -> None:
    assert [each.code for each in LINK.broken(replace(GOOD, **changed))] == [rule]  # type: ignore[arg-type]


def test_a_link_says_all_that_is_wrong_with_it() -> None:
    broken = LINK.broken(replace(GOOD, for_reader=False, used=True, at=GOOD.until))
    assert [each.code for each in broken] == ["link_of_another", "link_late", "link_used"]


@pytest.mark.parametrize(
    "rule, facts",
    [
        # L-196.mandatory
        ("message_mandatory", PreferenceFacts(frozenset({"site"}), frozenset({"site", "mail"}), 0)),
        # L-196.members
        ("recipient_no_member", PreferenceFacts(frozenset({"site", "mail"}), frozenset({"site"}), 1)),
    ],
)
def test_a_choice_is_refused(rule: str, facts: PreferenceFacts) -> None:
    assert [each.code for each in PREFERENCE.broken(facts)] == [rule]
