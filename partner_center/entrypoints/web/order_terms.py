"""How the demo's shopper buys: what limits of vouchers ask about, chosen by hand so that each can be seen to refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext

from partner_center.entrypoints.code_words import word
from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.view_models import Option, Select
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Share
from partner_center.vouchers.rules import BILLING_MODES, ORDER_TYPES

# The shares of the official price that the shop offers.
DISCOUNTS = ("1", "0.95", "0.8", "0.5")
LONGEST = 64


@dataclass(frozen=True)
class OrderTerms:
    """What holds for every line of an order."""

    order_type: str = "subscribe"
    billing_mode: str = "monthly"
    region: str = ""
    enterprise_project: str = ""
    discount: str = "1"

    def payable(self, price: Money) -> Money:
        """The price after the discount, rounded down."""
        return Money(int(price.minor * Decimal(self.discount)), price.currency)

    def as_json(self) -> dict[str, str]:
        """As the API takes it; what was not chosen is left out."""
        return {name: value for name, value in self.said().items() if value}

    def said(self) -> dict[str, str]:
        return {
            "order_type": self.order_type,
            "billing_mode": self.billing_mode,
            "region": self.region,
            "enterprise_project": self.enterprise_project,
            "discount": self.discount,
        }

    def in_words(self) -> str:
        parts = [word(self.order_type, language()), word(self.billing_mode, language()), self.region]
        parts.append(self.enterprise_project)
        if self.discount != "1":
            parts.append(_discount(self.discount))
        return " · ".join(part for part in parts if part)


def order_terms(request: HttpRequest) -> OrderTerms:
    """What the address or the form says; what is no choice of the shop's is its first one."""
    asked = request.POST if request.method == "POST" else request.GET
    first = OrderTerms()

    def chosen(name: str, among: Sequence[str]) -> str:
        value = asked.get(name, "")
        return value if value in among else str(getattr(first, name))

    project, region = asked.get("enterprise_project", "").strip()[:LONGEST], asked.get("region", "").strip()[:LONGEST]
    return OrderTerms(
        order_type=chosen("order_type", tuple(ORDER_TYPES)),
        billing_mode=chosen("billing_mode", BILLING_MODES),
        region=region,
        enterprise_project=project,
        discount=chosen("discount", DISCOUNTS),
    )


def selects(terms: OrderTerms, regions: Sequence[tuple[str, str]]) -> tuple[Select, ...]:
    """The choices, as the shop's form shows them."""
    nowhere = Option("", gettext("not said"))
    return (
        _words("order_type", gettext("Order type"), tuple(ORDER_TYPES), terms.order_type),
        _words("billing_mode", gettext("Billing mode"), BILLING_MODES, terms.billing_mode),
        Select("region", gettext("Region"), (nowhere, *(Option(*each) for each in regions)), terms.region),
        Select(
            "discount",
            gettext("Discount"),
            tuple(Option(each, _discount(each)) for each in DISCOUNTS),
            terms.discount,
        ),
    )


def _words(name: str, label: str, codes: Sequence[str], value: str) -> Select:
    return Select(name, label, tuple(Option(code, word(code, language())) for code in codes), value)


def _discount(share: str) -> str:
    if share == "1":
        return gettext("no discount")
    return gettext("%(share)s of the official price") % {"share": Share(Decimal(share))}
