"""What becomes of every field in every state, and that nothing sent breaks anything but itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partner_center.access.rules import items
from partner_center.entrypoints.api.open_v2.coerce import BadRequest, coerce
from partner_center.entrypoints.api.open_v2.contract import operation_named, operations
from partner_center.entrypoints.api.open_v2.signature import query_pairs

IN_BODY = {"empty_string": "", "null": None, "empty_list": []}
IN_QUERY = {"blank": "", "empty_string": '""', "null": "null", "empty_list": ""}
REFUSED = "refused"


def sent(operation: str, field: str, state: str) -> Any:
    """What the operation is given for one field in one state; or that it was refused, and for that field alone."""
    spec = operation_named(operation)
    required = {"quota_id": "1", "customer_ids": ["c"], "face_value": 1, "coupon_id": "1"}
    names = {each.name for each in spec.fields if each.when["absent"] == "missing"}
    body = {name: value for name, value in required.items() if name in names and name != field}
    query: list[tuple[str, str]] = []
    if state != "absent" and spec.in_query:
        query = [(field, IN_QUERY[state])]
    elif state != "absent":
        body[field] = IN_BODY[state]
    try:
        return coerce(spec, query, json.dumps(body).encode())[field]
    except BadRequest as bad:
        assert [problem.field for problem in bad.problems] == [field]
        return REFUSED


NO, SUB = None, "ListSubCustomers"
TIMES = ("create_time", "effective_time", "expire_time")
DOCUMENTED: list[tuple[str, str, dict[str, Any]]] = [
    *[
        (SUB, name, {"absent": NO, "empty_string": NO, "null": NO})
        for name in ("account_name", "customer", "label", "association_type", "customer_id", "indirect_partner_id")
    ],
    *[
        (SUB, f"associated_on_{end}", {"absent": NO, "empty_string": REFUSED, "null": REFUSED})
        for end in ("begin", "end")
    ],
    (SUB, "offset", {"absent": 0, "null": 0, "empty_string": REFUSED}),
    (SUB, "limit", {"absent": 10, "null": 10, "empty_string": REFUSED}),
    ("ListQuotaCoupons", "quota_ids", {"absent": NO, "null": NO, "empty_list": NO}),
    ("ListQuotaCoupons", "quota_status_list", {"absent": NO, "null": NO, "empty_list": NO}),
    ("ListQuotaCoupons", "quota_type", {"absent": 0, "null": 0, "empty_string": 0}),
    *[
        ("ListQuotaCoupons", f"{time}_{end}", {"absent": NO, "null": NO, "empty_string": REFUSED})
        for time in TIMES
        for end in ("begin", "end")
    ],
    *[
        ("CreatePartnerCoupons", name, {"absent": REFUSED, "null": REFUSED, "empty_string": REFUSED})
        for name in ("quota_id", "face_value")
    ],
    ("CreatePartnerCoupons", "customer_ids", {"absent": REFUSED, "null": REFUSED, "empty_list": REFUSED}),
    *[
        ("CreatePartnerCoupons", name, {"absent": NO, "null": NO, "empty_string": REFUSED})
        for name in ("valid_time", "expire_time")
    ],
    *[
        ("CreatePartnerCoupons", name, {"absent": NO, "null": NO, "empty_list": NO})
        for name in ("cloud_service_types", "product_ids")
    ],
    ("CreatePartnerCoupons", "memo", {"absent": NO, "null": NO, "empty_string": ""}),
    ("ReclaimPartnerCoupons", "coupon_id", {"absent": REFUSED, "null": REFUSED, "empty_string": REFUSED}),
    *[
        ("ListIssuedPartnerCoupons", name, {"absent": NO, "blank": NO, "null": "null", "empty_string": REFUSED})
        for name in ("coupon_id", "order_id")
    ],
    ("ListIssuedPartnerCoupons", "customer_id", {"absent": NO, "blank": NO, "null": "null", "empty_string": ""}),
    *[
        ("ListIssuedPartnerCoupons", name, {"absent": NO, "blank": NO, "null": NO, "empty_string": REFUSED})
        for name in ("coupon_type", "status")
    ],
    *[
        ("ListIssuedPartnerCoupons", f"{time}_{end}", {"absent": NO, "blank": NO, "null": REFUSED})
        for time in TIMES
        for end in ("begin", "end")
    ],
    *[
        ("ListPartnerCouponsRecord", name, {"absent": NO, "blank": NO, "null": "null", "empty_string": ""})
        for name in ("quota_id", "customer_id")
    ],
    ("ListPartnerCouponsRecord", "operation_types", {"absent": NO, "empty_list": (), "null": REFUSED}),
    ("ListPartnerCouponsRecord", "coupon_ids", {"absent": NO, "empty_list": (), "null": ("null",)}),
    ("ListPartnerCouponsRecord", "quota_type", {"absent": NO, "blank": NO, "null": NO, "empty_string": REFUSED}),
    *[
        (
            "ListPartnerCouponsRecord",
            f"operation_time_{end}",
            {"absent": NO, "blank": NO, "null": REFUSED, "empty_string": REFUSED},
        )
        for end in ("begin", "end")
    ],
    ("ListPartnerCouponsRecord", "result", {"absent": NO, "blank": NO, "null": REFUSED, "empty_string": REFUSED}),
    ("ListPartnerCouponsRecord", "offset", {"absent": 0, "blank": 0, "null": 0, "empty_string": REFUSED}),
    ("ListPartnerCouponsRecord", "limit", {"absent": 10, "blank": 10, "null": 10, "empty_string": REFUSED}),
]


@pytest.mark.parametrize(("operation", "field", "rule"), DOCUMENTED, ids=lambda value: str(value)[:40])
def test_each_field_has_its_null_rule(operation: str, field: str, rule: dict[str, Any]) -> None:
    """S-620."""
    assert {state: sent(operation, field, state) for state in rule} == rule


def test_every_state_a_field_can_be_in_has_a_treatment() -> None:
    for operation in operations().values():
        for field in operation.fields:
            states = {"absent", "null", "empty_list" if field.many else "empty_string"}
            if operation.in_query and not field.many:
                states.add("blank")
            assert states <= set(field.when), (operation.name, field.name)


def test_every_permission_item_of_the_contract_is_in_the_catalogue() -> None:
    known = {item.code for item in items().values()}
    assert {code for operation in operations().values() for code in operation.items} <= known


ISSUE = {"quota_id": "1", "customer_ids": ["c"], "face_value": 1}


def problems(operation: str, body: Any = None, query: str = "") -> dict[str, str]:
    raw = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    with pytest.raises(BadRequest) as caught:
        coerce(operation_named(operation), query_pairs(query), raw)
    assert caught.value.text("zh") and caught.value.text("en").isascii()
    return {problem.field: problem.check for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("field", "value", "check"),
    [
        ("face_value", 0, "not_above"),
        ("face_value", -1, "not_above"),
        ("face_value", "0.00", "not_above"),
        ("face_value", 1.234, "too_precise"),
        ("face_value", "1.234", "too_precise"),
        ("face_value", 10**12, "too_large"),
        ("face_value", "1e3", "wrong_type"),
        ("face_value", "12,00", "wrong_type"),
        ("face_value", True, "wrong_type"),
        ("face_value", [1], "wrong_type"),
        ("customer_ids", "c", "wrong_type"),
        ("customer_ids", [1], "wrong_type"),
        ("customer_ids", [None], "wrong_type"),
        ("customer_ids", [""], "blank"),
        ("customer_ids", ["c", "c"], "repeated"),
        ("customer_ids", [str(n) for n in range(101)], "too_many"),
        ("product_ids", [str(n) for n in range(11)], "too_many"),
        ("cloud_service_types", {"a": 1}, "wrong_type"),
        ("valid_time", "2026-01-01", "not_a_time"),
        ("valid_time", "2026-02-30T00:00:00Z", "not_a_time"),
        ("valid_time", "2026-01-01T00:00:00+08:00", "not_a_time"),
        ("valid_time", "0000-01-01T00:00:00Z", "not_a_time"),
        ("valid_time", 1767225600, "wrong_type"),
        ("memo", "a\x00b", "unprintable"),
        ("memo", "\ud800", "unprintable"),
        ("memo", "x" * 201, "too_long"),
        ("quota_id", "1" * 65, "too_long"),
        ("quota_id", 7, "wrong_type"),
        ("quota_id", [], "missing"),
    ],
)
def test_a_wrong_value_is_named_with_its_rule(field: str, value: Any, check: str) -> None:
    assert problems("CreatePartnerCoupons", {**ISSUE, field: value}) == {field: check}


@pytest.mark.parametrize(
    ("query", "check"),
    [
        ("limit=0", {"limit": "out_of_range"}),
        ("limit=101", {"limit": "out_of_range"}),
        ("offset=-1", {"offset": "out_of_range"}),
        ("limit=ten", {"limit": "wrong_type"}),
        ("limit=1&limit=2", {"limit": "sent_twice"}),
        ("operation_types=10", {"operation_types": "not_a_code"}),
        ("operation_types=1&operation_types=x&result=7", {"operation_types": "not_a_code", "result": "not_a_code"}),
        ("coupon_ids=%00", {"coupon_ids": "unprintable"}),
        ("customer_id=%FF", {"customer_id": "unprintable"}),
        ("&".join(f"coupon_ids={n}" for n in range(101)), {"coupon_ids": "too_many"}),
    ],
)
def test_a_wrong_query_is_named_with_its_rule(query: str, check: dict[str, str]) -> None:
    assert problems("ListPartnerCouponsRecord", query=query) == check


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = problems("CreatePartnerCoupons", {"face_value": -1, "valid_time": "soon", "memo": 1})
    assert set(found) == {"quota_id", "customer_ids", "face_value", "valid_time", "memo"}


@pytest.mark.parametrize("value", [12.3, "12.3", "12.30", 12.30])
def test_an_amount_may_come_as_a_number_or_as_text(value: Any) -> None:
    body = json.dumps({**ISSUE, "face_value": value}).encode()
    assert coerce(operation_named("CreatePartnerCoupons"), [], body)["face_value"] == Decimal("12.30")


def test_a_time_is_utc_and_unknown_fields_are_left_alone() -> None:
    body = json.dumps({**ISSUE, "expire_time": "2026-12-31T16:00:00Z", "unheard_of": {"deep": [1]}}).encode()
    given_ = coerce(operation_named("CreatePartnerCoupons"), [], body)
    assert given_["expire_time"] == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert "unheard_of" not in given_


def test_codes_may_come_as_numbers_and_numbers_as_text() -> None:
    body = b'{"association_type": 2, "limit": "20"}'
    given_ = coerce(operation_named(SUB), [], body)
    assert (given_["association_type"], given_["limit"]) == ("2", 20)


HOSTILE: dict[str, bytes] = {
    "no JSON": b"{",
    "no UTF-8": b'{"memo": "\xff"}',
    "not a number": b'{"face_value": NaN}',
    "endless": b'{"face_value": Infinity}',
    "thousands of digits": b'{"face_value": ' + b"9" * 5000 + b"}",
    "an exponent beyond reason": b'{"face_value": 1e99999999999999999999}',
    "deep nesting": b"[" * 100_000 + b"]" * 100_000,
    "a list": b"[]",
    "a text": b'"x"',
    "nothing": b"null",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_a_bad_request(body: bytes) -> None:
    assert set(problems("CreatePartnerCoupons", body)) == {"body"}


@pytest.mark.parametrize("number", [b"1e999999", b"-1e999999", b"1e-999999", b"9" * 4000, b"0.1e-400000"])
def test_an_unreasonable_amount_is_a_bad_request(number: bytes) -> None:
    body = b'{"quota_id": "1", "customer_ids": ["c"], "face_value": ' + number + b"}"
    assert set(problems("CreatePartnerCoupons", body)) == {"face_value"}


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=6,
)


@pytest.mark.parametrize("operation", [each for each in operations().values() if not each.in_query], ids=str)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_body_does_more_than_be_refused(operation: Any, data: Any) -> None:
    names = st.sampled_from([field.name for field in operation.fields])
    body = data.draw(st.dictionaries(names, _json, max_size=8) | _json)
    try:
        coerce(operation, [], json.dumps(body).encode())
    except BadRequest as bad:
        assert bad.problems
