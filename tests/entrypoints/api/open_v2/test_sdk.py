"""The vendor's own client, unmodified, against the running server."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.entrypoints.api.open_v2.caller import refusal
from tests.entrypoints.api.open_v2.conftest import forget_counts, use_up
from tests.entrypoints.api.open_v2.world import World

pytestmark = pytest.mark.usefixtures("world")


@pytest.mark.parametrize("with_domain", [False, True])
def test_customers_are_listed_with_and_without_a_domain(
    bss: Any, client: Callable[..., Any], world: World, with_domain: bool
) -> None:
    sol = client(world.sol, domain=world.sol.number if with_domain else None)
    answer = sol.list_sub_customers(bss.ListSubCustomersRequest(body=bss.QuerySubCustomerListReq(limit=50)))
    assert answer.count == 2
    by_id = {row.customer_id: row for row in answer.customer_infos}
    assert set(by_id) == {world.carl, world.connie}
    carl = by_id[world.carl]
    assert (carl.customer, carl.account_name, carl.association_type) == ("carl 客户", "carl", "2")
    assert (carl.verified_status, carl.customer_type, carl.country_code) == ("-1", -1, "CN")
    assert len(carl.associated_on) == 20 and carl.account_managers == []


def test_customers_are_filtered(bss: Any, client: Callable[..., Any], world: World) -> None:
    sol = client(world.sol)

    def found(**wanted: Any) -> set[str]:
        forget_counts()
        body = bss.QuerySubCustomerListReq(**wanted)
        answer = sol.list_sub_customers(bss.ListSubCustomersRequest(body=body))
        return {row.customer_id for row in answer.customer_infos}

    assert found(association_type="1") == {world.connie}
    assert found(account_name="arl") == {world.carl}
    assert found(customer="connie") == {world.connie}
    assert found(customer_id=world.carl) == {world.carl}
    assert found(customer_id=world.foreign) == found(customer_id="0" * 32) == found(customer_id="no id") == set()
    assert found(associated_on_begin="2099-01-01T00:00:00Z") == set()


def test_quota_is_listed(bss: Any, client: Callable[..., Any], world: World) -> None:
    body = bss.QueryCouponQuotasReqExt(limit=10)
    answer = client(world.sol).list_quota_coupons(bss.ListQuotaCouponsRequest(body=body))
    assert answer.total_count == 2
    rows = {row.quota_id: row for row in answer.quotas}
    assert set(rows) == {world.quota, world.limited}
    limited = rows[world.limited]
    assert (limited.quota_value, limited.quota_status, limited.quota_type) == (Decimal("100.00"), 0, 0)
    assert (limited.currency, limited.measure_id) == ("CNY", 1)
    assert limited.limit_infos[0].limit_values[0].value1 == "ecs"


def test_a_voucher_lives_from_issue_to_reclaim(bss: Any, client: Callable[..., Any], world: World) -> None:
    sol = client(world.sol)
    before = balance(bss, sol, world.quota)
    wanted = [world.carl, world.connie, world.foreign, "f" * 32, "no-id"]
    body = bss.CreatePartnerCouponsReq(
        quota_id=world.quota, customer_ids=wanted, face_value=Decimal("12.30"), memo="开门红"
    )
    issued = sol.create_partner_coupons(bss.CreatePartnerCouponsRequest(body=body))
    assert [each.id for each in issued.coupon_infos] == [world.carl]
    assert {each.id: each.error_code for each in issued.error_details} == {
        world.connie: "CBC.99000014",
        world.foreign: "CBC.99000035",
        "f" * 32: "CBC.99000035",
        "no-id": "CBC.99000035",
    }
    assert all(each.error_msg for each in issued.error_details)
    coupon = issued.coupon_infos[0].coupon_id
    assert balance(bss, sol, world.quota) == before - Decimal("12.30")

    listed = sol.list_issued_partner_coupons(bss.ListIssuedPartnerCouponsRequest(coupon_id=coupon))
    assert listed.total_count == 1
    row = listed.user_coupons[0]
    assert (row.coupon_id, row.status, row.customer_id) == (coupon, 2, world.carl)
    assert (row.face_value, row.balance, row.coupon_type) == (Decimal("12.30"), Decimal("12.30"), 1)
    assert row.is_frozen == "0"

    back = sol.reclaim_partner_coupons(
        bss.ReclaimPartnerCouponsRequest(body=bss.ReclaimPartnerCouponsReq(coupon_id=coupon))
    )
    assert back.status_code == 204
    assert balance(bss, sol, world.quota) == before
    again = bss.ReclaimPartnerCouponsRequest(body=bss.ReclaimPartnerCouponsReq(coupon_id=coupon))
    with pytest.raises(refusal()) as refused:
        sol.reclaim_partner_coupons(again)
    assert (refused.value.status_code, refused.value.error_code) == (400, "CBC.99000048")

    log = sol.list_partner_coupons_record(
        bss.ListPartnerCouponsRecordRequest(coupon_ids=[coupon], operation_types=["1", "2"])
    )
    assert log.total_count == 2
    lines = [(each.operation_type, each.operation_amount, each.result) for each in log.records]
    assert lines == [("2", Decimal("12.30"), "0"), ("1", Decimal("12.30"), "0")]
    assert (log.records[1].remark, log.records[1].quota_id) == ("开门红", world.quota)


def balance(bss: Any, client: Any, number: str) -> Decimal:
    forget_counts()
    body = bss.QueryCouponQuotasReqExt(quota_ids=[number])
    found: Decimal = client.list_quota_coupons(bss.ListQuotaCouponsRequest(body=body)).quotas[0].balance
    return found


def test_a_distributor_acts_for_its_reseller(bss: Any, client: Callable[..., Any], world: World) -> None:
    dario = client(world.dario)
    named = {"indirect_partner_id": world.rhea.number}
    held = dario.list_quota_coupons(bss.ListQuotaCouponsRequest(body=bss.QueryCouponQuotasReqExt(**named)))
    assert [row.quota_id for row in held.quotas] == [world.rheas_quota]
    customers = dario.list_sub_customers(bss.ListSubCustomersRequest(body=bss.QuerySubCustomerListReq(**named)))
    assert [row.customer_id for row in customers.customer_infos] == [world.rheas]
    body = bss.CreatePartnerCouponsReq(quota_id=world.rheas_quota, customer_ids=[world.rheas], face_value=5, **named)
    issued = dario.create_partner_coupons(bss.CreatePartnerCouponsRequest(body=body))
    assert [each.id for each in issued.coupon_infos] == [world.rheas]
    own = dario.list_issued_partner_coupons(bss.ListIssuedPartnerCouponsRequest())
    theirs = dario.list_issued_partner_coupons(bss.ListIssuedPartnerCouponsRequest(**named))
    assert (own.total_count, theirs.total_count) == (0, 1)


def test_a_wrong_secret_arrives_as_401_with_code_and_request_id(
    client: Callable[..., Any], world: World, bss: Any
) -> None:
    with pytest.raises(refusal()) as refused:
        client(world.sol, secret="wrong").list_issued_partner_coupons(bss.ListIssuedPartnerCouponsRequest())
    error = refused.value
    assert (error.status_code, error.error_code) == (401, "APIGW.0301")
    assert error.error_msg and error.request_id


def test_too_many_calls_arrive_as_429(client: Callable[..., Any], world: World, bss: Any) -> None:
    sol = client(world.sol)
    use_up(world.sol, "ListQuotaCoupons")
    with pytest.raises(refusal()) as refused:
        sol.list_quota_coupons(bss.ListQuotaCouponsRequest(body=bss.QueryCouponQuotasReqExt(limit=1)))
    assert (refused.value.status_code, refused.value.error_code) == (429, "CBC.0250")


def test_a_client_built_with_a_region_finds_its_domain(bss: Any, address: str, world: World) -> None:
    from huaweicloudsdkcore.auth.credentials import GlobalCredentials
    from huaweicloudsdkcore.region.region import Region

    credentials = GlobalCredentials(world.sol.access_key, world.sol.secret).with_iam_endpoint(address)
    region = Region("nowhere", address)
    client = bss.BssClient.new_builder().with_credentials(credentials).with_region(region).build()
    body = bss.QuerySubCustomerListReq(limit=1)
    assert client.list_sub_customers(bss.ListSubCustomersRequest(body=body)).count == 2
    assert os.environ["NO_PROXY"]
