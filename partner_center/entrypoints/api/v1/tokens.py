"""Bearer tokens, for an access key and its secret."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.responses import Status

from partner_center.access import throttle
from partner_center.access.actions import TOKEN_LIFE, make_token
from partner_center.access.queries import KeyHolder, key_holder
from partner_center.access.secrets import same
from partner_center.access.signin import MOST_PER_ADDRESS, MOST_PER_LOGIN, STRETCH_SECONDS
from partner_center.entrypoints.addresses import address_of
from partner_center.entrypoints.api.v1.callers import actor_for
from partner_center.entrypoints.api.v1.problems import Limited, Unauthorized
from partner_center.entrypoints.api.v1.schemas import ProblemOut, TokenIn, TokenOut

router = Router(tags=["tokens"])
NO_SECRET = "x" * 40


@router.post("", auth=None, response={201: TokenOut, (401, 422, 429): ProblemOut}, operation_id="make_token")
def make(request: HttpRequest, body: TokenIn) -> Status[TokenOut]:
    """Get a bearer token for an access key. It ends after a day."""
    _count(request, body.access_key)
    holder = key_holder(body.access_key)
    if holder is None or not _right(holder, body.secret_key):
        # An unknown key is compared too, so that both take as long.
        same(NO_SECRET.encode(), body.secret_key.encode())
        raise Unauthorized("credentials_wrong")
    throttle.clear(_bucket(request, body.access_key))
    token = make_token(actor_for(request, holder.user))
    return Status(201, TokenOut(token=token, expires_at=_end()))


def _count(request: HttpRequest, access_key: str) -> None:
    """Tries are counted before anything is looked at, as for signing in. Raises: Limited."""
    # By key and address together: who knows only the key cannot lock its owner out.
    by_address = throttle.count(f"token:address:{address_of(request)}", STRETCH_SECONDS)
    by_key = throttle.count(_bucket(request, access_key), STRETCH_SECONDS)
    if by_key.exceeds(MOST_PER_LOGIN) or by_address.exceeds(MOST_PER_ADDRESS):
        ends_at = max(by_key.ends_at, by_address.ends_at)
        raise Limited((ends_at - timezone.now()).total_seconds())


def _bucket(request: HttpRequest, access_key: str) -> str:
    return f"token:key:{access_key}:{address_of(request)}"


def _right(holder: KeyHolder, secret: str) -> bool:
    return same(holder.secret.encode(), secret.encode())


def _end() -> datetime:
    return timezone.now() + TOKEN_LIFE
