"""Addresses of the integration API; what is asked with a wrong method is told as a problem, as every other no."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from partner_center.entrypoints.api.v1.api import api
from partner_center.entrypoints.api.v1.problems import language_of, problem
from partner_center.entrypoints.refusals import said

View = Callable[..., HttpResponse]


def _telling(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        # Tokens and balances are nobody's to keep on the way.
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code != 405:
            return response
        told = said("method_not_allowed", language_of(request), values={"method": request.method})
        return problem(request, 405, [told], Allow=response["Allow"])

    return answer


def _patterns() -> list[URLPattern]:
    found = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern)]
    for pattern in found:
        pattern.callback = _telling(pattern.callback)
    return found


app_name = "v1"
urlpatterns = _patterns()
