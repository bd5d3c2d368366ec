"""The one view of the partner API: verify, count, permit, coerce, call, present."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import uuid4

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from partner_center.access import throttle
from partner_center.entrypoints.api.open_v2.call import Call
from partner_center.entrypoints.api.open_v2.caller import Caller, authenticate, language_of, require_site
from partner_center.entrypoints.api.open_v2.coerce import BadRequest, Problem, coerce
from partner_center.entrypoints.api.open_v2.contract import Operation, operations
from partner_center.entrypoints.api.open_v2.errors import WireError, wire_error
from partner_center.entrypoints.api.open_v2.operations import CALLS
from partner_center.entrypoints.api.open_v2.seats import require_kind, take_seat
from partner_center.entrypoints.api.open_v2.signature import query_pairs
from partner_center.entrypoints.api.open_v2.wire import CONTENT_TYPE, to_bytes
from partner_center.fence.seat import seated
from partner_center.kernel.errors import DomainError
from partner_center.kernel.rules import Language
from partner_center.policy.queries import pack

log = logging.getLogger("partner_center.open_v2")


@dataclass(frozen=True)
class Answer:
    """A status and what the body says."""

    status: int
    body: object = None


@csrf_exempt
def serve(request: HttpRequest) -> HttpResponse:
    """Answer one call. Whatever is sent, a redirect or a page of HTML never comes back."""
    request_id = getattr(request, "request_id", "") or uuid4().hex
    try:
        answer = _answer(request, request_id)
    except Exception:
        log.exception("operation failed", extra={"request_id": request_id})
        answer = Answer(500, WireError("CBC.0999").body(_language_asked(request)))
    content = b"" if answer.status == 204 else to_bytes(answer.body)
    response = HttpResponse(content, status=answer.status, content_type=CONTENT_TYPE)
    response["X-Request-Id"] = request_id
    return response


def _answer(request: HttpRequest, request_id: str) -> Answer:
    language = _language_asked(request)
    try:
        operation = operations().get((request.method or "", request.path_info))
        if operation is None:
            raise WireError("APIGW.0101")
        caller = authenticate(request, timezone.now(), request_id)
        language = caller.language
        require_site(caller, request)
        _count(operation, caller)
        return _called(operation, caller, request)
    except WireError as wrong:
        return Answer(wrong.code.status, wrong.body(language))
    except BadRequest as bad:
        return _bad(bad.problems, language)
    except (SuspiciousOperation, UnreadablePostError):
        return _bad((Problem("body", "unreadable", {}),), language)
    except DomainError as refused:
        said = wire_error(refused, operation.name if operation else "", language)
        return Answer(said.code.status, said.body(language))


def _called(operation: Operation, caller: Caller, request: HttpRequest) -> Answer:
    _permit(operation, caller)
    with seated(caller.actor):
        require_kind(caller.actor, operation)
        given = coerce(operation, query_pairs(request.META.get("QUERY_STRING", "")), request.body)
        actor = take_seat(caller.actor, given.get("indirect_partner_id") if operation.reseller_is == "seat" else None)
    with seated(actor):
        call = Call(operation.name, actor, given, caller.key, caller.account)
        return Answer(operation.status, CALLS[operation.name](call))


def _count(operation: Operation, caller: Caller) -> None:
    """Each source address calls each operation of each account so often a second. Rules: S-621."""
    most = pack(caller.actor.site, caller.actor.at).number("access.calls_per_second")
    bucket = f"open_v2:{caller.actor.address}:{operation.name}:{caller.account}"
    if throttle.count(bucket, 1).exceeds(most):
        raise WireError("CBC.0250", most=most)


def _permit(operation: Operation, caller: Caller) -> None:
    """Any one of the operation's items will do; the account itself needs none. Rules: S-590."""
    if operation.items and not caller.is_main and caller.actor.permissions.isdisjoint(operation.items):
        raise WireError("CBC.0151", items=", ".join(operation.items))


def _bad(problems: tuple[Problem, ...], language: Language) -> Answer:
    text = " ".join(problem.text(language) for problem in problems)
    return Answer(400, WireError("CBC.0100", text).body(language))


def _language_asked(request: HttpRequest) -> Language:
    return language_of({"x-language": request.headers.get("X-Language", "")})
