"""Each kind of review: how its noun describes it, the verb that decides it, the verb that ends it, its asker's page.

A kind is added here and nowhere else above its noun; docs/adr/0011-one-review-engine.md says how, step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partner_center.partners import actions as partners
from partner_center.partners.rules import COMPANY_CHANGE
from partner_center.programmes import actions as programmes
from partner_center.programmes.rules import JOINING
from partner_center.reviews.actions import Decided
from partner_center.reviews.rules import ReviewKind


@dataclass(frozen=True)
class Kind:
    """`page` is the name of the page on which the asker mends what was returned; empty where a mailed link leads."""

    about: ReviewKind
    decide: Callable[..., Decided]
    expire: Callable[..., int]
    page: str = ""


KINDS: dict[str, Kind] = {
    "company_change": Kind(COMPANY_CHANGE, partners.decide_change, partners.expire_changes, "company"),
    "joining": Kind(JOINING, programmes.decide_joining, programmes.expire_joining),
}
