"""Where a request comes from and where it may be sent on to."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from partner_center.entrypoints.addresses import address_of

__all__ = ["address_of", "asked", "came_from", "is_program", "request_id_of", "safe", "site_of"]
PROGRAMS = ("/v2/", "/v3/", "/api/")


def is_program(request: HttpRequest) -> bool:
    """Whether an API is called: no session, no language, no page for what goes wrong."""
    return request.path.startswith(PROGRAMS)


def site_of(request: HttpRequest) -> str:
    """The site whose address was called."""
    host = request.META.get("HTTP_HOST", "").rpartition("]")[2].split(":")[0].lower()
    return str(settings.SITE_HOSTS.get(host, "cloud-cn"))


def asked(request: HttpRequest, name: str) -> str:
    """What the address says of a parameter, without what no text holds: a NUL has no place in the database."""
    return "".join(sign for sign in request.GET.get(name, "") if sign.isprintable()).strip()


def request_id_of(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


def safe(request: HttpRequest, target: str) -> str:
    """The address, if it is one of this host; otherwise nothing."""
    hosts = {request.get_host()}
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if target and allowed else ""


def came_from(request: HttpRequest) -> str:
    """The page of this host on which the request was sent, as a path; otherwise nothing."""
    referrer = request.headers.get("Referer", "")
    if not safe(request, referrer):
        return ""
    parts = urlsplit(referrer)
    return safe(request, parts.path + (f"?{parts.query}" if parts.query else ""))
