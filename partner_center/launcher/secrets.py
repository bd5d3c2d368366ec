"""Secrets, made once and kept: a new one would make what is signed or encrypted with the old unreadable."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path

from partner_center.launcher import environment

_MAKERS: dict[str, Callable[[], str]] = {
    "PARTNER_CENTER_SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "PARTNER_CENTER_FIELD_KEY": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    # Any 32 random bytes are a raw Ed25519 private key.
    "PARTNER_CENTER_SEAL_KEY": lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
}


def passwords(data: Path) -> dict[str, str]:
    """The passwords of our own server's roles; kept apart from the environment, which every process reads."""
    kept = environment.read(data, "passwords")
    # None of the signs of token_urlsafe needs quoting in an address.
    made = {role: secrets.token_urlsafe(24) for role in ("superuser", "owner", "app")} | kept
    if made != kept:
        environment.write(data, made, "passwords")
    return made


def complete(values: dict[str, str]) -> dict[str, str]:
    """The values with every secret that was missing."""
    return {name: make() for name, make in _MAKERS.items() if not values.get(name)} | values
