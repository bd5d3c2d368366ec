"""Forms of whoever applies to join: the application, what is mended of it, the first password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import Form, KeyedForm, login_field
from partner_center.entrypoints.web.forms.partners import choose
from partner_center.entrypoints.web.standing_words import IDENTITIES, identity

_PHONE = RegexValidator(r"^[0-9+() -]{5,32}$", gettext_lazy("Digits, spaces and + - ( ) only."))


def _account_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Cloud account"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("The account of your company that passed enterprise real-name verification."),
    )


class MendForm(Form):
    """The fields an applicant may be asked to mend."""

    name_zh = forms.CharField(label=gettext_lazy("Company name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Company name in Latin letters"), max_length=120, required=False)
    registered_address = forms.CharField(label=gettext_lazy("Registered address"), max_length=200, required=False)
    account_name = _account_field()
    display_name = forms.CharField(label=gettext_lazy("Administrator's name"), max_length=80)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False, validators=[_PHONE])
    text = forms.CharField(
        label=gettext_lazy("For the reviewer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, reopened: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.disabled = name != "text" and name not in reopened


class ApplyForm(KeyedForm):
    """A company's application; the verb's rules judge identity, credit code, duplicates, login name, agreements."""

    name_zh = forms.CharField(label=gettext_lazy("Company name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Company name in Latin letters"), max_length=120, required=False)
    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=32,
        required=False,
        help_text=gettext_lazy("The 18 places of the business licence; the old organisation code does not serve."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    registered_address = forms.CharField(label=gettext_lazy("Registered address"), max_length=200, required=False)
    identity = forms.ChoiceField(label=gettext_lazy("Identity"))
    account_name = _account_field()
    display_name = forms.CharField(label=gettext_lazy("Administrator's name"), max_length=80)
    login = login_field()
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), help_text=gettext_lazy("A link to confirm it is mailed there.")
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False, validators=[_PHONE])
    accepts = forms.BooleanField(
        label=gettext_lazy(
            "We accept the certification agreement, the integrity commitment, the code of conduct "
            "and the order-management rules"
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "identity", [(each, identity(each)) for each in IDENTITIES])


class PasswordForm(Form):
    """The first password of the main user."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=256,
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 10 characters."),
    )
