"""The list of customers to whom a subsidy partner may issue, as it is imported. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from partner_center.kernel.rules import Rule, RuleTable
from partner_center.vouchers.rules.book import BOOK, SUBSIDY

LONGEST_ACCOUNT = 64
_ACCOUNT = re.compile(r"^[^\s,;\x00-\x1f\x7f]{1,64}$")


@dataclass(frozen=True)
class WhitelistFacts:
    """A list about to replace the one in force."""

    identity: str
    accounts: int
    most: int


@dataclass(frozen=True)
class WhitelistedFacts:
    """One line of it: a customer's account name, and the line on which it stood first."""

    account: str
    line: int
    first_line: int


WHITELIST: RuleTable[WhitelistFacts] = BOOK.table(
    Rule(
        "S-382.identity",
        "whitelist_of_subsidy_partners",
        lambda f: f.identity == SUBSIDY,
        lambda f: {"actual": f.identity or "—", "required": SUBSIDY},
    ),
    Rule("S-382.empty", "whitelist_empty", lambda f: f.accounts >= 1),
    Rule(
        "S-382.most",
        "whitelist_too_long",
        lambda f: f.accounts <= f.most,
        lambda f: {"actual": f.accounts, "required": f.most},
    ),
)

WHITELISTED: RuleTable[WhitelistedFacts] = BOOK.table(
    Rule(
        "S-382.form",
        "account_malformed",
        lambda f: bool(_ACCOUNT.match(f.account)),
        lambda f: {"line": f.line, "actual": f.account[:LONGEST_ACCOUNT], "required": LONGEST_ACCOUNT},
    ),
    Rule(
        "S-382.twice",
        "account_twice",
        lambda f: f.line == f.first_line,
        lambda f: {"line": f.line, "actual": f.account[:LONGEST_ACCOUNT], "required": f.first_line},
    ),
)
