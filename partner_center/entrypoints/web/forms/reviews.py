"""Forms of the inbox: a decision, several approvals, handing over, an absence."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from partner_center.entrypoints.web.forms.base import Form
from partner_center.entrypoints.web.forms.partners import choose
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.kernel.working_days import end_of
from partner_center.reviews.queries import Colleague
from partner_center.reviews.rules import Decision, ReviewKind

LONGEST = 1000


class DecisionForm(Form):
    """What a reviewer says; the engine's rules judge whether reason, text and fields fit the move."""

    move = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=(("approve", ""), ("return", ""), ("reject", "")),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=40)
    text = forms.CharField(
        label=gettext_lazy("For the other side"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 1}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: ReviewKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A field called `fields` cannot be declared: the class keeps its own under that name.
        self.fields["fields"] = forms.MultipleChoiceField(
            label=gettext_lazy("Fields that reopen"),
            required=False,
            choices=[(name, local(words)) for name, words in kind.fields.items()],
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def decision(self) -> Decision:
        said = self.cleaned_data
        is_return = said["move"] == "return"
        return Decision(
            move=said["move"],
            reason=said["reason"],
            text=said["text"],
            note=said["note"],
            fields=tuple(said["fields"]) if is_return else (),
            version=said["version"],
        )


class SeveralForm(Form):
    """One reason and one note for several approvals."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    note = forms.CharField(label=gettext_lazy("Internal note"), required=False, max_length=LONGEST)

    def __init__(self, *args: Any, kinds: list[ReviewKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only a reason that all of the kinds know can stand for all of them.
        known = [{reason.code for reason in kind.reasons_for("approve")} for kind in kinds]
        shared = set.intersection(*known) if known else set()
        reasons = {r.code: local(r) for kind in kinds for r in kind.reasons_for("approve") if r.code in shared}
        choose(self, "reason", [("", "—"), *reasons.items()])


class HandOverForm(Form):
    """A colleague who is to take a review, and a word for them."""

    to = forms.ChoiceField(label=gettext_lazy("Colleague"))
    note = forms.CharField(label=gettext_lazy("Note for the colleague"), required=False, max_length=LONGEST)

    def __init__(self, *args: Any, colleagues: tuple[Colleague, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "to", [(str(each.id), local((each.name_zh, each.name_en))) for each in colleagues])


class AbsenceForm(Form):
    """From which day to which one is away, and who stands in."""

    starts_on = forms.DateField(label=gettext_lazy("First day away"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=gettext_lazy("Last day away"), widget=forms.DateInput(attrs={"type": "date"}))
    stand_in = forms.ChoiceField(label=gettext_lazy("Stand-in"))

    def __init__(self, *args: Any, colleagues: tuple[Colleague, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "stand_in", [(str(each.id), local((each.name_zh, each.name_en))) for each in colleagues])

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["starts_on"], time(), zone())

    @property
    def ends_at(self) -> datetime:
        """The end of the last day."""
        return end_of(self.cleaned_data["ends_on"], zone())
