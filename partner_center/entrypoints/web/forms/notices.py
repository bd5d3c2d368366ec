"""Forms about messages, and about whom customers may call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import Form
from partner_center.notices.rules import CHANNELS

CHANNEL_WORDS = {
    "site": gettext_lazy("On the site"),
    "mail": gettext_lazy("E-mail"),
    "sms": gettext_lazy("SMS"),
}


class OwnForm(Form):
    """By which channels one is told of a category; what the account does not use stays unused."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(each, CHANNEL_WORDS[each]) for each in CHANNELS],
    )


class AccountForm(OwnForm):
    """The same for the whole account, and who of it is told."""

    recipients = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Recipients"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = people  # type: ignore[attr-defined]


class ContactForm(Form):
    """Somebody whom customers may call."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    duty = forms.CharField(
        label=gettext_lazy("What for"), max_length=80, required=False, help_text=gettext_lazy("Such as orders, bills.")
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=32, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
