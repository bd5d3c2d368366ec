"""The form of a company's base information."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import KeyedForm
from partner_center.entrypoints.web.jinja import local
from partner_center.partners.rules import COMPANY_CHANGE, EDITABLE

LONGEST = {"name_zh": 120, "name_en": 120, "registered_address": 200, "legal_representative": 80, "industry": 80}


class CompanyForm(KeyedForm):
    """What a company is called and where it sits. Of a returned change only the reopened fields can be typed in."""

    text = forms.CharField(
        label=gettext_lazy("For the reviewer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, reopened: tuple[str, ...] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in EDITABLE:
            words = COMPANY_CHANGE.fields[name]
            self.fields[name] = forms.CharField(
                label=local(words), max_length=LONGEST[name], required=name == "name_zh"
            )
            if reopened is not None and name not in reopened:
                self.fields[name].disabled = True
        if reopened is None:
            del self.fields["text"]
        self.order_fields([*EDITABLE, "text", "key"])

    @property
    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in EDITABLE}

    def wanted(self, posted: Mapping[str, Any]) -> dict[str, str]:
        """What is asked for; a credit code that came along is told by its rule, not passed over."""
        code = str(posted.get("uscc", "")).strip()
        return {**self.changes, **({"uscc": code} if code else {})}

    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in (*EDITABLE, *(["text"] if "text" in self.fields else []))]
