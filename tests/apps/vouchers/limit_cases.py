"""Facts that keep every limit of quota, vouchers and whitelists, each with one thing changed that breaks one rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import RuleTable
from partner_center.vouchers import rules

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SOON, YEAR = Window(AT, AT + 30 * DAY), Window(AT - 30 * DAY, AT + 300 * DAY)
HALF = Decimal("0.5")


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def scope(**limits: Any) -> rules.Scope:
    """Limits by their names; lists may be given as a single code."""
    return rules.Scope(**{name: frozenset({code}) if isinstance(code, str) else code for name, code in limits.items()})


CASH = rules.GrantFacts(
    cny("1000"), YEAR, AT, "subsidy", "active", "CNY", (), rules.CASH_KIND, scope(use_ratio=HALF), True
)
GRANT = replace(CASH, kind=rules.VOUCHER_KIND, scope=rules.ANYTHING, counts_as_performance=False)
ISSUE = rules.IssueFacts(
    *("normal", YEAR, rules.ANYTHING, AT, cny("100"), cny("0"), SOON, rules.ANYTHING, 1, cny("900")),
    rules.IssueLimits(10, smallest_face=cny("0.01"), largest_face=cny("100000")),
)
RECIPIENT = rules.RecipientFacts(True, rules.CONSULTING, True, False)
LINE = rules.OrderLine(
    *("ecs.s", "ecs", cny("80")),
    order_type="trial_to_commercial",
    region="cn-north-1",
    billing_mode="monthly",
    enterprise_project="ep-1",
    discount=Decimal("0.8"),
)
LIMITED = scope(
    service_types="ecs",
    service_types_excluded="obs",
    order_types="subscribe",
    regions="cn-north-1",
    billing_modes="monthly",
    enterprise_projects="ep-1",
    min_discount=Decimal("0.8"),
)
VOUCHER = rules.Spendable(UUID(int=1), "usable", False, "", SOON, LIMITED, cny("0"), cny("50"))
USE = rules.UseFacts(VOUCHER, (LINE,), "O1", AT)
LIST, LISTED = rules.WhitelistFacts("subsidy", 2, 2), rules.WhitelistedFacts("acme_it", 1, 1)


def line(**changes: Any) -> dict[str, Any]:
    return {"lines": (replace(LINE, **changes),)}


def limited(**changes: Any) -> dict[str, Any]:
    return {"voucher": replace(VOUCHER, scope=replace(LIMITED, **changes))}


def narrowed(outer: rules.Scope) -> Any:
    """An issue out of a quota with these limits, which the voucher has too."""
    return replace(ISSUE, quota_scope=outer, scope=outer)


CASES: list[tuple[RuleTable[Any], Any, dict[str, Any], str]] = [
    (rules.GRANT, GRANT, {"scope": scope(service_types="ecs", service_types_excluded="ecs")}, "S-374"),
    (rules.GRANT, GRANT, {"scope": scope(enterprise_projects="a b")}, "S-395"),
    (rules.GRANT, GRANT, {"scope": scope(min_discount=Decimal("1.01"))}, "S-395"),
    (rules.GRANT, CASH, {"scope": scope(use_ratio=Decimal(0))}, "S-415"),
    (rules.GRANT, CASH, {"scope": scope(use_ratio=Decimal("1.01"))}, "S-415"),
    (rules.GRANT, GRANT, {"scope": scope(use_ratio=HALF)}, "S-415"),
    (rules.GRANT, GRANT, {"kind": 2}, "S-360"),
    (rules.GRANT, CASH, {"identity": "solution_provider"}, "S-350"),
    (rules.GRANT, GRANT, {"counts_as_performance": True}, "S-417"),
    (rules.ISSUE, ISSUE, {"scope": scope(service_types="ecs", service_types_excluded="ecs")}, "S-374"),
    (rules.ISSUE, ISSUE, {"scope": scope(enterprise_projects="a b")}, "S-395"),
    (rules.ISSUE, ISSUE, {"scope": scope(min_discount=Decimal("1.1"))}, "S-395"),
    (rules.ISSUE, replace(ISSUE, kind=rules.CASH_KIND), {"scope": scope(use_ratio=Decimal(0))}, "S-415"),
    (rules.ISSUE, ISSUE, {"scope": scope(use_ratio=HALF)}, "S-415"),
    *(
        (rules.ISSUE, narrowed(scope(**{name: "a"})), {"scope": scope(**{name: "b"})}, "S-374")
        for name in ("order_types", "regions", "billing_modes", "enterprise_projects", "service_types_excluded")
    ),
    (rules.ISSUE, narrowed(scope(with_discounts=False)), {"scope": rules.ANYTHING}, "S-374"),
    (rules.ISSUE, narrowed(scope(min_discount=HALF)), {"scope": scope(min_discount=Decimal("0.4"))}, "S-374"),
    (
        rules.ISSUE,
        replace(narrowed(scope(use_ratio=HALF)), kind=rules.CASH_KIND),
        {"scope": scope(use_ratio=Decimal("0.6"))},
        "S-374",
    ),
    (rules.ISSUE_TO, RECIPIENT, {"whitelisted": False}, "S-382"),
    (rules.WHITELIST, LIST, {"identity": "distributor"}, "S-382"),
    (rules.WHITELIST, LIST, {"accounts": 0}, "S-382"),
    (rules.WHITELIST, LIST, {"accounts": 3}, "S-382"),
    (rules.WHITELISTED, LISTED, {"account": "two words"}, "S-382"),
    (rules.WHITELISTED, LISTED, {"account": "a" * 65}, "S-382"),
    (rules.WHITELISTED, LISTED, {"line": 7}, "S-382"),
    (rules.USE, USE, line(arrears=True), "S-394"),
    (rules.USE, USE, limited(service_types=frozenset(), service_types_excluded=frozenset({"ecs"})), "S-395"),
    (rules.USE, USE, line(order_type="renew"), "S-395"),
    (rules.USE, USE, line(order_type=""), "S-395"),
    (rules.USE, USE, line(region="cn-east-1"), "S-395"),
    (rules.USE, USE, line(region=""), "S-395"),
    (rules.USE, USE, line(billing_mode="pay_per_use"), "S-395"),
    (rules.USE, USE, line(enterprise_project="ep-2"), "S-395"),
    (rules.USE, USE, limited(with_discounts=False), "S-395"),
    (rules.USE, USE, line(discount=Decimal("0.79")), "S-395"),
    (
        rules.USE,
        USE,
        {"lines": (replace(LINE, region="cn-east-1"), replace(LINE, billing_mode="yearly"))},
        "S-395",
    ),
]
