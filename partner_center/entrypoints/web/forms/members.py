"""Forms about the people of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from partner_center.access.rules import roles
from partner_center.entrypoints.web.forms.base import Form
from partner_center.entrypoints.web.jinja import local


class RolesForm(Form):
    """Which roles somebody holds; the rules of the verb judge the choice, not the field."""

    roles = forms.MultipleChoiceField(label=gettext_lazy("Roles"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, *args: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_kind = [(role.code, local(role)) for role in roles().values() if role.audience == audience]
        self.fields["roles"].choices = of_kind  # type: ignore[attr-defined]


class MemberForm(RolesForm):
    """A person who is to sign in for the organisation."""

    login = forms.CharField(
        label=gettext_lazy("Login name"),
        max_length=64,
        help_text=gettext_lazy("Cannot be changed later; unique on all sites."),
        validators=[RegexValidator(r"^[A-Za-z0-9._@-]+$", gettext_lazy("Letters, digits and . _ @ - only."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    display_name_en = forms.CharField(label=gettext_lazy("Name in Latin letters"), max_length=80, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), help_text=gettext_lazy("Verification codes are sent there."))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False)
    password = forms.CharField(
        label=gettext_lazy("First password"),
        max_length=256,
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 10 characters. Hand it over in person."),
    )
    field_order = ("login", "display_name", "display_name_en", "email", "phone", "password", "roles")
