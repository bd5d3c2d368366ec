"""Guessing, re-using and stealing what proves who one is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from partner_center.access import actions, codes, queries, signin
from partner_center.access.models import ApiKey, Throttle, User, VerificationCode
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotFound, Refused
from tests.cast import PASSWORD, Cast

ISSUE, RECLAIM = "vouchers.issue", "vouchers.reclaim"


def broken(told: Any) -> set[str]:
    return {each.code for each in told.value.outcomes}


@pytest.fixture
def sol(cast: Cast) -> Any:
    return cast.sol(guarded=True)


def entered(actor: Any, code: str, operation: str = ISSUE) -> Any:
    return codes.try_code(actor, operation=operation, code=code)


def wrong_for(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def use(actor: Any, operation: str = ISSUE) -> None:
    with seated(actor):
        codes.require_code(actor, operation)


def test_after_four_wrong_guesses_the_right_code_is_worth_nothing(sol):
    sent = codes.send_code(sol, operation=ISSUE)
    for _ in range(4):
        with pytest.raises(Refused):
            entered(sol, wrong_for(sent.code))
    with pytest.raises(Refused) as told:
        entered(sol, sent.code)
    assert "verification_code_void" in broken(told)


def test_three_wrong_guesses_leave_the_fourth(sol):
    sent = codes.send_code(sol, operation=ISSUE)
    for _ in range(3):
        with pytest.raises(Refused):
            entered(sol, wrong_for(sent.code))
    use(entered(sol, sent.code))


def test_a_code_does_once(sol):
    sent = codes.send_code(sol, operation=ISSUE)
    verified = entered(sol, sent.code)
    use(verified)
    with pytest.raises(Refused):
        use(verified)
    with pytest.raises(Refused):
        entered(sol, sent.code)


def test_an_older_code_does_not_live_again_when_the_newer_one_is_used(sol):
    older, newer = codes.send_code(sol, operation=ISSUE), codes.send_code(sol, operation=ISSUE)
    use(entered(sol, newer.code))
    with pytest.raises(Refused):
        entered(sol, older.code)


def test_a_code_is_for_one_operation_and_one_person(cast, sol):
    sent = codes.send_code(sol, operation=ISSUE)
    with pytest.raises(Refused):
        entered(sol, sent.code, RECLAIM)
    for other in (cast.fay(guarded=True), cast.strange_provider(guarded=True)):
        with pytest.raises(Refused):
            entered(other, sent.code)
        with pytest.raises(Refused):
            use(other.with_code(ISSUE, entered(sol, sent.code).verified[ISSUE]))
    with pytest.raises(Refused):
        use(sol.with_code(RECLAIM, entered(sol, sent.code).verified[ISSUE]), RECLAIM)


def test_a_code_that_is_over_is_worth_nothing(sol):
    sent = codes.send_code(sol, operation=ISSUE)
    with seated(sol):
        VerificationCode.objects.update(expires_at="2020-01-01T00:00:00Z")
    with pytest.raises(Refused) as told:
        entered(sol, sent.code)
    assert broken(told) == {"verification_code_expired"}


def test_a_code_is_asked_for_from_anothers_seat_too(cast):
    with pytest.raises(Refused):
        use(cast.dario(guarded=True).in_seat(cast.rhea.id))


def test_a_token_ends_with_its_key(cast):
    sol = cast.sol()
    key, token = actions.make_key(sol), actions.make_token(sol)
    assert queries.token_holder(token)
    actions.revoke_key(sol, key_id=key.id)
    assert queries.token_holder(token) is None and queries.key_holder(key.access_key) is None


def test_nothing_of_an_inactive_user_works(cast):
    sol = cast.sol()
    key, token = actions.make_key(sol), actions.make_token(sol)
    with seated(sol):
        User.objects.filter(pk=sol.user_id).update(is_active=False)
    assert queries.token_holder(token) is None and queries.key_holder(key.access_key) is None
    assert queries.user_by_id(sol.user_id) is None
    assert signin.sign_in(login="sol", password=PASSWORD, address="a").user is None


def test_a_colleague_does_not_end_anothers_key(cast):
    key = actions.make_key(cast.sol())
    fay = cast.fay(permissions=cast.sol.actor.permissions)
    with pytest.raises(NotFound):
        actions.revoke_key(fay, key_id=key.id)
    with seated(fay):
        assert ApiKey.objects.get(pk=key.id).revoked_at is None


def test_a_login_written_otherwise_is_counted_with_it(cast):
    for written in ("sol", " sol ", "SOL", "Sol", "sol\t"):
        signin.sign_in(login=written, password="wrong", address="1.1.1.1")
    assert signin.sign_in(login="sol", password=PASSWORD, address="1.1.1.1").user is None


def test_guesses_from_many_places_come_to_an_end_too(cast):
    for place in range(signin.MOST_IN_ALL):
        signin.sign_in(login="sol", password="wrong", address=f"1.1.1.{place}")
    assert signin.sign_in(login="sol", password=PASSWORD, address="2.2.2.2").user is None


def test_whoever_guesses_from_one_place_locks_out_nobody_elsewhere(cast):
    for _ in range(20):
        signin.sign_in(login="sol", password="wrong", address="1.1.1.1")
    assert signin.sign_in(login="sol", password=PASSWORD, address="1.1.1.1").user is None
    assert signin.sign_in(login="sol", password=PASSWORD, address="2.2.2.2").user is not None


def test_a_flood_of_names_from_one_place_leaves_few_counters(cast):
    for number in range(signin.MOST_PER_ADDRESS + 20):
        signin.sign_in(login=f"nobody-{number}", password="wrong", address="3.3.3.3")
    assert Throttle.objects.filter(bucket__contains="nobody-").count() == 2 * signin.MOST_PER_ADDRESS


def test_odd_logins_are_just_unknown(cast):
    for login in ("", "\x00", "sol\x00", "\ud800", "x" * 5000, "' OR 1=1 --"):
        assert signin.sign_in(login=login, password="x", address="a").user is None


def test_names_are_told_to_who_holds_the_id_and_nothing_else_is(cast):
    with seated(cast.strange_provider()), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access_names(%s::uuid[])", [[cast.sol.id]])
        assert len(cursor.fetchone()) == 4
        cursor.execute("SELECT * FROM access_user_names(%s::uuid[])", [[cast.sol.user_id]])
        assert len(cursor.fetchone()) == 3


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(cast: Cast) -> None:
    """Only what was wrong counts against an address."""
    for _ in range(35):
        assert signin.sign_in(login="sol", password=PASSWORD, address="10.9.9.9").user is not None
