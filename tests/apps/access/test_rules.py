"""Roles, codes and sites: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partner_center.access import rules
from partner_center.access.permissions import Can, item_of, may
from partner_center.kernel.actor import Actor

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CODE = rules.CodeFacts(True, True, 0, NOW + timedelta(minutes=10), NOW)


@pytest.mark.parametrize(
    ("roles", "broken"),
    [
        (("finance",), set()),
        (("finance", "account_manager", "solution_architect"), set()),
        ((), {"S-570"}),
        (("finance", "account_manager", "solution_architect", "account_director"), {"S-570", "S-572"}),
        (("operations",), {"S-570"}),
        (("administrator", "finance"), {"S-571"}),
        (("account_manager", "account_director"), {"S-572"}),
    ],
)
def test_a_member_has_one_to_three_roles_that_go_together(roles: tuple[str, ...], broken: set[str]) -> None:
    """S-570, S-571, S-572."""
    assert {outcome.id for outcome in rules.MEMBER.broken(rules.MemberFacts(roles, "partner"))} == broken


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sent": False}, "verification_code_required"),
        ({"matches": False, "wrong_tries": 1}, "verification_code_wrong"),
        ({"wrong_tries": 4}, "verification_code_void"),
        ({"now": NOW + timedelta(minutes=10)}, "verification_code_expired"),
    ],
)
def test_a_code_is_sent_right_alive_and_not_void(changes: dict[str, Any], code: str) -> None:
    """S-562, S-563."""
    assert not rules.CODE.broken(CODE)
    assert [outcome.code for outcome in rules.CODE.broken(replace(CODE, **changes))] == [code]


@pytest.mark.parametrize(("asked", "minutes"), [(None, 10), (1, 1), (60, 60), (61, 5), (0, 5)])
def test_a_code_lives_as_long_as_asked_up_to_an_hour(asked: int | None, minutes: int) -> None:
    """S-563: a value over 60 becomes 5."""
    assert rules.code_life(asked, default=10, longest=60, fallback=5) == timedelta(minutes=minutes)


def test_an_account_of_the_other_site_is_advised_and_not_hindered() -> None:
    """S-600 to S-604, L-300; the domain's test vector T25."""
    away, home = rules.SiteFacts("cloud-intl", "cloud-cn"), rules.SiteFacts("cloud-cn", "cloud-cn")
    assert rules.advises_other_site(away, hidden=False)
    assert not rules.advises_other_site(away, hidden=True)
    assert not rules.advises_other_site(home, hidden=False)
    assert [outcome.id for outcome in rules.SITE.broken(away)] == ["S-604"]
    assert not rules.SITE.broken(home)


def test_any_one_of_the_items_suffices() -> None:
    """S-590; the domain's test vector T23."""
    actor = Actor("partner", NOW, permissions=frozenset({item_of(Can.VOUCHER_VIEW).code}))
    assert may(actor, Can.VOUCHER_ISSUE, Can.VOUCHER_VIEW)
    assert not may(actor, Can.VOUCHER_ISSUE)


def test_the_account_itself_may_what_its_audience_can_and_no_more() -> None:
    """S-590."""
    main = rules.permissions_of((), "partner", is_main=True)
    assert item_of(Can.VOUCHER_ISSUE).code in main
    assert item_of(Can.VENDOR_QUOTA_GRANT).code not in main
    assert rules.permissions_of(("nothing",), "partner", is_main=False) == frozenset()


def test_items_are_read_by_their_scheme_and_carry_a_path() -> None:
    """S-591, S-592, S-593."""
    for item in rules.items().values():
        assert item.code.rsplit("_", 1)[1].isdigit()
        assert item.zh.count("-") >= 1
        assert item.en
    assert len({item.code for item in rules.items().values()}) == len(rules.items())
