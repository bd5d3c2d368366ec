"""What the vendor may change of quota and vouchers that exist. Pure: no database, no clock, no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleTable
from partner_center.vouchers.rules.book import BOOK, LONGEST_REASON
from partner_center.vouchers.rules.quota import TERMS

# Asking to take a transfer back: one person asks, another decides -----------------------------------------------------
REVERSAL = Lifecycle(
    start="waiting",
    moves={
        "approve": ("waiting", "approved"),
        "decline": ("waiting", "declined"),
        "cancel": ("waiting", "cancelled"),
    },
)

# The reason ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReasonFacts:
    """Why the vendor changes something that is a partner's or a customer's; they read it."""

    text: str


REASON: RuleTable[ReasonFacts] = BOOK.table(
    Rule("S-361.reason", "reason_missing", lambda f: bool(f.text.strip())),
    Rule(
        "S-361.reason_length",
        "reason_too_long",
        lambda f: len(f.text) <= LONGEST_REASON,
        lambda f: {"actual": len(f.text), "required": LONGEST_REASON},
    ),
)

# Adjusting ----------------------------------------------------------------------------------------------------------

NOT_A_PART: Rule[Any] = Rule("S-365", "part_follows_its_quota", lambda f: not f.is_part)


@dataclass(frozen=True)
class PartFacts:
    """A quota that the vendor wants to put aside: granted by it, or passed on by a distributor."""

    is_part: bool


NO_PART: RuleTable[PartFacts] = BOOK.table(NOT_A_PART)


@dataclass(frozen=True)
class AdjustFacts:
    """A quota that is to be worth something else, to end on another day or to be good for something else."""

    is_part: bool
    at: datetime
    currency: str
    value: Money
    not_free: Money
    window: Window
    issued_until: datetime | None
    changes: bool
    unknown_codes: tuple[str, ...] = ()


def _covers_the_issued(facts: AdjustFacts) -> bool:
    return facts.issued_until is None or facts.window.end >= facts.issued_until


def _still_covers_what_is_gone(facts: AdjustFacts) -> bool:
    return facts.value.currency != facts.not_free.currency or facts.value >= facts.not_free


ADJUST: RuleTable[AdjustFacts] = BOOK.table(
    NOT_A_PART,
    *TERMS,
    Rule(
        "S-366",
        "value_below_what_is_gone",
        _still_covers_what_is_gone,
        lambda f: {"actual": f.value, "required": f.not_free},
    ),
    Rule(
        "S-373.issued",
        "end_before_issued",
        _covers_the_issued,
        lambda f: {"actual": f.window.end, "required": f.issued_until},
    ),
    Rule("S-361.change", "nothing_changes", lambda f: f.changes),
)

# Naming customers ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DesignateFacts:
    """A quota for which the vendor names the customers that may get vouchers; nobody named is everybody."""

    is_part: bool
    changes: bool
    unknown: int
    named: int
    parts_without: tuple[str, ...]


DESIGNATE: RuleTable[DesignateFacts] = BOOK.table(
    NOT_A_PART,
    Rule("S-375.known", "customer_unknown", lambda f: not f.unknown, lambda f: {"actual": f.unknown}),
    Rule(
        "S-364.parts",
        "part_without_the_customers",
        lambda f: not f.parts_without,
        lambda f: {"actual": ", ".join(f.parts_without), "required": f.named},
    ),
    Rule("S-375.change", "nothing_changes", lambda f: f.changes),
)

# Freezing one voucher -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FreezeFacts:
    """A voucher that the vendor wants to stop, or to let go again."""

    state: str
    is_frozen: bool
    window: Window
    at: datetime


_ALIVE: Rule[Any] = Rule(
    "S-390.alive",
    "voucher_over",
    lambda f: f.state == "usable" and f.at < f.window.end,
    lambda f: {"actual": f.state if f.state != "usable" else "expired", "until": f.window.end},
)
FREEZE: RuleTable[FreezeFacts] = BOOK.table(
    _ALIVE, Rule("S-390.freeze", "voucher_frozen_already", lambda f: not f.is_frozen)
)
UNFREEZE: RuleTable[FreezeFacts] = BOOK.table(
    _ALIVE, Rule("S-390.unfreeze", "voucher_not_frozen", lambda f: f.is_frozen)
)
