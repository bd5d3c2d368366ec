"""Why can I not see this? Every page of the menu with what opens it, and the wish for what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext, ngettext

from partner_center.access.actions import ask_for_item, decline_item, grant_item
from partner_center.access.permissions import Can, item_of, require
from partner_center.access.queries import Asked, asked, member_actor, members, own_roles, role_names, user_names
from partner_center.access.rules import items, roles
from partner_center.entrypoints.web import nav
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.errors import granters
from partner_center.entrypoints.web.forms.members import AskForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.members import tabs
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.standing_words import identity
from partner_center.entrypoints.web.view_models import Badge, Option, Page
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound, Refused


@dataclass(frozen=True)
class Line:
    """A page of the menu as the page explains it."""

    path: str
    href: str
    badge: Badge
    why: str
    needs: tuple[tuple[str, str], ...]
    ask: str
    waits: bool


@page(methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Every page of one's own menu, or of a member's for whoever manages members. Rules: L-211, S-590."""
    actor, name = _whose(request)
    lines = [_line(each, _waiting(request, actor)) for each in nav.explained(nav.Reader(actor, request.identity, ""))]
    lines.sort(key=lambda line: line.badge.kind == "ok")
    shut = sum(line.badge.kind != "ok" for line in lines)
    subtitle = ngettext("%(num)s page is not open", "%(num)s pages are not open", shut) % {"num": shut}
    return render(
        request,
        "members/menu.html",
        page=Page(gettext("Menu of %(name)s") % {"name": name} if name else gettext("Menu explained"), subtitle),
        lines=lines,
        granters=granters(request.actor),
        own=actor.user_id == request.actor.user_id,
        roles=[local(text) for text in role_names(request.actor, actor.roles).values()],
    )


def _whose(request: PageRequest) -> tuple[Actor, str]:
    """Whose menu is asked about: one's own, or a member's, whose name comes along."""
    wanted = request.GET.get("member", "")
    if not wanted:
        return request.actor, ""
    require(request.actor, Can.MEMBER_MANAGE)
    found = next((each for each in members(request.actor) if str(each.id) == wanted), None)
    if found is None:
        raise NotFound("member")
    return member_actor(request.actor, found.id), local((found.name_zh, found.name_en))


def _waiting(request: PageRequest, actor: Actor) -> frozenset[str]:
    return frozenset(each.item for each in asked(request.actor, state="open") if each.user_id == actor.user_id)


def _line(page_: nav.Explained, waiting: frozenset[str]) -> Line:
    needs = tuple((local(item_of(can)), item_of(can).code) for can in page_.missing if not page_.other_identity)
    ask = page_.missing[0].value if page_.missing and not page_.other_identity else ""
    return Line(
        path=" › ".join(page_.path),
        href=page_.href if page_.opens else "",
        badge=Badge("ok", gettext("Is open")) if page_.opens else Badge("no", gettext("Not open"), "lock"),
        why=_why(page_),
        needs=needs,
        ask=ask,
        waits=ask in waiting,
    )


def _why(page_: nav.Explained) -> str:
    if page_.other_identity:
        return gettext("Only accounts of the identity %(identity)s have this page; yours has another.") % {
            "identity": identity(page_.other_identity)
        }
    return gettext("A permission item is missing; any one of these opens it.") if page_.missing else ""


@page()
def ask(request: PageRequest) -> HttpResponse:
    """Ask for a permission item. Rules: L-211."""
    wanted = request.POST.get("item", request.GET.get("item", ""))
    if wanted not in items():
        raise NotFound("item")
    form = AskForm(request.POST if request.method == "POST" else None, initial={"item": wanted})
    if form.is_valid():
        try:
            ask_for_item(request.actor, **form.cleaned_data)
            text = gettext("Asked for. You see the answer here, and it is mailed to you.")
            return redirect_with_message(request, "menu", text)
        except Refused as refused:
            form.add_refusal(refused)
    head = Page(gettext("Ask for a permission"))
    return render(
        request, "members/ask.html", page=head, form=form, item=items()[wanted], granters=granters(request.actor)
    )


@dataclass(frozen=True)
class Wish:
    """Somebody's wish, and the roles that would fulfil it."""

    id: UUID
    who: str
    item: str
    code: str
    reason: str
    at: str
    state: Badge
    answer: str
    by: tuple[Option, ...]


STATES = {"open": "act", "granted": "ok", "declined": "end"}


@page(Can.MEMBER_MANAGE, methods=("GET",))
def requests(request: PageRequest) -> HttpResponse:
    """Wishes for permissions; open ones first, each decided in place. Rules: L-211."""
    found = sorted(asked(request.actor), key=lambda each: each.state != "open")
    return render(
        request,
        "members/requests.html",
        page=Page(gettext("Access requests"), count=len(found)),
        tabs=tabs(request),
        wishes=_wishes(request.actor, found),
    )


def waiting_wish(request: PageRequest, request_id: str) -> Wish | None:
    """A wish that still waits, for whoever may answer it."""
    require(request.actor, Can.MEMBER_MANAGE)
    found = [each for each in asked(request.actor, state="open") if str(each.id) == request_id]
    return next(iter(_wishes(request.actor, found)), None)


def _wishes(actor: Actor, found: Sequence[Asked]) -> list[Wish]:
    people = user_names([*(each.user_id for each in found), *(each.answered_by for each in found)])
    named = role_names(actor, {each.role for each in found if each.role})
    own = [(role.code, role.name, frozenset(role.grants)) for role in own_roles(actor)]
    preset = [(r.code, local(r), frozenset(r.grants)) for r in roles().values() if r.audience == actor.audience]
    return [_wish(each, people, named, [*own, *preset]) for each in found]


def _wish(
    each: Asked,
    people: dict[UUID, tuple[str, str]],
    named: dict[str, tuple[str, str]],
    all_roles: Sequence[tuple[str, str, frozenset[str]]],
) -> Wish:
    words = {
        "open": gettext("Waits for you"),
        "granted": gettext("Permission granted"),
        "declined": gettext("Permission declined"),
    }
    given = local(named[each.role]) if each.role in named else each.answer
    by = local(people[each.answered_by]) if each.answered_by in people else ""
    fitting = sorted((role for role in all_roles if each.item in role[2]), key=lambda role: len(role[2]))
    item = items().get(each.item)
    return Wish(
        id=each.id,
        who=local(people.get(each.user_id, ("—", "—"))),
        item=local(item) if item else each.item,
        code=item.code if item else "",
        reason=each.reason,
        at=moment(each.asked_at),
        state=Badge(STATES[each.state], words[each.state]),  # type: ignore[arg-type]
        answer=" · ".join(text for text in (given, by, moment(each.answered_at)) if text) if each.answered_at else "",
        # The role that brings least beside what was asked for stands first.
        by=tuple(Option(code, label) for code, label, _ in fitting),
    )


@page(Can.MEMBER_MANAGE, methods=("POST",))
def decide(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Grant by giving a role, or decline with a reason. Rules: L-211, S-570 to S-572."""
    if request.POST.get("decision") == "grant":
        grant_item(request.actor, request_id=request_id, role=request.POST.get("role", ""))
        return redirect_with_message(request, "access-requests", gettext("Granted: the role holds from now on."))
    decline_item(request.actor, request_id=request_id, answer=request.POST.get("answer", ""))
    return redirect_with_message(request, "access-requests", gettext("Declined; the member reads your reason."))


urlpatterns = [
    path("menu/", index, name="menu"),
    path("menu/ask/", ask, name="ask-permission"),
    path("members/requests/", requests, name="access-requests"),
    path("members/requests/<uuid:request_id>/", decide, name="decide-request"),
]
