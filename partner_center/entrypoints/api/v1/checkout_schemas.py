"""What goes in and out of checkout and charging."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from partner_center.entrypoints.api.v1.schemas import (
    BillingMode,
    Code,
    In,
    Kind,
    MoneyIn,
    MoneyOut,
    Party,
    Reference,
    ScopeOut,
    Share,
)

OrderType = Literal["subscribe", "on_demand_to_period", "trial_to_commercial", "renew", "change"]


class UsageLineIn(In):
    """What was used of a product. A voucher limited in what a line does not tell does not pay that line."""

    product_code: Code
    amount: MoneyIn
    region: Code | None = None
    enterprise_project: Code | None = None
    discount: Share = Field(default="1", description="The share of the official price that is payable; 1: no discount.")
    arrears: bool = Field(default=False, description="A debt of the past, which vouchers do not pay.")


class LineIn(UsageLineIn):
    """What is ordered."""

    order_type: OrderType | None = None
    billing_mode: BillingMode | None = None


L = TypeVar("L", bound=UsageLineIn)


def _one_currency(lines: list[L]) -> list[L]:
    if len({line.amount.currency for line in lines}) > 1:
        raise ValueError("an order is in one currency")
    return lines


Lines = Annotated[list[LineIn], Field(min_length=1, max_length=100), AfterValidator(_one_currency)]
UsageLines = Annotated[list[UsageLineIn], Field(min_length=1, max_length=100), AfterValidator(_one_currency)]


# A page on which a customer pays takes one voucher, a program several (S-392).
_CHANNEL = "A page on which the customer chooses takes one voucher; a program up to 3."
CheckoutChannel = Annotated[Literal["page", "api"], Field(description=_CHANNEL)]


class QuoteIn(In):
    lines: Lines
    channel: CheckoutChannel = "api"
    order_reference: Reference | None = None


class Unmet(Schema):
    """A limit the order does not meet."""

    rule: str
    code: str
    message: str
    remedy: str
    version: str
    required: str | None
    actual: str | None


class QuotedVoucherOut(Schema):
    id: UUID
    number: str
    kind: Kind
    partner: Party | None
    usable: bool
    pays: MoneyOut
    balance: MoneyOut
    min_order: MoneyOut
    starts_at: datetime
    ends_at: datetime
    scope: ScopeOut
    unmet: list[Unmet]


class QuoteOut(Schema):
    """Usable vouchers come first, in the order in which they would pay."""

    order: MoneyOut
    pays: MoneyOut
    left: MoneyOut
    vouchers: list[QuotedVoucherOut]


class AuthoriseIn(In):
    order_reference: Reference
    lines: Lines
    channel: CheckoutChannel = "api"
    voucher_ids: list[UUID] | None = Field(
        default=None, min_length=1, max_length=20, description="Chosen by the rules where left out."
    )


class AuthorisationPart(Schema):
    voucher: str
    amount: MoneyOut


class AuthorisationOut(Schema):
    id: UUID
    order_reference: str
    state: Literal["authorised", "captured", "released"]
    order: MoneyOut
    held: MoneyOut
    parts: list[AuthorisationPart]
    authorised_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class ChargeIn(In):
    customer_id: UUID
    usage_reference: Reference
    lines: UsageLines


class ChargedOut(Schema):
    """What vouchers paid, in the order in which they were used, and what is left to pay otherwise."""

    usage_reference: str
    usage: MoneyOut
    paid: MoneyOut
    left: MoneyOut
    parts: list[AuthorisationPart]
