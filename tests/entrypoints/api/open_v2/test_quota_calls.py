"""A distributor's quota to its resellers and back, by the vendor's own client against the running server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.periods import Window
from partner_center.partners.actions import set_standing
from partner_center.vouchers.actions import freeze
from partner_center.vouchers.queries import QuotaFilter, quotas_slice
from tests.entrypoints.api.open_v2.caller import Answer, call, refusal
from tests.entrypoints.api.open_v2.conftest import forget_counts, use_up
from tests.entrypoints.api.open_v2.test_calls import proper, said
from tests.entrypoints.api.open_v2.world import NOW, SYSTEM, World, quota

GIVE = "/v2/partners/coupon-quotas/indirect-partner-adjust"
TAKE = "/v2/partners/coupon-quotas/indirect-partner-reclaim"
PARTS, RECORDS = "/v2/partners/issued-coupon-quotas", "/v2/partners/coupon-quotas/records"
RESELLERS = "/v2/partners/indirect-partners/query"
HELD = "/v2/partners/coupon-quotas/query"
Ask = Callable[..., Answer]

pytestmark = pytest.mark.usefixtures("world")


def giving(world: World, **more: Any) -> dict[str, Any]:
    body = {"quota_id": world.darios_quota, "indirect_partner_ids": [world.raj.number], "quota_amount": 1}
    return {**body, **more}


def balance(ask: Ask, number: str, who: str = "dario", **more: Any) -> Any:
    return ask(who, "POST", HELD, body={"quota_ids": [number], **more}).body["quotas"][0]["balance"]


def given(ask: Ask, world: World, **more: Any) -> str:
    """A part for Raj, by its number."""
    answer = proper(ask("dario", "POST", GIVE, body=giving(world, **more)))
    number: str = answer.body["simple_quota_infos"][0]["quota_id"]
    return number


def id_of(number: str) -> UUID:
    with seated(SYSTEM):
        return quotas_slice(SYSTEM, QuotaFilter(tab="all", numbers=(number,)), 0, 1)[1][0].id


def request(bss: Any, operation: str, **fields: Any) -> Any:
    """A request of the client's with the body that it has for the operation."""
    made = getattr(bss, f"{operation}Request")
    return made(body=getattr(bss, made.openapi_types["body"])(**fields))


# The whole way by the official client -------------------------------------------------------------------------------


def test_a_part_goes_to_a_reseller_and_comes_back(bss: Any, client: Callable[..., Any], ask: Ask, world: World) -> None:
    dario, before = client(world.dario), balance(ask, world.darios_quota)
    found = dario.list_indirect_partners(bss.ListIndirectPartnersRequest(body=bss.QueryIndirectPartnersReq(limit=10)))
    assert found.count == 2
    assert {row.indirect_partner_id: row.account_name for row in found.indirect_partners} == {
        world.rhea.number: "rhea",
        world.raj.number: "raj",
    }
    three = [world.raj.number, world.fara.number, "nobody"]
    gave = dario.update_coupon_quotas(
        request(bss, "UpdateCouponQuotas", **giving(world, indirect_partner_ids=three, quota_amount=Decimal("12.30")))
    )
    assert [each.id for each in gave.simple_quota_infos] == [world.raj.number]
    assert {each.id: each.error_code for each in gave.error_details} == {
        world.fara.number: "CBC.99000037",
        "nobody": "CBC.99000037",
    }
    part = gave.simple_quota_infos[0].quota_id
    assert balance(ask, world.darios_quota) == round(before - 12.3, 2)

    issued = dario.list_issued_coupon_quotas(bss.ListIssuedCouponQuotasRequest(quota_id=part)).quotas[0]
    assert (issued.indirect_partner_id, issued.indirect_partner_account_name) == (world.raj.number, "raj")
    assert (issued.parent_quota_id, issued.quota_status, issued.balance) == (world.darios_quota, 0, Decimal("12.30"))

    three = [part, world.faras_quota, "VQ0000-000000"]
    back = dario.reclaim_coupon_quotas(request(bss, "ReclaimCouponQuotas", quota_ids=three, remark="收" * 256))
    assert [(each.quota_id, each.quota_balance) for each in back.simple_quota_infos] == [(part, Decimal("0.00"))]
    assert {each.id: each.error_code for each in back.error_details} == {
        world.faras_quota: "CBC.99000012",
        "VQ0000-000000": "CBC.99000012",
    }
    assert balance(ask, world.darios_quota) == before
    after = dario.list_issued_coupon_quotas(bss.ListIssuedCouponQuotasRequest(quota_id=part)).quotas[0]
    assert (after.quota_status, after.balance, after.quota_value) == (6, Decimal("0.00"), Decimal("12.30"))
    forget_counts()
    log = dario.list_coupon_quotas_records(bss.ListCouponQuotasRecordsRequest(quota_id=part))
    assert [(row.operation_type, row.amount, row.result) for row in log.records] == [
        ("11", Decimal("12.30"), "0"),
        ("10", Decimal("12.30"), "0"),
    ]
    assert log.records[0].remark == "收" * 256 and log.records[0].operator == "dario"
    assert {row.parent_quota_id for row in log.records} == {world.darios_quota}


def test_the_client_is_told_why_nothing_was_passed_on(bss: Any, client: Callable[..., Any], world: World) -> None:
    strangers = request(bss, "UpdateCouponQuotas", **giving(world, indirect_partner_ids=[world.fara.number]))
    with pytest.raises(refusal()) as refused:
        client(world.dario).update_coupon_quotas(strangers)
    assert (refused.value.status_code, refused.value.error_code) == (400, "CBC.99000037")
    assert refused.value.error_msg and refused.value.request_id


# What refuses passing on --------------------------------------------------------------------------------------------


def test_more_than_there_is_moves_nothing(ask: Ask, world: World) -> None:
    before = balance(ask, world.darios_quota)
    two = giving(world, indirect_partner_ids=[world.raj.number, world.rhea.number], quota_amount=str(before))
    assert said(ask("dario", "POST", GIVE, body=two)) == (400, "CBC.99000013")
    assert balance(ask, world.darios_quota) == before


def test_who_gets_none_does_not_count_against_the_balance(ask: Ask, world: World) -> None:
    number = quota(world.dario, "10")
    body = giving(
        world, quota_id=number, indirect_partner_ids=[world.fara.number, world.raj.number], quota_amount="10.00"
    )
    assert len(proper(ask("dario", "POST", GIVE, body=body)).body["simple_quota_infos"]) == 1


def test_a_quota_frozen_outside_its_time_or_anothers_gives_nothing(ask: Ask, world: World) -> None:
    later = quota(world.dario, "10", Window(NOW + timedelta(days=5), NOW + timedelta(days=9)))
    frozen = quota(world.dario, "10")
    freeze(SYSTEM, quota_id=id_of(frozen), reason="test")
    codes = {later: "CBC.99000017", frozen: "CBC.99000015", world.fars_quota: "CBC.99000012", "9": "CBC.99000012"}
    for number, code in codes.items():
        assert said(ask("dario", "POST", GIVE, body=giving(world, quota_id=number))) == (400, code)


def test_a_quota_for_designated_customers_goes_only_where_they_are(ask: Ask, world: World) -> None:
    limited = quota(world.dario, "10", customer_ids=[UUID(world.rheas)])
    alone = ask("dario", "POST", GIVE, body=giving(world, quota_id=limited))
    assert said(alone) == (400, "CBC.50000021")
    both = giving(world, quota_id=limited, indirect_partner_ids=[world.raj.number, world.rhea.number])
    answer = proper(ask("dario", "POST", GIVE, body=both)).body
    assert [each["id"] for each in answer["simple_quota_infos"]] == [world.rhea.number]
    assert [(each["id"], each["error_code"]) for each in answer["error_details"]] == [
        (world.raj.number, "CBC.50000021")
    ]


def later(minutes: int) -> datetime:
    return SYSTEM.at + timedelta(minutes=minutes)


def test_a_reseller_that_is_frozen_gets_none(ask: Ask, world: World) -> None:
    set_standing(SYSTEM, organisation_id=world.raj.id, aspect="state", value="frozen", since=later(1))
    try:
        answer = proper(ask("dario", "POST", GIVE, body=giving(world))).body
        assert [each["error_code"] for each in answer["error_details"]] == ["CBC.50010105"]
        assert answer["simple_quota_infos"] == []
    finally:
        set_standing(SYSTEM, organisation_id=world.raj.id, aspect="state", value="active", since=later(2))


def test_a_signed_key_makes_a_repeated_passing_on_and_reclaim_one(ask: Ask, world: World) -> None:
    key = {"Idempotency-Key": "quota-2026-0001"}
    first = proper(ask("dario", "POST", GIVE, body=giving(world), headers=key)).body
    assert proper(ask("dario", "POST", GIVE, body=giving(world), headers=key)).body == first
    assert proper(ask("dario", "POST", GIVE, body=giving(world))).body != first
    assert said(ask("dario", "POST", GIVE, body=giving(world, quota_amount=2), headers=key)) == (409, "CBC.0150")
    take = {"quota_ids": [first["simple_quota_infos"][0]["quota_id"]]}
    back = proper(ask("dario", "POST", TAKE, body=take, headers=key)).body
    assert back["error_details"] == [] and proper(ask("dario", "POST", TAKE, body=take, headers=key)).body == back
    without = proper(ask("dario", "POST", TAKE, body=take)).body
    assert [each["error_code"] for each in without["error_details"]] == ["CBC.99000012"]


# What refuses taking back -------------------------------------------------------------------------------------------


def test_a_part_of_which_nothing_is_left_stays_and_the_others_come_back(ask: Ask, world: World) -> None:
    empty, full = given(ask, world), given(ask, world)
    raj_customer = {"quota_id": empty, "customer_ids": [world.rheas], "face_value": 1}
    named = {"indirect_partner_id": world.raj.number}
    nobodys = ask("dario", "POST", "/v2/promotions/benefits/partner-coupons", body={**raj_customer, **named})
    assert [each["error_code"] for each in nobodys.body["error_details"]] == ["CBC.99000035"]
    ask("dario", "POST", TAKE, body={"quota_ids": [empty]})
    answer = proper(ask("dario", "POST", TAKE, body={"quota_ids": [empty, full]})).body
    assert [each["quota_id"] for each in answer["simple_quota_infos"]] == [full]
    assert [(each["id"], each["error_code"]) for each in answer["error_details"]] == [(empty, "CBC.99000012")]


def test_a_quota_from_the_vendor_is_not_to_be_taken_back(ask: Ask, world: World) -> None:
    answer = proper(ask("dario", "POST", TAKE, body={"quota_ids": [world.darios_quota]})).body
    assert [each["error_code"] for each in answer["error_details"]] == ["CBC.99000012"]


# Who may ------------------------------------------------------------------------------------------------------------

CALLS: list[tuple[str, str, Any]] = [
    ("POST", GIVE, {"quota_id": "1", "indirect_partner_ids": ["a"], "quota_amount": 1}),
    ("POST", TAKE, {"quota_ids": ["1"]}),
    ("GET", PARTS, None),
    ("GET", RECORDS, None),
    ("POST", RESELLERS, {}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=lambda value: str(value)[-24:])
def test_resellers_are_a_distributors_business(ask: Ask, method: str, path: str, body: Any) -> None:
    assert said(ask("sol", method, path, body=body)) == (403, "CBC.0155")
    assert said(ask("rhea", method, path, body=body)) == (403, "CBC.0155")
    refused = proper(ask("darios_operator", method, path, body=body))
    assert (refused.status, refused.code) == (403, "CBC.0151") and "BPC_ITEM_S" in refused.body["error_msg"]


def test_who_is_no_partner_is_told_so_where_resellers_are_listed(ask: Ask) -> None:
    assert said(ask("customer", "POST", RESELLERS, body={})) == (403, "CBC.5001")


def test_a_stranger_finds_nothing_of_it(ask: Ask, world: World) -> None:
    """What another distributor has is as absent as what never was."""
    mine = given(ask, world)
    for query in ([("quota_id", mine)], [("parent_quota_id", world.darios_quota)]):
        assert proper(ask("far", "GET", PARTS, query=query)).body["total_count"] == 0
        assert proper(ask("far", "GET", RECORDS, query=query)).body["total_count"] == 0
    foreign = ask("far", "POST", TAKE, body={"quota_ids": [mine]}).body["error_details"][0]
    absent = ask("far", "POST", TAKE, body={"quota_ids": ["9"]}).body["error_details"][0]
    assert {**foreign, "id": ""} == {**absent, "id": ""}
    one = ask("far", "POST", RESELLERS, body={"indirect_partner_id": world.raj.number})
    other = ask("far", "POST", RESELLERS, body={"indirect_partner_id": "f" * 32})
    assert said(one) == said(other) == (400, "CBC.99000037") and one.body == other.body
    assert proper(ask("far", "GET", PARTS, query=[("indirect_partner_id", world.raj.number)])).body["total_count"] == 0


@pytest.mark.parametrize("name", ["UpdateCouponQuotas", "ListIndirectPartners", "ListIssuedCouponQuotas"])
def test_each_operation_counts_its_own_calls(ask: Ask, address: str, world: World, name: str) -> None:
    paths = {"UpdateCouponQuotas": GIVE, "ListIndirectPartners": RESELLERS, "ListIssuedCouponQuotas": PARTS}
    use_up(world.dario, name)
    method = "GET" if name == "ListIssuedCouponQuotas" else "POST"
    answer = call(address, world.dario, method, paths[name], body=None if method == "GET" else {})
    assert said(answer) == (429, "CBC.0250")
