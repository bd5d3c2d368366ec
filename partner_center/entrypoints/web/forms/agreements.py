"""Forms of agreements and declarations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.agreements.rules import CODES, GOVERNED, LEVELS, RELATIONS
from partner_center.entrypoints.web import sites
from partner_center.entrypoints.web.forms.base import Form, KeyedForm
from partner_center.entrypoints.web.forms.vouchers import DayField
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.standing_words import IDENTITIES, identity

ROWS = 3
ASKED = ("vendor_person", "vendor_department", "partner_person", "partner_position", "relation", "share")


class SignForm(Form):
    """Signing: that it was read, and the digest of the text that was shown."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    understood = forms.BooleanField(
        label=gettext_lazy("I have read it, may sign for the company, and see to it that our people keep it.")
    )


class PublishForm(KeyedForm):
    """A version of an agreement, in both languages."""

    site = forms.ChoiceField(label=gettext_lazy("Site"))
    code = forms.ChoiceField(label=gettext_lazy("Agreement"))
    number = forms.CharField(label=gettext_lazy("Version number"), max_length=16)
    effective_on = DayField(label=gettext_lazy("In force from"), required=False)
    grace_days = forms.IntegerField(label=gettext_lazy("Grace, days"), min_value=0, max_value=365, initial=30)
    level = forms.ChoiceField(label=gettext_lazy("Signed by"))
    mandatory = forms.BooleanField(label=gettext_lazy("Mandatory"), required=False, initial=True)
    binds = forms.MultipleChoiceField(
        label=gettext_lazy("Binds (none: every partner)"), widget=forms.CheckboxSelectMultiple, required=False
    )
    governs = forms.MultipleChoiceField(
        label=gettext_lazy("Barred without it"), widget=forms.CheckboxSelectMultiple, required=False
    )
    title_zh = forms.CharField(label=gettext_lazy("Title in Chinese"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120)
    text_zh = forms.CharField(
        label=gettext_lazy("Text in Chinese (Markdown)"), widget=forms.Textarea(attrs={"rows": 14})
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English (Markdown)"), widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "site": [(site, sites.name(site)) for site in ("cloud-cn", "cloud-intl")],
            "code": [(code, local(words)) for code, words in CODES.items()],
            "level": [(each, local(WHO[each])) for each in LEVELS],
            "binds": [(each, identity(each)) for each in IDENTITIES],
            "governs": [(each, local(words)) for each, words in GOVERNED.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]


WHO = {"company": ("公司（主账号管理员）", "the company (main account)"), "person": ("每个人", "each person")}


class DeclareForm(KeyedForm):
    """A declaration: none, or up to three relationships on the page."""

    none_to_declare = forms.BooleanField(
        label=gettext_lazy("We have no sensitive relationship with anybody of the vendor."), required=False
    )
    affirmed = forms.BooleanField(label=gettext_lazy("What we declare is true and complete."), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(ROWS):
            for name in ASKED:
                self.fields[f"{name}_{row}"] = forms.CharField(max_length=200, required=False)
            self.fields[f"relation_{row}"] = forms.ChoiceField(
                choices=[("", "—"), *((code, local(words)) for code, words in RELATIONS.items())], required=False
            )

    def declared(self) -> dict[str, Any]:
        """What the verb takes: rows in which anything stands."""
        told = [{name: self.cleaned_data[f"{name}_{row}"] for name in ASKED} for row in range(ROWS)]
        return {
            "none_to_declare": self.cleaned_data["none_to_declare"],
            "affirmed": self.cleaned_data["affirmed"],
            "relations": [each for each in told if any(each.values())],
        }
