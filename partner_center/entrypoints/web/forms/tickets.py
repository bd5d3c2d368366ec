"""Forms of tickets. What is missing or wrong is said by the rules, so that everything is said at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from partner_center.entrypoints.web.forms.base import Form, KeyedForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.ticket_words import SEVERITIES
from partner_center.entrypoints.web.uploads import FilesField
from partner_center.kernel.rules import Outcome
from partner_center.support.actions.opener import About
from partner_center.support.rules import LONGEST_SUBJECT, MOST_MARKS, Category, Field


class Asked(forms.CharField):
    """A field that has to be filled; that it is not, a rule says."""

    def validate(self, value: Any) -> None:
        return None


class AskedChoice(forms.ChoiceField):
    """A choice that has to be made; that it is not, a rule says."""

    def validate(self, value: Any) -> None:
        return None


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class TicketForm(KeyedForm):
    """A new ticket of one category, with the particulars that it asks for."""

    category = forms.CharField(widget=forms.HiddenInput, max_length=32)
    subject = Asked(
        label=gettext_lazy("Topic"),
        widget=forms.TextInput(attrs={"maxlength": LONGEST_SUBJECT, "autocomplete": "off"}),
    )
    severity = AskedChoice(label=gettext_lazy("Severity"), initial="guidance")
    contact = Asked(label=gettext_lazy("Phone or mail address"))
    text = Asked(label=gettext_lazy("Description"), widget=_text(8), strip=False)
    attached = FilesField()
    rule = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    subject_kind = forms.CharField(widget=forms.HiddenInput, required=False, max_length=24)
    subject_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)
    label = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def __init__(self, category: Category, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [(each, gettext(word)) for each, word in SEVERITIES.items()]  # type: ignore[attr-defined]
        self.kind, self.asked = category, category.fields
        for each in self.asked:
            self.fields[f"p_{each.code}"] = _particular(each)

    def particulars(self) -> dict[str, str]:
        return {each.code: self.cleaned_data.get(f"p_{each.code}", "") for each in self.asked}

    def add_broken(self, outcome: Outcome) -> None:
        """What is missing of the particulars is said at each of them."""
        if outcome.code != "ticket_particulars":
            super().add_broken(outcome)
            return
        for each in self.kind.missing(self.particulars()):
            self.add_error(f"p_{each.code}", ValidationError(gettext("Its category asks for this."), code=outcome.id))

    def regarding(self) -> About:
        """What it is about, as the link that led here said."""
        said = self.cleaned_data
        return About(said["subject_kind"], uuid_of(said["subject_id"]), said["label"], said["rule"])


def _particular(each: Field) -> forms.Field:
    label = local((each.zh, each.en))
    if not each.choices:
        return Asked(label=label, required=each.required)
    choices = [("", "—"), *((code, local((zh, en))) for code, zh, en in each.choices)]
    return AskedChoice(label=label, required=each.required, choices=choices)


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class SayForm(KeyedForm):
    """A message of either side."""

    text = Asked(label=gettext_lazy("Message"), widget=_text(5), strip=False)
    attached = FilesField()


class NoteForm(Form):
    """A note for colleagues."""

    text = Asked(label=gettext_lazy("Internal note"), widget=_text(3), strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Two forms of one page have a text; their fields need names of their own there.
        super().__init__(*args, auto_id="id_note_%s", **kwargs)


class ReturnForm(Form):
    """Where papers go back to."""

    address = Asked(label=gettext_lazy("Return address"))
    addressee = Asked(label=gettext_lazy("Addressee"))
    phone = Asked(label=gettext_lazy("Phone"))


class RateForm(Form):
    """How it was solved."""

    marks = forms.TypedChoiceField(
        label=gettext_lazy("Satisfaction"),
        coerce=int,
        choices=[(each, str(each)) for each in range(MOST_MARKS, 0, -1)],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=gettext_lazy("In words"), required=False, widget=_text(2))
