"""Plan shapes of the lists over many rows: no scan of a whole table, and few rows read for each one shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from bench.database import Place
from bench.harness import Check
from bench.world import World
from partner_center.customers import queries as customers
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.vouchers import queries as vouchers

SMALL = 2_000  # a table this small is read whole and rightly so
READ_PER_SHOWN = 40
# Vouchers with their accounts, over many partners; the world's own partner has one in five hundred of them.
_VOUCHERS = """
    CREATE TEMPORARY TABLE made AS
    SELECT gen_random_uuid() AS id, n,
        CASE WHEN n %% 500 = 0 THEN %(partner)s::uuid ELSE md5('partner' || n %% 200)::uuid END AS partner_id,
        (%(customers)s::uuid[])[1 + n %% %(count)s] AS customer_id,
        now() - n * interval '40 seconds' AS at
    FROM generate_series(1, %(many)s) AS n;
    INSERT INTO vouchers_voucher (id, number, quota_id, partner_id, customer_id, association_type, issue_id,
        spent_account, face_minor, currency, min_order_minor, starts_at, ends_at, service_types, product_codes, state,
        is_frozen, lock_order, came_back_minor, issued_at)
    SELECT id, 'VM' || n, %(quota)s, partner_id, customer_id, 2, id, id, 100, 'CNY', 0, at,
        at + interval '365 days', '{}', '{}', 'usable', false, '', 0, at FROM made;
    INSERT INTO ledger_account (id, kind, currency, balance, floor, partner_id, customer_id, opened_at)
    SELECT id, 'voucher', 'CNY', 100, 0, partner_id, customer_id, at FROM made;
    INSERT INTO vouchers_voucherrecord (id, operation_type, quota_id, voucher_id, customer_id, partner_id,
        association_type, amount_minor, currency, remark, at)
    SELECT gen_random_uuid(), 1, %(quota)s, id, customer_id, partner_id, 2, 100, 'CNY', '', at FROM made;
    DROP TABLE made
"""
_STATISTICS = (
    "vouchers_voucher",
    "vouchers_voucherrecord",
    "vouchers_quota",
    "ledger_account",
    "customers_association",
)


def fill(place: Place, world: World, quota: UUID, many: int) -> None:
    """As the owner, set-based: what the lists are then read from, not what the ledger is proved by."""
    with place.as_owner() as owner:
        values = {"partner": world.partner, "quota": quota, "many": many, "customers": list(world.customers)}
        cursor = owner.execute("SELECT 1")
        for statement in _VOUCHERS.split(";\n"):
            cursor = _Client(owner).execute(statement, values | {"count": len(world.customers)})
        for table in _STATISTICS:
            cursor.execute(f"ANALYZE {table}".encode())


def _Client(owner: Any) -> Any:
    from psycopg import ClientCursor

    return ClientCursor(owner)


def run(place: Place, world: World, *, many: int) -> list[Check]:
    """Each list's statements, planned over many rows."""
    quota = world.grant("1000")
    fill(place, world, quota, many)
    issuer, buyer = world.issuer, world.buyer(world.customers[-1])
    lists: list[tuple[str, Actor, Callable[[], Any]]] = [
        ("issued vouchers", issuer, lambda: vouchers.vouchers(issuer, vouchers.VoucherFilter())),
        ("issued vouchers in a state", issuer, lambda: vouchers.vouchers(issuer, vouchers.VoucherFilter(("usable",)))),
        ("vouchers of one customer", issuer, lambda: vouchers.vouchers(issuer, _of(world.customers[-1]))),
        ("a customer's own vouchers", buyer, lambda: vouchers.my_vouchers(buyer)),
        ("operation records", issuer, lambda: vouchers.records(issuer, vouchers.RecordFilter())),
        ("operation records of one customer", issuer, lambda: vouchers.records(issuer, _lines_of(world.customers[-1]))),
        ("quota held", issuer, lambda: vouchers.quotas(issuer, vouchers.QuotaFilter())),
        ("customers", issuer, lambda: customers.associations(issuer, world.customers[:20])),
    ]
    return [_check(name, actor, ask, many) for name, actor, ask in lists]


def _of(customer: UUID) -> vouchers.VoucherFilter:
    return vouchers.VoucherFilter(customer_id=customer)


def _lines_of(customer: UUID) -> vouchers.RecordFilter:
    return vouchers.RecordFilter(customer_id=customer)


def _check(name: str, actor: Actor, ask: Callable[[], Any], many: int) -> Check:
    told: list[str] = []
    with seated(actor):
        for sql, params in statements(ask):
            plan = _plan(sql, params)
            shown, read = max(plan["Actual Rows"], 1), sum(_read(node) for node in _nodes(plan))
            for node in _nodes(plan):
                if node["Node Type"] == "Seq Scan" and _read(node) > SMALL:
                    told.append(f"Seq Scan of {node['Relation Name']}")
            if read > READ_PER_SHOWN * max(shown, 20):
                told.append(f"{read:.0f} rows read for {shown:.0f} ({_relation(plan)})")
    return Check("G11", f"plan over {many:,} rows: {name}", ", ".join(told) or "indexed", "indexed", not told)


def statements(ask: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The reading statements that a query sends."""
    heard: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith("SELECT") and "set_config" not in sql:
            heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        ask()
    return heard


def _plan(sql: str, params: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _read(node: dict[str, Any]) -> float:
    """Rows that a scan touched, kept or not."""
    if "Relation Name" not in node:
        return 0
    found = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float(found * node["Actual Loops"])


def _relation(plan: dict[str, Any]) -> str:
    return next((node["Relation Name"] for node in _nodes(plan) if "Relation Name" in node), "")
