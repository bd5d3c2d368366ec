"""The people of an organisation: who signs in for it, with which roles, under whom, and their end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.actions import add_member, change_roles, end_member, readmit_member, supervise
from partner_center.access.permissions import Can, may
from partner_center.access.queries import Member, asked, members, own_roles, role_names
from partner_center.access.rules import ACCOUNT_DIRECTOR, ACCOUNT_MANAGER, MEMBER, MemberFacts, sees_all_customers
from partner_center.entrypoints.web import nav
from partner_center.entrypoints.web.dates import start_day
from partner_center.entrypoints.web.formats import mask
from partner_center.entrypoints.web.forms.members import EndForm, MemberForm, ReadmitForm, RolesForm
from partner_center.entrypoints.web.jinja import language, local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.view_models import Action, Badge, Cell, Column, Confirm, Page, RuleView, Tab
from partner_center.kernel.errors import Conflict, NotFound, Refused

# What the member page asks beyond the verb's own answer.
Names = Mapping[str, tuple[str, str]]


def tabs(request: PageRequest) -> tuple[Tab, ...]:
    """The pages about the people of an organisation; how many wishes wait stands on theirs."""
    waiting = len(asked(request.actor, state="open")) if may(request.actor, Can.MEMBER_MANAGE) else None
    return nav.tabs(request, nav.MEMBER_LEAVES, {"access-requests": waiting} if waiting else {})


@page(Can.MEMBER_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Everybody who signs in for the organisation."""
    found = members(request.actor)
    manages = may(request.actor, Can.MEMBER_MANAGE)
    named = role_names(request.actor, {code for each in found for code in each.roles})
    people = {each.id: local((each.name_zh, each.name_en)) for each in found}
    return render(
        request,
        "members/index.html",
        page=Page(gettext("Members"), count=len(found)),
        tabs=tabs(request),
        columns=_columns(),
        rows=[_row(each, manages, named, people) for each in found],
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


def _row(member: Member, manages: bool, named: Names, people: Mapping[UUID, str]) -> tuple[object, ...]:
    state = Badge("ok", gettext("Active")) if member.is_active else Badge("end", gettext("Ended"))
    held = " · ".join(local(named[code]) for code in member.roles if code in named) or "—"
    return (
        Cell(people[member.id], member.login, user_text=True),
        gettext("The account itself") if member.is_main else Cell(held, _under(member, people)),
        Cell(mask(member.email), mask(member.phone)),
        state,
        start_day(member.joined_at),
        _row_actions(member, manages),
    )


def _under(member: Member, people: Mapping[UUID, str]) -> str:
    """The director above an account manager, or that there is none. Rules: S-574."""
    if ACCOUNT_MANAGER not in member.roles:
        return ""
    director = people.get(member.director_id) if member.director_id else None
    return gettext("under %(name)s") % {"name": director} if director else gettext("under no director")


def _row_actions(member: Member, manages: bool) -> list[Action]:
    address = reverse("member", args=[member.id])
    if member.is_main:
        return [Action(gettext("Manage"), address, reason=gettext("keeps all permissions"))]
    if not manages:
        return [Action(gettext("Manage"), address, reason=gettext("needs the permission to manage members"))]
    return [Action(gettext("Manage"), address)]


@page(Can.MEMBER_MANAGE)
def add(request: PageRequest) -> HttpResponse:
    """Add a person with one to three roles; the rules are shown beforehand. Rules: S-570 to S-573."""
    form = MemberForm(request.POST if request.method == "POST" else None, choices=_choices(request))
    if request.method == "POST" and _added(request, form):
        name = form.cleaned_data["display_name"]
        return redirect_with_message(request, "members", gettext("%(name)s can sign in now.") % {"name": name})
    return render(
        request, "members/add.html", page=Page(gettext("Add a member")), form=form, rules=_said(request, form)
    )


def _choices(request: PageRequest) -> list[tuple[str, str]]:
    """The roles somebody of this organisation can hold: preset ones, then its own."""
    return RolesForm.preset(request.actor.audience) + [(role.code, role.name) for role in own_roles(request.actor)]


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


def _facts(request: PageRequest) -> MemberFacts:
    sent = request.POST if request.method == "POST" else request.GET
    return _facts_of(request, tuple(sent.getlist("roles")))


def _facts_of(request: PageRequest, chosen: tuple[str, ...]) -> MemberFacts:
    return MemberFacts(chosen, request.actor.audience, custom=frozenset(r.code for r in own_roles(request.actor)))


def _said(request: PageRequest, form: RolesForm) -> tuple[RuleView, ...]:
    return _rules(_facts_of(request, tuple(form["roles"].value() or ())))


def _rules(facts: MemberFacts) -> tuple[RuleView, ...]:
    """What the rules say, and what surprises people about account managers. Rules: L-206."""
    views = rule_views(MEMBER.evaluate(facts))
    if not sees_all_customers(facts.roles):
        return views
    text = gettext("With any further role an account manager sees all customers, not only those allocated to them.")
    return (RuleView("L-206", gettext("Sees all customers"), "act", text), *views)


@page(Can.MEMBER_MANAGE, methods=("GET",))
def check(request: PageRequest) -> HttpResponse:
    """What the rules say about the roles chosen so far."""
    return render(request, "members/_rules.html", rules=_rules(_facts(request)))


def _member(request: PageRequest, member_id: UUID) -> Member:
    member = next((each for each in members(request.actor) if each.id == member_id), None)
    if member is None:
        raise NotFound("member")
    return member


@page(Can.MEMBER_MANAGE)
def show(request: PageRequest, member_id: UUID) -> HttpResponse:
    """One member: roles, the director above, and the end of the sign-in. Rules: S-570 to S-574, S-581, L-207."""
    member = _member(request, member_id)
    if member.is_main:
        raise Conflict("main_user_keeps_its_role")
    posted = request.POST if request.method == "POST" else None
    wanted = ReadmitForm if not member.is_active else RolesForm
    form = wanted(posted, choices=_choices(request), initial={"roles": member.roles})
    name = local((member.name_zh, member.name_en))
    if posted is not None and _changed(request, form, member):
        text = gettext("%(name)s has other roles now.") if member.is_active else gettext("%(name)s can sign in now.")
        return redirect_with_message(request, "members", text % {"name": name})
    return render(request, "members/show.html", **_context(request, member, form, name))


def _context(request: PageRequest, member: Member, form: RolesForm, name: str) -> dict[str, Any]:
    state = None if member.is_active else Badge("end", gettext("Ended"))
    return {
        "page": Page(name, badge=state, user_text=True),
        "form": form,
        "rules": _said(request, form),
        "member": member,
        "directors": _directors(request) if ACCOUNT_MANAGER in member.roles else None,
        "menu_href": f"{reverse('menu')}?member={member.id}",
    }


def _directors(request: PageRequest) -> list[tuple[UUID, str]]:
    return [(each.id, local((each.name_zh, each.name_en))) for each in members(request.actor) if _directs(each)]


def _directs(member: Member) -> bool:
    return member.is_active and ACCOUNT_DIRECTOR in member.roles


def _changed(request: PageRequest, form: RolesForm, member: Member) -> bool:
    if not form.is_valid():
        return False
    verb = change_roles if member.is_active else readmit_member
    try:
        verb(request.actor, user_id=member.id, **form.cleaned_data)
    except Refused as refused:
        form.add_refusal(refused)
    return not form.errors


@page(Can.MEMBER_MANAGE, methods=("POST",))
def director(request: PageRequest, member_id: UUID) -> HttpResponse:
    """Put an account manager under a director, or under none. Rules: S-574."""
    text = request.POST.get("director", "")
    try:
        supervise(request.actor, user_id=member_id, director_id=UUID(text) if text else None)
    except ValueError as error:
        raise NotFound("member") from error
    return redirect_with_message(request, "member", gettext("Saved."), member_id=member_id)


@page(Can.MEMBER_MANAGE)
def end(request: PageRequest, member_id: UUID) -> HttpResponse:
    """End somebody's sign-in, after a question. Rules: S-581, L-207."""
    member = _member(request, member_id)
    name = local((member.name_zh, member.name_en))
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_member(request.actor, user_id=member_id, reason=form.cleaned_data["reason"])
            return redirect_with_message(request, "members", gettext("%(name)s is ended.") % {"name": name})
        except Refused as refused:
            form.add_refusal(refused)
    return render(
        request, "members/end.html", page=Page(gettext("End a member")), form=form, confirm=_confirm(request, name)
    )


def _confirm(request: PageRequest, name: str) -> Confirm:
    quoted = f"「{name}」" if language() == "zh" else f"“{name}”"
    return Confirm(
        question=gettext("End %(name)s?") % {"name": quoted},
        effect=gettext("Whoever has left signs in no more; they can be let in again later."),
        action=request.path,
        button=gettext("End the member"),
        bullets=(
            gettext("Roles end; an account director's managers are under nobody until they are put under another."),
            gettext("Access keys and tokens are revoked, open sessions end at the next click."),
            gettext("What they did stays in the records."),
        ),
        cancel_href=reverse("members"),
    )


urlpatterns = [
    path("members/", index, name="members"),
    path("members/add/", add, name="add-member"),
    path("members/check/", check, name="check-roles"),
    path("members/<uuid:member_id>/", show, name="member"),
    path("members/<uuid:member_id>/director/", director, name="member-director"),
    path("members/<uuid:member_id>/end/", end, name="end-member"),
]
