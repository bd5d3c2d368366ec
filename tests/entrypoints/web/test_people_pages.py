"""Members, roles, wishes and one's own profile: what their pages do."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from partner_center.access import actions as access
from partner_center.access import queries
from partner_center.fence.seat import seated

Cast = Any
SignedIn = Any


def test_a_role_is_made_changed_given_and_deleted_on_pages(cast: Cast, signed_in: SignedIn) -> None:
    """L-209, S-576, S-581."""
    client = signed_in(cast.sol)
    refused = client.post("/members/roles/make/", {"name": ""})
    assert refused.status_code == 422 and refused.content.decode().count("L-209") >= 2
    assert client.post("/members/roles/make/", {"name": "Desk", "grants": ["VOUCHER_VIEW"]}).status_code == 303
    with seated(cast.sol()):
        role = queries.own_roles(cast.sol())[0]
    page = client.get("/members/roles/").content.decode()
    assert "Desk" in page and "Account manager" in page
    assert client.post(f"/members/{cast.fay.user_id}/", {"roles": [role.code]}).status_code == 303
    assert "Desk" in client.get("/members/").content.decode()
    held = client.post(f"/members/roles/{role.id}/drop/")
    assert held.status_code == 422 and "L-209" in held.content.decode()
    assert signed_in(cast.strange_provider).get(f"/members/roles/{role.id}/").status_code == 404


def test_a_member_is_ended_after_a_question_and_let_in_again(cast: Cast, signed_in: SignedIn) -> None:
    client, fay = signed_in(cast.sol), signed_in(cast.fay)
    address = f"/members/{cast.fay.user_id}/"
    assert "signs in no more" in client.get(f"{address}end/").content.decode()
    assert client.post(f"{address}end/", {"reason": "left"}).status_code == 303
    assert fay.get("/").status_code == 302 and "/login/" in fay.get("/")["Location"]
    again = {"password": "a-better-password", "roles": ["finance"]}
    assert client.post(address, {"roles": ["finance"]}).status_code == 422
    assert client.post(address, again).status_code == 303
    assert Client().post("/login/", {"login": "fay", "password": again["password"]}).status_code == 302


def test_a_manager_is_put_under_a_director(cast: Cast, signed_in: SignedIn) -> None:
    """S-574."""
    client = signed_in(cast.sol)
    director = access.add_member(cast.sol(), login="dora", display_name="Dora", roles=["account_director"])
    manager = access.add_member(cast.sol(), login="max", display_name="Max", roles=["account_manager"])
    assert client.post(f"/members/{manager}/director/", {"director": str(director)}).status_code == 303
    assert "under Dora" in client.get("/members/").content.decode()
    assert client.post(f"/members/{manager}/director/", {"director": "nonsense"}).status_code == 404


def test_the_menu_says_what_is_missing_and_who_can_give_it(cast: Cast, signed_in: SignedIn) -> None:
    """L-211: the way from a missing page to having it."""
    fay, sol = signed_in(cast.fay), signed_in(cast.sol)
    page = fay.get("/menu/").content.decode()
    assert "BPC_ITEM_ORG_010100" in page and "Ask for it" in page and cast.sol.actor.login in page
    missing = fay.get("/members/")
    assert missing.status_code == 403 and "/menu/ask/?item=MEMBER_VIEW" in missing.content.decode()
    assert fay.post("/menu/ask/", {"item": "MEMBER_VIEW", "reason": "To look people up"}).status_code == 303
    assert "asked for" in fay.get("/menu/").content.decode()
    assert fay.post("/menu/ask/", {"item": "MEMBER_VIEW"}).status_code == 422
    waiting = sol.get("/members/requests/").content.decode()
    assert "To look people up" in waiting
    address = re.search(r"/members/requests/[0-9a-f-]{36}/", waiting)
    assert address
    refused = sol.post(address.group(), {"decision": "grant", "role": "account_manager"})
    assert refused.status_code == 422 and "L-209" in refused.content.decode()
    role = access.make_role(cast.sol(), name="People", grants=["MEMBER_VIEW"])
    with seated(cast.sol()):
        code = next(each.code for each in queries.own_roles(cast.sol()) if each.id == role)
    assert sol.post(address.group(), {"decision": "grant", "role": code}).status_code == 303
    assert fay.get("/members/").status_code == 200


def test_of_roles_that_bring_as_much_both_are_offered_for_a_wish(cast: Cast, signed_in: SignedIn) -> None:
    """L-211."""
    for name in ("People", "Members"):
        access.make_role(cast.sol(), name=name, grants=["MEMBER_VIEW"])
    signed_in(cast.fay).post("/menu/ask/", {"item": "MEMBER_VIEW", "reason": "To look people up"})
    page = signed_in(cast.sol).get("/members/requests/")
    assert page.status_code == 200
    assert all(f">{name}</option>" in page.content.decode() for name in ("People", "Members"))


def test_a_member_s_menu_is_for_whoever_manages_members(cast: Cast, signed_in: SignedIn) -> None:
    address = f"/menu/?member={cast.fay.user_id}"
    assert "BPC_ITEM_ORG_010100" in signed_in(cast.sol).get(address).content.decode()
    assert signed_in(cast.fay).get(f"/menu/?member={cast.sol.user_id}").status_code == 403
    assert signed_in(cast.strange_provider).get(address).status_code == 404


def test_a_page_of_another_identity_is_not_a_matter_of_permissions(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.sol).get("/menu/").content.decode()
    assert "of the identity Distributor" in page and "item=RESELLER_VIEW" not in page


def test_one_s_own_profile_and_password_change(cast: Cast, signed_in: SignedIn) -> None:
    """L-017, L-190."""
    here, elsewhere = signed_in(cast.fay), signed_in(cast.fay)
    sent = {"display_name": "Fay Two", "email": "fay@sol.example", "language": "en"}
    assert here.post("/account/profile/", sent).status_code == 303
    assert "Fay Two" in here.get("/account/").content.decode()
    wrong = {"old": "wrong", "new": "a-new-password-1", "again": "a-new-password-2"}
    assert here.post("/account/password/", wrong).status_code == 422
    assert here.post("/account/password/", {**wrong, "again": wrong["new"]}).status_code == 422
    right = {"old": "correct horse", "new": "a-new-password-1", "again": "a-new-password-1"}
    assert here.post("/account/password/", right).status_code == 303
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
