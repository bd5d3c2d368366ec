"""Who calls: from a signature or a token to the account's actor."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest

from partner_center.access.queries import KeyHolder, actor_of, key_holder, token_holder
from partner_center.entrypoints.addresses import address_of
from partner_center.entrypoints.api.open_v2 import signature
from partner_center.entrypoints.api.open_v2.errors import WireError
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, Audience
from partner_center.kernel.rules import Language

log = logging.getLogger("partner_center.open_v2")
IDEMPOTENCY_KEY = "idempotency-key"


@dataclass(frozen=True)
class Caller:
    """The actor of a call, the number of its account, and the headers that may be believed."""

    actor: Actor
    account: str
    is_main: bool
    headers: Mapping[str, str]

    @property
    def language(self) -> Language:
        return language_of(self.headers)

    @property
    def key(self) -> str | None:
        """A signed Idempotency-Key makes a repeated write give the first one's answer; without one it acts again."""
        return self.headers.get(IDEMPOTENCY_KEY) or None


def language_of(headers: Mapping[str, str]) -> Language:
    return "en" if headers.get("x-language", "").strip().lower() == "en_us" else "zh"


def authenticate(request: HttpRequest, now: datetime, request_id: str) -> Caller:
    """Whoever signed the request, or holds the token it carries.

    Raises: WireError.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    if "authorization" in headers:
        holder, believed = _signer(request, headers, now)
    else:
        holder, believed = _bearer(headers)
    if believed.get("x-security-token"):
        raise WireError("CBC.0154")
    user, account = holder.user, holder.user.organisation
    if believed.get("x-domain-id", account.number) != account.number:
        raise WireError("CBC.0155")
    with seated(Actor(audience=cast(Audience, account.kind), at=now, home=account.pk, seat=account.pk)):
        address = address_of(request)
        told = {"language": language_of(believed), "request_id": request_id, "address": address}
        actor = actor_of(user, at=now, program=True, **told)
    return Caller(actor, account.number, user.is_main, believed)


def _signer(request: HttpRequest, headers: Mapping[str, str], now: datetime) -> tuple[KeyHolder, Mapping[str, str]]:
    try:
        claim = signature.claim_of(headers["authorization"])
        holder = key_holder(claim.access_key)
        # An unknown key costs the same work and gets the same answer as a wrong secret.
        believed = signature.verify(_received(request, headers), claim, holder.secret if holder else "", now)
    except signature.BadSignature as bad:
        log.info("signature refused", extra={"reason": str(bad)})
        raise WireError("APIGW.0301") from bad
    if holder is None:
        raise WireError("APIGW.0301")
    return holder, believed


def _bearer(headers: Mapping[str, str]) -> tuple[KeyHolder, Mapping[str, str]]:
    token = headers.get("x-auth-token")
    if not token:
        raise WireError("APIGW.0301")
    user = token_holder(token)
    if user is None:
        raise WireError("CBC.0154")
    return KeyHolder(user, secret=""), headers


def _received(request: HttpRequest, headers: Mapping[str, str]) -> signature.Request:
    return signature.Request(
        method=request.method or "",
        path=quote(request.path_info.encode(errors="surrogateescape"), safe="/"),
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        body=request.body,
    )


def require_site(caller: Caller, request: HttpRequest) -> None:
    """The account belongs to the site whose address was called.

    Rules:  S-604.
    Raises: WireError.
    """
    host = request.get_host().partition(":")[0]
    if caller.actor.site != settings.SITE_HOSTS.get(host, caller.actor.site):
        raise WireError("CBC.0156")
