"""Ids that grow with time, so that indexes stay dense on every PostgreSQL we support."""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_RANDOM_BITS = 62
_LOW_MASK = (1 << _RANDOM_BITS) - 1
_sequence = 0
_last_ms = 0


def new_id() -> UUID:
    """A version 7 UUID: 48 bits of milliseconds, 12 bits that count within one, 62 random bits."""
    global _last_ms, _sequence
    now = time.time_ns() // 1_000_000  # noqa: TID251  record time orders ids; business time is actor.at
    if now <= _last_ms:
        _sequence += 1
        if _sequence > 0xFFF:
            _last_ms, _sequence = _last_ms + 1, 0
    else:
        _last_ms, _sequence = now, secrets.randbits(8)
    low = secrets.randbits(_RANDOM_BITS) & _LOW_MASK
    return UUID(int=(_last_ms << 80) | (0x7 << 76) | (_sequence << 64) | (0b10 << 62) | low)
