"""Addresses that have to do with the two sites."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from partner_center.access.actions import hide_banner
from partner_center.entrypoints.web import nav
from partner_center.entrypoints.web.middleware import LANGUAGE_COOKIE
from partner_center.entrypoints.web.page import PageRequest, page
from partner_center.entrypoints.web.places import came_from, safe, site_of


@page(methods=("POST",))
def hide(request: PageRequest) -> HttpResponse:
    """Do not show the banner again, on any of the user's devices. Rules: S-601, S-602."""
    hide_banner(request.actor, site=site_of(request))
    return HttpResponseRedirect(came_from(request) or "/")


def international(request: HttpRequest, tag: str, rest: str = "") -> HttpResponse:
    """An address of the international site, which names its language: the language is taken, the page follows."""
    response = HttpResponseRedirect(safe(request, f"/{rest}") or "/")
    response.set_cookie(LANGUAGE_COOKIE, "zh" if tag.startswith("zh") else "en", samesite="Lax")
    return response


@page(methods=("GET",))
def start(request: PageRequest) -> HttpResponse:
    """The first page of the menu, for whom there is no page of their own at the root."""
    reader = nav.reader_of(request)
    first = nav.top(reader) if reader else ()
    return HttpResponseRedirect(first[0].href if first else nav.href("account"))


urlpatterns = [
    path("", start, name="start"),
    path("banner/hide/", hide, name="hide-banner"),
    path("intl/<slug:tag>/", international, name="international"),
    path("intl/<slug:tag>/<path:rest>", international, name="international"),
]
