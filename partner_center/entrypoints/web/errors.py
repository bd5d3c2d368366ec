"""Pages for what did not work. They name the rule or permission, what is unchanged, and a number to quote."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext

from partner_center.access.queries import members
from partner_center.access.rules import Item, items, items_of, roles
from partner_center.entrypoints.web import shell
from partner_center.entrypoints.web.jinja import language, local
from partner_center.entrypoints.web.places import is_program, request_id_of
from partner_center.entrypoints.web.refusals import conflict_text, rule_views
from partner_center.entrypoints.web.ticket_links import by_ticket
from partner_center.entrypoints.web.view_models import Page
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, Refused

MOST_NAMES = 3


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for a verb's no: 403, 404, 409 or 422."""
    match error:
        case NotAllowed():
            return _not_allowed(request, error)
        case NotFound():
            return _page(request, 404, "errors/not_found.html", gettext("There is no such page"))
        case Conflict():
            text = conflict_text(error)
            return _page(request, 409, "errors/conflict.html", gettext("Its state does not allow this"), text=text)
        case Refused():
            rules = rule_views(error.outcomes, mend=by_ticket(request))
            return _page(request, 422, "errors/refused.html", gettext("Not done: rules stand in the way"), rules=rules)
    return failed(request)


def _page(request: HttpRequest, status: int, template: str, title: str, **context: Any) -> HttpResponse:
    if is_program(request):
        return HttpResponse(title, status=status, content_type="text/plain; charset=utf-8")
    context |= {"page": Page(title), "request_id": request_id_of(request), **shell.around(request)}
    return HttpResponse(loader.render_to_string(template, context, request), status=status)


def _not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
    item = next((each for each in items().values() if each.code == error.permission), None)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _page(
        request,
        403,
        "errors/not_allowed.html",
        gettext("You may not open this"),
        permission=local(item) if item else error.permission,
        code=error.permission,
        granters=_granters(actor, item),
        ask=item.name if item and item.name in items_of(actor.audience) else "",
    )


def _granters(actor: Actor, item: Item | None) -> str:
    """Who can give the permission: who manages members, if any role of this kind of organisation brings it."""
    of_kind = [role for role in roles().values() if role.audience == actor.audience]
    if item is None or not any(item.name in role.grants for role in of_kind):
        return gettext("nobody; it is not for your kind of organisation")
    return granters(actor)


def granters(actor: Actor) -> str:
    """Who manages the members of the seat."""
    able = {role.code for role in roles().values() if "MEMBER_MANAGE" in role.grants}
    with seated(actor):
        people = [each for each in members(actor) if each.is_active and (each.is_main or able & set(each.roles))]
    names = [local((each.name_zh, each.name_en)) for each in people[:MOST_NAMES]]
    return ("、" if language() == "zh" else ", ").join(names)


def wrong_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    response = _page(request, 405, "errors/not_found.html", gettext("There is no such page"))
    response.headers["Allow"] = ", ".join(methods)
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own no, such as a suspicious request."""
    return bare(request, 403, gettext("This request was not accepted"), gettext("Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address; whoever is signed in keeps their menu."""
    from partner_center.entrypoints.web.page import public_page

    @public_page(methods=("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
    def missing(request: HttpRequest) -> HttpResponse:
        return _page(request, 404, "errors/not_found.html", gettext("There is no such page"))

    return _page(request, 404, "", "not found") if is_program(request) else missing(request)


def failed(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw. Says so without asking the database, which may be what failed."""
    text = gettext("The transaction was undone, so nothing was changed. Try again in a moment.")
    return bare(request, 500, gettext("This could not be done"), text)


def bare(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """A page that stands on nothing: no menu, no session, no database."""
    if is_program(request):
        return HttpResponse(title, status=status, content_type="text/plain; charset=utf-8")
    context = {
        "title": title,
        "text": text,
        "vendor_name": local((settings.VENDOR["zh"], settings.VENDOR["en"])),
        "request_id": request_id_of(request),
    }
    return HttpResponse(loader.render_to_string("errors/bare.html", context), status=status)
