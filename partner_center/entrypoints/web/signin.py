"""Signing in and out, and choosing the language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from partner_center.access.signin import SignIn, sign_in
from partner_center.demo.queries import cards
from partner_center.entrypoints.web import session
from partner_center.entrypoints.web.forms.signin import SignInForm
from partner_center.entrypoints.web.middleware import LANGUAGE_COOKIE
from partner_center.entrypoints.web.page import public_page, render
from partner_center.entrypoints.web.places import address_of, came_from, safe
from partner_center.entrypoints.web.view_models import Page

YEAR = 365 * 24 * 3600


@public_page()
def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in a demo, each person of the cast is one click."""
    wanted = safe(request, request.POST.get("next", request.GET.get("next", "")))
    if request.method == "GET" and session.user(request) is not None:
        return HttpResponseRedirect(wanted or "/")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        tried = sign_in(address=address_of(request), **form.cleaned_data)
        if tried.user is not None:
            session.start(request, tried.user)
            return HttpResponseRedirect(wanted or "/")
        form.add_error(None, _why_not(tried))
    return render(request, "signin.html", page=Page(gettext("Sign in")), form=form, wanted=wanted, cards=cards())


def _why_not(tried: SignIn) -> str:
    """What may be said: until when tries are not looked at, but never which of the two was wrong."""
    if tried.blocked_until is None:
        return gettext("The login name or the password is wrong.")
    left = max(1, round((tried.blocked_until - timezone.now()).total_seconds() / 60))
    return ngettext(
        "Too many tries. For %(num)s minute no further one is looked at, right or wrong.",
        "Too many tries. For %(num)s minutes no further one is looked at, right or wrong.",
        left,
    ) % {"num": left}


@public_page(methods=("POST",))
def logout(request: HttpRequest) -> HttpResponse:
    session.end(request)
    return HttpResponseRedirect("/login/")


@public_page(methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language: for the session of whoever is signed in, and for this device."""
    asked = request.GET.get("to", request.POST.get("to", ""))
    chosen = asked if asked in ("zh", "en") else "zh"
    session.choose_language(request, chosen)
    response = HttpResponseRedirect(came_from(request) or "/")
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


urlpatterns = [
    path("login/", login, name="login"),
    path("logout/", logout, name="logout"),
    path("language/", language, name="language"),
]
