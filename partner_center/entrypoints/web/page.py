"""The frame of every page: who asks, from which seat, with which permission, and what is answered when it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from partner_center.access.permissions import Can, require
from partner_center.access.queries import actor_of
from partner_center.entrypoints.web import codes, errors, nav, session, shell
from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.places import address_of, came_from, request_id_of
from partner_center.entrypoints.web.view_models import Page
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, Audience
from partner_center.kernel.errors import DomainError
from partner_center.partners.queries import standings

View = Callable[..., HttpResponse]


class PageRequest(HttpRequest):
    """A request whose sender is known. `code` is there where the page guards an operation (`code_for`)."""

    actor: Actor
    identity: str
    code: codes.Code


def page(
    *cans: Can, code_for: str = "", seat: bool = True, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[View], View]:
    """A page for whoever is signed in and holds any one of the items.

    The view runs in one transaction, from the actor's seat; what it raises undoes it and becomes a page of its own.
    `code_for` names the guarded operation the page posts: the code that came along is tried before, in a transaction
    of its own, so that a wrong guess stays counted. `seat=False`: the view opens its seats itself.
    """

    def framed(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **inputs: Any) -> HttpResponse:
            if refused := _wrong_method(request, methods):
                return refused
            user = session.user(request)
            if user is None:
                return _to_sign_in(request)
            asked = cast(PageRequest, request)
            try:
                return _private(_run(view, asked, cans, code_for, seat, inputs))
            except DomainError as error:
                return _private(errors.answer(request, error))

        answer.cans = cans  # type: ignore[attr-defined]
        return answer

    return framed


def public_page(*, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """A page that needs no sign-in; whoever is signed in keeps their menu on it."""

    def framed(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **inputs: Any) -> HttpResponse:
            if refused := _wrong_method(request, methods):
                return refused
            try:
                if session.user(request) is not None:
                    sign_in_seen(cast(PageRequest, request))
                return _private(view(request, **inputs))
            except DomainError as error:
                return _private(errors.answer(request, error))

        return answer

    return framed


def _run(
    view: View, request: PageRequest, cans: tuple[Can, ...], code_for: str, seat: bool, inputs: dict[str, Any]
) -> HttpResponse:
    sign_in_seen(request)
    if cans:
        require(request.actor, *cans)
    if code_for:
        request.actor, request.code = codes.tried(request, request.actor, code_for)
    with seated(request.actor) if seat else nullcontext():
        return view(request, **inputs)


def sign_in_seen(request: PageRequest) -> None:
    """Put the session's user on the request as the actor, seated at home, now; and what their account is."""
    user = session.user(request)
    assert user is not None
    at, kind = timezone.now(), cast(Audience, user.organisation.kind)
    with seated(Actor(audience=kind, at=at, seat=user.organisation_id)):
        request.actor = actor_of(
            user, at=at, language=language(), request_id=request_id_of(request), address=address_of(request)
        )
        request.identity = identity_of(request.actor)


def identity_of(actor: Actor) -> str:
    """What a partner's account is to the vendor today: distributor, reseller, solution provider; nothing for others."""
    if actor.audience != "partner" or actor.seat is None:
        return ""
    return standings([actor.seat], actor.at).get((actor.seat, "identity"), "")


def _wrong_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    asked = "GET" if request.method == "HEAD" else request.method
    return None if asked in methods else errors.wrong_method(request, methods)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and from there back to where one wanted to go."""
    wanted = request.get_full_path() if request.method == "GET" and not _is_fragment(request) else came_from(request)
    target = f"{reverse('login')}?{urlencode({'next': wanted})}" if wanted.strip("/") else reverse("login")
    return HttpResponseClientRedirect(target) if _is_fragment(request) else HttpResponseRedirect(target)


def _is_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _private(response: HttpResponse) -> HttpResponse:
    """Nothing a page says is kept by anybody on its way; the browser's Back asks again."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def render(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page or fragment (a name beginning with `_`), with all that stands around it.

    `page`'s breadcrumb is the menu's path where it has none. A form that was not accepted makes the answer a 422.
    """
    if status == 200 and any(_not_accepted(value) for value in context.values()):
        status = 422
    if not template.rpartition("/")[2].startswith("_"):
        context = shell.around(request) | {"messages": messages.get_messages(request)} | context
        context["page"] = _with_path(request, context["page"])
    context.setdefault("code", getattr(request, "code", None))
    return HttpResponse(loader.render_to_string(template, context, request), status=status)


def _with_path(request: HttpRequest, head: Page) -> Page:
    reader = nav.reader_of(request)
    if head.breadcrumb or reader is None:
        return head
    return replace(head, breadcrumb=nav.breadcrumb(reader, head.title))


def _not_accepted(value: object) -> bool:
    return isinstance(value, BaseForm | BaseFormSet) and value.is_bound and not value.is_valid()


def redirect_with_message(
    request: HttpRequest, to: str, text: str, *, level: int = messages.SUCCESS, **kwargs: object
) -> HttpResponse:
    """On to a page (an address, or a name with its parts), which then says what was done."""
    messages.add_message(request, level, text)
    response = HttpResponseRedirect(resolve_url(to, **kwargs))
    response.status_code = 303
    return response
