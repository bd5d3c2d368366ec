"""Keys, tokens, members and names on the real database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from partner_center.access import actions, queries
from partner_center.access.models import ApiKey, RoleAssignment, User
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused


def test_a_secret_is_encrypted_at_rest_and_told_once(cast: Any) -> None:
    made = actions.make_key(cast.sol(), label="erp")
    with seated(cast.sol()):
        row = ApiKey.objects.get()
        assert made.secret.encode() not in bytes(row.secret_encrypted)
        assert [key.access_key for key in queries.keys(cast.sol())] == [made.access_key]
    holder = queries.key_holder(made.access_key)
    assert holder is not None
    assert (holder.secret, holder.user.pk) == (made.secret, cast.sol.user_id)


def test_a_revoked_key_opens_nothing_and_is_revoked_once(cast: Any) -> None:
    made = actions.make_key(cast.sol())
    actions.revoke_key(cast.sol(), key_id=made.id)
    assert queries.key_holder(made.access_key) is None
    with pytest.raises(Conflict):
        actions.revoke_key(cast.sol(), key_id=made.id)


def test_anothers_key_is_not_there(cast: Any) -> None:
    made = actions.make_key(cast.sol())
    with pytest.raises(NotFound):
        actions.revoke_key(cast.strange_provider(), key_id=made.id)


def test_a_token_is_kept_as_a_digest_and_known_by_itself(cast: Any) -> None:
    token = actions.make_token(cast.carl())
    holder = queries.token_holder(token)
    assert holder is not None
    assert holder.pk == cast.carl.user_id
    assert queries.token_holder(token + "x") is None


def test_a_member_is_added_with_roles_and_the_record_says_so(cast: Any) -> None:
    """S-570, S-573, S-906."""
    user = actions.add_member(cast.sol(), login="mia", display_name="米娅", roles=["finance"])
    with seated(cast.sol()):
        assert [each.roles for each in queries.members(cast.sol()) if each.id == user] == [("finance",)]
        event = Event.objects.get(name="member.added", subject_id=user)
    assert event.data == {"roles": ["finance"]}
    assert (event.home_id, event.user_id) == (cast.sol.id, cast.sol.user_id)


def test_a_login_name_is_one_persons_on_all_sites(cast: Any) -> None:
    """S-573."""
    with pytest.raises(Conflict):
        actions.add_member(cast.sol(), login="carl", display_name="x", roles=["finance"])


def test_roles_change_from_now_on_and_the_past_stays(cast: Any) -> None:
    """S-570, S-571."""
    actions.change_roles(cast.sol(), user_id=cast.fay.user_id, roles=["account_director"])
    with seated(cast.sol()):
        assert queries.roles_of(cast.fay.user_id, cast.at) == ("account_director",)
        assert RoleAssignment.objects.filter(user_id=cast.fay.user_id).count() == 2
    with pytest.raises(Refused):
        actions.change_roles(cast.sol(), user_id=cast.fay.user_id, roles=["administrator", "finance"])


def test_only_who_manages_members_changes_them_and_only_ones_own(cast: Any) -> None:
    """S-581."""
    with pytest.raises(NotAllowed):
        actions.add_member(cast.fay(), login="z", display_name="z", roles=["finance"])
    with pytest.raises(NotFound):
        actions.change_roles(cast.strange_provider(), user_id=cast.fay.user_id, roles=["finance"])
    with pytest.raises(Conflict):
        actions.change_roles(cast.sol(), user_id=cast.sol.user_id, roles=["finance"])


def test_a_seat_is_taken_by_grant_and_for_its_scope_only(cast: Any) -> None:
    """S-288."""
    dario = cast.dario()
    with seated(dario):
        assert queries.seat_of(dario, cast.rhea.id, "reseller").seat == cast.rhea.id
        for organisation, scope in (
            (cast.rhea.id, "other"),
            (cast.strange_reseller.id, "reseller"),
            (uuid4(), "reseller"),
        ):
            with pytest.raises(NotFound):
                queries.seat_of(dario, organisation, scope)


def test_the_banner_is_hidden_for_the_user_on_every_device(cast: Any) -> None:
    """S-601, S-602."""
    actions.hide_banner(cast.sol(), site="cloud-cn")
    actions.hide_banner(cast.sol(), site="cloud-cn")
    with seated(cast.sol()):
        assert queries.banner_hidden(cast.sol(), "cloud-cn")
        assert not queries.banner_hidden(replace(cast.sol(), user_id=cast.fay.user_id), "cloud-cn")


def test_names_are_told_to_whoever_holds_the_id_and_nothing_else_is(cast: Any, stranger_sql: Any) -> None:
    with seated(cast.strange_customer()):
        assert queries.names([cast.sol.id])[cast.sol.id].zh
        assert not User.objects.filter(organisation_id=cast.sol.id).exists()
    for table in ("access_user", "access_apikey", "access_roleassignment", "access_verificationcode"):
        assert not stranger_sql(f"SELECT 1 FROM {table}")
