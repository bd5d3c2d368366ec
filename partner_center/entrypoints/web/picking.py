"""Forms filled in step by step: who was picked is carried along, buttons change what was typed, one button submits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, QueryDict

from partner_center.entrypoints.web.view_models import Action

# Buttons that change the form and are not its submission.
STEPS = ("add", "drop", "set", "clear", "look")


@dataclass(frozen=True)
class Typed:
    """What a form holds after the button that was pressed; `submits` when that was the one that acts."""

    data: QueryDict
    picked: tuple[UUID, ...]
    submits: bool

    def text(self, name: str) -> str:
        return str(self.data.get(name, "")).strip()


def typed(request: HttpRequest, settable: Iterable[str]) -> Typed:
    """Read what was posted and do what the button says: add or remove somebody, set or clear a field."""
    data = request.POST.copy()
    # A link from a customer's or reseller's row comes with who is picked.
    named = data if request.method == "POST" else request.GET
    picked = dict.fromkeys(_ids(named.getlist("ids")))
    for added in _ids(data.getlist("add")):
        picked[added] = None
    for gone in _ids(each for value in data.getlist("drop") for each in value.split(",")):
        picked.pop(gone, None)
    for name, _, value in (each.partition("=") for each in data.getlist("set")):
        if name in settable:
            data[name] = value
    for name in (each for value in data.getlist("clear") for each in value.split(",")):
        if name in settable:
            data.setlist(name, [])
    submits = not any(step in data for step in STEPS)
    for step in STEPS:
        data.pop(step, None)
    return Typed(data, tuple(picked), submits)


def _ids(values: Iterable[str]) -> list[UUID]:
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found


def button(label: str, name: str, value: str, form: str) -> Action:
    """A button that changes the form and shows it again."""
    return Action(label, method="post", field=(name, value), form=form, swap=f"#{form}")
