"""Signing in: slow to guess, silent about what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone

from partner_center.access import throttle
from partner_center.access.models import User
from partner_center.access.queries import actor_of, user_by_login
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor

# Tries within a quarter of an hour: for one login from one address, for one address over all logins, and for one login
# over all addresses. The last is wider, so that nobody is locked out by somebody who guesses from one other place.
MOST_PER_LOGIN, MOST_PER_ADDRESS, MOST_IN_ALL, STRETCH_SECONDS = 5, 30, 25, 900


@dataclass(frozen=True)
class SignIn:
    """How a try ended: a user, or no user; and until when further tries are not looked at."""

    user: User | None
    blocked_until: datetime | None = None


def sign_in(*, login: str, password: str, address: str) -> SignIn:
    """Try a login name and a password. Tries are counted first, whatever becomes of them."""
    name = login.strip()[:64]
    # A text that PostgreSQL could not even hold is nobody's name.
    name = name if name.isprintable() else ""
    if blocked_until := _counted(name.lower(), address):
        return SignIn(None, blocked_until)
    user = user_by_login(name)
    # An unknown name costs the same time as a wrong password.
    right = check_password(password, user.password) if user else bool(make_password(password)) and False
    if user is None or not right:
        return SignIn(None)
    (at_address, _), *by_name = _buckets(name.lower(), address)
    throttle.forgive(at_address)
    for bucket, _ in by_name:
        throttle.clear(bucket)
    _note(actor_of_user(user, address))
    return SignIn(user)


def _buckets(name: str, address: str) -> tuple[tuple[str, int], ...]:
    return (
        (f"sign-in:address:{address}", MOST_PER_ADDRESS),
        (f"sign-in:here:{address}:{name}", MOST_PER_LOGIN),
        (f"sign-in:login:{name}", MOST_IN_ALL),
    )


def _counted(name: str, address: str) -> datetime | None:
    """Count a try everywhere it belongs; until when none is looked at, if that was one too many.

    What is stopped at its address does not count against the name elsewhere, and leaves no more counters behind.
    """
    for bucket, most in _buckets(name, address):
        count = throttle.count(bucket, STRETCH_SECONDS)
        if count.exceeds(most):
            return count.ends_at
    return None


def actor_of_user(user: User, address: str) -> Actor:
    """The actor for noting the sign-in itself; roles are read in its own seat."""
    from partner_center.fence.seat import whole

    with whole("sign-in: the roles of who has just proved to be that user"):
        return actor_of(user, at=timezone.now(), address=address)


@action
def _note(actor: Actor) -> None:
    """Note that somebody has signed in.

    Rules:   S-906.
    Records: user.signed_in
    """
    assert actor.user_id is not None
    party = {"customer_id": actor.home} if actor.audience == "customer" else {"partner_id": actor.home}
    record(actor, "user.signed_in", subject_kind="user", subject_id=actor.user_id, **party)
