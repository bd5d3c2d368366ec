"""What a customer's own key finds of its vouchers, and how long the past is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from partner_center.entrypoints.api.open_v2.contract import operation_named
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.vouchers.actions import authorise, capture, issue
from partner_center.vouchers.models import Voucher
from partner_center.vouchers.queries import QuotaFilter, quotas_slice
from partner_center.vouchers.queries.checkout import OrderInput
from tests.entrypoints.api.open_v2.caller import Answer
from tests.entrypoints.api.open_v2.test_calls import proper, said
from tests.entrypoints.api.open_v2.world import NOW, SYSTEM, World

OWN, ISSUED = (operation_named(name).path for name in ("ListSubCustomerCoupons", "ListIssuedPartnerCoupons"))
RECLAIM = operation_named("ReclaimPartnerCoupons").path
Ask = Callable[..., Answer]

pytestmark = pytest.mark.usefixtures("world")


def hand_out(world: World, face: str = "3", **terms: Any) -> tuple[UUID, str]:
    """A voucher for Carl: its id and its number."""
    with seated(SYSTEM):
        source = quotas_slice(SYSTEM, QuotaFilter(tab="all", numbers=(world.quota,)), 0, 1)[1][0].id
    who = [UUID(world.carl)]
    issued = issue(world.sol.actor, quota_id=source, customer_ids=who, face_value=Money.of(face, "CNY"), **terms)
    return issued.vouchers[0].voucher_id, issued.vouchers[0].number


def pay(world: World, voucher: UUID, order: str, amount: str = "1", *, done: bool = True) -> None:
    lines = [OrderInput("ecs.s", Money.of(amount, "CNY"))]
    held = authorise(world.customer.actor, order_reference=order, lines=lines, voucher_ids=[voucher], api=True)
    if done:
        capture(world.customer.actor, authorisation_id=held.authorisation_id)


def ended(number: str, days: int) -> None:
    """As if the voucher had ended so many days ago."""
    with seated(SYSTEM):
        past = {"starts_at": NOW - timedelta(days=days + 1), "ends_at": NOW - timedelta(days=days)}
        Voucher.objects.filter(number=number).update(**past)


def numbers(ask: Ask, who: str, path: str, **filters: str) -> list[str]:
    query = [("limit", "100"), *filters.items()]
    return [row["coupon_id"] for row in proper(ask(who, "GET", path, query=query)).body["user_coupons"]]


def test_a_customers_client_lists_its_own_vouchers(bss: Any, client: Callable[..., Any], world: World) -> None:
    voucher, number = hand_out(world, service_types=["ecs"], min_order=Money.of("2", "CNY"), remark="not for Carl")
    pay(world, voucher, "CS0001", "2")
    answer = client(world.customer).list_sub_customer_coupons(bss.ListSubCustomerCouponsRequest(coupon_id=number))
    assert answer.count == 1
    row = answer.user_coupons[0]
    assert (row.face_value, row.balance, row.status, row.coupon_version) == (3.0, 1.0, 2, 2)
    assert (row.customer_id, row.source_id, row.order_id) == (world.carl, world.sol.number, "CS0001")
    assert [(each.limit_key, each.value1) for each in row.use_limits] == [
        ("cloud_service_types", "ecs"),
        ("min_order_amount", "2.00"),
    ]
    assert row.promotion_plan_id is None and "not for Carl" not in str(row)


def test_each_filter_narrows_the_customers_list(ask: Ask, world: World) -> None:
    held, paid, spent = hand_out(world), hand_out(world), hand_out(world)
    pay(world, held[0], "CS0002", done=False)
    pay(world, paid[0], "CS0003")
    pay(world, spent[0], "CS0004", "3")
    everything = numbers(ask, "customer", OWN)
    assert {held[1], paid[1], spent[1]} <= set(everything)

    def found(**filters: str) -> list[str]:
        return numbers(ask, "customer", OWN, **filters)

    assert found(coupon_id=paid[1]) == [paid[1]]
    assert found(order_id="CS0002") == [held[1]] and found(order_id="CS0003") == [paid[1]]
    assert found(status="3") == [spent[1]] and spent[1] not in found(status="2")
    assert found(status="1") == found(status="4") == found(status="5") == []
    assert found(source_id=world.sol.number) == found(coupon_type="1") == found(coupon_id="", status="") == everything
    nothing = [{"source_id": world.stranger.number}, {"source_id": "x"}, {"promotion_plan_id": world.quota}]
    nothing += [{"coupon_type": "2"}, {"coupon_id": '""'}, {"order_id": '""'}, {"coupon_id": "null"}]
    assert [found(**filters) for filters in nothing] == [[]] * len(nothing)


def test_the_partners_list_finds_the_voucher_by_the_order_it_paid(ask: Ask, world: World) -> None:
    voucher, number = hand_out(world)
    pay(world, voucher, "CS0005")
    assert numbers(ask, "sol", ISSUED, order_id="CS0005") == [number]
    row = proper(ask("sol", "GET", ISSUED, query=[("coupon_id", number)])).body["user_coupons"][0]
    assert (row["order_id"], row["lock_order_id"]) == ("CS0005", None)


def test_what_was_reclaimed_is_the_issuers_to_see_and_no_longer_the_customers(ask: Ask, world: World) -> None:
    _, number = hand_out(world)
    assert ask("sol", "POST", RECLAIM, body={"coupon_id": number}).status == 204
    assert numbers(ask, "sol", ISSUED, coupon_id=number, status="5") == [number]
    assert numbers(ask, "customer", OWN, coupon_id=number) == []


@pytest.mark.parametrize(
    ("days", "partner", "customer"), [(300, True, True), (400, True, False), (729, True, False), (732, False, False)]
)
def test_the_past_is_told_for_two_years_to_partners_and_for_one_to_customers(
    ask: Ask, world: World, days: int, partner: bool, customer: bool
) -> None:
    """S-379."""
    _, number = hand_out(world)
    ended(number, days)
    assert (numbers(ask, "sol", ISSUED, coupon_id=number) == [number]) is partner
    assert (numbers(ask, "customer", OWN, coupon_id=number) == [number]) is customer
    assert said(ask("sol", "POST", RECLAIM, body={"coupon_id": number})) == (400, "CBC.99000048")


def test_partners_and_their_resellers_hold_no_vouchers_themselves(ask: Ask, world: World) -> None:
    hand_out(world)
    for who, query in (("sol", []), ("dario", []), ("dario", [("indirect_partner_id", world.rhea.number)])):
        assert proper(ask(who, "GET", OWN, query=query)).body == {"count": 0, "user_coupons": []}
    assert said(ask("dario", "GET", OWN, query=[("indirect_partner_id", world.fara.number)])) == (400, "CBC.99000037")
    assert said(ask("customer", "GET", OWN, query=[("indirect_partner_id", world.rhea.number)])) == (
        400,
        "CBC.99000037",
    )


def test_a_member_needs_one_of_the_items_and_a_reseller_does_not_call(ask: Ask) -> None:
    assert said(ask("operator", "GET", OWN)) == (403, "CBC.0151")
    assert proper(ask("issuer", "GET", OWN)).status == 200
    assert said(ask("rhea", "GET", OWN)) == (403, "CBC.0155")


def test_anothers_voucher_is_as_absent_as_one_that_never_was(ask: Ask, world: World) -> None:
    body = {"quota_id": world.foreign_quota, "customer_ids": [world.foreign], "face_value": 1}
    theirs = proper(ask("stranger", "POST", ISSUED, body=body)).body["coupon_infos"][0]["coupon_id"]
    assert numbers(ask, "customer", OWN, coupon_id=theirs) == numbers(ask, "customer", OWN, coupon_id="9") == []
