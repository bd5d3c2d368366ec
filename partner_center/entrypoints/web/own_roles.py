"""Roles: what each preset one brings, and those an organisation makes for itself."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.actions import change_role, drop_role, make_role
from partner_center.access.permissions import Can, may
from partner_center.access.queries import OwnRole, members, own_roles
from partner_center.access.rules import MOST_ROLES, RESERVED, Role, always, items, items_of, roles
from partner_center.entrypoints.web.forms.members import RoleForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.members import tabs
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Action, Badge, Cell, Column, Page
from partner_center.kernel.errors import NotFound, Refused


@page(Can.MEMBER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Every role one can hold here, with what it brings and how many hold it. Rules: L-203, L-209."""
    own, manages = own_roles(request.actor), may(request.actor, Can.MEMBER_MANAGE)
    preset = [role for role in roles().values() if role.audience == request.actor.audience]
    held = [code for each in members(request.actor) for code in each.roles]
    return render(
        request,
        "members/own_roles.html",
        page=Page(gettext("Roles"), count=len(preset) + len(own)),
        tabs=tabs(request),
        columns=_columns(),
        rows=[*(_own(role, manages) for role in own), *(_preset(role, held.count(role.code)) for role in preset)],
        manages=manages,
        room=MOST_ROLES - len(own),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Role"), "main"),
        Column(gettext("Kind"), "state"),
        Column(gettext("Brings")),
        Column(gettext("Held by")),
        Column(gettext("Actions"), "actions"),
    )


def _own(role: OwnRole, manages: bool) -> tuple[object, ...]:
    why_not = "" if manages else gettext("needs the permission to manage members")
    actions = [Action(gettext("Change"), reverse("change-role", args=[role.id]), reason=why_not)]
    if manages:
        held = gettext("held, so not to be deleted") if role.held_by else ""
        actions.append(Action(gettext("Delete"), reverse("drop-role", args=[role.id]), method="post", reason=held))
    return (
        Cell(role.name, user_text=True),
        Badge("ok", gettext("Your own")),
        _many(len(role.grants)),
        _people(role.held_by),
        actions,
    )


def _preset(role: Role, held: int) -> tuple[object, ...]:
    return (
        local(role),
        Badge("end", gettext("Preset")),
        _many(len(role.grants)),
        _people(held),
        [Action(gettext("Make one like it"), f"{reverse('make-role')}?like={role.code}")],
    )


def _many(count: int) -> str:
    return ngettext("%(num)s item", "%(num)s items", count) % {"num": count}


def _people(count: int) -> str:
    return ngettext("%(num)s member", "%(num)s members", count) % {"num": count} if count else gettext("nobody")


@page(Can.MEMBER_MANAGE)
def make(request: PageRequest) -> HttpResponse:
    """Make a role; it may start as a copy of another. Rules: S-576, S-581, L-209."""
    like = roles().get(request.GET.get("like", ""))
    start = {"grants": like.grants} if like and like.audience == request.actor.audience else {}
    form = RoleForm(request.POST if request.method == "POST" else None, choices=_choices(request), initial=start)
    if form.is_valid():
        try:
            make_role(request.actor, **form.cleaned_data)
            text = gettext("The role %(name)s can be given now.") % {"name": form.cleaned_data["name"]}
            return redirect_with_message(request, "roles", text)
        except Refused as refused:
            form.add_refusal(refused)
    return _form(request, gettext("Make a role"), form)


def _form(request: PageRequest, title: str, form: RoleForm) -> HttpResponse:
    always_brought = [local(items()[name]) for name in sorted(always(request.actor.audience))]
    return render(request, "members/role_form.html", page=Page(title), form=form, always=always_brought)


def _choices(request: PageRequest) -> list[tuple[str, str]]:
    """The items a role of one's own can bring, in the order of the menu."""
    audience = request.actor.audience
    free = items_of(audience) - RESERVED - always(audience)
    return [(name, local(item)) for name, item in items().items() if name in free]


@page(Can.MEMBER_MANAGE)
def change(request: PageRequest, role_id: UUID) -> HttpResponse:
    """Change a role of one's own; whoever holds it has what it brings from now on. Rules: L-209."""
    role = next((each for each in own_roles(request.actor) if each.id == role_id), None)
    if role is None:
        raise NotFound("role")
    start = {"name": role.name, "grants": role.grants}
    form = RoleForm(request.POST if request.method == "POST" else None, choices=_choices(request), initial=start)
    if form.is_valid():
        try:
            change_role(request.actor, role_id=role_id, **form.cleaned_data)
            return redirect_with_message(request, "roles", gettext("Saved."))
        except Refused as refused:
            form.add_refusal(refused)
    return _form(request, gettext("Change a role"), form)


@page(Can.MEMBER_MANAGE, methods=("POST",))
def drop(request: PageRequest, role_id: UUID) -> HttpResponse:
    """Delete a role of one's own that nobody holds. Rules: L-209."""
    drop_role(request.actor, role_id=role_id)
    return redirect_with_message(request, "roles", gettext("The role is deleted."))


urlpatterns = [
    path("members/roles/", index, name="roles"),
    path("members/roles/make/", make, name="make-role"),
    path("members/roles/<uuid:role_id>/", change, name="change-role"),
    path("members/roles/<uuid:role_id>/drop/", drop, name="drop-role"),
]
