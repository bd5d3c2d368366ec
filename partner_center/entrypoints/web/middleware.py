"""What every answer of the server carries: a number, a security policy, a language."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from partner_center.entrypoints.web import session
from partner_center.entrypoints.web.formats import Language, zone_of
from partner_center.entrypoints.web.places import is_program, site_of

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LANGUAGE_COOKIE = "pc_language"
DJANGO_CODES: dict[Language, str] = {"zh": "zh-hans", "en": "en"}
HTML_CODES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def request_id(get_response: Answer) -> Answer:
    """Give each request a number, its sender's own where that is sane, and say it in the answer."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _SANE.fullmatch(given) else uuid4().hex  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers.setdefault("X-Request-Id", request.request_id)  # type: ignore[attr-defined]
        return response

    return answer


def content_security_policy(get_response: Answer) -> Answer:
    """Let a page load and send nothing but what is its own."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return answer


def language(get_response: Answer) -> Answer:
    """Answer in the reader's language and in the zone of the page's site; programs are left alone."""

    def answer(request: HttpRequest) -> HttpResponse:
        if is_program(request):
            return get_response(request)
        chosen = language_of(request)
        with translation.override(DJANGO_CODES[chosen]), timezone.override(zone_of(site_of(request))):
            response = get_response(request)
        response.headers.setdefault("Content-Language", HTML_CODES[chosen])
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answer


def language_of(request: HttpRequest) -> Language:
    """What the user chose, before sign-in this device's choice, last what the browser asks for."""
    known = session.language(request) or request.COOKIES.get(LANGUAGE_COOKIE, "")
    if known in ("zh", "en"):
        return known  # type: ignore[return-value]
    asked = request.headers.get("Accept-Language", "").lower().split(",")
    first = next((part.strip()[:2] for part in asked if part.strip()[:2] in ("zh", "en")), "zh")
    return "en" if first == "en" else "zh"
