"""The people of an organisation: who signs in for it, with which roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.actions import add_member, change_roles
from partner_center.access.permissions import Can, may
from partner_center.access.queries import Member, members
from partner_center.access.rules import MEMBER, MemberFacts, roles
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.formats import mask
from partner_center.entrypoints.web.forms.members import MemberForm, RolesForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.view_models import Action, Badge, Cell, Column, Page, RuleView
from partner_center.kernel.errors import Conflict, NotFound, Refused


@page(Can.MEMBER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Everybody who signs in for the organisation."""
    found = members(request.actor)
    manages = may(request.actor, Can.MEMBER_MANAGE)
    return render(
        request,
        "members/index.html",
        page=Page(gettext("Members"), count=len(found)),
        columns=_columns(),
        rows=[_row(each, manages) for each in found],
        manages=manages,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Name / login name"), "main"),
        Column(gettext("Roles")),
        Column(gettext("E-mail / phone")),
        Column(gettext("State"), "state"),
        Column(gettext("Member since")),
        Column(gettext("Actions"), "actions"),
    )


def _row(member: Member, manages: bool) -> tuple[object, ...]:
    state = Badge("ok", gettext("Active")) if member.is_active else Badge("end", gettext("Inactive"))
    return (
        Cell(local((member.name_zh, member.name_en)), member.login, user_text=True),
        gettext("The account itself") if member.is_main else _names(member.roles),
        Cell(mask(member.email), mask(member.phone)),
        state,
        start_day(member.joined_at),
        [_change(member, manages)],
    )


def _change(member: Member, manages: bool) -> Action:
    reason = "" if manages else gettext("needs the permission to manage members")
    if member.is_main:
        reason = gettext("keeps all permissions")
    return Action(gettext("Change roles"), reverse("member-roles", args=[member.id]), reason=reason)


def _names(codes: Sequence[str]) -> str:
    known = roles()
    return " · ".join(local(known[code]) if code in known else code for code in codes)


@page(Can.MEMBER_MANAGE)
def add(request: PageRequest) -> HttpResponse:
    """Add a person with one to three roles; the rules are shown beforehand. Rules: S-570 to S-573."""
    form = MemberForm(request.POST if request.method == "POST" else None, audience=request.actor.audience)
    if request.method == "POST" and _added(request, form):
        name = form.cleaned_data["display_name"]
        return redirect_with_message(request, "members", gettext("%(name)s can sign in now.") % {"name": name})
    return _form(request, "members/add.html", gettext("Add a member"), form)


def _added(request: PageRequest, form: MemberForm) -> bool:
    """Whether the person was added. What is wrong with the roles is said together with what is wrong elsewhere."""
    if not form.is_valid():
        if broken := MEMBER.broken(_facts(request)):
            form.add_refusal(Refused(broken))
        return False
    try:
        # Mails come in the language of whoever added them, until they say otherwise.
        add_member(request.actor, language=request.actor.language, **form.cleaned_data)
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict, "login")
    return not form.errors


def _form(request: PageRequest, template: str, title: str, form: RolesForm, **context: Any) -> HttpResponse:
    chosen = form["roles"].value() or ()
    rules = _rules(MemberFacts(tuple(chosen), request.actor.audience))
    return render(request, template, page=Page(title), form=form, rules=rules, **context)


def _facts(request: PageRequest) -> MemberFacts:
    asked = request.POST if request.method == "POST" else request.GET
    return MemberFacts(tuple(asked.getlist("roles")), request.actor.audience)


def _rules(facts: MemberFacts) -> tuple[RuleView, ...]:
    return rule_views(MEMBER.evaluate(facts))


@page(Can.MEMBER_MANAGE, methods=("GET",), seat=False)
def check(request: PageRequest) -> HttpResponse:
    """What the rules say about the roles chosen so far."""
    return render(request, "members/_rules.html", rules=_rules(_facts(request)))


@page(Can.MEMBER_MANAGE)
def edit_roles(request: PageRequest, member_id: UUID) -> HttpResponse:
    """Replace somebody's roles. Rules: S-570 to S-572."""
    member = next((each for each in members(request.actor) if each.id == member_id), None)
    if member is None:
        raise NotFound("member")
    posted = request.POST if request.method == "POST" else None
    form = RolesForm(posted, audience=request.actor.audience, initial={"roles": member.roles})
    name = local((member.name_zh, member.name_en))
    if request.method == "POST" and _changed(request, form, member_id):
        return redirect_with_message(request, "members", gettext("%(name)s has other roles now.") % {"name": name})
    return _form(request, "members/roles.html", gettext("Roles of %(name)s") % {"name": name}, form, member=member)


def _changed(request: PageRequest, form: RolesForm, member_id: UUID) -> bool:
    if not form.is_valid():
        return False
    try:
        change_roles(request.actor, user_id=member_id, roles=form.cleaned_data["roles"])
    except Refused as refused:
        form.add_refusal(refused)
    return not form.errors


urlpatterns = [
    path("members/", index, name="members"),
    path("members/add/", add, name="add-member"),
    path("members/check/", check, name="check-roles"),
    path("members/<uuid:member_id>/roles/", edit_roles, name="member-roles"),
]
