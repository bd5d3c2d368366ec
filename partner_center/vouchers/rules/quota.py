"""What may happen to quota. Pure: no database, no clock, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partner_center.agreements.rules import titles
from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleTable
from partner_center.vouchers.rules.book import BOOK, MAY_BE_GRANTED, SUBSIDY, comparison
from partner_center.vouchers.rules.limits import ANYTHING, CASH_KIND, KINDS, SOUND, VOUCHER_KIND, Scope

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
        "reverse": (("normal", "frozen", "adjusting"), "reclaimed"),
        "invalidate": (("normal", "frozen", "adjusting"), "invalid"),
        "restore": (("reclaimed", "invalid"), "normal"),
    },
)
QUOTA_STATUS = {"normal": 0, "invalid": 3, "adjusting": 4, "frozen": 5, "reclaimed": 6}


# Granting ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GrantFacts:
    """A quota the vendor is about to grant."""

    value: Money
    window: Window
    at: datetime
    identity: str
    partner_state: str
    currency: str
    unknown_codes: tuple[str, ...] = ()
    kind: int = VOUCHER_KIND
    scope: Scope = ANYTHING
    counts_as_performance: bool = False


def _amount(facts: Any) -> dict[str, object]:
    return {"actual": facts.value, "required": Money.zero(facts.value.currency)}


# The terms of a quota, when it is granted and when it gets new ones.
TERMS: tuple[Rule[Any], ...] = (
    Rule("S-902.value", "amount_not_positive", lambda f: f.value.minor > 0, _amount),
    Rule(
        "S-360.window",
        "window_not_ahead",
        lambda f: f.window.is_real and f.window.end > f.at,
        lambda f: {"actual": f.window.end, "required": f.at},
    ),
    Rule(
        "L-307.currency",
        "currency_of_other_site",
        lambda f: f.value.currency == f.currency,
        lambda f: {"actual": f.value.currency, "required": f.currency},
    ),
    Rule(
        "S-374.known",
        "scope_unknown",
        lambda f: not f.unknown_codes,
        lambda f: {"actual": ", ".join(f.unknown_codes)},
    ),
)

GRANT: RuleTable[GrantFacts] = BOOK.table(
    *TERMS,
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
    *SOUND,
    Rule("S-360.kind", "quota_kind_unknown", lambda f: f.kind in KINDS, lambda f: {"actual": f.kind}),
    Rule(
        "S-350.cash",
        "cash_for_subsidy_partners",
        lambda f: f.kind != CASH_KIND or f.identity == SUBSIDY or f.identity not in MAY_BE_GRANTED,
        lambda f: {"actual": f.identity or "—", "required": SUBSIDY},
    ),
    Rule("S-417", "performance_of_cash_only", lambda f: f.kind == CASH_KIND or not f.counts_as_performance),
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
    partner_state: str = "active"
    unsigned: tuple[str, ...] = ()

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


QUOTA_OPEN: tuple[Rule[Any], ...] = (
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
        lambda f: {"actual": f.at, "required": f.quota_window.begins, "until": f.quota_window.end},
    ),
)

# Its whole standing stops; a restricted partner goes on issuing.
NOT_FROZEN: Rule[Any] = Rule(
    "S-291",
    "partner_frozen",
    lambda f: f.partner_state != "frozen",
    lambda f: {"actual": f.partner_state, "required": "active"},
)

# Reading stays open; what an unsigned agreement governs does not.
SIGNED: Rule[Any] = Rule(
    "L-040",
    "agreement_unsigned",
    lambda f: not f.unsigned,
    lambda f: {"actual": ", ".join(titles(f.unsigned))},
)

PASS_ON: RuleTable[PassOnFacts] = BOOK.table(
    NOT_FROZEN,
    SIGNED,
    Rule(
        "S-351",
        "only_distributors_pass_on",
        lambda f: f.identity == "distributor",
        lambda f: {"actual": f.identity or "—", "required": "distributor"},
    ),
    *QUOTA_OPEN,
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
        lambda f: comparison(f.amount, f.receivers, f.balance),
    ),
)

PASS_ON_TO: RuleTable[ReceiverFacts] = BOOK.table(
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


# Taking quota back ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuotaReclaimFacts:
    """A sub-quota that the distributor wants back."""

    state: str
    window: Window
    at: datetime
    balance: Money


RECLAIM_QUOTA: RuleTable[QuotaReclaimFacts] = BOOK.table(
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
