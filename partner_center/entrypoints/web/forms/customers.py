"""Forms about a partner's customers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import CodeField, Form, KeyedForm


class LabelForm(Form):
    """The partner's own label on a customer; the verb's rules judge it."""

    label = forms.CharField(
        label=gettext_lazy("Label"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only your organisation sees it. Up to 64 signs, no blanks."),
    )


class DisassociateForm(KeyedForm):
    """Leaving a customer: understood, with a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Up to 200 signs; it is kept with the association."),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I understand what is reclaimed and that this cannot be undone"),
        error_messages={"required": gettext_lazy("Tick this first.")},
    )
    code = CodeField(label=gettext_lazy("Verification code"))
