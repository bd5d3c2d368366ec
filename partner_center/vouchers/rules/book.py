"""The texts of all rules of this app, and the words its rules share."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from partner_center.kernel.money import Money
from partner_center.kernel.rules import RuleBook

BOOK = RuleBook(Path(__file__).parent.parent / "rules.toml")

# Operation types of the logs (S-410, S-411)
ISSUED, RECLAIMED, DISASSOCIATED, EXPIRED = 1, 2, 3, 4
ASSOCIATED, SWITCHED = 7, 8
PASSED_ON, QUOTA_RECLAIMED = 10, 11

CONSULTING, RESALE = 1, 2
Channel = Literal["console", "api"]
SUBSIDY = "subsidy"
MAY_BE_GRANTED = ("solution_provider", "distributor", SUBSIDY)
LONGEST_REMARK = 200
LONGEST_QUOTA_REMARK = 256
LONGEST_REASON = 200


def comparison(each: Money, count: int, balance: Money) -> dict[str, object]:
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
