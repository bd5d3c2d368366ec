"""What may happen to quota and vouchers, and what a voucher pays. Pure: no database, no clock, no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleBook

BOOK = RuleBook.beside(__file__)

# SM-4 --------------------------------------------------------------------------------------------------------------
QUOTA = Lifecycle(
    start="normal",
    moves={
        "adjust": ("normal", "adjusting"),
        "adjusted": ("adjusting", "normal"),
        "freeze": ("normal", "frozen"),
        "unfreeze": ("frozen", "normal"),
        "reclaim": ("normal", "reclaimed"),
        "lapse": (("normal", "frozen", "adjusting"), "invalid"),
    },
)
QUOTA_STATUS = {"normal": 0, "invalid": 3, "adjusting": 4, "frozen": 5, "reclaimed": 6}

# SM-5; `inactive` is a usable voucher before its window, so it is not a state of its own ----------------------------
VOUCHER = Lifecycle(
    start="usable",
    moves={
        "spend_up": ("usable", "used"),
        "give_back": ("used", "usable"),
        "reclaim": ("usable", "reclaimed"),
        "expire": ("usable", "expired"),
    },
)
VOUCHER_STATUS = {"inactive": 1, "usable": 2, "used": 3, "expired": 4, "reclaimed": 5}

AUTHORISATION = Lifecycle(
    start="authorised",
    moves={"capture": ("authorised", "captured"), "release": ("authorised", "released")},
)

# Operation types of the logs (S-410, S-411)
ISSUED, RECLAIMED, DISASSOCIATED, EXPIRED = 1, 2, 3, 4
PASSED_ON, QUOTA_RECLAIMED = 10, 11

CONSULTING, RESALE = 1, 2
MAY_BE_GRANTED = ("solution_provider", "distributor")
LONGEST_REMARK = 200


@dataclass(frozen=True)
class Scope:
    """What a quota or voucher is good for; an empty part means anything."""

    service_types: frozenset[str] = frozenset()
    product_codes: frozenset[str] = frozenset()

    @property
    def is_limited(self) -> bool:
        return bool(self.service_types or self.product_codes)

    def within(self, wider: Scope) -> bool:
        """Whether everything this admits is admitted there: each limited part may only be narrowed."""
        return all(
            not outer or (bool(inner) and inner <= outer)
            for inner, outer in (
                (self.service_types, wider.service_types),
                (self.product_codes, wider.product_codes),
            )
        )

    def admits(self, service_type: str, product_code: str) -> bool:
        return (not self.service_types or service_type in self.service_types) and (
            not self.product_codes or product_code in self.product_codes
        )


# Granting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GrantFacts:
    """A quota the vendor is about to grant."""

    value: Money
    window: Window
    at: datetime
    identity: str
    partner_state: str
    partner_currency: str
    unknown_codes: tuple[str, ...] = ()


def _amount(facts: GrantFacts) -> dict[str, object]:
    return {"actual": facts.value, "required": Money.zero(facts.value.currency)}


GRANT = BOOK.table(
    Rule("S-902.value", "amount_not_positive", lambda f: f.value.minor > 0, _amount),
    Rule(
        "S-360.window",
        "window_not_ahead",
        lambda f: f.window.is_real and f.window.end > f.at,
        lambda f: {"actual": f.window.end, "required": f.at},
    ),
    Rule(
        "S-350.grant",
        "identity_gets_no_quota",
        lambda f: f.identity in MAY_BE_GRANTED,
        lambda f: {"actual": f.identity or "—", "required": ", ".join(MAY_BE_GRANTED)},
    ),
    Rule(
        "S-350.state",
        "partner_not_active",
        lambda f: f.partner_state == "active",
        lambda f: {"actual": f.partner_state or "—", "required": "active"},
    ),
    Rule(
        "L-307.currency",
        "currency_of_other_site",
        lambda f: f.value.currency == f.partner_currency,
        lambda f: {"actual": f.value.currency, "required": f.partner_currency},
    ),
    Rule(
        "S-374.known",
        "scope_unknown",
        lambda f: not f.unknown_codes,
        lambda f: {"actual": ", ".join(f.unknown_codes)},
    ),
)

# Passing on --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PassOnFacts:
    """A quota of which a distributor passes equal parts to resellers."""

    quota_state: str
    quota_window: Window
    at: datetime
    identity: str
    amount: Money
    receivers: int
    balance: Money

    @property
    def total(self) -> Money:
        return self.amount * self.receivers


@dataclass(frozen=True)
class ReceiverFacts:
    """A reseller that is to get a part of a quota."""

    is_own_reseller: bool
    state: str
    limited_to: int
    foreign_customers: int


_QUOTA_OPEN: tuple[Rule[Any], ...] = (
    Rule(
        "S-362.state",
        "quota_not_issuable",
        lambda f: f.quota_state == "normal",
        lambda f: {"actual": f.quota_state, "required": "normal"},
    ),
    Rule(
        "S-362.window",
        "quota_outside_its_window",
        lambda f: f.quota_window.contains(f.at),
        lambda f: {"actual": f.at, "required": f.quota_window.start, "until": f.quota_window.end},
    ),
)

PASS_ON = BOOK.table(
    Rule(
        "S-351",
        "only_distributors_pass_on",
        lambda f: f.identity == "distributor",
        lambda f: {"actual": f.identity or "—", "required": "distributor"},
    ),
    *_QUOTA_OPEN,
    Rule(
        "S-902.amount",
        "amount_not_positive",
        lambda f: f.amount.minor > 0,
        lambda f: {"actual": f.amount, "required": Money.zero(f.amount.currency)},
    ),
    Rule(
        "S-363.receivers",
        "no_receiver",
        lambda f: f.receivers >= 1,
        lambda f: {"actual": f.receivers, "required": 1},
    ),
    Rule(
        "S-363",
        "quota_insufficient",
        lambda f: f.amount.currency == f.balance.currency and f.total <= f.balance,
        lambda f: _comparison(f.amount, f.receivers, f.balance),
    ),
)

PASS_ON_TO = BOOK.table(
    Rule("S-004.own", "not_own_reseller", lambda f: f.is_own_reseller),
    Rule(
        "S-350.state",
        "partner_not_active",
        lambda f: not f.is_own_reseller or f.state == "active",
        lambda f: {"actual": f.state or "—", "required": "active"},
    ),
    Rule(
        "S-364",
        "quota_customers_not_the_resellers",
        lambda f: f.foreign_customers == 0,
        lambda f: {"actual": f.foreign_customers, "required": f.limited_to},
    ),
)


def _comparison(each: Money, count: int, balance: Money) -> dict[str, object]:
    """The values that S-363 and S-377 compare, and the largest amount that would fit."""
    if each.currency != balance.currency:
        return {"each": each, "count": count, "required": balance, "actual": each}
    fitting = Money(balance.minor // count if count else balance.minor, balance.currency)
    total = each * count
    return {
        "each": each,
        "count": count,
        "actual": total,
        "required": balance,
        "short": total - balance,
        "fitting": fitting,
    }


# Taking quota back ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuotaReclaimFacts:
    """A sub-quota that the distributor wants back."""

    state: str
    window: Window
    at: datetime
    balance: Money


RECLAIM_QUOTA = BOOK.table(
    Rule(
        "S-399.quota",
        "quota_not_reclaimable",
        lambda f: f.state == "normal" and f.at < f.window.end,
        lambda f: {"actual": f.state, "required": "normal", "until": f.window.end},
    ),
    Rule(
        "S-399.empty",
        "nothing_left",
        lambda f: f.balance.minor > 0,
        lambda f: {"actual": f.balance},
    ),
)

# Issuing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IssueLimits:
    """What the policy in force allows of one issue."""

    most_customers: int
    most_service_types: int = 10
    most_products: int = 10
    smallest_face: Money | None = None
    largest_face: Money | None = None


@dataclass(frozen=True)
class IssueFacts:
    """One issue: a voucher of the same make to each of several customers."""

    quota_state: str
    quota_window: Window
    quota_scope: Scope
    at: datetime
    face_value: Money
    min_order: Money
    window: Window
    scope: Scope
    recipients: int
    balance: Money
    limits: IssueLimits
    unknown_codes: tuple[str, ...] = ()
    remark_length: int = 0


def _face_fits(facts: IssueFacts) -> bool:
    smallest, largest = facts.limits.smallest_face, facts.limits.largest_face
    if facts.face_value.currency != facts.balance.currency or facts.face_value.minor <= 0:
        return True  # other rules say so
    return (smallest is None or smallest <= facts.face_value) and (largest is None or facts.face_value <= largest)


ISSUE = BOOK.table(
    *_QUOTA_OPEN,
    Rule(
        "S-902.face",
        "amount_not_positive",
        lambda f: f.face_value.minor > 0,
        lambda f: {"actual": f.face_value, "required": Money.zero(f.face_value.currency)},
    ),
    Rule(
        "L-307.face",
        "currency_of_other_site",
        lambda f: f.face_value.currency == f.balance.currency,
        lambda f: {"actual": f.face_value.currency, "required": f.balance.currency},
    ),
    Rule(
        "S-371.face",
        "face_value_out_of_range",
        _face_fits,
        lambda f: {"actual": f.face_value, "required": f.limits.smallest_face, "most": f.limits.largest_face},
    ),
    Rule(
        "S-371.minimum",
        "min_order_amount_negative",
        lambda f: f.min_order.minor >= 0,
        lambda f: {"actual": f.min_order, "required": Money.zero(f.min_order.currency)},
    ),
    Rule(
        "S-371.service_types",
        "too_many_service_types",
        lambda f: len(f.scope.service_types) <= f.limits.most_service_types,
        lambda f: {"actual": len(f.scope.service_types), "required": f.limits.most_service_types},
    ),
    Rule(
        "S-371.products",
        "too_many_products",
        lambda f: len(f.scope.product_codes) <= f.limits.most_products,
        lambda f: {"actual": len(f.scope.product_codes), "required": f.limits.most_products},
    ),
    Rule(
        "S-371.remark",
        "remark_too_long",
        lambda f: f.remark_length <= LONGEST_REMARK,
        lambda f: {"actual": f.remark_length, "required": LONGEST_REMARK},
    ),
    Rule(
        "S-372",
        "too_many_customers",
        lambda f: 1 <= f.recipients <= f.limits.most_customers,
        lambda f: {"actual": f.recipients, "required": f.limits.most_customers},
    ),
    Rule(
        "S-373",
        "validity_outside_quota",
        lambda f: f.quota_window.covers(f.window),
        lambda f: {
            "actual": f.window.end,
            "required": f.quota_window.end,
            "start": f.window.start,
            "earliest": f.quota_window.start,
        },
    ),
    Rule(
        "S-373.ahead",
        "validity_not_ahead",
        lambda f: f.window.is_real and f.window.end > f.at,
        lambda f: {"actual": f.window.end, "required": f.at},
    ),
    Rule(
        "S-374",
        "scope_exceeds_quota",
        lambda f: f.scope.within(f.quota_scope),
        lambda f: {
            "actual": ", ".join(sorted(_beyond(f.scope, f.quota_scope))),
            "required": ", ".join(sorted(f.quota_scope.service_types | f.quota_scope.product_codes)),
        },
    ),
    Rule(
        "S-374.known", "scope_unknown", lambda f: not f.unknown_codes, lambda f: {"actual": ", ".join(f.unknown_codes)}
    ),
    Rule(
        "S-377",
        "quota_insufficient",
        lambda f: f.face_value.currency != f.balance.currency or f.face_value * f.recipients <= f.balance,
        lambda f: _comparison(f.face_value, f.recipients, f.balance),
    ),
)


def _beyond(scope: Scope, wider: Scope) -> frozenset[str]:
    types = scope.service_types - wider.service_types if wider.service_types else frozenset[str]()
    products = scope.product_codes - wider.product_codes if wider.product_codes else frozenset[str]()
    return types | products


@dataclass(frozen=True)
class RecipientFacts:
    """A customer that is to get a voucher."""

    is_customer: bool
    association_type: int
    allowed_by_quota: bool
    is_issuer_itself: bool
    through_api: bool = False


ISSUE_TO = BOOK.table(
    Rule("S-370.customer", "not_a_customer", lambda f: f.is_customer),
    Rule("S-375", "customer_not_in_quota", lambda f: not f.is_customer or f.allowed_by_quota),
    Rule("S-352", "issuer_itself", lambda f: not f.is_issuer_itself),
    Rule(
        "S-380",
        "api_serves_resale_only",
        lambda f: not f.through_api or not f.is_customer or f.association_type == RESALE,
        lambda f: {"actual": f.association_type, "required": RESALE},
    ),
)

# Reclaiming --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReclaimFacts:
    """A voucher that its issuer wants back."""

    state: str
    window: Window
    at: datetime
    lock_order: str
    is_frozen: bool
    association_type: int
    through_api: bool = False


def _is_over(facts: ReclaimFacts) -> bool:
    return facts.state in ("expired", "reclaimed") or facts.at >= facts.window.end


RECLAIM = BOOK.table(
    Rule(
        "S-405",
        "expired_or_reclaimed",
        lambda f: not _is_over(f),
        lambda f: {"actual": f.state, "until": f.window.end},
    ),
    Rule("S-399", "voucher_used_up", lambda f: f.state != "used", lambda f: {"actual": f.state, "required": "usable"}),
    Rule("S-390.locked", "voucher_locked_by_order", lambda f: not f.lock_order, lambda f: {"actual": f.lock_order}),
    Rule("S-390.frozen", "voucher_frozen", lambda f: not f.is_frozen),
    Rule(
        "S-380",
        "api_serves_resale_only",
        lambda f: not f.through_api or f.association_type == RESALE,
        lambda f: {"actual": f.association_type, "required": RESALE},
    ),
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


USE = BOOK.table(
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
        lambda f: {"actual": f.at, "required": f.voucher.window.start, "until": f.voucher.window.end},
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


ORDER = BOOK.table(
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


# Sums --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuotaSum:
    """Where every unit of a quota is; each once. Rules: S-366."""

    value: Money
    free: Money
    passed_on: Money
    outstanding: Money
    spent: Money
    lost: Money
    given_back: Money

    @property
    def accounted(self) -> Money:
        return self.free + self.passed_on + self.outstanding + self.spent + self.lost + self.given_back

    @property
    def difference(self) -> Money:
        return self.value - self.accounted

    @property
    def closes(self) -> bool:
        return self.difference.minor == 0
