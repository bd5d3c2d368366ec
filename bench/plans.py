"""Plan shapes of what the console asks for: no scan of a whole table, and few rows read for each one shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

SMALL = 2_000  # a table this small is read whole and rightly so
READ_PER_SHOWN = 40


def planned(sql: str, params: Any) -> str:
    """What is wrong with a statement's plan: a large table read whole, or many rows read for each one shown."""
    plan = _plan(sql, params)
    shown, read = max(plan["Actual Rows"], 1), sum(_read(node) for node in _nodes(plan))
    scans = [node for node in _nodes(plan) if node["Node Type"] == "Seq Scan" and _read(node) > SMALL]
    wrong = [f"Seq Scan of {node['Relation Name']}" for node in scans]
    if read > READ_PER_SHOWN * max(shown, 20):
        wrong.append(f"{read:,.0f} rows read for {shown:.0f} ({_relation(plan)})")
    return ", ".join(wrong)


def statements(ask: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The reading statements that a query sends."""
    heard: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")) and "set_config" not in sql:
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
