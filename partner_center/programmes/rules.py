"""Who may join the partner network, and what is checked by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable
from partner_center.reviews.rules import read_kind

BOOK = RuleBook.beside(__file__)
JOINING = read_kind(__file__, "joining")
# What an applicant may mend when an application is returned.
MENDABLE = ("name_zh", "name_en", "registered_address", "account_name", "display_name", "phone")

APPLICATION = Lifecycle(
    start="draft",
    moves={
        "open_at_once": ("draft", "joined"),
        "hand_to_review": ("draft", "in_review"),
        "lapse": ("draft", "lapsed"),
        "approve": ("in_review", "joined"),
        "reject": ("in_review", "rejected"),
        "withdraw": ("in_review", "withdrawn"),
        "expire": ("in_review", "expired"),
    },
)

VERIFIED, ENTERPRISE, INDIVIDUAL = 2, 1, 0


@dataclass(frozen=True)
class ApplyFacts:
    """An application as somebody fills it in, beside what the company says it is (`partners.rules.NEWCOMER`)."""

    uscc: str
    is_partner: bool
    under_review: bool
    login_taken: bool
    accepts: bool


APPLY: RuleTable[ApplyFacts] = BOOK.table(
    Rule("L-021", "joined_already", lambda f: not f.is_partner, lambda f: {"actual": f.uscc}, about="company"),
    Rule("L-021.pending", "joining_pending", lambda f: not f.under_review, about="company"),
    Rule("S-573", "login_taken", lambda f: not f.login_taken),
    Rule("L-039", "agreements_not_accepted", lambda f: f.accepts),
)


@dataclass(frozen=True)
class LinkFacts:
    """A mailed link as it is used."""

    at: datetime
    ends_at: datetime


LINK: RuleTable[LinkFacts] = BOOK.table(
    Rule("L-020.link", "link_over", lambda f: f.at < f.ends_at, lambda f: {"actual": f.at, "required": f.ends_at}),
)


@dataclass(frozen=True)
class JoinFacts:
    """What is known of the cloud account that an applicant names; all rules kept, it is opened without a person."""

    account_name: str
    account_known: bool
    verified_status: int
    customer_type: int
    same_company: bool
    same_email: bool


AUTO: RuleTable[JoinFacts] = BOOK.table(
    Rule(
        "L-001.account", "cloud_account_unknown", lambda f: f.account_known, lambda f: {"actual": f.account_name or "—"}
    ),
    Rule(
        "L-001.verified",
        "not_enterprise_verified",
        lambda f: f.account_known and f.verified_status == VERIFIED and f.customer_type == ENTERPRISE,
    ),
    Rule("L-003", "verified_as_individual", lambda f: f.customer_type != INDIVIDUAL),
    Rule("L-001.company", "other_company_verified", lambda f: f.account_known and f.same_company, about="company"),
    Rule("L-002", "email_not_bound", lambda f: f.account_known and f.same_email),
)


@dataclass(frozen=True)
class MendFacts:
    """A returned application as it is handed back."""

    touched: frozenset[str]
    reopened: frozenset[str]
    name_zh: str


MEND: RuleTable[MendFacts] = BOOK.table(
    Rule(
        "L-020.reopened",
        "field_not_reopened",
        lambda f: f.touched <= f.reopened,
        lambda f: {
            "actual": ", ".join(sorted(f.touched - f.reopened)) or "—",
            "required": ", ".join(sorted(f.reopened)) or "—",
        },
    ),
    Rule("L-020.name", "company_nameless", lambda f: bool(f.name_zh)),
)
