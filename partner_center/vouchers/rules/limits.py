"""What limits a quota or a voucher: one frozen value for both, which a voucher may only narrow. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from partner_center.kernel.rules import Coded, Rule, Share

# What an order line is → what a limit calls it (S-395).
ORDER_TYPES: Mapping[str, str] = {
    "subscribe": "subscribe",
    "on_demand_to_period": "subscribe",
    "trial_to_commercial": "subscribe",
    "renew": "renew",
    "change": "change",
}
LIMITED_ORDER_TYPES = ("subscribe", "renew", "change")
MONTHLY, YEARLY, PAY_PER_USE = "monthly", "yearly", "pay_per_use"
BILLING_MODES = (MONTHLY, YEARLY, PAY_PER_USE)
VOUCHER_KIND, CASH_KIND = 0, 1
KINDS = (VOUCHER_KIND, CASH_KIND)
WHOLE, NOTHING = Decimal(1), Decimal(0)
# Of these an empty part means anything, and a part may only be narrowed to some of its codes.
LISTS = ("service_types", "product_codes", "order_types", "regions", "billing_modes", "enterprise_projects")
_PROJECT = re.compile(r"^[A-Za-z0-9._:-]{1,64}$")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """What a quota or voucher is good for; an empty part means anything.

    `min_discount` is the least share of the official price that must be payable for one of the order's products, and
    `use_ratio` the largest share of an order that may be paid with it; both between 0 and 1.
    """

    service_types: frozenset[str] = _NONE
    product_codes: frozenset[str] = _NONE
    service_types_excluded: frozenset[str] = _NONE
    order_types: frozenset[str] = _NONE
    regions: frozenset[str] = _NONE
    billing_modes: frozenset[str] = _NONE
    enterprise_projects: frozenset[str] = _NONE
    with_discounts: bool = True
    min_discount: Decimal = NOTHING
    use_ratio: Decimal = WHOLE

    @property
    def is_limited(self) -> bool:
        return self != Scope()

    def covers_product(self, service_type: str, product_code: str) -> bool:
        return (not self.service_types or service_type in self.service_types) and (
            not self.product_codes or product_code in self.product_codes
        )

    def within(self, wider: Scope) -> bool:
        """Whether everything this admits is admitted there: each limited part may only be narrowed. Rules: S-374."""
        return not self.excess(wider)

    def excess(self, wider: Scope) -> tuple[str, ...]:
        """The parts in which this admits more than the wider one does. Rules: S-374."""
        found = [name for name in LISTS if not _narrower(getattr(self, name), getattr(wider, name))]
        kept = {
            "service_types_excluded": self.service_types_excluded >= wider.service_types_excluded,
            "with_discounts": wider.with_discounts or not self.with_discounts,
            "min_discount": self.min_discount >= wider.min_discount,
            "use_ratio": self.use_ratio <= wider.use_ratio,
        }
        return (*found, *(name for name, holds in kept.items() if not holds))

    def beyond(self, wider: Scope) -> Scope:
        """This with only those codes of its lists that the wider one does not have."""
        return replace(self, **{name: getattr(self, name) - getattr(wider, name) for name in LISTS})

    def inheriting(self, outer: Scope) -> Scope:
        """This with what it leaves open taken from the outer one. Rules: S-365, S-374."""
        lists = {name: getattr(self, name) or getattr(outer, name) for name in LISTS}
        return Scope(
            **lists,
            service_types_excluded=self.service_types_excluded | outer.service_types_excluded,
            with_discounts=self.with_discounts and outer.with_discounts,
            min_discount=self.min_discount or outer.min_discount,
            use_ratio=self.use_ratio if self.use_ratio != WHOLE else outer.use_ratio,
        )

    def columns(self) -> dict[str, Any]:
        """As the tables hold it."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    @classmethod
    def of(cls, row: Any) -> Scope:
        """As a row of the tables says it."""
        return cls(**{each.name: _frozen(getattr(row, each.name)) for each in fields(cls)})


ANYTHING = Scope()


def _narrower(inner: frozenset[str], outer: frozenset[str]) -> bool:
    return not outer or (bool(inner) and inner <= outer)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _frozen(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def in_words(scope: Scope, parts: tuple[str, ...]) -> Coded:
    """What stands in these parts, to be told to a reader."""
    found: list[str] = []
    for name in parts:
        value = getattr(scope, name)
        if isinstance(value, frozenset):
            found += sorted(value)
        else:
            found.append(_word(value))
    return Coded(tuple(found))


def _word(value: bool | Decimal) -> str:
    if isinstance(value, bool):
        return "with_discounts" if value else "without_discounts"
    return str(Share(value))


def _leaves_something(facts: Any) -> bool:
    types = facts.scope.service_types
    return not types or bool(types - facts.scope.service_types_excluded)


def _malformed(facts: Any) -> list[str]:
    return sorted(code for code in facts.scope.enterprise_projects if not _PROJECT.match(code))


# Asked of a quota that is granted and of vouchers that are issued alike.
SOUND: tuple[Rule[Any], ...] = (
    Rule(
        "S-374.nothing",
        "scope_leaves_nothing",
        _leaves_something,
        lambda f: {"actual": ", ".join(sorted(f.scope.service_types_excluded))},
    ),
    Rule(
        "S-395.project",
        "enterprise_project_malformed",
        lambda f: not _malformed(f),
        lambda f: {"actual": ", ".join(_malformed(f))},
    ),
    Rule(
        "S-395.range",
        "min_discount_out_of_range",
        lambda f: NOTHING <= f.scope.min_discount <= WHOLE,
        lambda f: {"actual": Share(f.scope.min_discount)},
    ),
    Rule(
        "S-415",
        "use_ratio_out_of_range",
        lambda f: NOTHING < f.scope.use_ratio <= WHOLE,
        lambda f: {"actual": Share(f.scope.use_ratio)},
    ),
    Rule(
        "S-415.kind",
        "use_ratio_of_cash_only",
        lambda f: f.kind == CASH_KIND or f.scope.use_ratio >= WHOLE or f.scope.use_ratio <= NOTHING,
        lambda f: {"actual": Share(f.scope.use_ratio)},
    ),
)
