"""The limits beside service types and products, as a form takes them; which are allowed is the rules' to say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from partner_center.entrypoints.code_words import word
from partner_center.entrypoints.web.jinja import language
from partner_center.vouchers.rules import BILLING_MODES, LIMITED_ORDER_TYPES, WHOLE, Scope

Choices = Sequence[tuple[str, str]]
PICKS = ("order_types", "billing_modes", "regions", "service_types_excluded")
# Those of which a rule may say something, and all of them.
SPOKEN_OF = ("service_types", "product_codes", *PICKS, "enterprise_projects", "min_discount", "use_ratio")
LIMITS = (*SPOKEN_OF[2:], "without_discounts")
_BETWEEN = re.compile(r"[\s,;，；、]+")


class ShareField(forms.CharField):
    """A share of a whole as people write it: `80`, `80%`, `12.5 %`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(**{"max_length": 16, "required": False, "widget": widget, **kwargs})

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).strip("%％ ")
        if not text:
            return None
        try:
            share = Decimal(text) / 100
            if share.is_finite() and abs(share) < 10 and share == share.quantize(Decimal("0.0001")):
                return share
        except InvalidOperation:
            pass
        raise ValidationError(gettext("Enter a percentage with at most two decimals, such as 80."), code="share")


class CodesField(forms.CharField):
    """Several codes in one line, with blanks or commas between them."""

    def clean(self, value: Any) -> frozenset[str]:
        return frozenset(each for each in _BETWEEN.split(super().clean(value)) if each)


def _pick(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


class LimitFields(forms.Form):
    """Fields of the further limits, folded away where none of them is used. Rules: S-395, S-415."""

    order_types = _pick(gettext_lazy("Order types"))
    billing_modes = _pick(gettext_lazy("Billing modes"))
    regions = _pick(gettext_lazy("Regions"))
    service_types_excluded = _pick(gettext_lazy("Service types not covered"))
    enterprise_projects = CodesField(
        label=gettext_lazy("Enterprise projects"), max_length=2000, required=False, empty_value=""
    )
    without_discounts = forms.BooleanField(label=gettext_lazy("Not together with discounts"), required=False)
    min_discount = ShareField(label=gettext_lazy("Lowest discount ratio (%)"))
    use_ratio = ShareField(label=gettext_lazy("Use ratio (%)"))

    def offer_limits(self, outer: Scope, service_types: Choices, regions: Choices) -> None:
        """What there is to choose from, within what the quota allows."""
        offered = {
            "order_types": _named(LIMITED_ORDER_TYPES),
            "billing_modes": _named(BILLING_MODES),
            "regions": regions,
        }
        for name, choices in offered.items():
            allowed = getattr(outer, name)
            self._offer(name, [each for each in choices if not allowed or each[0] in allowed])
        self._offer(
            "service_types_excluded", [each for each in service_types if each[0] not in outer.service_types_excluded]
        )

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def limits(self) -> Scope:
        """What was chosen, as far as it can be read."""
        read = self.typed  # type: ignore[attr-defined]
        return Scope(
            **{name: frozenset(read(name) or ()) for name in (*PICKS, "enterprise_projects")},
            with_discounts=not read("without_discounts"),
            min_discount=read("min_discount") or Decimal(0),
            use_ratio=WHOLE if read("use_ratio") is None else read("use_ratio"),
        )

    @property
    def limits_used(self) -> bool:
        """Whether any of them was touched, or is wrong: the fold then stands open."""
        return any(self[name].value() or name in self.errors for name in LIMITS)


def _named(codes: Iterable[str]) -> list[tuple[str, str]]:
    return [(code, word(code, language())) for code in codes]
