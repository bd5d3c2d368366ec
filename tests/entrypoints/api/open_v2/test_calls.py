"""The running server, called request by request: who is let in, what each refusal is, what is never let out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partner_center.access.actions import make_token, switch_verification
from partner_center.entrypoints.api.open_v2.contract import Operation, operations
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers.actions import freeze, issue
from partner_center.vouchers.queries import QuotaFilter, quotas_slice
from tests.entrypoints.api.open_v2.caller import Answer, call, send
from tests.entrypoints.api.open_v2.world import NOW, SYSTEM, World, quota

CUSTOMERS = "/v2/partners/sub-customers/query"
QUOTAS = "/v2/partners/coupon-quotas/query"
COUPONS = "/v2/promotions/benefits/partner-coupons"
RECLAIM = f"{COUPONS}/reclaim"
RECORDS = f"{COUPONS}/records/query"
Ask = Callable[..., Answer]

pytestmark = pytest.mark.usefixtures("world")


def proper(answer: Answer) -> Answer:
    """Whatever is answered: a request id, JSON, no redirect, no failure of ours."""
    assert answer.headers["X-Request-Id"]
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert not 300 <= answer.status < 400 and answer.status < 500, answer
    if answer.status >= 400:
        assert set(answer.body) == {"error_code", "error_msg"}
        assert 10 <= len(answer.code) <= 20 or answer.code.startswith(("CBC.0", "CBC.5001"))
    return answer


def said(answer: Answer) -> tuple[int, str]:
    return proper(answer).status, answer.code


def issue_body(world: World, **more: Any) -> dict[str, Any]:
    return {"quota_id": world.quota, "customer_ids": [world.carl], "face_value": 1, **more}


# The frame of every answer ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2"),
        ("GET", "/v2/"),
        ("POST", "/v2/partners/sub-customers/query/"),
        ("GET", CUSTOMERS),
        ("DELETE", COUPONS),
        ("POST", "/v2//partners/sub-customers/query"),
        ("GET", "/v3/nothing"),
        ("OPTIONS", COUPONS),
        ("GET", "/v2/orders/customer-orders"),
    ],
)
def test_what_the_contract_does_not_name_is_404_in_json(address: str, method: str, path: str) -> None:
    assert said(send(address, method, path, {})) == (404, "APIGW.0101")


def test_amounts_are_numbers_with_two_decimals_and_times_are_utc(ask: Ask, world: World) -> None:
    answer = proper(ask("sol", "POST", QUOTAS, body={"quota_ids": [world.limited]}))
    assert b'"quota_value":100.00' in answer.raw and b'"balance":100.00' in answer.raw
    assert answer.body["quotas"][0]["effective_time"] == (NOW - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_request_id_of_the_callers_own_is_kept(ask: Ask) -> None:
    answer = ask("sol", "POST", QUOTAS, body={}, headers={"X-Request-Id": "caller-0001"})
    assert answer.headers["X-Request-Id"] == "caller-0001"


# Who calls ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "APIGW.0301")),
        ({"Authorization": "Bearer x"}, (401, "APIGW.0301")),
        ({"X-Auth-Token": "made up"}, (401, "CBC.0154")),
        ({"Authorization": "SDK-HMAC-SHA256 x", "X-Auth-Token": "made up"}, (401, "APIGW.0301")),
    ],
)
def test_without_a_signature_nobody_is_let_in(address: str, headers: dict[str, str], expected: Any) -> None:
    assert said(send(address, "POST", QUOTAS, headers, b"{}")) == expected


def test_an_unknown_key_and_a_wrong_secret_are_told_alike(ask: Ask, world: World, address: str) -> None:
    wrong = ask("sol", "POST", QUOTAS, body={}, secret="wrong")
    unknown = call(address, replace(world.sol, access_key="NOBODYS0000000000KEY"), "POST", QUOTAS, body={})
    assert said(wrong) == said(unknown) == (401, "APIGW.0301")
    assert wrong.body == unknown.body


def test_a_bearer_token_is_let_in(address: str, world: World) -> None:
    token = make_token(world.sol.actor)
    answer = proper(send(address, "POST", QUOTAS, {"X-Auth-Token": token}, b"{}"))
    assert answer.body["total_count"] >= 2


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Domain-Id": "0" * 32}, (403, "CBC.0155")),
        ({"X-Security-Token": "temporary"}, (401, "CBC.0154")),
    ],
)
def test_signed_credentials_of_another_kind_are_refused(ask: Ask, headers: dict[str, str], expected: Any) -> None:
    assert said(ask("sol", "POST", QUOTAS, body={}, headers=headers)) == expected
    assert proper(ask("sol", "POST", QUOTAS, body={}, unsigned=headers)).status == 200


def test_language_is_chinese_unless_a_signed_header_asks_for_english(ask: Ask) -> None:
    bad = {"limit": 0}
    chinese = proper(ask("sol", "POST", CUSTOMERS, body=bad)).body["error_msg"]
    english = proper(ask("sol", "POST", CUSTOMERS, body=bad, headers={"X-Language": "EN_us"})).body["error_msg"]
    unsigned = proper(ask("sol", "POST", CUSTOMERS, body=bad, unsigned={"X-Language": "en_US"})).body["error_msg"]
    assert chinese == unsigned and not chinese.isascii() and english.isascii()
    named = ask("sol", "POST", CUSTOMERS, body={"account_name": "carl"}, headers={"X-Language": "en_US"})
    assert named.body["customer_infos"][0]["customer"] == "carl Customer"


def test_an_account_of_another_site_is_refused(ask: Ask, address: str) -> None:
    assert said(ask("intl", "POST", QUOTAS, body={})) == (403, "CBC.0156")
    port = address.rpartition(":")[2]
    assert proper(ask("intl", "POST", QUOTAS, body={}, host=f"intl.localhost:{port}")).status == 200
    assert said(ask("sol", "POST", QUOTAS, body={}, host="evil.example")) == (400, "CBC.0100")


@pytest.mark.parametrize("who", ["rhea", "customer"])
def test_resellers_and_customers_may_not_call_what_is_not_theirs(ask: Ask, who: str) -> None:
    for operation in operations().values():
        if operation.callers and not (who == "customer" and "customer" in operation.callers):
            status = said(ask(who, operation.method, operation.path, body=None if operation.in_query else {}))
            refused = operation.stranger if who == "customer" else "CBC.0155"
            assert status in {(403, refused), (403, "CBC.0151")}
    assert proper(ask(who, "GET", "/v3/auth/domains")).status == 200


def test_an_operator_needs_one_of_the_items(ask: Ask, world: World) -> None:
    assert proper(ask("operator", "POST", CUSTOMERS, body={})).status == 200
    for method, path in (("POST", QUOTAS), ("GET", COUPONS), ("POST", COUPONS), ("POST", RECLAIM), ("GET", RECORDS)):
        answer = ask("operator", method, path, body=None if method == "GET" else {})
        assert said(answer) == (403, "CBC.0151")
        assert "BPC_ITEM_SUBCUSTSERV_0" in answer.body["error_msg"]
    assert proper(ask("issuer", "POST", COUPONS, body=issue_body(world))).status == 200


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ("sol", "rhea"),
        ("sol", "sol"),
        ("sol", "stranger"),
        ("dario", "dario"),
        ("dario", "sol"),
        ("dario", "f" * 32),
        ("dario", "not an id"),
    ],
)
def test_only_a_distributor_names_a_partner_and_only_its_own_reseller(
    ask: Ask, world: World, who: str, named: str
) -> None:
    number = getattr(world, named).number if hasattr(world, named) else named
    answer = ask(who, "POST", QUOTAS, body={"indirect_partner_id": number})
    assert said(answer) == (400, "CBC.99000037")


# Absent and foreign -------------------------------------------------------------------------------------------------


def test_a_strangers_quota_is_as_absent_as_one_that_never_was(ask: Ask, world: World) -> None:
    foreign = ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=world.foreign_quota))
    absent = ask("sol", "POST", COUPONS, body=issue_body(world, quota_id="9" * 16))
    assert said(foreign) == said(absent) == (400, "CBC.99000012")
    assert foreign.body == absent.body


def test_a_strangers_voucher_is_as_absent_as_one_that_never_was(ask: Ask, world: World) -> None:
    mine = proper(ask("sol", "POST", COUPONS, body=issue_body(world))).body["coupon_infos"][0]["coupon_id"]
    foreign = ask("stranger", "POST", RECLAIM, body={"coupon_id": mine})
    absent = ask("stranger", "POST", RECLAIM, body={"coupon_id": "9" * 16})
    assert said(foreign) == said(absent) == (400, "CBC.0100")
    assert foreign.body == absent.body
    assert proper(ask("stranger", "GET", COUPONS, query=[("coupon_id", mine)])).body["total_count"] == 0
    assert proper(ask("stranger", "GET", RECORDS, query=[("coupon_ids", mine)])).body["total_count"] == 0
    assert ask("sol", "POST", RECLAIM, body={"coupon_id": mine}).status == 204


# Issuing and taking back --------------------------------------------------------------------------------------------


def id_of(world: World, number: str) -> Any:
    with seated(SYSTEM):
        return quotas_slice(SYSTEM, QuotaFilter(tab="all", numbers=(number,)), 0, 1)[1][0].id


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"cloud_service_types": ["rds"]}, (400, "CBC.99000023")),
        ({"cloud_service_types": ["nothing"]}, (400, "CBC.99000023")),
        ({"expire_time": "2099-01-01T00:00:00Z"}, (400, "CBC.0100")),
        ({"valid_time": "2099-01-01T00:00:00Z", "expire_time": "2098-01-01T00:00:00Z"}, (400, "CBC.0100")),
        ({"face_value": "999999999999.99"}, (400, "CBC.99000019")),
    ],
)
def test_an_issue_is_refused_by_the_quotas_rules(ask: Ask, world: World, more: Any, expected: Any) -> None:
    answer = ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=world.limited, **more))
    assert said(answer) == expected
    assert len(answer.body["error_msg"]) > 10


@pytest.mark.parametrize(
    ("more", "code"),
    [({"cloud_service_types": ["nothing"]}, "CBC.50000055"), ({"product_ids": ["nothing"]}, "CBC.50000054")],
)
def test_what_the_catalogue_does_not_have_is_named(ask: Ask, world: World, more: Any, code: str) -> None:
    assert said(ask("sol", "POST", COUPONS, body=issue_body(world, **more))) == (400, code)


def test_a_quota_frozen_or_outside_its_time_issues_nothing(ask: Ask, world: World) -> None:
    later = quota(world.sol, "10", Window(NOW + timedelta(days=5), NOW + timedelta(days=9)))
    frozen = quota(world.sol, "10")
    freeze(SYSTEM, quota_id=id_of(world, frozen), reason="test")
    assert said(ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=later))) == (400, "CBC.99000017")
    assert said(ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=frozen))) == (400, "CBC.99000015")
    listed = proper(ask("sol", "POST", QUOTAS, body={"quota_status_list": [5]})).body
    assert [row["quota_id"] for row in listed["quotas"]] == [frozen] and listed["quotas"][0]["quota_status"] == 5


def test_a_quota_that_is_over_says_so_whatever_its_state(ask: Ask, world: World) -> None:
    over = quota(world.sol, "10", Window(NOW - timedelta(days=9), NOW - timedelta(minutes=30)))
    freeze(SYSTEM, quota_id=id_of(world, over), reason="test")
    assert said(ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=over))) == (400, "CBC.99000017")


def test_a_quota_for_designated_customers_serves_no_others(ask: Ask, world: World) -> None:
    designated = quota(world.sol, "10", customer_ids=[UUID(world.connie)])
    answer = proper(ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=designated)))
    assert [each["error_code"] for each in answer.body["error_details"]] == ["CBC.50000020"]
    assert answer.body["coupon_infos"] == []


def test_a_distributor_issues_to_its_own_customers_only(ask: Ask, world: World) -> None:
    own = quota(world.dario, "10")
    answer = proper(ask("dario", "POST", COUPONS, body=issue_body(world, quota_id=own, customer_ids=[world.rheas])))
    assert [each["error_code"] for each in answer.body["error_details"]] == ["CBC.99000035"]


def test_a_key_that_is_none_is_a_parameter_error(ask: Ask, world: World) -> None:
    key = {"Idempotency-Key": "k" * 200}
    assert said(ask("sol", "POST", COUPONS, body=issue_body(world), headers=key)) == (400, "CBC.0100")


def test_too_little_balance_is_told_for_each_customer_and_nothing_is_issued(ask: Ask, world: World) -> None:
    answer = proper(ask("sol", "POST", COUPONS, body=issue_body(world, quota_id=world.limited, face_value=100.01)))
    assert answer.status == 200 and answer.body["coupon_infos"] == []
    assert [(each["id"], each["error_code"]) for each in answer.body["error_details"]] == [(world.carl, "CBC.99000013")]
    assert b'"balance":100.00' in ask("sol", "POST", QUOTAS, body={"quota_ids": [world.limited]}).raw


def test_a_consulting_customers_voucher_is_not_of_this_interface(ask: Ask, world: World) -> None:
    issued = issue(
        world.sol.actor,
        quota_id=id_of(world, world.quota),
        customer_ids=[UUID(world.connie)],
        face_value=Money.of("3", "CNY"),
        key=None,
    )
    number = issued.vouchers[0].number
    assert proper(ask("sol", "GET", COUPONS, query=[("coupon_id", number)])).body["total_count"] == 0
    assert proper(ask("sol", "GET", RECORDS, query=[("coupon_ids", number)])).body["total_count"] == 0
    assert said(ask("sol", "POST", RECLAIM, body={"coupon_id": number})) == (400, "CBC.99000045")


def test_a_signed_key_makes_a_repeated_issue_one(ask: Ask, world: World) -> None:
    key = {"Idempotency-Key": "order-2026-0001"}
    first = proper(ask("sol", "POST", COUPONS, body=issue_body(world), headers=key)).body
    again = proper(ask("sol", "POST", COUPONS, body=issue_body(world), headers=key)).body
    unkeyed = proper(ask("sol", "POST", COUPONS, body=issue_body(world), unsigned=key)).body
    assert first == again and first != unkeyed
    other = ask("sol", "POST", COUPONS, body=issue_body(world, face_value=2), headers=key)
    assert said(other) == (409, "CBC.0150")


def test_a_program_is_asked_for_no_verification_code(ask: Ask, world: World) -> None:
    switch_verification(world.stranger.actor, on=True)
    body = {"quota_id": world.foreign_quota, "customer_ids": [world.foreign], "face_value": 1}
    answer = proper(ask("stranger", "POST", COUPONS, body=body))
    switch_verification(world.stranger.actor, on=False)
    assert [each["id"] for each in answer.body["coupon_infos"]] == [world.foreign]


# Filters on the wire ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        (COUPONS, [("customer_id", "null")], 0),
        (COUPONS, [("customer_id", '""')], 0),
        (COUPONS, [("coupon_id", "null")], 0),
        (COUPONS, [("coupon_id", '""')], "CBC.0100"),
        (COUPONS, [("order_id", '""')], "CBC.0100"),
        (COUPONS, [("order_id", "null")], 0),
        (COUPONS, [("coupon_type", "4")], 0),
        (COUPONS, [("status", "1")], 0),
        (COUPONS, [("status", "6")], "CBC.0100"),
        (COUPONS, [("order_id", "CS0000000000000")], 0),
        (COUPONS, [("status", "4")], 0),
        (COUPONS, [("create_time_end", "2001-01-01T00:00:00Z")], 0),
        (COUPONS, [("create_time_begin", "null")], "CBC.0100"),
        (COUPONS, [("offset", "2147483648")], "CBC.0100"),
        (COUPONS, [("indirect_partner_id", "null")], "CBC.99000037"),
        (RECORDS, [("quota_id", "null")], 0),
        (RECORDS, [("quota_id", '""')], 0),
        (RECORDS, [("coupon_ids", "")], 0),
        (RECORDS, [("coupon_ids", "null")], 0),
        (RECORDS, [("operation_types", "")], 0),
        (RECORDS, [("operation_types", "9")], 0),
        (RECORDS, [("quota_type", "1")], 0),
        (RECORDS, [("result", "-1")], 0),
        (RECORDS, [("operation_time_begin", '""')], "CBC.0100"),
        (RECORDS, [("limit", '""')], "CBC.0100"),
        (RECORDS, [("limit", "101")], "CBC.0100"),
    ],
    ids=str,
)
def test_each_filter_takes_nothing_literally_or_refuses_it(ask: Ask, path: str, query: Any, expected: Any) -> None:
    answer = proper(ask("sol", "GET", path, query=query))
    assert (answer.code if answer.status == 400 else answer.body["total_count"]) == expected


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (COUPONS, ("coupon_id", "customer_id", "order_id", "status", "coupon_type", "create_time_begin", "limit")),
        (RECORDS, ("quota_id", "customer_id", "quota_type", "operation_time_end", "result", "offset")),
    ],
)
def test_a_blank_is_no_filter(ask: Ask, world: World, path: str, names: tuple[str, ...]) -> None:
    ask("sol", "POST", COUPONS, body=issue_body(world))
    everything = proper(ask("sol", "GET", path)).body["total_count"]
    assert everything > 0
    for name in names:
        assert proper(ask("sol", "GET", path, query=[(name, "")])).body["total_count"] == everything


def test_pages_by_offset_do_not_overlap(ask: Ask, world: World) -> None:
    for _ in range(3):
        ask("sol", "POST", COUPONS, body=issue_body(world))
    pages = [
        proper(ask("sol", "GET", COUPONS, query=[("limit", "2"), ("offset", str(offset))])).body["user_coupons"]
        for offset in (0, 2)
    ]
    numbers = [row["coupon_id"] for page in pages for row in page]
    assert len(numbers) == len(set(numbers)) >= 3


# Whatever is sent ---------------------------------------------------------------------------------------------------

HOSTILE = {
    "no JSON": b"{",
    "NUL": b'{"account_name": "a\\u0000"}',
    "a raw NUL": b'{"account_name": "a\x00"}',
    "no UTF-8": b"\xff\xfe",
    "deep": b"[" * 50_000,
    "huge number": b'{"offset": ' + b"9" * 5000 + b"}",
    "wild exponent": b'{"offset": 1e400000}',
    "a lone surrogate": b'{"label": "\\ud800"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_a_parameter_error(ask: Ask, body: bytes) -> None:
    assert said(ask("sol", "POST", CUSTOMERS, body=body)) == (400, "CBC.0100")


def caller_of(operation: Operation) -> str:
    """Somebody whom the operation serves."""
    return "sol" if "solution_provider" in operation.callers else "dario"


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70) | st.sampled_from(["1", "2", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_posts = [each for each in operations().values() if each.method == "POST"]
_gets = [each for each in operations().values() if each.method == "GET" and each.fields]
_relaxed = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@pytest.mark.parametrize("operation", _posts, ids=lambda each: each.name)
@_relaxed
@given(data=st.data())
def test_no_body_makes_the_server_fail(ask: Ask, world: World, operation: Any, data: Any) -> None:
    names = st.sampled_from([field.name for field in operation.fields])
    body = data.draw(st.dictionaries(names, _values, max_size=8))
    proper(ask(caller_of(operation), "POST", operation.path, body=json.dumps(body).encode()))


@pytest.mark.parametrize("operation", _gets, ids=lambda each: each.name)
@_relaxed
@given(data=st.data())
def test_no_query_makes_the_server_fail(ask: Ask, world: World, operation: Any, data: Any) -> None:
    names = st.sampled_from([field.name for field in operation.fields])
    text = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(["1", "null", '""', "-1", "0"])
    query = data.draw(st.lists(st.tuples(names, text), max_size=4))
    proper(ask(caller_of(operation), "GET", operation.path, query=query))
