"""What vouchers pay of an order, and why others do not. Pure: no database, no clock, no Django."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Coded, Rule, RuleTable, Share
from partner_center.vouchers.rules.book import BOOK
from partner_center.vouchers.rules.limits import NOTHING, ORDER_TYPES, PAY_PER_USE, WHOLE, Scope

AUTHORISATION = Lifecycle(
    start="authorised",
    moves={"capture": ("authorised", "captured"), "release": ("authorised", "released")},
)

# Spending ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OrderLine:
    """One line of an order at checkout."""

    product_code: str
    service_type: str
    amount: Money
    marketplace: bool = False
    order_type: str = ""
    region: str = ""
    billing_mode: str = ""
    enterprise_project: str = ""
    # The share of the official price that is payable; 1 is without a discount.
    discount: Decimal = WHOLE
    arrears: bool = False


@dataclass(frozen=True)
class Spendable:
    """A voucher as checkout looks at it."""

    id: UUID
    state: str
    is_frozen: bool
    lock_order: str
    window: Window
    scope: Scope
    min_order: Money
    balance: Money
    is_own: bool = True


@dataclass(frozen=True)
class UseFacts:
    """A voucher held against an order."""

    voucher: Spendable
    lines: tuple[OrderLine, ...]
    order_reference: str
    at: datetime

    @property
    def covered(self) -> tuple[OrderLine, ...]:
        return tuple(line for line in self.lines if covers(self.voucher.scope, line))

    @property
    def covered_amount(self) -> Money:
        return Money.total((line.amount for line in self.covered), self.voucher.balance.currency)


# Each limit asked of one line. A line that does not say what a limit asks about does not meet it.
MEETS: Mapping[str, Callable[[Scope, OrderLine], bool]] = {
    "products": lambda s, line: s.covers_product(line.service_type, line.product_code),
    "excluded": lambda s, line: line.service_type not in s.service_types_excluded,
    "order_type": lambda s, line: not s.order_types or ORDER_TYPES.get(line.order_type, "") in s.order_types,
    "region": lambda s, line: not s.regions or line.region in s.regions,
    "billing_mode": lambda s, line: not s.billing_modes or line.billing_mode in s.billing_modes,
    "enterprise_project": lambda s, line: not s.enterprise_projects or line.enterprise_project in s.enterprise_projects,
    "discount": lambda s, line: s.with_discounts or line.discount >= WHOLE,
}


def covers(scope: Scope, line: OrderLine) -> bool:
    """Whether a voucher of this scope may pay this line. Rules: S-394, S-395."""
    return not line.marketplace and not line.arrears and all(meets(scope, line) for meets in MEETS.values())


def _some_line(limit: str) -> Callable[[UseFacts], bool]:
    return lambda f: not f.lines or any(MEETS[limit](f.voucher.scope, line) for line in f.lines)


def _limit_found(line_part: str, limit: str) -> Callable[[UseFacts], Mapping[str, object]]:
    """What the order's lines say, and what the voucher asks for."""
    return lambda f: {
        "actual": Coded(tuple(sorted({str(getattr(line, line_part)) for line in f.lines}))),
        "required": Coded(tuple(sorted(getattr(f.voucher.scope, limit)))),
    }


def _discount_reached(facts: UseFacts) -> bool:
    return not facts.lines or max(line.discount for line in facts.lines) >= facts.voucher.scope.min_discount


def _meets_together(facts: UseFacts) -> bool:
    """Where each limit is met by some product, one must meet them all; where one is met by none, that rule says so."""
    payable = [line for line in facts.lines if not line.marketplace and not line.arrears]
    apart = bool(payable) and all(_some_line(limit)(facts) for limit in MEETS)
    return not apart or bool(facts.covered)


def _one_currency(facts: UseFacts) -> bool:
    return all(line.amount.currency == facts.voucher.balance.currency for line in facts.lines)


def _scope_found(facts: UseFacts) -> dict[str, object]:
    scope = facts.voucher.scope
    return {
        "actual": ", ".join(sorted({line.product_code for line in facts.lines})),
        "required": ", ".join(sorted(scope.service_types | scope.product_codes)),
    }


def _most_paid(facts: UseFacts) -> Decimal:
    return max((line.discount for line in facts.lines), default=NOTHING)


USE: RuleTable[UseFacts] = BOOK.table(
    Rule("S-381", "voucher_of_another", lambda f: f.voucher.is_own),
    Rule(
        "S-390.state",
        "voucher_not_usable",
        lambda f: f.voucher.state == "usable",
        lambda f: {"actual": f.voucher.state, "required": "usable"},
    ),
    Rule("S-390.frozen", "voucher_frozen", lambda f: not f.voucher.is_frozen),
    Rule(
        "S-390.locked",
        "voucher_locked_by_order",
        lambda f: f.voucher.lock_order in ("", f.order_reference),
        lambda f: {"actual": f.voucher.lock_order},
    ),
    Rule(
        "S-395.validity",
        "outside_validity",
        lambda f: f.voucher.window.contains(f.at),
        lambda f: {"actual": f.at, "required": f.voucher.window.begins, "until": f.voucher.window.end},
    ),
    Rule("L-307.order", "currency_of_other_site", _one_currency),
    Rule(
        "S-394",
        "marketplace_not_covered",
        lambda f: not f.lines or any(not line.marketplace for line in f.lines),
    ),
    Rule(
        "S-394.arrears",
        "arrears_not_covered",
        lambda f: not f.lines or any(not line.arrears for line in f.lines),
    ),
    Rule(
        "S-395.products",
        "products_not_covered",
        lambda f: any(MEETS["products"](f.voucher.scope, line) for line in f.lines),
        _scope_found,
    ),
    Rule(
        "S-395.excluded",
        "service_types_excluded",
        _some_line("excluded"),
        _limit_found("service_type", "service_types_excluded"),
    ),
    Rule(
        "S-395.order_types",
        "order_type_not_covered",
        _some_line("order_type"),
        _limit_found("order_type", "order_types"),
    ),
    Rule("S-395.regions", "region_not_covered", _some_line("region"), _limit_found("region", "regions")),
    Rule(
        "S-395.billing_modes",
        "billing_mode_not_covered",
        _some_line("billing_mode"),
        _limit_found("billing_mode", "billing_modes"),
    ),
    Rule(
        "S-395.enterprise_projects",
        "enterprise_project_not_covered",
        _some_line("enterprise_project"),
        _limit_found("enterprise_project", "enterprise_projects"),
    ),
    Rule(
        "S-395.discounts",
        "not_with_discounts",
        _some_line("discount"),
        lambda f: {"actual": Share(_most_paid(f)), "required": Share(WHOLE)},
    ),
    Rule(
        "S-395.min_discount",
        "discount_too_deep",
        _discount_reached,
        lambda f: {"actual": Share(_most_paid(f)), "required": Share(f.voucher.scope.min_discount)},
    ),
    Rule("S-395.together", "limits_met_apart", _meets_together),
    Rule(
        "S-396",
        "minimum_not_reached",
        lambda f: not _one_currency(f) or f.covered_amount >= f.voucher.min_order,
        lambda f: {"actual": f.covered_amount, "required": f.voucher.min_order} if _one_currency(f) else {},
    ),
    Rule(
        "S-393",
        "nothing_left",
        lambda f: f.voucher.state != "usable" or f.voucher.balance.minor > 0 or f.voucher.lock_order != "",
        lambda f: {"actual": f.voucher.balance},
    ),
)


@dataclass(frozen=True)
class OrderFacts:
    """The vouchers put on one order."""

    lines: tuple[OrderLine, ...]
    vouchers: int
    most_vouchers: int
    unknown_codes: tuple[str, ...] = ()


ORDER: RuleTable[OrderFacts] = BOOK.table(
    Rule(
        "S-902.order",
        "order_amount_not_positive",
        lambda f: bool(f.lines) and all(line.amount.minor > 0 for line in f.lines),
        lambda f: {"actual": len(f.lines)},
    ),
    Rule(
        "S-374.known", "scope_unknown", lambda f: not f.unknown_codes, lambda f: {"actual": ", ".join(f.unknown_codes)}
    ),
    Rule(
        "S-392",
        "too_many_vouchers",
        lambda f: f.vouchers <= f.most_vouchers,
        lambda f: {"actual": f.vouchers, "required": f.most_vouchers},
    ),
)


def in_order_of_use(vouchers: Sequence[Spendable]) -> tuple[Spendable, ...]:
    """Restricted vouchers first, then the earliest end. Rules: S-397."""

    def rank(voucher: Spendable) -> tuple[bool, datetime, str]:
        return (not (voucher.scope.is_limited or voucher.min_order.minor > 0), voucher.window.end, str(voucher.id))

    return tuple(sorted(vouchers, key=rank))


@dataclass(frozen=True)
class Payment:
    """What one voucher pays of an order."""

    voucher_id: UUID
    amount: Money


def pay(vouchers: Sequence[Spendable], lines: Sequence[OrderLine], most: int) -> tuple[Payment, ...]:
    """What each voucher, in the order given, pays of what the ones before it left; at most `most` of them pay.

    Rules: S-392, S-394, S-395, S-397, S-415.
    Money: per voucher, minor units of the order's currency; voucher → order.
    """
    left = {index: line.amount.minor for index, line in enumerate(lines)}
    payments: list[Payment] = []
    for voucher in vouchers:
        paid = _pay_lines(voucher, lines, left) if len(payments) < most else 0
        if paid:
            payments.append(Payment(voucher.id, Money(paid, voucher.balance.currency)))
    return tuple(payments)


def _pay_lines(voucher: Spendable, lines: Sequence[OrderLine], left: dict[int, int]) -> int:
    purse, share = voucher.balance.minor, _share(voucher.scope.use_ratio, lines)
    for index, line in enumerate(lines):
        if covers(voucher.scope, line):
            capped = line.billing_mode != PAY_PER_USE
            part = min(purse, left[index], share if capped else purse)
            left[index] -= part
            purse -= part
            share -= part if capped else 0
    return voucher.balance.minor - purse


def _share(ratio: Decimal, lines: Sequence[OrderLine]) -> int:
    """The most of an order that one coupon pays, rounded down; what is billed by use is not counted. Rules: S-415."""
    return int(sum(line.amount.minor for line in lines if line.billing_mode != PAY_PER_USE) * ratio)
