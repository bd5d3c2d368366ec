"""The texts of all rules of this app, and the words its rules share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from partner_center.kernel.money import Money
from partner_center.kernel.rules import RuleBook

BOOK = RuleBook(Path(__file__).parent.parent / "rules.toml")

# Operation types of the logs (S-410, S-411)
ISSUED, RECLAIMED, DISASSOCIATED, EXPIRED = 1, 2, 3, 4
PASSED_ON, QUOTA_RECLAIMED = 10, 11

CONSULTING, RESALE = 1, 2
Channel = Literal["console", "api"]
MAY_BE_GRANTED = ("solution_provider", "distributor")
LONGEST_REMARK = 200
LONGEST_QUOTA_REMARK = 256


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
