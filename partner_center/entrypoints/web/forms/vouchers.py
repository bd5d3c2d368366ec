"""Forms of quota and vouchers: what was typed, as amounts and windows; whether it is allowed is the rules' to say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from partner_center.entrypoints.web.forms.base import KeyedForm
from partner_center.entrypoints.web.forms.limits import SPOKEN_OF, LimitFields
from partner_center.entrypoints.web.jinja import zone
from partner_center.entrypoints.web.refusals import sentence
from partner_center.entrypoints.web.view_models import FieldError
from partner_center.kernel.errors import Conflict
from partner_center.kernel.money import Money, NotAnAmount
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Outcome
from partner_center.vouchers.rules import CASH_KIND, VOUCHER_KIND


class Checks(Protocol):
    """What the rules say of each field."""

    def at(self, field: str) -> tuple[FieldError, ...]: ...


# A remark beyond what the rule allows is typed in whole, so that nothing is lost when the rule says so.
LONGEST_TYPED = 1000


class AmountField(forms.CharField):
    """An amount as people write it: `8,000.00`, `¥8000`. The currency is the quota's."""

    currency = "CNY"

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_length": 32, "widget": widget, **kwargs})

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Money.of(text.translate(str.maketrans("", "", ",，¥￥$ ")), self.currency)
        except NotAnAmount as error:
            said = gettext("Enter an amount with at most two decimals, such as 1,234.50.")
            raise ValidationError(said, code="amount") from error


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(**{"widget": widget, "input_formats": ["%Y-%m-%d"], **kwargs})


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def end_of(day: date) -> datetime:
    """The midnight that closes a day."""
    return start_of(day + timedelta(days=1))


def last_day(end: datetime) -> date:
    """The day on which a window ends; midnight closes the day before."""
    return (end.astimezone(zone()) - timedelta(microseconds=1)).date()


def within(outer: Window, starts_on: date | None, ends_on: date | None) -> Window:
    """The days as a window: on the outer window's own first and last day its very instants, otherwise whole days."""
    start, end = outer.start, outer.end
    if starts_on and starts_on != outer.start.astimezone(zone()).date():
        start = start_of(starts_on)
    if ends_on and ends_on != last_day(outer.end):
        end = end_of(ends_on)
    return Window(start, end)


class ReclaimForm(KeyedForm):
    """Why something is taken back; the issuer's own note."""

    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)
    refused: tuple[Outcome, ...] = ()


class TypedForm(KeyedForm):
    """A form beside which the rules answer while it is filled in."""

    currency_fields: tuple[str, ...] = ()
    # Where errors can stand: fields, and parts of the page that are none.
    places: tuple[str, ...] = ()

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.currency_fields:
            self.fields[name].currency = currency  # type: ignore[attr-defined]
        self.currency = currency
        # As it was read: Django forgets the value of a field that gets an error, and a refusal is one.
        self._read: dict[str, Any] | None = None

    def begin_again(self, conflict: Conflict) -> None:
        """This very form did its work already, with other contents: say so, and let it be sent anew under a new key.

        Raises: Conflict, when it is another one.
        """
        if conflict.code != "idempotency_key_reused":
            raise conflict
        said = gettext(
            "This form was sent already; what was changed since then is not done. Check it, then send it again."
        )
        self.add_error(None, ValidationError(said, code="sent_already"))
        cast(QueryDict, self.data)["key"] = uuid4().hex

    def add_broken(self, outcome: Outcome) -> None:
        """What is broken in the same way by several, such as customers, is said once."""
        field = outcome.field if outcome.field in self.fields else "__all__"
        said = sentence(outcome)
        if not any(said in error.messages for error in self.errors.as_data().get(field, ())):
            super().add_broken(outcome)

    def said(self, check: Checks, submitted: bool) -> dict[str, tuple[FieldError, ...]]:
        """What stands at each place: what cannot be read, else what the rules say. An untouched field is let be."""
        found = {}
        for name in self.places:
            touched = submitted or self._touched(name)
            unread = self.field_errors(name) if name in self.fields else ()
            found[name] = (unread or check.at(name)) if touched else ()
        return found

    def _touched(self, name: str) -> bool:
        holders = {"scope": ("service_types", "product_codes"), "customer_ids": ("ids",), "reseller_ids": ("ids",)}
        return any(self.data.get(each) for each in holders.get(name, (name,)))

    def typed(self, name: str) -> Any:
        """What a field holds as far as it can be read, also when a rule refused it; nothing where it cannot."""
        if self._read is None:
            self.is_valid()
            self._read = dict(getattr(self, "cleaned_data", {}))
        return self._read.get(name)

    def money(self, name: str) -> Money:
        found = self.typed(name)
        return found if isinstance(found, Money) else Money.zero(self.currency)


class ScopedForm(TypedForm):
    """A form about what is valid from one day to another and good for some services or products."""

    starts_at = DayField(label=gettext_lazy("Valid from"), required=False)
    ends_at = DayField(label=gettext_lazy("Valid until"))
    service_types = forms.MultipleChoiceField(
        label=gettext_lazy("Service types"), required=False, widget=forms.CheckboxSelectMultiple
    )
    product_codes = forms.MultipleChoiceField(
        label=gettext_lazy("Products"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer(self, service_types: list[tuple[str, str]], products: list[tuple[str, str]]) -> None:
        """What there is to choose from."""
        self.fields["service_types"].choices = service_types  # type: ignore[attr-defined]
        self.fields["product_codes"].choices = products  # type: ignore[attr-defined]


class IssueForm(LimitFields, ScopedForm):
    """What every voucher of one issue says. Rules: S-371."""

    currency_fields = ("face_value", "min_order_amount")
    places = (
        *("face_value", "min_order_amount", "starts_at", "ends_at"),
        *("scope", "remark", "customer_ids"),
        *SPOKEN_OF,
    )

    face_value = AmountField(label=gettext_lazy("Face value"))
    min_order_amount = AmountField(label=gettext_lazy("Minimum order amount"), required=False)
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=LONGEST_TYPED, required=False)

    def window(self, quota: Window) -> Window:
        return within(quota, self.typed("starts_at"), self.typed("ends_at"))


class PassOnForm(TypedForm):
    """How much of a quota each reseller gets. Rules: S-363."""

    currency_fields = ("amount",)
    places = ("amount", "remark", "reseller_ids")

    amount = AmountField(label=gettext_lazy("Amount for each"))
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)


class GrantForm(LimitFields, ScopedForm):
    """A quota the vendor grants. Rules: S-360, S-415, S-417."""

    currency_fields = ("value",)

    value = AmountField(label=gettext_lazy("Quota value"))
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"), max_length=200, required=False, help_text=gettext_lazy("The partner sees it.")
    )
    kind = forms.TypedChoiceField(
        label=gettext_lazy("Kind"),
        coerce=int,
        empty_value=None,
        required=False,
        initial=VOUCHER_KIND,
        choices=[(VOUCHER_KIND, gettext_lazy("Vouchers")), (CASH_KIND, gettext_lazy("Cash coupons"))],
        widget=forms.RadioSelect,
    )
    counts_as_performance = forms.BooleanField(
        label=gettext_lazy("Spending it counts as the partner's performance"), required=False
    )
    field_order = ("kind", "value", "starts_at", "ends_at", "service_types", "product_codes", "purpose")

    def whole_days(self, at: datetime) -> Window:
        """The days chosen; without a first one from the beginning of today on."""
        first = self.typed("starts_at") or at.astimezone(zone()).date()
        return Window(start_of(first), end_of(self.typed("ends_at") or first))
