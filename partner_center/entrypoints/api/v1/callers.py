"""Who calls: bearer tokens, and how often each may call each operation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from partner_center.access import throttle
from partner_center.access.queries import actor_of, token_holder
from partner_center.entrypoints.addresses import address_of
from partner_center.entrypoints.api.v1.problems import Limited, Unauthorized, language_of, request_id_of
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor
from partner_center.policy.queries import pack

LONGEST_TOKEN = 200


class Bearer(HttpBearer):
    """A token of POST /tokens. The actor it stands for is `request.auth`."""

    def __call__(self, request: HttpRequest) -> Actor:
        found = super().__call__(request)
        if found is None:
            raise Unauthorized
        return found  # type: ignore[no-any-return]

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        user = token_holder(token) if 0 < len(token) <= LONGEST_TOKEN and token.isascii() else None
        if user is None:
            return None
        actor = actor_for(request, user)
        limit(request, actor)
        return actor


def actor_for(request: HttpRequest, user: Any) -> Actor:
    """The actor that a user is in this request, seated at home."""
    with whole("sign-in: the roles of the token's holder"):
        return actor_of(
            user,
            at=timezone.now(),
            language=language_of(request) if request.headers.get("Accept-Language") else user.language,
            request_id=request_id_of(request),
            address=address_of(request),
            program=True,
        )


def caller(request: HttpRequest) -> Actor:
    """The actor of an authenticated request."""
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor


def limit(request: HttpRequest, actor: Actor) -> None:
    """Count the call against the policy's calls per second, for each address, account and operation.

    Rules:  S-621.
    Raises: Limited.
    """
    most = int(pack(actor.site, actor.at).value("access.calls_per_second").value)
    route = request.resolver_match.route if request.resolver_match else ""
    count = throttle.count(f"v1:{address_of(request)}:{actor.home_id}:{request.method}:{route}", 1)
    if count.exceeds(most):
        raise Limited((count.ends_at - timezone.now()).total_seconds())
