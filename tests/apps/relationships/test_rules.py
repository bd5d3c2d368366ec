"""Rules of relations, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from partner_center.relationships import rules

AT = datetime(2026, 6, 15, 2, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ASSOCIATE = rules.AssociateFacts(
    type=2,
    models=("consulting", "resale"),
    customer_site="cloud-cn",
    partner_site="cloud-cn",
    has_partner=False,
    is_partners_company=False,
    may_resell=True,
)
LEAVE = rules.DisassociateFacts(
    is_administrator=True,
    in_own_seat=True,
    type=1,
    is_finance_managed=False,
    requests=0,
    most_requests=1,
    next_request_at=AT,
    locked_orders=(),
)
SWITCH = rules.SwitchFacts(
    type=1,
    to=2,
    models=("consulting", "resale"),
    may_resell=True,
    is_independent_member=False,
    is_finance_managed=False,
    locked_orders=(),
)


def broken(table, facts) -> list[tuple[str, str]]:
    return [(outcome.id, outcome.code) for outcome in table.broken(facts)]


def test_what_is_in_order_breaks_nothing():
    assert not broken(rules.ASSOCIATE, ASSOCIATE)
    assert not broken(rules.DISASSOCIATE, LEAVE)
    assert not broken(rules.SWITCH, SWITCH)
    assert not broken(rules.REASON, rules.ReasonFacts("客户要求"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"models": ("consulting",)}, ("S-020", "model_not_offered")),
        ({"to": 1}, ("S-197", "same_type")),
        ({"may_resell": False}, ("S-168", "partner_prepaid_no_reseller")),
        ({"is_independent_member": True}, ("S-198", "independent_member")),
        ({"is_finance_managed": True}, ("S-206", "customer_finance_managed")),
        ({"locked_orders": ("O1",)}, ("S-201", "voucher_locked_by_order")),
    ],
)
def test_a_switch_is_refused(changes, expected):
    assert broken(rules.SWITCH, replace(SWITCH, **changes)) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": 1, "models": ("resale",)}, ("S-020", "model_not_offered")),
        ({"type": 3}, ("S-020", "model_not_offered")),
        ({"customer_site": "cloud-intl"}, ("S-140", "registered_other_site")),
        ({"has_partner": True}, ("S-141", "associated_other_partner")),
        ({"is_partners_company": True}, ("S-142", "is_partner")),
        ({"may_resell": False}, ("S-168", "partner_prepaid_no_reseller")),
        ({"locked_orders": ("O1",)}, ("S-201", "voucher_locked_by_order")),
    ],
)
def test_an_association_is_refused(changes, expected):
    assert broken(rules.ASSOCIATE, replace(ASSOCIATE, **changes)) == [expected]


def test_who_may_not_resell_may_still_consult():
    assert not broken(rules.ASSOCIATE, replace(ASSOCIATE, may_resell=False, type=1))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_administrator": False}, ("S-190", "not_administrator")),
        ({"in_own_seat": False}, ("S-190", "not_own_customer")),
        ({"partner_state": "frozen"}, ("S-215", "partner_frozen")),
        ({"requests": 1}, ("S-191", "requested_lately")),
        ({"locked_orders": ("O-1", "O-2")}, ("S-201", "voucher_locked_by_order")),
        ({"is_finance_managed": True}, ("S-206", "customer_finance_managed")),
    ],
)
def test_leaving_a_customer_is_refused(changes, expected):
    assert broken(rules.DISASSOCIATE, replace(LEAVE, **changes)) == [expected]


def test_a_restricted_partner_may_leave_its_customer():
    """S-215."""
    assert not broken(rules.DISASSOCIATE, replace(LEAVE, partner_state="restricted"))


def test_a_managed_member_may_leave_resale():
    assert not broken(rules.DISASSOCIATE, replace(LEAVE, is_finance_managed=True, type=2))


def test_every_broken_rule_is_named():
    facts = replace(LEAVE, is_administrator=False, requests=2, locked_orders=("O-1",))
    assert [rule for rule, _ in broken(rules.DISASSOCIATE, facts)] == ["S-190", "S-191", "S-201"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "reason_missing"), ("  \n", "reason_missing"), ("x" * 201, "reason_too_long")],
)
def test_a_reason_is_asked_for(text, expected):
    assert [code for _, code in broken(rules.REASON, rules.ReasonFacts(text))] == [expected]


@pytest.mark.parametrize(
    ("at", "months", "expected"),
    [
        ("2026-06-15T10:30+08:00", -3, "2026-03-15T10:30+08:00"),
        ("2026-05-31T10:30+08:00", -3, "2026-02-28T10:30+08:00"),
        ("2026-11-30T23:59+08:00", 3, "2027-02-28T23:59+08:00"),
        ("2026-01-31T17:00+00:00", 1, "2026-03-01T01:00+08:00"),
    ],
)
def test_months_are_those_of_the_site_s_calendar(at, months, expected):
    found = rules.shift_months(datetime.fromisoformat(at), months, SHANGHAI)
    assert found == datetime.fromisoformat(expected)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", [*rules.REASON, *rules.ASSOCIATE, *rules.DISASSOCIATE])
def test_each_rule_speaks_both_languages(rule, language):
    text = rules.BOOK.texts[rule.id]
    assert all(text.part(part, language) for part in ("name", "message", "remedy"))
