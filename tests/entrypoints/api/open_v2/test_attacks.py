"""What a caller might try: other paths to the same place, headers twice, keys that ended, roles that were taken."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from partner_center.access.actions import add_member, change_roles, make_key, revoke_key
from partner_center.access.models import User
from partner_center.access.permissions import Can, item_of
from partner_center.access.queries import keys
from partner_center.fence.seat import seated
from tests.entrypoints.api.open_v2.caller import _Key, call
from tests.entrypoints.api.open_v2.conftest import forget_counts
from tests.entrypoints.api.open_v2.world import Party, World, actor_for

LIST = "/v2/partners/sub-customers/query"
ISSUE = "/v2/promotions/benefits/partner-coupons"


def raw(address: str, request: bytes) -> bytes:
    """What the server answers to bytes as they are."""
    host, port = urlsplit(address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(request)
        wire.shutdown(socket.SHUT_WR)
        parts = []
        while part := wire.recv(65536):
            parts.append(part)
        return b"".join(parts)


def signed(address: str, party: Party, path: str, body: bytes) -> dict[str, str]:
    wire = SdkRequest(
        method="POST",
        schema="http",
        host=urlsplit(address).netloc,
        resource_path=path,
        query_params=[],
        header_params={"Content-Type": "application/json"},
        body=body,
    )
    return dict(Signer(_Key(party.access_key, party.secret)).sign(wire).header_params)


def request(path: str, headers: list[tuple[str, str]], body: bytes, method: str = "POST") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@pytest.mark.parametrize(
    "path",
    [
        "/v2//partners/sub-customers/query",
        "/v2/./partners/sub-customers/query",
        "/v2/x/../partners/sub-customers/query",
        "/v2/partners/sub-customers/query/",
        "/v2/partners/sub-customers/query%00",
        "/v2/partners/sub-customers/query;x",
        "/v2/partners/sub-customers%2Fquery%2F",
    ],
)
def test_another_path_to_an_operation_is_none(ask, path):
    answer = ask("sol", "POST", path, body={})
    assert answer.status == 404 and answer.headers["Content-Type"].startswith("application/json")


def test_a_method_is_what_the_request_line_says(ask):
    answer = ask("sol", "GET", LIST, unsigned={"X-HTTP-Method-Override": "POST"})
    assert answer.status == 404


@pytest.mark.parametrize("name", ["Authorization", "X-Sdk-Date", "Host"])
def test_a_header_that_comes_twice_lets_nobody_in(address: str, world: World, name: str):
    forget_counts()
    body = b"{}"
    headers = signed(address, world.sol, LIST, body)
    headers = {key.title(): value for key, value in headers.items()} | {"Host": urlsplit(address).netloc}
    twice = [*headers.items(), (name, headers[name])]
    assert b" 200 " in raw(address, request(LIST, list(headers.items()), body)).split(b"\r\n")[0]
    status = raw(address, request(LIST, twice, body)).split(b"\r\n")[0]
    assert b" 401 " in status or b" 400 " in status


def test_a_body_that_was_changed_on_the_way_lets_nobody_in(address: str, world: World):
    headers = {**signed(address, world.sol, LIST, b"{}"), "Host": urlsplit(address).netloc}
    status = raw(address, request(LIST, list(headers.items()), b'{"limit": 1}')).split(b"\r\n")[0]
    assert b" 401 " in status


def party_of(world: World, login: str, roles: list[str]) -> Party:
    user = add_member(world.sol.actor, login=login, display_name=login, roles=roles)
    actor = actor_for(user)
    key = make_key(replace(actor, permissions=actor.permissions | {item_of(Can.KEY_MANAGE).code}))
    return Party(world.sol.id, replace(actor, permissions=world.sol.actor.permissions), key.access_key, key.secret)


def test_a_key_does_what_its_users_roles_allow_now(world: World, address: str):
    fin = party_of(world, "attack-fin", ["finance"])
    forget_counts()
    assert call(address, fin, "POST", LIST, body={}).status == 200
    terms = {"quota_id": world.quota, "customer_ids": [world.carl], "face_value": 1}
    change_roles(world.sol.actor, user_id=fin.actor.user_id, roles=["account_manager"])
    refused = call(address, fin, "POST", ISSUE, body=terms)
    assert refused.status == 403 and refused.code == "CBC.0151"


def test_a_key_that_ended_and_one_of_an_inactive_user_are_unknown(world: World, address: str):
    ended, idle = party_of(world, "attack-ended", ["finance"]), party_of(world, "attack-idle", ["finance"])
    with seated(ended.actor):
        mine = next(each.id for each in keys(ended.actor) if each.access_key == ended.access_key)
    revoke_key(ended.actor, key_id=mine)
    with seated(world.sol.actor):
        User.objects.filter(pk=idle.actor.user_id).update(is_active=False)
    forget_counts()
    answers = [call(address, party, "POST", LIST, body={}) for party in (ended, idle)]
    assert [(each.status, each.code) for each in answers] == [(401, "APIGW.0301")] * 2


def test_nobody_is_told_of_a_customer_that_is_anothers(ask, world: World):
    answer = ask("sol", "POST", LIST, body={"customer_id": world.foreign})
    assert json.loads(answer.raw)["count"] == 0
    issued = ask(
        "sol", "POST", ISSUE, body={"quota_id": world.quota, "customer_ids": [world.foreign, "0" * 32], "face_value": 1}
    )
    codes = {each["error_code"] for each in issued.body["error_details"]}
    assert len(codes) == 1 and issued.body["coupon_infos"] == []


@pytest.mark.parametrize("number", [1e400, float("nan"), -1, 0, 10**30, "1e5", "٣", "0x10", " 5", "+5", True, [1]])
def test_no_face_value_but_a_plain_amount_is_taken(ask, world: World, number):
    terms = {"quota_id": world.quota, "customer_ids": [world.carl], "face_value": number}
    answer = ask("sol", "POST", ISSUE, body=json.dumps(terms).encode())
    assert answer.status == 400
