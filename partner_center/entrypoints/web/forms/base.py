"""What all forms share: a refusal shows at its fields, a repeated submit does nothing twice."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.codes import Code
from partner_center.entrypoints.web.refusals import conflict_text, sentence
from partner_center.entrypoints.web.view_models import FieldError
from partner_center.kernel.errors import Conflict, Refused
from partner_center.kernel.rules import Outcome

# Of a code that was entered wrongly the page says what is wrong with it, not also that one is needed.
NEEDS_CODE = "verification_code_required"


class Form(forms.Form):
    """A form that says what a verb refused where it can be mended."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def add_refusal(self, refused: Refused, code: Code | None = None) -> None:
        """Every broken rule at its field, or above the form where none is named."""
        tried = code.refusal if code else ()
        said = [outcome for outcome in refused.outcomes if not (tried and outcome.code == NEEDS_CODE)]
        for outcome in (*said, *tried):
            self.add_broken(outcome)

    def add_broken(self, outcome: Outcome) -> None:
        field = outcome.field if outcome.field in self.fields else None
        self.add_error(field, ValidationError(sentence(outcome), code=outcome.id))

    def add_conflict(self, conflict: Conflict, field: str | None = None, rule: str = "") -> None:
        self.add_error(field, ValidationError(conflict_text(conflict), code=rule or conflict.code))

    def field_errors(self, name: str) -> tuple[FieldError, ...]:
        """The errors of one field, for components that are no Django widget."""
        if name not in self.errors:
            return ()
        found = self.errors.as_data()[name]
        return tuple(FieldError(" ".join(e.messages), e.code if "-" in (e.code or "") else "", name) for e in found)  # type: ignore[arg-type]


class KeyedForm(Form):
    """A form whose action takes a key: sent twice it acts once."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: uuid4().hex)


def login_field() -> forms.CharField:
    """The name somebody new signs in with."""
    return forms.CharField(
        label=gettext_lazy("Login name"),
        max_length=64,
        help_text=gettext_lazy("Cannot be changed later; unique on all sites."),
        validators=[RegexValidator(r"^[A-Za-z0-9._@-]+$", gettext_lazy("Letters, digits and . _ @ - only."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class CodeField(forms.CharField):
    """The verification code, where the account asks for one; the page tries it before the action."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=6, **kwargs)
