"""Each operation refuses something, and the official client says what: its status, its code, its text, the request."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from partner_center.entrypoints.api.open_v2.contract import operation_named, operations
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers.actions import issue
from partner_center.vouchers.queries import QuotaFilter, quotas_slice
from tests.entrypoints.api.open_v2.caller import refusal
from tests.entrypoints.api.open_v2.world import NOW, SYSTEM, World, quota

pytestmark = pytest.mark.usefixtures("world")


def consulting_voucher(world: World) -> str:
    with seated(SYSTEM):
        source = quotas_slice(SYSTEM, QuotaFilter(tab="all", numbers=(world.quota,)), 0, 1)[1][0].id
    terms: dict[str, Any] = {"customer_ids": [UUID(world.connie)], "face_value": Money.of("1", "CNY")}
    return issue(world.sol.actor, quota_id=source, **terms).vouchers[0].number


def not_yet(world: World) -> str:
    return quota(world.sol, "10", Window(NOW + timedelta(days=5), NOW + timedelta(days=9)))


def for_ritas(world: World) -> str:
    return quota(world.dario, "10", customer_ids=[UUID(world.rheas)])


def to(*resellers: str) -> dict[str, Any]:
    return {"indirect_partner_ids": list(resellers), "quota_amount": 1}


# Operation, who calls, with what, and the refusal.
REFUSED: list[tuple[str, str, Callable[[World], dict[str, Any]], tuple[int, str]]] = [
    ("ListSubCustomers", "sol", lambda w: {"limit": 1001}, (400, "CBC.0100")),
    ("ListSubCustomers", "dario", lambda w: {"indirect_partner_id": w.fara.number}, (400, "CBC.99000037")),
    ("ListQuotaCoupons", "dario", lambda w: {"indirect_partner_id": w.fara.number}, (400, "CBC.99000037")),
    ("ListQuotaCoupons", "intl", lambda w: {"limit": 1}, (403, "CBC.0156")),
    (
        "CreatePartnerCoupons",
        "sol",
        lambda w: {"quota_id": not_yet(w), "customer_ids": [w.carl], "face_value": 1},
        (400, "CBC.99000017"),
    ),
    (
        "CreatePartnerCoupons",
        "sol",
        lambda w: {"quota_id": w.quota, "customer_ids": [w.carl], "face_value": 1, "product_ids": ["none"]},
        (400, "CBC.50000054"),
    ),
    ("ListIssuedPartnerCoupons", "sol", lambda w: {"expire_time_end": "soon"}, (400, "CBC.0100")),
    ("ListIssuedPartnerCoupons", "operator", lambda w: {}, (403, "CBC.0151")),
    ("ReclaimPartnerCoupons", "sol", lambda w: {"coupon_id": consulting_voucher(w)}, (400, "CBC.99000045")),
    ("ListPartnerCouponsRecord", "rhea", lambda w: {}, (403, "CBC.0155")),
    ("ListSubCustomerCoupons", "customer", lambda w: {"offset": 5}, (400, "CBC.0100")),
    ("ListIndirectPartners", "dario", lambda w: {"indirect_partner_id": w.fara.number}, (400, "CBC.99000037")),
    ("ListIndirectPartners", "customer", lambda w: {"limit": 1}, (403, "CBC.5001")),
    (
        "UpdateCouponQuotas",
        "dario",
        lambda w: {"quota_id": for_ritas(w), **to(w.raj.number)},
        (400, "CBC.50000021"),
    ),
    ("UpdateCouponQuotas", "dario", lambda w: {"quota_id": w.fars_quota, **to(w.raj.number)}, (400, "CBC.99000012")),
    ("ReclaimCouponQuotas", "dario", lambda w: {"quota_ids": [str(n) for n in range(11)]}, (400, "CBC.0100")),
    ("ListIssuedCouponQuotas", "sol", lambda w: {}, (403, "CBC.0155")),
    ("ListCouponQuotasRecords", "darios_operator", lambda w: {"limit": 1}, (403, "CBC.0151")),
]


@pytest.mark.parametrize(("operation", "who", "fields", "expected"), REFUSED, ids=lambda value: str(value)[:30])
def test_the_client_reads_the_refusal(
    bss: Any,
    client: Callable[..., Any],
    world: World,
    operation: str,
    who: str,
    fields: Callable[[World], dict[str, Any]],
    expected: tuple[int, str],
) -> None:
    made, given = getattr(bss, f"{operation}Request"), fields(world)
    request = made(**given) if operation_named(operation).in_query else made(body=_body(bss, made)(**given))
    with pytest.raises(refusal()) as refused:
        getattr(client(getattr(world, who)), re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower())(request)
    error: Any = refused.value
    assert (error.status_code, error.error_code) == expected
    assert len(error.error_msg) > 5 and error.request_id


def _body(bss: Any, made: Any) -> Any:
    return getattr(bss, made.openapi_types["body"])


def test_every_operation_refuses_something_here() -> None:
    assert {row[0] for row in REFUSED} == {each.name for each in operations().values() if each.callers}
