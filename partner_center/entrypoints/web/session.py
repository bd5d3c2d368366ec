"""Who is signed in: a user's id and a hash of their password, which ends all sessions when the password changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.crypto import constant_time_compare

from partner_center.access.queries import user_by_id

if TYPE_CHECKING:
    # The type of what the query returns; entrypoints import no models.
    from partner_center.access.queries import User  # type: ignore[attr-defined]

USER, HASH, LANGUAGE = "user", "password", "language"
_NOT_ASKED = object()


def start(request: HttpRequest, user: User) -> None:
    """Sign the user in under a new key: one that was planted before is worth nothing."""
    if request.session.get(USER) == str(user.pk):
        request.session.cycle_key()
    else:
        request.session.flush()
    request.session[USER] = str(user.pk)
    request.session[HASH] = user.get_session_auth_hash()
    rotate_token(request)
    _remember(request, user)


def renew(request: HttpRequest) -> None:
    """Keep this session although the password has changed; all others of the same user end."""
    known = user(request)
    found = user_by_id(known.pk) if known else None
    if found is not None:
        start(request, found)


def end(request: HttpRequest) -> None:
    """Sign out on this device."""
    request.session.flush()
    _remember(request, None)


def user(request: HttpRequest) -> User | None:
    """The active user of the session; asked of the database once a request."""
    known = getattr(request, "_session_user", _NOT_ASKED)
    if known is _NOT_ASKED:
        known = _find(request)
        _remember(request, known)
    return cast("User | None", known)


def language(request: HttpRequest) -> str:
    """The signed-in user's language: what was chosen in this session, else what is stored."""
    signed_in = user(request)
    return str(request.session.get(LANGUAGE) or signed_in.language) if signed_in else ""


def choose_language(request: HttpRequest, chosen: str) -> None:
    if user(request) is not None:
        request.session[LANGUAGE] = chosen


def _find(request: HttpRequest) -> User | None:
    if not hasattr(request, "session") or not request.session.get(USER):
        return None
    found = user_by_id(UUID(request.session[USER]))
    if found and constant_time_compare(request.session.get(HASH, ""), found.get_session_auth_hash()):
        return found
    request.session.flush()
    return None


def _remember(request: HttpRequest, found: object) -> None:
    request._session_user = found  # type: ignore[attr-defined]
