"""Rules of partners, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from partner_center.partners import rules
from tests.cast import uscc

GOOD = uscc(7)
NEW = rules.NewcomerFacts(site="cloud-cn", identity="solution_provider", uscc=GOOD)
OPEN = rules.OpenFacts(
    site="cloud-cn",
    tier="premier",
    uscc=GOOD,
    company_known=False,
    company_site="",
    uscc_taken=False,
)
LINK = rules.LinkFacts(
    upper_identity="distributor",
    lower_identity="reseller",
    upper_site="cloud-cn",
    lower_site="cloud-cn",
    upper_state="active",
    has_distributor=False,
    had_distributor=False,
)
STANDING = rules.StandingFacts(aspect="tier", value="core", begins_later_than_last=True, is_linked=False)
WRONG_DIGIT = GOOD[:-1] + ("1" if GOOD[-1] != "1" else "2")


def broken(table, facts) -> list[tuple[str, str]]:
    return [(outcome.id, outcome.code) for outcome in table.broken(facts)]


def test_what_is_in_order_breaks_nothing():
    assert not broken(rules.NEWCOMER, NEW)
    assert not broken(rules.OPEN, OPEN)
    assert not broken(rules.LINKING, LINK)
    assert not broken(rules.STANDING, STANDING)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"identity": "integrator"}, ("S-001", "identity_unknown")),
        ({"uscc": GOOD[:9]}, ("L-011", "uscc_length")),
        ({"uscc": ""}, ("L-011", "uscc_length")),
        ({"uscc": "I" + GOOD[1:]}, ("L-011", "uscc_form")),
        ({"uscc": GOOD.lower()}, ("L-011", "uscc_form")),
        ({"uscc": WRONG_DIGIT}, ("L-011", "uscc_check_digit")),
    ],
)
def test_what_a_company_says_it_is_is_refused(changes, expected):
    assert broken(rules.NEWCOMER, replace(NEW, **changes)) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tier": "gold"}, ("L-110", "tier_unknown")),
        ({"uscc_taken": True}, ("L-005", "company_has_account")),
        ({"company_known": True, "company_site": "cloud-intl"}, ("L-307", "company_of_other_site")),
    ],
)
def test_an_account_is_refused(changes, expected):
    assert broken(rules.OPEN, replace(OPEN, **changes)) == [expected]


def test_a_company_outside_china_needs_no_code():
    assert not broken(rules.NEWCOMER, replace(NEW, site="cloud-intl", uscc=""))


def test_a_wrong_check_digit_is_told_with_the_right_one():
    outcome = rules.NEWCOMER.broken(replace(NEW, uscc=WRONG_DIGIT))[0]
    assert f"“{GOOD[-1]}”" in outcome.text("message", "zh")
    assert f'"{GOOD[-1]}"' in outcome.text("message", "en")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"upper_identity": "solution_provider"}, ("S-004", "not_a_distributor")),
        ({"lower_identity": "distributor"}, ("S-004", "not_a_reseller")),
        ({"has_distributor": True, "had_distributor": True}, ("S-004", "reseller_has_distributor")),
        ({"had_distributor": True}, ("S-005", "reseller_had_distributor")),
        ({"lower_site": "cloud-intl"}, ("L-307", "link_across_sites")),
        ({"upper_state": "frozen"}, ("L-288", "distributor_not_active")),
    ],
)
def test_a_link_is_refused(changes, expected):
    assert broken(rules.LINKING, replace(LINK, **changes)) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": "gold"}, ("S-001", "standing_unknown")),
        ({"aspect": "colour"}, ("S-001", "standing_unknown")),
        ({"begins_later_than_last": False}, ("S-001", "standing_out_of_order")),
        ({"aspect": "identity", "value": "reseller", "is_linked": True}, ("S-005", "identity_is_linked")),
    ],
)
def test_a_standing_is_refused(changes, expected):
    assert broken(rules.STANDING, replace(STANDING, **changes)) == [expected]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", [rule for table in (rules.OPEN, rules.LINKING, rules.STANDING) for rule in table])
def test_each_rule_speaks_both_languages(rule, language):
    text = rules.BOOK.texts[rule.id]
    assert all(text.part(part, language) for part in ("name", "message", "remedy"))
