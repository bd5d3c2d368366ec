"""What may happen to a voucher between its issue and its end. Pure: no database, no clock, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleTable
from partner_center.vouchers.rules.book import BOOK, LONGEST_REMARK, RESALE, comparison
from partner_center.vouchers.rules.limits import SOUND, VOUCHER_KIND, Scope, in_words
from partner_center.vouchers.rules.quota import NOT_FROZEN, QUOTA_OPEN, SIGNED

# SM-5; `inactive` is a usable voucher before its window, so it is not a state of its own ----------------------------
VOUCHER = Lifecycle(
    start="usable",
    moves={
        "spend_up": ("usable", "used"),
        "give_back": ("used", "usable"),
        "reclaim": ("usable", "reclaimed"),
        "expire": ("usable", "expired"),
        "restore": ("reclaimed", "usable"),
    },
)
VOUCHER_STATUS = {"inactive": 1, "usable": 2, "used": 3, "expired": 4, "reclaimed": 5}

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
    partner_state: str = "active"
    unsigned: tuple[str, ...] = ()
    kind: int = VOUCHER_KIND

    @property
    def chosen(self) -> Scope:
        """The limits beside those that the quota has anyway, which count for nothing. Rules: S-371, S-374."""
        types, products = self.scope.service_types, self.scope.product_codes
        return Scope(
            frozenset() if types == self.quota_scope.service_types else types,
            frozenset() if products == self.quota_scope.product_codes else products,
        )


def _face_fits(facts: IssueFacts) -> bool:
    smallest, largest = facts.limits.smallest_face, facts.limits.largest_face
    if facts.face_value.currency != facts.balance.currency or facts.face_value.minor <= 0:
        return True  # other rules say so
    return (smallest is None or smallest <= facts.face_value) and (largest is None or facts.face_value <= largest)


ISSUE: RuleTable[IssueFacts] = BOOK.table(
    NOT_FROZEN,
    SIGNED,
    *QUOTA_OPEN,
    Rule(
        "S-902.face",
        "amount_not_positive",
        lambda f: f.face_value.minor > 0,
        lambda f: {"actual": f.face_value, "required": Money.zero(f.face_value.currency)},
    ),
    Rule(
        "L-307.face",
        "currency_of_other_site",
        lambda f: f.face_value.currency == f.min_order.currency == f.balance.currency,
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
        lambda f: len(f.chosen.service_types) <= f.limits.most_service_types,
        lambda f: {"actual": len(f.chosen.service_types), "required": f.limits.most_service_types},
    ),
    Rule(
        "S-371.products",
        "too_many_products",
        lambda f: len(f.chosen.product_codes) <= f.limits.most_products,
        lambda f: {"actual": len(f.chosen.product_codes), "required": f.limits.most_products},
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
            "start": f.window.begins,
            "earliest": f.quota_window.begins,
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
            "actual": in_words(f.scope.beyond(f.quota_scope), f.scope.excess(f.quota_scope)),
            "required": in_words(f.quota_scope, f.scope.excess(f.quota_scope)),
        },
    ),
    Rule(
        "S-374.known", "scope_unknown", lambda f: not f.unknown_codes, lambda f: {"actual": ", ".join(f.unknown_codes)}
    ),
    *SOUND,
    Rule(
        "S-377",
        "quota_insufficient",
        lambda f: f.face_value.currency != f.balance.currency or f.face_value * f.recipients <= f.balance,
        lambda f: comparison(f.face_value, f.recipients, f.balance),
    ),
)


@dataclass(frozen=True)
class RecipientFacts:
    """A customer that is to get a voucher."""

    is_customer: bool
    association_type: int
    allowed_by_quota: bool
    is_issuer_itself: bool
    through_api: bool = False
    whitelisted: bool = True


ISSUE_TO: RuleTable[RecipientFacts] = BOOK.table(
    Rule("S-370.customer", "not_a_customer", lambda f: f.is_customer),
    Rule("S-375", "customer_not_in_quota", lambda f: not f.is_customer or f.allowed_by_quota),
    Rule("S-382", "customer_not_whitelisted", lambda f: not f.is_customer or f.whitelisted),
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


RECLAIM: RuleTable[ReclaimFacts] = BOOK.table(
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
