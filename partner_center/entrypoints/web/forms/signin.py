"""The sign-in form."""

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import Form


class SignInForm(Form):
    """A login name and a password."""

    login = forms.CharField(
        label=gettext_lazy("Login name"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
