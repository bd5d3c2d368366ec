"""Every filter narrows as documented, every list pages to its end, and what is no value is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from partner_center.entrypoints.api.open_v2.contract import Operation, operation_named, operations
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers.actions import issue, pass_on, reclaim, reclaim_quota
from partner_center.vouchers.queries import QuotaFilter, quotas_slice
from tests.entrypoints.api.open_v2.caller import Answer
from tests.entrypoints.api.open_v2.test_calls import caller_of, proper, said
from tests.entrypoints.api.open_v2.world import NOW, RESALE, SYSTEM, World, customer, quota

Ask = Callable[..., Answer]
Filters = dict[str, Any]
ROWS = {
    "ListSubCustomers": ("customer_infos", "count"),
    "ListIndirectPartners": ("indirect_partners", "count"),
    "ListQuotaCoupons": ("quotas", "total_count"),
    "ListIssuedCouponQuotas": ("quotas", "total_count"),
    "ListCouponQuotasRecords": ("records", "total_count"),
    "ListIssuedPartnerCoupons": ("user_coupons", "total_count"),
    "ListPartnerCouponsRecord": ("records", "total_count"),
    "ListSubCustomerCoupons": ("user_coupons", "count"),
}
CALLER = dict.fromkeys(("ListIndirectPartners", "ListIssuedCouponQuotas", "ListCouponQuotasRecords"), "dario")

pytestmark = pytest.mark.usefixtures("world")


def listing(ask: Ask, operation: str, who: str = "", **filters: Any) -> tuple[int, list[dict[str, Any]]]:
    """The total and the rows of a list, asked for as the operation wants its fields."""
    spec, (rows, count) = operation_named(operation), ROWS[operation]
    query = [(name, str(each)) for name, value in filters.items() for each in _all(value)]
    sent: Filters = {"query": query} if spec.in_query else {"body": filters}
    answer = proper(ask(who or CALLER.get(operation, "sol"), spec.method, spec.path, **sent))
    assert answer.status == 200, answer.raw
    return answer.body[count], answer.body[rows]


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def wire(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def second(at: str, seconds: int) -> str:
    return wire(datetime.fromisoformat(at) + timedelta(seconds=seconds))


# Every filter -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def varied(world: World) -> World:
    """Rows that differ in everything one may filter by."""
    first, later = quota_of(quota(world.sol, "500")), quota_of(quota(world.sol, "70", NEXT_WEEK, service_types=["rds"]))
    assert first != later
    second_customer = UUID(customer("cara", world.sol, RESALE))
    for who, window in ((UUID(world.carl), None), (second_customer, Window(NOW, NOW + timedelta(days=3)))):
        hand_out(world, first, who, window)
    early = hand_out(world, first, second_customer, Window(NOW + timedelta(days=1), NOW + timedelta(days=2)))
    assert early
    reclaim(world.sol.actor, voucher_ids=[hand_out(world, first, UUID(world.carl), None)], remark="回收")
    whole = quota_of(world.darios_quota)
    parts = pass_on(world.dario.actor, quota_id=whole, reseller_ids=[world.raj.id], amount=Money.of("5", "CNY")).quotas
    reclaim_quota(world.dario.actor, quota_id=parts[0].quota_id)
    other = quota_of(quota(world.dario, "50"))
    pass_on(world.dario.actor, quota_id=other, reseller_ids=[world.raj.id], amount=Money.of("6", "CNY"))
    return world


NEXT_WEEK = Window(NOW + timedelta(days=7), NOW + timedelta(days=14))


def quota_of(number: str) -> UUID:
    with seated(SYSTEM):
        return quotas_slice(SYSTEM, QuotaFilter(tab="all", numbers=(number,)), 0, 1)[1][0].id


def hand_out(world: World, quota_id: UUID, who: UUID, window: Window | None) -> UUID:
    issued = issue(
        world.sol.actor, quota_id=quota_id, customer_ids=[who], face_value=Money.of("3", "CNY"), window=window
    )
    return issued.vouchers[0].voucher_id


# Operation, filter, the key of the answer's rows that it looks at. The value sent is one that a row really has.
EXACT = [
    ("ListSubCustomers", "account_name", "account_name"),
    ("ListSubCustomers", "association_type", "association_type"),
    ("ListSubCustomers", "customer_id", "customer_id"),
    ("ListIndirectPartners", "account_name", "account_name"),
    ("ListIndirectPartners", "indirect_partner_id", "indirect_partner_id"),
    ("ListQuotaCoupons", "quota_ids", "quota_id"),
    ("ListIssuedCouponQuotas", "quota_id", "quota_id"),
    ("ListIssuedCouponQuotas", "indirect_partner_id", "indirect_partner_id"),
    ("ListIssuedCouponQuotas", "parent_quota_id", "parent_quota_id"),
    ("ListCouponQuotasRecords", "quota_id", "quota_id"),
    ("ListCouponQuotasRecords", "parent_quota_id", "parent_quota_id"),
    ("ListCouponQuotasRecords", "indirect_partner_id", "indirect_partner_id"),
    ("ListCouponQuotasRecords", "operation_type", "operation_type"),
    ("ListIssuedPartnerCoupons", "coupon_id", "coupon_id"),
    ("ListIssuedPartnerCoupons", "customer_id", "customer_id"),
    ("ListIssuedPartnerCoupons", "status", "status"),
    ("ListPartnerCouponsRecord", "operation_types", "operation_type"),
    ("ListPartnerCouponsRecord", "coupon_ids", "coupon_id"),
    ("ListPartnerCouponsRecord", "customer_id", "customer_id"),
]


@pytest.mark.parametrize(("operation", "filter_", "key"), EXACT, ids=lambda value: str(value))
def test_a_filter_by_value_leaves_the_rows_that_have_it_and_no_others(
    ask: Ask, varied: World, operation: str, filter_: str, key: str
) -> None:
    everything = listing(ask, operation, limit=100)[1]
    values = {row[key] for row in everything}
    assert len(values) > 1, "the rows do not differ"
    field = next(each for each in operation_named(operation).fields if each.name == filter_)
    for value in sorted(values, key=str)[:3]:
        wanted = [row for row in everything if row[key] == value]
        count, found = listing(ask, operation, limit=100, **{filter_: [value] if field.many else value})
        assert (count, found) == (len(wanted), wanted)


TIMED = [
    ("ListSubCustomers", "associated_on_begin", "associated_on_end", "associated_on"),
    ("ListIndirectPartners", "associated_on_begin", "associated_on_end", "associated_on"),
    ("ListQuotaCoupons", "create_time_begin", "create_time_end", "create_time"),
    ("ListQuotaCoupons", "effective_time_begin", "effective_time_end", "effective_time"),
    ("ListQuotaCoupons", "expire_time_begin", "expire_time_end", "expire_time"),
    ("ListCouponQuotasRecords", "operation_time_begin", "operation_time_end", "operation_time"),
    ("ListIssuedPartnerCoupons", "create_time_begin", "create_time_end", "create_time"),
    ("ListIssuedPartnerCoupons", "effective_time_begin", "effective_time_end", "effective_time"),
    ("ListIssuedPartnerCoupons", "expire_time_begin", "expire_time_end", "expire_time"),
    ("ListPartnerCouponsRecord", "operation_time_begin", "operation_time_end", "operation_time"),
    ("ListSubCustomerCoupons", "active_start_time", "active_end_time", "active_time"),
]


@pytest.mark.parametrize(("operation", "begin", "end", "key"), TIMED, ids=lambda value: str(value))
def test_a_time_filter_leaves_out_its_own_bounds(
    ask: Ask, varied: World, operation: str, begin: str, end: str, key: str
) -> None:
    who = "customer" if operation == "ListSubCustomerCoupons" else ""
    everything = listing(ask, operation, who, limit=100)[1]
    instant = sorted(row[key] for row in everything)[0]
    on_it = [row for row in everything if row[key] == instant]
    assert on_it
    after = listing(ask, operation, who, limit=100, **{begin: instant})[1]
    assert after == [row for row in everything if row[key] > instant]
    assert listing(ask, operation, who, limit=100, **{end: instant})[1] == []
    around = {begin: second(instant, -1), end: second(instant, 1)}
    assert listing(ask, operation, who, limit=100, **around)[1] == on_it


@pytest.mark.parametrize(
    ("operation", "filters", "expected"),
    [
        ("ListSubCustomers", {"customer": "conn"}, 1),
        ("ListSubCustomers", {"label": "nobody-has-it"}, 0),
        ("ListQuotaCoupons", {"quota_type": 1}, 0),
        ("ListQuotaCoupons", {"quota_status_list": [3, 4, 5]}, 0),
        ("ListIssuedCouponQuotas", {"quota_id": "null"}, 0),
        ("ListIssuedCouponQuotas", {"quota_id": ""}, None),
        ("ListIssuedCouponQuotas", {"parent_quota_id": ""}, 0),
        ("ListIssuedCouponQuotas", {"parent_quota_id": '""'}, 0),
        ("ListIssuedCouponQuotas", {"indirect_partner_id": ""}, None),
        ("ListIssuedCouponQuotas", {"indirect_partner_id": "nobody"}, 0),
        ("ListCouponQuotasRecords", {"parent_quota_id": ""}, None),
        ("ListCouponQuotasRecords", {"parent_quota_id": '""'}, 0),
        ("ListCouponQuotasRecords", {"parent_quota_id": "null"}, 0),
        ("ListCouponQuotasRecords", {"operation_type": "12"}, None),
        ("ListCouponQuotasRecords", {"operation_type": "x"}, None),
        ("ListCouponQuotasRecords", {"operation_type": ""}, None),
        ("ListIndirectPartners", {"account_name": "ra"}, 1),
        ("ListIndirectPartners", {"account_name": ""}, None),
        ("ListIndirectPartners", {"account_name": None, "associated_on_begin": None}, None),
        ("ListIssuedPartnerCoupons", {"coupon_type": 4}, 0),
        ("ListPartnerCouponsRecord", {"quota_type": 1}, 0),
        ("ListPartnerCouponsRecord", {"result": "-1"}, 0),
        ("ListPartnerCouponsRecord", {"result": "0"}, None),
    ],
    ids=str,
)
def test_a_filter_that_says_nothing_or_what_no_row_has(
    ask: Ask, varied: World, operation: str, filters: Filters, expected: int | None
) -> None:
    """None: as many as without it."""
    everything = listing(ask, operation)[0]
    assert everything
    assert listing(ask, operation, **filters)[0] == (everything if expected is None else expected)


def test_every_filter_of_every_list_is_tried_here(varied: World) -> None:
    tried = {(operation, filter_) for operation, filter_, _ in EXACT}
    tried |= {(operation, bound) for operation, *bounds, _ in TIMED for bound in bounds}
    elsewhere = {"offset", "limit", "indirect_partner_id", "quota_type", "coupon_type", "result", "quota_status_list"}
    of_orders = {("ListIssuedPartnerCoupons", "order_id"), ("ListPartnerCouponsRecord", "quota_id")}
    of_names = {("ListSubCustomers", "label"), ("ListSubCustomers", "customer")}
    missing = {
        (each, field.name)
        for each in ROWS
        if each != "ListSubCustomerCoupons"
        for field in operation_named(each).fields
        if field.name not in elsewhere
    }
    assert missing - tried == of_orders | of_names


# Pages --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(world: World) -> Iterator[tuple[World, str]]:
    """A quota out of which 250 vouchers were issued to one customer."""
    number = quota(world.stranger, "250")
    source = quota_of(number)
    for _ in range(250):
        issue(
            world.stranger.actor,
            quota_id=source,
            customer_ids=[UUID(world.foreign)],
            face_value=Money.of("1", "CNY"),
            key=str(uuid4()),
        )
    yield world, number


@pytest.mark.parametrize(
    ("operation", "key"), [("ListIssuedPartnerCoupons", "coupon_id"), ("ListPartnerCouponsRecord", "id")]
)
def test_two_hundred_and_fifty_rows_come_page_by_page_each_once(
    ask: Ask, many: tuple[World, str], operation: str, key: str
) -> None:
    seen: list[str] = []
    for offset, size in ((0, 100), (100, 100), (200, 50), (250, 0), (2147483647, 0)):
        count, rows = listing(ask, operation, "stranger", offset=offset, limit=100)
        assert (count, len(rows)) == (250, size)
        seen += [row[key] for row in rows]
    assert len(set(seen)) == 250
    assert len(listing(ask, operation, "stranger")[1]) == 10
    assert [row[key] for row in listing(ask, operation, "stranger", offset=3, limit=4)[1]] == seen[3:7]


# What is no value ---------------------------------------------------------------------------------------------------


def bad_values(operation: Operation) -> Iterator[tuple[str, Any]]:
    for field in operation.fields:
        if field.range:
            yield from ((field.name, each) for each in (field.range[0] - 1, field.range[1] + 1, "ten", "1.5"))
        if field.type == "time":
            yield from ((field.name, each) for each in ("2026-01-01", "2026-02-30T00:00:00Z", "soon"))
        if field.values and not field.lenient:
            yield field.name, ["99"] if field.many else 99
        if field.type == "string" and field.max_length and not field.lenient and not field.values:
            long = "x" * (field.max_length + 1)
            yield field.name, [long] if field.many else long
        if field.max_items:
            yield field.name, [f"{n}" for n in range(field.max_items + 1)]


BAD = [(each, *bad) for each in operations().values() if each.callers for bad in bad_values(each)]


@pytest.mark.parametrize(
    ("operation", "field", "value"), BAD, ids=lambda value: str(getattr(value, "name", value))[:30]
)
def test_a_value_that_is_none_is_a_parameter_error_that_names_its_field(
    ask: Ask, operation: Operation, field: str, value: Any
) -> None:
    query = [(field, str(each)) for each in _all(value)] + [("limit", "1")] * (field == "offset")
    sent: Filters = {"query": query} if operation.in_query else {"body": {field: value}}
    who, english = caller_of(operation), {"X-Language": "en_US"}
    answer = proper(ask(who, operation.method, operation.path, headers=english, **sent))
    assert said(answer) == (400, "CBC.0100") and f"{field}: " in answer.body["error_msg"]


def test_an_offset_alone_is_refused_where_it_needs_its_limit(ask: Ask) -> None:
    spec = operation_named("ListSubCustomerCoupons")
    alone = ask("customer", "GET", spec.path, query=[("offset", "1")])
    assert said(alone) == (400, "CBC.0100") and "limit" in alone.body["error_msg"]
    both = ask("customer", "GET", spec.path, query=[("offset", "1"), ("limit", "1")])
    assert proper(both).status == 200
