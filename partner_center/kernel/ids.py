"""Ids that grow with time, so that indexes stay dense on every PostgreSQL we support."""

from __future__ import annotations

import secrets
import struct
import time
from uuid import UUID

_RANDOM_BITS = 62
_LOW_MASK = (1 << _RANDOM_BITS) - 1
_VERSION, _VARIANT = 0x7 << 76, 0b10 << 62
_sequence = 0
_last_ms = 0


def new_id() -> UUID:
    """A version 7 UUID: 48 bits of milliseconds, 12 bits that count within one, 62 random bits."""
    return UUID(int=_next(secrets.randbits(_RANDOM_BITS)))


def new_ids(many: int) -> list[UUID]:
    """As many of them, in order; the chance for all is drawn at once, which for ten thousand is most of the work."""
    drawn = struct.unpack(f">{many}Q", secrets.token_bytes(8 * many))
    return [UUID(int=_next(random & _LOW_MASK)) for random in drawn]


def _next(random: int) -> int:
    global _last_ms, _sequence
    now = time.time_ns() // 1_000_000  # noqa: TID251  record time orders ids; business time is actor.at
    if now <= _last_ms:
        _sequence += 1
        if _sequence > 0xFFF:
            _last_ms, _sequence = _last_ms + 1, 0
    else:
        _last_ms, _sequence = now, secrets.randbits(8)
    return (_last_ms << 80) | _VERSION | (_sequence << 64) | _VARIANT | random
