"""application/problem+json: every reason of a no at once, with one table from kind to status."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from partner_center.entrypoints.refusals import Language, Problem, problems, said
from partner_center.entrypoints.sheets import BadFile
from partner_center.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, Refused
from partner_center.kernel.ids import new_id

STATUS: Mapping[type[DomainError], int] = {Refused: 422, NotAllowed: 403, NotFound: 404, Conflict: 409}
TITLES: Mapping[int, Mapping[Language, str]] = {
    401: {"zh": "未认证", "en": "Not authenticated"},
    403: {"zh": "没有权限", "en": "Not permitted"},
    404: {"zh": "不存在", "en": "Not found"},
    405: {"zh": "不支持的方法", "en": "Method not allowed"},
    409: {"zh": "状态冲突", "en": "Conflict"},
    422: {"zh": "请求未通过校验", "en": "Refused"},
    429: {"zh": "请求过于频繁", "en": "Too many requests"},
    500: {"zh": "系统错误", "en": "Internal error"},
}
DEEPEST = 32


class Limited(Exception):
    """Too many calls; when the stretch of time is over, more are looked at."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = max(1, math.ceil(seconds))


class Unauthorized(Exception):
    """Who calls is not known."""

    def __init__(self, code: str = "unauthorized") -> None:
        super().__init__(code)
        self.code = code


class Unreadable(Exception):
    """The body is no JSON that could be looked at."""


def language_of(request: HttpRequest) -> Language:
    """The language the caller asks for; Chinese where it asks for none that we have."""
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500].lower()):
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    actor = getattr(request, "auth", None)
    return getattr(actor, "language", "zh")


def request_id_of(request: HttpRequest) -> str:
    """The id that stands on the request's events, log lines and answer."""
    found = getattr(request, "request_id", "")
    if not found:
        found = str(new_id())
        request.request_id = found  # type: ignore[attr-defined]
    return str(found)


def problem(request: HttpRequest, status: int, errors: Sequence[Problem], **headers: str) -> HttpResponse:
    """The answer for a no."""
    language = language_of(request)
    body = {
        "type": f"urn:partner-center:problem:{errors[0].code if len(errors) == 1 else 'several'}",
        "title": TITLES.get(status, TITLES[500])[language],
        "status": status,
        "detail": ("；" if language == "zh" else "; ").join(error.message for error in errors),
        "request_id": request_id_of(request),
        "errors": [asdict(error) for error in errors],
    }
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def status_of(error: DomainError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def say_no_in(api: NinjaAPI) -> None:
    """Give an API the table."""
    handlers: Mapping[type[Exception], Any] = {
        DomainError: _domain,
        ValidationError: _fields,
        Unreadable: _unreadable,
        BadFile: _bad_file,
        Unauthorized: _unauthorized,
        Limited: _limited,
        HttpError: _http,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem(request, status_of(error), problems(error, language_of(request)))


def _fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(request, 422, [_of_field(each, language_of(request)) for each in error.errors])


def _of_field(told: Mapping[str, Any], language: Language) -> Problem:
    name = _name_of(told.get("loc", ()))
    if told.get("type") == "missing":
        return said("field_missing", language, field=name)
    return said("field_invalid", language, field=name, values={"reason": told.get("msg", "")})


def _name_of(place: Iterable[object]) -> str:
    """`body.body.lines.0.amount` as a caller knows it: `lines.0.amount`."""
    parts = [str(part) for part in place]
    return ".".join(parts[2:] if parts[:1] == ["body"] else parts[1:])[:200]


def _unreadable(request: HttpRequest, error: Unreadable) -> HttpResponse:
    return problem(request, 422, [said("body_unreadable", language_of(request), values={"depth": DEEPEST})])


def _bad_file(request: HttpRequest, error: BadFile) -> HttpResponse:
    return problem(request, 422, [said(error.code, language_of(request), field="file", values=error.values)])


def _unauthorized(request: HttpRequest, error: Unauthorized) -> HttpResponse:
    return problem(request, 401, [said(error.code, language_of(request))], WWW_Authenticate="Bearer")


def _limited(request: HttpRequest, error: Limited) -> HttpResponse:
    told = said("too_many_requests", language_of(request), values={"seconds": error.seconds})
    return problem(request, 429, [told], Retry_After=str(error.seconds))


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        return _unauthorized(request, Unauthorized())
    if error.status_code == 400:
        return _unreadable(request, Unreadable())
    return problem(request, error.status_code, [said("failed", language_of(request))])


def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What answers below /api where nothing else does."""
    return problem(request, 404, [said("no_such_address", language_of(request))])


no_such_address.csrf_exempt = True  # type: ignore[attr-defined]
