"""Rules of members, of an organisation's own roles and of wishes for items: each refuses on itself alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from partner_center.access import rules

ROLE = rules.RoleFacts("Voucher desk", frozenset({"Night shift"}), ("VOUCHER_VIEW", "VOUCHER_ISSUE"), "partner")
ASK = rules.AskFacts("AUDIT_VIEW", "partner", frozenset({"BPC_ITEM_VIEW_010100"}), waiting=False, reason_length=10)


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"names": frozenset(str(each) for each in range(10))}, "S-576"),
        ({"name": ""}, "L-209.name"),
        ({"name": "x" * 41}, "L-209.name"),
        ({"name": "Night shift"}, "L-209.taken"),
        ({"grants": ()}, "L-209.items"),
        ({"grants": ("VENDOR_REVERSE",)}, "L-209.known"),
        ({"grants": ("VOUCHER_VIEW", "MEMBER_MANAGE")}, "S-581"),
        ({"grants": ("CUSTOMER_DISASSOCIATE",)}, "S-581"),
    ],
)
def test_a_role_of_ones_own_is_refused_by_one_rule(changes: dict[str, Any], row: str) -> None:
    """S-576, S-581, L-209, L-214."""
    assert not rules.ROLE.broken(ROLE)
    broken = [rule.id for rule in rules.ROLE if not rule.predicate(replace(ROLE, **changes))]
    assert broken == [row]


def test_a_full_house_of_roles_may_still_be_changed() -> None:
    """S-576."""
    full = replace(ROLE, names=frozenset(str(each) for each in range(10)), is_new=False)
    assert not rules.ROLE.broken(full)


def test_a_role_that_is_held_stays() -> None:
    """L-209.held."""
    assert not rules.DROP_ROLE.broken(rules.DropRoleFacts(0))
    assert [each.code for each in rules.DROP_ROLE.broken(rules.DropRoleFacts(2))] == ["role_is_held"]


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"item": "VENDOR_REVERSE"}, "L-211.known"),
        ({"item": "HOME_VIEW"}, "L-211.held"),
        ({"waiting": True}, "L-211.waiting"),
        ({"reason_length": 201}, "L-211.reason"),
    ],
)
def test_a_wish_is_refused_by_one_rule(changes: dict[str, Any], row: str) -> None:
    """L-211."""
    assert not rules.ASK.broken(ASK)
    assert [rule.id for rule in rules.ASK if not rule.predicate(replace(ASK, **changes))] == [row]


def test_a_wish_is_fulfilled_by_a_role_that_brings_it() -> None:
    """L-209.brings."""
    assert not rules.GIVE.broken(rules.GiveFacts("AUDIT_VIEW", frozenset({"AUDIT_VIEW"})))
    assert rules.GIVE.broken(rules.GiveFacts("AUDIT_VIEW", frozenset({"HOME_VIEW"})))[0].id == "L-209"


@pytest.mark.parametrize(
    ("member", "director", "rows"),
    [
        (("account_manager",), ("account_director",), []),
        (("account_manager",), None, []),
        (("finance",), ("account_director",), ["S-574.manager"]),
        (("account_manager",), ("finance",), ["S-574.director"]),
        (("account_manager",), (), ["S-574.director"]),
    ],
)
def test_only_managers_are_under_directors(
    member: tuple[str, ...], director: tuple[str, ...] | None, rows: list[str]
) -> None:
    """S-574."""
    facts = rules.SuperviseFacts(member, director)
    assert [rule.id for rule in rules.SUPERVISE if not rule.predicate(facts)] == rows


def test_nobody_ends_themselves_and_a_new_password_is_new() -> None:
    """S-581.self, L-017.old, L-017.new."""
    assert rules.LEAVE.broken(rules.LeaveFacts(is_oneself=True))[0].code == "not_oneself"
    assert [each.code for each in rules.PASSWORD.broken(rules.PasswordFacts(False, True))] == ["old_password_wrong"]
    assert [each.code for each in rules.PASSWORD.broken(rules.PasswordFacts(True, False))] == ["password_not_new"]


def test_a_role_of_ones_own_brings_what_every_role_brings_and_nothing_reserved() -> None:
    """S-580, S-581, L-210: what an older role may still hold of reserved or foreign items counts for nothing."""
    own = {"own-1": ("VOUCHER_VIEW", "MEMBER_MANAGE", "VENDOR_REVERSE")}
    held = rules.permissions_of(("own-1",), "partner", False, own)
    named = {name for name, item in rules.items().items() if item.code in held}
    assert named == {"VOUCHER_VIEW", "HOME_VIEW", "ACCOUNT_VIEW", "KEY_MANAGE"}
    assert rules.permissions_of((), "partner", False, own) == frozenset()


def test_an_account_manager_with_a_further_role_is_warned_of() -> None:
    """L-206."""
    assert not rules.sees_all_customers(("account_manager",))
    assert rules.sees_all_customers(("account_manager", "solution_architect"))
