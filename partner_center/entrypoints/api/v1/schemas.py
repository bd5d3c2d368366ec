"""What goes in and out, written by hand: names and forms are a contract, whatever the apps call things."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Header, Query, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, StringConstraints, model_validator

from partner_center.kernel.money import Money
from partner_center.vouchers.rules import Scope

# Nothing that PostgreSQL or a log line could not carry.
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Remark = Annotated[str, StringConstraints(max_length=200, pattern=_TEXT)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$")]
Amount = Annotated[str, StringConstraints(max_length=16, pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
AccessKey = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9]+$")]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")]
Cursor = Annotated[str, StringConstraints(max_length=100, pattern=r"^[0-9A-Za-z:.+~-]*$")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key and request act once, however often they are sent; another request is a 409.",
    ),
]
# A part of a whole, such as a discount ratio: text as amounts are, at most four decimals.
Share = Annotated[str, StringConstraints(max_length=6, pattern=r"^(0(\.[0-9]{1,4})?|1(\.0{1,4})?)$")]
BillingMode = Literal["monthly", "yearly", "pay_per_use"]
Limit = Annotated[int, Query(ge=1, le=200)]


def _in_our_time(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2200:
        raise ValueError("a time between the years 2000 and 2200")
    return at


When = Annotated[AwareDatetime, AfterValidator(_in_our_time)]


Kind = Literal["voucher", "cash"]


class In(Schema):
    """A request's body: a field it does not have is a mistake of the caller, and is told."""

    model_config = ConfigDict(extra="forbid")


class MoneyIn(In):
    amount: Amount = Field(examples=["100.00"])
    currency: Currency = "CNY"

    @property
    def money(self) -> Money:
        return Money.of(self.amount, self.currency)


class MoneyOut(Schema):
    amount: str = Field(examples=["100.00"])
    currency: str

    @classmethod
    def of(cls, money: Money) -> MoneyOut:
        return cls(amount=str(money.decimal), currency=money.currency)


class Party(Schema):
    id: UUID
    number: str
    name_zh: str
    name_en: str


class ProblemError(Schema):
    field: str
    rule: str
    code: str
    message: str
    remedy: str
    version: str
    subject: str


class ProblemOut(Schema):
    """application/problem+json; `errors` names every reason at once."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemError]


class TokenIn(In):
    access_key: AccessKey
    secret_key: Secret


class TokenOut(Schema):
    token: str
    token_type: Literal["Bearer"] = "Bearer"
    expires_at: datetime


class ScopeOut(Schema):
    """What a quota or voucher is good for; an empty list means anything."""

    service_types: list[str]
    product_codes: list[str]
    service_types_excluded: list[str] = []
    order_types: list[str] = []
    regions: list[str] = []
    billing_modes: list[str] = []
    enterprise_projects: list[str] = []
    with_discounts: bool = True
    min_discount: str = "0"
    use_ratio: str = Field(default="1", description="The largest share of an order that a cash coupon pays.")


class LimitsIn(In):
    """Limits by name; what is left out is no limit, or the quota's own."""

    service_types: list[Code] = Field(default=[], max_length=50)
    product_codes: list[Code] = Field(default=[], max_length=50)
    service_types_excluded: list[Code] = Field(default=[], max_length=50)
    order_types: list[Literal["subscribe", "renew", "change"]] = Field(default=[], max_length=3)
    regions: list[Code] = Field(default=[], max_length=50)
    billing_modes: list[BillingMode] = Field(default=[], max_length=3)
    enterprise_projects: list[Code] = Field(default=[], max_length=50)
    with_discounts: bool = True
    min_discount: Share = "0"
    use_ratio: Share = "1"

    @property
    def limits(self) -> Scope:
        """All of them but service types and products, which the verbs take by themselves."""
        return Scope(
            service_types_excluded=frozenset(self.service_types_excluded),
            order_types=frozenset(self.order_types),
            regions=frozenset(self.regions),
            billing_modes=frozenset(self.billing_modes),
            enterprise_projects=frozenset(self.enterprise_projects),
            with_discounts=self.with_discounts,
            min_discount=Decimal(self.min_discount),
            use_ratio=Decimal(self.use_ratio),
        )


class QuotaOut(Schema):
    id: UUID
    number: str
    kind: Kind
    partner: Party | None
    parent_id: UUID | None
    value: MoneyOut
    balance: MoneyOut
    given_back: MoneyOut
    starts_at: datetime
    ends_at: datetime
    state: str
    scope: ScopeOut
    customer_ids: list[UUID]
    purpose: str
    granted_at: datetime


class QuotaPage(Schema):
    items: list[QuotaOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class GrantIn(LimitsIn):
    partner_id: UUID
    value: MoneyIn
    starts_at: When
    ends_at: When
    customer_ids: list[UUID] = Field(default=[], max_length=1000)
    purpose: Remark = ""
    kind: Kind = "voucher"
    counts_as_performance: bool = False


class GrantedOut(Schema):
    id: UUID
    number: str


class PassOnIn(In):
    reseller_ids: list[UUID] = Field(min_length=1, max_length=100)
    amount: MoneyIn
    remark: Remark = ""


class PassedOnOut(Schema):
    quotas: list[GrantedOut]
    total: MoneyOut


class ReasonIn(In):
    reason: str = Field(max_length=1000, description="Why; the partner, or the customer, reads it.")


class AdjustIn(ReasonIn):
    value: MoneyIn | None = Field(default=None, description="The new value, not the difference.")
    ends_at: When | None = None
    service_types: list[Code] | None = Field(default=None, max_length=50)
    product_codes: list[Code] | None = Field(default=None, max_length=50)


class DesignateIn(ReasonIn):
    customer_ids: list[UUID] = Field(default=[], max_length=1000)


class InvalidateIn(ReasonIn):
    with_parts: bool = Field(default=False, description="Also the parts that resellers hold.")


class ReclaimIn(In):
    remark: Remark = ""


class ReclaimedOut(Schema):
    """The whole balance comes back, never a part; this is what really came."""

    id: UUID
    amount: MoneyOut


class IssueIn(LimitsIn):
    customer_ids: list[UUID] = Field(min_length=1, max_length=1000)
    face_value: MoneyIn
    min_order: MoneyIn | None = None
    starts_at: When | None = Field(default=None, description="The quota's own start where left out.")
    ends_at: When | None = Field(default=None, description="The quota's own end where left out.")
    remark: Remark = ""
    partial: bool = Field(default=False, description="Issue to those who may receive, and name the others.")

    @model_validator(mode="after")
    def _whole_window(self) -> IssueIn:
        if (self.starts_at is None) != (self.ends_at is None):
            raise ValueError("starts_at and ends_at are given together")
        return self

    @model_validator(mode="after")
    def _one_currency(self) -> IssueIn:
        if self.min_order and self.min_order.currency != self.face_value.currency:
            raise ValueError("face_value and min_order are in one currency")
        return self


class IssuedVoucher(Schema):
    id: UUID
    number: str
    customer_id: UUID


class NotIssued(Schema):
    """A customer that got none, and the first rule that says why."""

    customer_id: UUID
    rule: str
    code: str


class IssuedOut(Schema):
    vouchers: list[IssuedVoucher]
    not_issued: list[NotIssued]
    total: MoneyOut


class VoucherOut(Schema):
    id: UUID
    number: str
    kind: Kind
    partner: Party | None
    customer_id: UUID | None = None
    face_value: MoneyOut
    balance: MoneyOut
    min_order: MoneyOut
    starts_at: datetime
    ends_at: datetime
    scope: ScopeOut
    state: str
    is_frozen: bool
    frozen_reason: str
    lock_order: str
    issued_at: datetime


class VoucherPage(Schema):
    items: list[VoucherOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class DisassociateIn(In):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_TEXT)]


class DisassociatedOut(Schema):
    """How many vouchers were reclaimed, and what came back of them."""

    customer_id: UUID
    vouchers: int
    returned: MoneyOut
