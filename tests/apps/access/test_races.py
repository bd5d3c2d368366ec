"""Two administrators at once: one of two orders, never a half of each, and a domain's answer to both."""

from __future__ import annotations

from typing import Any

import pytest

from partner_center.access import actions, codes, queries
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, Refused
from tests.cast import Cast
from tests.races import after, at_once


@pytest.fixture
def cast(committing_db: str, cast_stage: Any) -> Cast:
    return cast_stage.world


def test_a_login_is_one_persons_even_for_two_at_once(cast):
    def add(who: Any) -> Any:
        return lambda: actions.add_member(who, login="new", display_name="new", roles=["finance"])

    _, other = after(add(cast.sol()), add(cast.dario()))
    assert isinstance(other, Conflict) and other.code == "login_taken"


def test_roles_changed_by_two_at_once_are_those_of_the_later(cast):
    def change(*roles: str) -> Any:
        return lambda: actions.change_roles(cast.sol(), user_id=cast.fay.user_id, roles=roles)

    _, other = after(change("account_director", "finance"), change("account_director"))
    assert other is None
    with seated(cast.sol()):
        roles = {each.login: each.roles for each in queries.members(cast.sol())}
    assert roles["fay"] == ("account_director",)


def test_a_code_that_two_use_at_once_does_for_one(cast):
    sol = cast.sol(guarded=True)
    sent = codes.send_code(sol, operation="vouchers.issue")
    verified = codes.try_code(sol, operation="vouchers.issue", code=sent.code)

    def use() -> None:
        with seated(verified):
            codes.require_code(verified, "vouchers.issue")

    _, other = after(use, use)
    assert isinstance(other, Refused)


def test_guesses_made_at_once_are_all_counted(cast):
    sol = cast.sol(guarded=True)
    sent = codes.send_code(sol, operation="vouchers.issue")
    wrong = "000000" if sent.code != "000000" else "111111"

    def guess() -> Any:
        return codes.try_code(sol, operation="vouchers.issue", code=wrong)

    at_once(*[guess] * 4)
    with pytest.raises(Refused) as told:
        codes.try_code(sol, operation="vouchers.issue", code=sent.code)
    assert {each.code for each in told.value.outcomes} == {"verification_code_void"}
