"""Forms with which the vendor opens partners and associates customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web import sites
from partner_center.entrypoints.web.forms.base import Form, KeyedForm, login_field
from partner_center.entrypoints.web.standing_words import IDENTITIES, TIERS, TYPES, association_type, identity, tier


class OpenPartnerForm(Form):
    """A partner's account with its company and main user; the verb's rules judge identity, tier and code."""

    site = forms.ChoiceField(label=gettext_lazy("Site"))
    identity = forms.ChoiceField(label=gettext_lazy("Identity"))
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    name_zh = forms.CharField(label=gettext_lazy("Company name"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("Company name in Latin letters"), max_length=120, required=False)
    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("18 places; needed on the China site."),
    )
    contracting_entity = forms.CharField(label=gettext_lazy("Contracting entity"), required=False, max_length=200)
    registered_address = forms.CharField(label=gettext_lazy("Registered address"), required=False, max_length=300)
    may_resell = forms.BooleanField(label=gettext_lazy("May win resale customers"), required=False, initial=True)
    login = login_field()
    display_name = forms.CharField(label=gettext_lazy("Administrator's name"), max_length=80)
    display_name_en = forms.CharField(label=gettext_lazy("Name in Latin letters"), max_length=80, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False)
    password = forms.CharField(
        label=gettext_lazy("First password"),
        max_length=256,
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 10 characters. Hand it over in person."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "site", [(each, sites.name(each)) for each in ("cloud-cn", "cloud-intl")])
        choose(self, "identity", [(each, identity(each)) for each in IDENTITIES])
        choose(self, "tier", [("", "—"), *((each, tier(each)) for each in TIERS)])


class AssociateForm(KeyedForm):
    """Whose customer an account is to become, in which model, and on what ground."""

    partner = forms.ChoiceField(label=gettext_lazy("Partner"), widget=forms.Select(attrs={"data-search": "yes"}))
    type = forms.TypedChoiceField(
        label=gettext_lazy("Association type"), coerce=int, widget=forms.RadioSelect, initial="1"
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The number of the ticket and what it asks for; up to 200 signs."),
    )

    def __init__(self, *args: Any, partners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "partner", [("", "—"), *partners])
        choose(self, "type", [(str(each), association_type(each)) for each in TYPES])


class SwitchForm(KeyedForm):
    """In which model a customer is to be its partner's from now on, and on what ground."""

    type = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The number of the ticket and what it asks for; up to 200 signs."),
    )


def choose(form: forms.Form, field: str, choices: list[tuple[str, str]]) -> None:
    """Give a field its choices in the page's language."""
    form.fields[field].choices = choices  # type: ignore[attr-defined]
