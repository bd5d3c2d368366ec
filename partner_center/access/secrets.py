"""Secrets at rest and secrets compared."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import string
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings

_ALPHABET = string.ascii_uppercase + string.digits


class NoFieldKey(RuntimeError):
    """PARTNER_CENTER_FIELD_KEY is not set, so secrets can be neither kept nor read."""


@cache
def _box(key: str) -> Fernet:
    if not key:
        raise NoFieldKey("set PARTNER_CENTER_FIELD_KEY: 32 random bytes in url-safe base64")
    return Fernet(key.encode())


def encrypt(secret: str) -> bytes:
    return _box(settings.FIELD_KEY).encrypt(secret.encode())


def decrypt(sealed: bytes) -> str:
    return _box(settings.FIELD_KEY).decrypt(bytes(sealed)).decode()


def new_access_key() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(20))


def new_secret() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(30)).decode()


def new_code(digits: int) -> str:
    return "".join(secrets.choice(string.digits) for _ in range(digits))


def keyed_digest(*parts: str) -> bytes:
    """A digest that cannot be guessed back without the field key: six digits alone would be."""
    if not settings.FIELD_KEY:
        raise NoFieldKey("set PARTNER_CENTER_FIELD_KEY")
    return hmac.new(settings.FIELD_KEY.encode(), "\x00".join(parts).encode(), hashlib.sha256).digest()


def same(one: bytes, other: bytes) -> bool:
    """Compare without telling by time how much was right."""
    return hmac.compare_digest(bytes(one), bytes(other))
