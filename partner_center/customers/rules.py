"""What a customer's account and its association may be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)

CONSULTING, RESALE = 1, 2
TYPES: Mapping[int, str] = {CONSULTING: "consulting", RESALE: "resale"}
LEVELS = ("V0", "V1", "V2", "V3", "V4", "V5")
LONGEST_LABEL = 64
# Columns that lists show masked (S-255).
MASKED = ("phone", "email")
ASSOCIATION = Lifecycle(start="active", moves={"end": ("active", "ended")})


@dataclass(frozen=True)
class LabelFacts:
    """A label a partner puts on its customer."""

    text: str


LABEL: RuleTable[LabelFacts] = BOOK.table(
    Rule(
        "S-258",
        "label_too_long",
        lambda f: len(f.text) <= LONGEST_LABEL,
        lambda f: {"actual": len(f.text), "required": LONGEST_LABEL},
    ),
    # A search takes no blanks, so a label with one could not be found again.
    Rule("S-251", "label_has_blanks", lambda f: not any(sign.isspace() for sign in f.text)),
)


@dataclass(frozen=True)
class OpenFacts:
    """A customer's account about to be opened."""

    site: str
    level: str
    verified_status: int
    customer_type: int
    name_taken: bool
    account_name: str


OPEN: RuleTable[OpenFacts] = BOOK.table(
    Rule("S-112.taken", "account_name_taken", lambda f: not f.name_taken, lambda f: {"actual": f.account_name}),
    Rule(
        "S-250.level",
        "level_unknown",
        lambda f: f.level in LEVELS,
        lambda f: {"actual": f.level, "required": ", ".join(LEVELS)},
    ),
    Rule(
        "S-250.verified",
        "verified_status_unknown",
        lambda f: f.verified_status in (-1, 0, 1, 2),
        lambda f: {"actual": f.verified_status, "required": "-1, 0, 1, 2"},
    ),
    Rule(
        "S-250.type",
        "customer_type_unknown",
        lambda f: f.customer_type in (-1, 0, 1),
        lambda f: {"actual": f.customer_type, "required": "-1, 0, 1"},
    ),
)
