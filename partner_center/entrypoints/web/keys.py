"""Access keys: what programs sign their calls with."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy

from partner_center.access.actions import make_key, revoke_key
from partner_center.access.permissions import Can
from partner_center.access.queries import KeyRow, keys, user_names
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.forms.base import CodeField, Form
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Action, Badge, Cell, Column, Confirm, Page
from partner_center.kernel.errors import Conflict, NotFound, Refused


class KeyForm(Form):
    """What the key is for."""

    label = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("Such as the program's name."),
    )
    code = CodeField()


@page(Can.KEY_MANAGE, code_for="access.make_key")
def index(request: PageRequest) -> HttpResponse:
    """The keys; a new one's secret is shown in the answer that made it, and never again."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = make_key(request.actor, label=form.cleaned_data["label"])
            return render(request, "keys/made.html", page=Page(gettext("A new access key")), made=made)
        except Refused as refused:
            form.add_refusal(refused, request.code)
    found = keys(request.actor)
    names = user_names(each.user_id for each in found)
    rows = [_row(each, local(names.get(each.user_id, ("—", "—")))) for each in found]
    head = Page(gettext("Access keys"), count=len(found))
    return render(request, "keys/index.html", page=head, columns=_columns(), rows=rows, form=form)


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Access key / what for"), "main"),
        Column(gettext("Made by")),
        Column(gettext("State"), "state"),
        Column(gettext("Made at")),
        Column(gettext("Actions"), "actions"),
    )


def _row(key: KeyRow, owner: str) -> tuple[object, ...]:
    live = key.revoked_at is None
    state = Badge("ok", gettext("Valid")) if live else Badge("end", gettext("Revoked"))
    ended = "" if live else gettext("revoked at %(at)s") % {"at": moment(key.revoked_at)}
    revoke = Action(gettext("Revoke"), reverse("revoke-key", args=[key.id]), reason="" if live else "—")
    return (Cell(key.access_key, key.label, user_text=True), owner, state, Cell(moment(key.made_at), ended), [revoke])


@page(Can.KEY_MANAGE)
def revoke(request: PageRequest, key_id: UUID) -> HttpResponse:
    """Ask once more, then end the key at once."""
    key = next((each for each in keys(request.actor) if each.id == key_id), None)
    if key is None:
        raise NotFound("access_key")
    if request.method == "POST":
        revoke_key(request.actor, key_id=key_id)
        return redirect_with_message(request, "keys", gettext("%(key)s is revoked.") % {"key": key.access_key})
    if key.revoked_at is not None:
        raise Conflict("access_key_revoked")
    return render(request, "keys/revoke.html", page=Page(gettext("Revoke an access key")), confirm=_confirm(key))


def _confirm(key: KeyRow) -> Confirm:
    return Confirm(
        question=gettext("Revoke %(key)s?") % {"key": key.access_key},
        effect=gettext("Every program that signs with it is turned away from this moment on. It cannot be undone."),
        action=reverse("revoke-key", args=[key.id]),
        button=gettext("Revoke the key"),
        bullets=(gettext("Calls it made before stay valid"), gettext("Other keys go on working")),
        cancel_href=reverse("keys"),
    )


urlpatterns = [
    path("keys/", index, name="keys"),
    path("keys/<uuid:key_id>/revoke/", revoke, name="revoke-key"),
]
