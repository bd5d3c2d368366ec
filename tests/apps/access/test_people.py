"""Members, roles of an organisation's own and wishes for items, on the real database."""

from __future__ import annotations

from typing import Any

import pytest

from partner_center.access import actions, queries
from partner_center.access.models import AccessRequest, Role, RoleAssignment, User
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.cast import build_cast
from tests.races import after, at_once


def as_member(cast: Any, user_id: Any) -> Actor:
    with seated(cast.sol()):
        return queries.actor_of(User.objects.select_related("organisation").get(pk=user_id), at=cast.at)


def add(cast: Any, login: str, *roles: str) -> Any:
    return actions.add_member(cast.sol(), login=login, display_name=login, roles=roles, password="a-long-password")


def test_a_role_of_ones_own_opens_what_it_brings_from_now_on(cast: Any) -> None:
    """L-209, S-580."""
    role = actions.make_role(cast.sol(), name="券专员", grants=["VOUCHER_VIEW"])
    with seated(cast.sol()):
        code = Role.objects.get(pk=role).code
    user = add(cast, "mia", code)
    assert "BPC_ITEM_SUBCUSTSERV_030200" in as_member(cast, user).permissions
    assert "BPC_ITEM_VIEW_010100" in as_member(cast, user).permissions
    actions.change_role(cast.sol(), role_id=role, name="券专员", grants=["VOUCHER_QUOTA_VIEW"])
    assert "BPC_ITEM_SUBCUSTSERV_030200" not in as_member(cast, user).permissions
    with seated(cast.sol()):
        event = Event.objects.get(name="role.changed", subject_id=role)
        assert (event.data["before"], event.data["after"]) == (["VOUCHER_VIEW"], ["VOUCHER_QUOTA_VIEW"])
        assert [(each.name, each.held_by) for each in queries.own_roles(cast.sol())] == [("券专员", 1)]


def test_a_role_that_is_held_is_not_dropped_and_a_dropped_one_is_not_given(cast: Any) -> None:
    """L-209.held, S-570.known."""
    role = actions.make_role(cast.sol(), name="券专员", grants=["VOUCHER_VIEW"])
    with seated(cast.sol()):
        code = Role.objects.get(pk=role).code
    user = add(cast, "mia", code)
    with pytest.raises(Refused, match="L-209"):
        actions.drop_role(cast.sol(), role_id=role)
    actions.change_roles(cast.sol(), user_id=user, roles=["finance"])
    actions.drop_role(cast.sol(), role_id=role)
    with pytest.raises(Refused, match="S-570"):
        actions.change_roles(cast.sol(), user_id=user, roles=[code])
    with seated(cast.sol()):
        assert queries.roles_of(user, cast.at) == ("finance",)


def test_a_name_is_taken_once_and_free_after_its_role_has_ended(cast: Any) -> None:
    """L-209.taken."""
    role = actions.make_role(cast.sol(), name="券专员", grants=["VOUCHER_VIEW"])
    with pytest.raises(Refused, match="L-209"):
        actions.make_role(cast.sol(), name=" 券专员 ", grants=["VOUCHER_VIEW"])
    actions.drop_role(cast.sol(), role_id=role)
    actions.make_role(cast.sol(), name="券专员", grants=["VOUCHER_VIEW"])


def test_a_strangers_role_is_neither_changed_nor_given(cast: Any, stranger_sql: Any) -> None:
    role = actions.make_role(cast.sol(), name="券专员", grants=["VOUCHER_VIEW"])
    with seated(cast.sol()):
        code = Role.objects.get(pk=role).code
    for verb in (
        actions.drop_role,
        lambda who, role_id: actions.change_role(who, role_id=role_id, name="x", grants=[]),
    ):
        with pytest.raises(NotFound):
            verb(cast.strange_provider(), role_id=role)
    with pytest.raises(Refused, match="S-570"):
        actions.add_member(cast.strange_provider(), login="eve", display_name="eve", roles=[code])
    assert stranger_sql("SELECT id FROM access_role", cast.strange_provider.id) == []
    assert stranger_sql("SELECT id FROM access_role") == []


def test_whoever_does_not_manage_members_makes_no_role(cast: Any) -> None:
    for attempt in (
        lambda: actions.make_role(cast.fay(), name="x", grants=["VOUCHER_VIEW"]),
        lambda: actions.end_member(cast.fay(), user_id=cast.sol.user_id),
        lambda: actions.supervise(cast.fay(), user_id=cast.sol.user_id, director_id=None),
        lambda: actions.decline_item(cast.fay(), request_id=cast.sol.user_id, answer=""),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_ended_member_signs_in_no_more_and_has_no_key(cast: Any) -> None:
    """S-581, L-204: sessions end with the password, keys and tokens at once."""
    key = actions.make_key(cast.fay())
    token = actions.make_token(cast.fay())
    actions.end_member(cast.sol(), user_id=cast.fay.user_id, reason="left")
    assert queries.user_by_login("fay") is None
    assert queries.key_holder(key.access_key) is None
    assert queries.token_holder(token) is None
    with seated(cast.sol()):
        assert queries.roles_of(cast.fay.user_id, cast.at) == ()
        event = Event.objects.get(name="member.ended", subject_id=cast.fay.user_id)
        assert event.data["before"] == ["finance"]
    with pytest.raises(Conflict):
        actions.end_member(cast.sol(), user_id=cast.fay.user_id)


def test_whoever_is_let_in_again_has_the_roles_of_now_and_old_keys_stay_dead(cast: Any) -> None:
    key = actions.make_key(cast.fay())
    with pytest.raises(Conflict):
        actions.readmit_member(cast.sol(), user_id=cast.fay.user_id, roles=["finance"], password="another-password")
    actions.end_member(cast.sol(), user_id=cast.fay.user_id)
    roles = ["account_director"]
    actions.readmit_member(cast.sol(), user_id=cast.fay.user_id, roles=roles, password="another-password")
    assert queries.user_by_login("fay") is not None
    assert queries.key_holder(key.access_key) is None
    assert as_member(cast, cast.fay.user_id).roles == ("account_director",)


def test_the_account_itself_and_oneself_are_not_ended(cast: Any) -> None:
    """S-581.self: so an organisation always has somebody who manages it."""
    boss = add(cast, "boss", "administrator")
    with pytest.raises(Refused, match="S-581"):
        actions.end_member(as_member(cast, boss), user_id=boss)
    with pytest.raises(Conflict):
        actions.end_member(as_member(cast, boss), user_id=cast.sol.user_id)
    with pytest.raises(NotFound):
        actions.end_member(cast.sol(), user_id=cast.strange_provider.user_id)


def test_without_the_directors_role_managers_are_under_nobody(cast: Any) -> None:
    """S-574, L-207."""
    director, manager = add(cast, "dora", "account_director"), add(cast, "max", "account_manager")
    actions.supervise(cast.sol(), user_id=manager, director_id=director)
    with seated(cast.sol()):
        assert User.objects.get(pk=manager).director_id == director
    actions.change_roles(cast.sol(), user_id=director, roles=["finance"])
    with seated(cast.sol()):
        assert User.objects.get(pk=manager).director_id is None
        event = Event.objects.get(name="member.roles_changed", subject_id=director)
        assert event.data["unmanaged"] == [str(manager)]


def test_a_stranger_is_no_director_and_no_manager(cast: Any) -> None:
    manager = add(cast, "max", "account_manager")
    with pytest.raises(Refused, match="S-574"):
        actions.supervise(cast.sol(), user_id=manager, director_id=cast.strange_provider.user_id)
    with pytest.raises(NotFound):
        actions.supervise(cast.strange_provider(), user_id=manager, director_id=None)


def test_a_wish_is_granted_by_a_role_that_brings_it(cast: Any) -> None:
    """L-211, L-209.brings."""
    wish = actions.ask_for_item(cast.fay(), item="MEMBER_VIEW", reason="Need to look people up")
    role = actions.make_role(cast.sol(), name="查人", grants=["MEMBER_VIEW"])
    with seated(cast.sol()):
        code = Role.objects.get(pk=role).code
    with pytest.raises(Refused, match="L-209"):
        actions.grant_item(cast.sol(), request_id=wish, role="account_manager")
    with pytest.raises(Refused, match="S-571"):
        actions.grant_item(cast.sol(), request_id=wish, role="administrator")
    actions.grant_item(cast.sol(), request_id=wish, role=code)
    assert "BPC_ITEM_ORG_010100" in as_member(cast, cast.fay.user_id).permissions
    with pytest.raises(Conflict):
        actions.decline_item(cast.sol(), request_id=wish, answer="too late")


def test_a_wish_is_asked_once_and_again_after_its_answer(cast: Any) -> None:
    """L-211.waiting, L-211.held, L-211.known."""
    wish = actions.ask_for_item(cast.fay(), item="MEMBER_VIEW", reason="")
    with pytest.raises(Refused, match="L-211"):
        actions.ask_for_item(cast.fay(), item="MEMBER_VIEW", reason="")
    actions.decline_item(cast.sol(), request_id=wish, answer="not now")
    actions.ask_for_item(cast.fay(), item="MEMBER_VIEW", reason="")
    with pytest.raises(Refused) as refused:
        actions.ask_for_item(cast.fay(), item="AUDIT_VIEW", reason="x" * 300)
    assert {outcome.code for outcome in refused.value.outcomes} == {"item_held_already", "reason_too_long"}
    with seated(cast.sol()):
        assert AccessRequest.objects.count() == 2


def test_a_stranger_answers_no_wish(cast: Any, stranger_sql: Any) -> None:
    wish = actions.ask_for_item(cast.fay(), item="MEMBER_VIEW", reason="")
    with pytest.raises(NotFound):
        actions.grant_item(cast.strange_provider(), request_id=wish, role="administrator")
    assert stranger_sql("SELECT id FROM access_accessrequest", cast.strange_provider.id) == []


def test_a_profile_changes_and_its_record_holds_no_personal_data(cast: Any) -> None:
    """L-190, L-201."""
    new = {"display_name": "费", "display_name_en": "Fay", "email": "fay@sol.example", "phone": "1", "language": "en"}
    actions.change_profile(cast.fay(), **new)
    with seated(cast.sol()):
        event = Event.objects.get(name="member.profile_changed")
        assert "sol.example" not in str(event.data)
        assert set(event.data["columns"]) == {"display_name", "display_name_en", "email", "phone", "language"}
        assert User.objects.get(pk=cast.fay.user_id).login == "fay"


def test_a_password_changes_with_the_old_one_only(cast: Any) -> None:
    """L-017."""
    with pytest.raises(Refused, match="L-017"):
        actions.change_password(cast.fay(), old="wrong", new="a-new-password")
    with seated(cast.sol()):
        before = User.objects.get(pk=cast.fay.user_id).get_session_auth_hash()
    actions.change_password(cast.fay(), old="correct horse", new="a-new-password")
    with seated(cast.sol()):
        assert User.objects.get(pk=cast.fay.user_id).get_session_auth_hash() != before


def test_a_role_is_not_dropped_under_whoever_is_given_it(committing_db: str) -> None:
    """L-209.held: two at once."""
    cast = build_cast()
    role = actions.make_role(cast.sol(), name="券专员", grants=["VOUCHER_VIEW"])
    with seated(cast.sol()):
        code = Role.objects.get(pk=role).code
    given, dropped = after(
        lambda: actions.change_roles(cast.sol(), user_id=cast.fay.user_id, roles=[code]),
        lambda: actions.drop_role(cast.sol(), role_id=role),
    )
    assert given is None
    assert isinstance(dropped, Refused)


def test_two_equal_wishes_at_once_are_one(committing_db: str) -> None:
    cast = build_cast()
    wishes = at_once(*[lambda: actions.ask_for_item(cast.fay(), item="MEMBER_VIEW", reason="")] * 2)
    assert sorted(isinstance(each, Refused) for each in wishes) == [False, True]
    with seated(cast.sol()):
        assert RoleAssignment.objects.filter(user_id=cast.fay.user_id).count() == 1
        assert AccessRequest.objects.count() == 1
