"""A no is told in full, in the caller's language, and never as a failure of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.world import World

Call = Callable[[str], Caller]
MONEY = {"amount": "100.00", "currency": "CNY"}


def _errors(answer: Any) -> set[tuple[str, str]]:
    return {(error["rule"], error["code"]) for error in answer.json()["errors"]}


def test_a_refusal_names_every_broken_rule_with_its_remedy(world: World, call: Call) -> None:
    body = {
        "customer_ids": [str(world.customer), str(world.stranger)],
        "face_value": {"amount": "2000.00", "currency": "CNY"},
        "service_types": ["nothing-such"],
        "starts_at": "2030-01-01T00:00:00Z",
        "ends_at": "2031-01-01T00:00:00Z",
    }
    answer = call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", body, key="k-1")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert {rule for rule, _ in _errors(answer)} == {"S-370", "S-373", "S-374", "S-377"}
    for error in answer.json()["errors"]:
        assert error["message"] and error["remedy"] and error["version"] and "{" not in error["message"]
    told = answer.json()
    assert told["request_id"] == answer["X-Request-Id"]
    assert (told["status"], told["title"]) == (422, "Refused")
    assert [error["subject"] for error in told["errors"] if error["rule"] == "S-370"] == [str(world.stranger)]


@pytest.mark.parametrize(
    ("wanted", "title"), [("zh-CN,zh;q=0.9", "请求未通过校验"), ("en-GB", "Refused"), ("fr,en;q=0.5", "Refused")]
)
def test_the_caller_chooses_the_language(world: World, call: Call, wanted: str, title: str) -> None:
    answer = call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", {}, key="k", Accept_Language=wanted)
    assert answer.json()["title"] == title


def test_every_field_that_is_wrong_is_named_at_once(world: World, call: Call) -> None:
    body = {"customer_ids": ["x"], "face_value": {"amount": "1.234", "currency": "yuan"}, "colour": "red"}
    answer = call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", body)
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"customer_ids.0", "face_value.amount", "face_value.currency", "colour", "Idempotency-Key"}


def test_not_permitted_is_403_and_names_the_permission(world: World, call: Call) -> None:
    body = {"customer_ids": [str(world.customer)], "face_value": MONEY}
    answer = call("carl").post(f"/quotas/{world.sub_quota}/vouchers", body, key="k")
    assert answer.status_code == 403
    assert "BPC_ITEM_SUBCUSTSERV_030103" in answer.json()["detail"]


@pytest.mark.parametrize("thing", ["the reseller's", "nobody's"])
def test_foreign_and_absent_look_the_same(world: World, call: Call, thing: str) -> None:
    quota = world.sub_quota if thing == "the reseller's" else uuid4()
    stranger = call("stranger")
    body = {"customer_ids": [str(world.customer)], "face_value": MONEY}
    answers = [stranger.get(f"/quotas/{quota}"), stranger.post(f"/quotas/{quota}/vouchers", body, key="k")]
    voucher = world.issue().vouchers[0].voucher_id if thing == "the reseller's" else uuid4()
    answers += [stranger.get(f"/vouchers/{voucher}"), stranger.post(f"/vouchers/{voucher}/reclaim", key="k")]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert {error["code"] for answer in answers for error in answer.json()["errors"]} == {"not_found"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"NaN",
        b"null",
        b"[]",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 200 + b"1" + b"}" * 200,
        b'{"order_reference": "a\\u0000b", "lines": []}',
        b'{"order_reference": "\\ud800", "lines": []}',
        b'{"order_reference": 1' + b"0" * 5000 + b', "lines": []}',
        b'{"order_reference": "o", "lines": [{"product_code": "ecs.s3", "amount": {"amount": "1e9"}}]}',
        b'{"order_reference": "o", "lines": [{"product_code": "ecs.s3", "amount": {"amount": 1e400}}]}',
    ],
)
def test_an_unreadable_body_is_the_callers_mistake(world: World, call: Call, body: bytes) -> None:
    answer = call("carl").send("POST", "/checkout/authorisations", body, Idempotency_Key="k")
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/vouchers?cursor=%00", "/vouchers?limit=99999999999999999999", "/vouchers/1", "/quotas?tab=x"]
)
def test_a_strange_address_is_the_callers_mistake(world: World, call: Call, path: str) -> None:
    assert call("rhea").get(path).status_code == 422


def test_an_address_that_does_not_exist_is_told_as_a_problem(world: World, call: Call) -> None:
    answer = call("rhea").get("/nothing")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_wrong_method_is_told_as_a_problem(world: World, call: Call) -> None:
    answer = call("rhea").send("PUT", "/vouchers")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in answer["Allow"]


def test_calls_are_limited_for_each_caller_and_operation(world: World, call: Call) -> None:
    rhea, dario = call("rhea"), call("dario")
    answers = [rhea.get("/quotas") for _ in range(25)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited and limited[0]["Retry-After"] == "1"
    assert dario.get("/quotas").status_code == 200
