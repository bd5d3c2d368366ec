"""The contract beside what the vendor publishes: the official client says which fields it sends and which it reads."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from partner_center.entrypoints.api.open_v2.contract import Field, Operation, operations
from tests.entrypoints.api.open_v2.caller import Answer
from tests.entrypoints.api.open_v2.world import World

OFFERED = [each for each in operations().values() if each.callers]
TYPES = {"str": {"string", "time"}, "int": {"integer"}, "float": {"decimal"}, "decimal.Decimal": {"decimal"}}


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def asked(bss: Any, operation: Operation) -> tuple[str, str]:
    """The method and the path that the client has for an operation."""
    source = inspect.getsource(getattr(bss.BssClient, f"_{snake(operation.name)}_http_info"))
    method, path = (re.search(rf'"{key}": "([^"]+)"', source) for key in ("method", "resource_path"))
    assert method and path
    return method.group(1), path.group(1)


def sent(bss: Any, operation: Operation) -> dict[str, str]:
    """The fields that the client can send, with its types."""
    request = getattr(bss, f"{operation.name}Request").openapi_types
    if operation.in_query:
        return dict(request)
    return dict(getattr(bss, request["body"]).openapi_types)


def fits(field: Field, published: str) -> bool:
    one = re.fullmatch(r"list\[(.+)\]", published)
    return field.many == bool(one) and field.type in TYPES[one.group(1) if one else published]


@pytest.mark.parametrize("operation", OFFERED, ids=lambda each: each.name)
def test_an_operation_is_where_the_client_calls_it(bss: Any, operation: Operation) -> None:
    assert (operation.method, operation.path) == asked(bss, operation)


@pytest.mark.parametrize("operation", OFFERED, ids=lambda each: each.name)
def test_an_operation_takes_every_field_that_the_client_can_send_and_no_other(bss: Any, operation: Operation) -> None:
    published, fields = sent(bss, operation), {field.name: field for field in operation.fields}
    assert set(published) == set(fields)
    assert [name for name, field in fields.items() if not fits(field, published[name])] == []


# Answers ------------------------------------------------------------------------------------------------------------

NUMBER = (int, float)
READ: dict[str, Any] = {"str": str, "int": int, "float": NUMBER, "decimal.Decimal": NUMBER}


def unlike(bss: Any, kind: str, value: Any, at: str = "") -> Iterator[str]:
    """Where a value has other keys than the client's model, or another type than the client reads; nothing fits all."""
    inner = re.fullmatch(r"list\[(.+)\]", kind)
    if value is None:
        return
    if inner:
        for each in value:
            yield from unlike(bss, inner.group(1), each, f"{at}[]")
    elif kind in READ:
        if not isinstance(value, READ[kind]):
            yield f"{at}: {value!r} is no {kind}"
    else:
        published = getattr(bss, kind).openapi_types
        yield from (f"{at}.{name} is missing or unknown" for name in set(published) ^ set(value))
        for name in set(published) & set(value):
            yield from unlike(bss, published[name], value[name], f"{at}.{name}")


@pytest.mark.usefixtures("world")
def test_an_answer_has_every_field_that_the_client_reads_in_its_type(
    bss: Any, ask: Callable[..., Answer], world: World
) -> None:
    """Every operation that answers with something, called so that each of its lists has a row."""
    issue = {"quota_id": world.limited, "customer_ids": [world.carl, "nobody"], "face_value": 1, "memo": "春"}
    give = {"quota_id": world.darios_quota, "indirect_partner_ids": [world.raj.number, "f" * 32], "quota_amount": 1}
    part = ask("dario", "POST", path("UpdateCouponQuotas"), body=give).body["simple_quota_infos"][0]["quota_id"]
    calls: dict[str, tuple[str, Any]] = {
        "CreatePartnerCoupons": ("sol", issue),
        "UpdateCouponQuotas": ("dario", give),
        "ReclaimCouponQuotas": ("dario", {"quota_ids": [part, "nothing"], "remark": "回收"}),
        "ListSubCustomers": ("sol", {}),
        "ListQuotaCoupons": ("sol", {}),
        "ListIssuedPartnerCoupons": ("sol", None),
        "ListPartnerCouponsRecord": ("sol", None),
        "ListSubCustomerCoupons": ("customer", None),
        "ListIndirectPartners": ("dario", {}),
        "ListIssuedCouponQuotas": ("dario", None),
        "ListCouponQuotasRecords": ("dario", None),
    }
    assert set(calls) == {each.name for each in OFFERED} - {"ReclaimPartnerCoupons"}
    for name, (who, body) in calls.items():
        answer = ask(who, "GET" if body is None else "POST", path(name), body=body)
        assert answer.status == 200 and all(answer.body.values()), (name, answer.raw)
        assert list(unlike(bss, f"{name}Response", answer.body, name)) == []


def path(name: str) -> str:
    return next(each.path for each in OFFERED if each.name == name)
