"""What vouchers pay of an order, and why others do not. Pure: no database, no clock, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleTable
from partner_center.vouchers.rules.book import BOOK, Scope

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


def covers(scope: Scope, line: OrderLine) -> bool:
    """Whether a voucher of this scope may pay this line. Rules: S-394, S-395."""
    return not line.marketplace and scope.admits(line.service_type, line.product_code)


def _one_currency(facts: UseFacts) -> bool:
    return all(line.amount.currency == facts.voucher.balance.currency for line in facts.lines)


def _scope_found(facts: UseFacts) -> dict[str, object]:
    scope = facts.voucher.scope
    return {
        "actual": ", ".join(sorted({line.product_code for line in facts.lines})),
        "required": ", ".join(sorted(scope.service_types | scope.product_codes)),
    }


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
        "S-395.products",
        "products_not_covered",
        lambda f: any(f.voucher.scope.admits(line.service_type, line.product_code) for line in f.lines),
        _scope_found,
    ),
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

    Rules: S-392, S-394, S-395, S-397.
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
    purse = voucher.balance.minor
    for index, line in enumerate(lines):
        if covers(voucher.scope, line):
            part = min(purse, left[index])
            left[index] -= part
            purse -= part
    return voucher.balance.minor - purse
