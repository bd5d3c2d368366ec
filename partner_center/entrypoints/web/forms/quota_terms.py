"""Forms with which the vendor changes quota and vouchers that exist: a reason, new terms, customers' names."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import KeyedForm
from partner_center.entrypoints.web.forms.vouchers import AmountField, ScopedForm, end_of, last_day
from partner_center.vouchers.queries import QuotaRow

LONGEST_TYPED = 1000


def _reason(help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=gettext_lazy("Reason"), max_length=200, widget=widget, help_text=help_text)


class ReasonForm(KeyedForm):
    """Why a quota is stopped, or let go again."""

    reason = _reason(gettext_lazy("The partner reads it in the quota's history."))


class InvalidateForm(ReasonForm):
    """Why a quota is set invalid, and whether the parts that resellers hold go with it."""

    with_parts = forms.BooleanField(
        label=gettext_lazy("The parts that resellers hold too"),
        required=False,
        help_text=gettext_lazy("What is free of them is lost as well; the distributor and its resellers see why."),
    )


class FreezeVoucherForm(KeyedForm):
    """Why a voucher is frozen, or let go again."""

    reason = _reason(gettext_lazy("The customer and the partner read it beside the voucher."))


class ReversalForm(KeyedForm):
    """Why a movement should be taken back."""

    reason = _reason(gettext_lazy("It stands on the reversal, and the second person decides by it."))


class DeclineForm(KeyedForm):
    """Why a reversal is declined."""

    answer = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Who asked reads it."),
    )


class AdjustForm(ScopedForm):
    """The new terms of a quota. Rules: S-361."""

    currency_fields = ("value",)

    value = AmountField(label=gettext_lazy("Quota value"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_TYPED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The partner reads it in the quota's history."),
    )
    field_order = ("value", "ends_at", "service_types", "product_codes", "reason")

    def __init__(self, *args: Any, row: QuotaRow, **kwargs: Any) -> None:
        now = {
            "value": f"{row.value.decimal:.2f}",
            "ends_at": last_day(row.window.end),
            "service_types": sorted(row.scope.service_types),
            "product_codes": sorted(row.scope.product_codes),
        }
        super().__init__(*args, currency=row.value.currency, initial=now, **kwargs)
        self.row = row
        del self.fields["starts_at"]

    def ends(self) -> Any:
        """The instant of the new end; the very same when the day is the same."""
        day = self.typed("ends_at")
        return self.row.window.end if day in (None, last_day(self.row.window.end)) else end_of(day)


class DesignateForm(KeyedForm):
    """Why customers are named for a quota; who they are stands beside it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_TYPED,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The partner reads it in the quota's history."),
    )
