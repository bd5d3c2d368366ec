"""Sealing past hours, and the copy of the seals outside the database with which anybody can check it.

Empty hours are sealed too: an unbroken row of hours leaves no place where one could be put in or taken out unnoticed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import connection

from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.ledger.rules import HOUR, seal_text

BATCH = 500
SEALING_LOCK = 7_310_003
log = logging.getLogger(__name__)

_DUE = "SELECT hour, transfer_count, sums, previous_root, root FROM ledger_seals_due(%s, %s)"
_SEAL = """
    SELECT ledger_seal(%s::timestamptz[], %s::int[], %s::jsonb[], %s::bytea[], %s::bytea[], %s::bytea[], %s)
"""
_UNWRITTEN = """
    SELECT hour, transfer_count, sums, previous_root, root, signature, key_id, sealed_at FROM ledger_seal
    WHERE hour > %s ORDER BY hour
"""
_DIGESTS = """
    SELECT id, digest FROM ledger_transfer WHERE recorded_at >= %s AND recorded_at < %s ORDER BY recorded_at, id
"""
_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class BadKey(ValueError):
    """The text is no Ed25519 key: base64 of 32 bytes."""


@dataclass(frozen=True)
class Due:
    """An hour that waits for its signature."""

    hour: datetime
    count: int
    sums: dict[str, int]
    previous_root: bytes
    root: bytes

    @property
    def text(self) -> bytes:
        return seal_text(self.hour, self.count, self.sums, self.previous_root, self.root)


def signing_key(text: str) -> Ed25519PrivateKey:
    """The private key that PARTNER_CENTER_SEAL_KEY holds: base64 of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(_raw(text))


def public_key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(_raw(text))


def public_text(key: Ed25519PublicKey) -> str:
    """The public key as it is handed to who verifies."""
    return base64.b64encode(key.public_bytes_raw()).decode()


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the public key's sha256; it stands on every seal."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def _raw(text: str) -> bytes:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise BadKey("a key is base64 of 32 bytes") from error
    if len(raw) != 32:
        raise BadKey("a key is base64 of 32 bytes")
    return raw


def seals_file() -> Path:
    return Path(settings.DATA) / "seals.jsonl"


def seal_due(now: datetime, key: Ed25519PrivateKey, file: Path | None = None) -> tuple[datetime, ...]:
    """Seal every hour that ended ten minutes ago or more, in order; then bring the file outside the database up.

    An hour in which a transfer is still uncommitted waits, and all after it. Returns the hours that were sealed.
    """
    actor = system_actor("seal the ledger", now)
    sealed: list[datetime] = []
    batch = BATCH
    while batch == BATCH:
        with seated(actor):
            hours = _seal(now, key)
        sealed += hours
        batch = len(hours)
    with seated(actor):
        append_to(file or seals_file())
    return tuple(sealed)


def _seal(now: datetime, key: Ed25519PrivateKey) -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [now, BATCH])
        due = [_due(row) for row in cursor.fetchall()]
        if due:
            columns: list[list[Any]] = [
                [one.hour for one in due],
                [one.count for one in due],
                [json.dumps(one.sums) for one in due],
                [one.previous_root for one in due],
                [one.root for one in due],
                [key.sign(one.text) for one in due],
            ]
            cursor.execute(_SEAL, [*columns, key_id(key.public_key())])
    return [one.hour for one in due]


def _due(row: tuple[Any, ...]) -> Due:
    hour, count, sums, previous, root = row
    return Due(hour, count, _json(sums), bytes(previous), bytes(root))


def _json(value: Any) -> dict[str, int]:
    parsed: dict[str, int] = json.loads(value) if isinstance(value, str) else value
    return parsed


def append_to(file: Path) -> int:
    """Append the seals that the file does not yet hold, one JSON line each; inside a seat that sees all.

    The database comes first and the file follows, so a crash between the two is made good by the next run.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    with file.open("a+b") as stream:
        last = _last_hour(stream)
        if last is None:
            log.warning("seal file begun anew", extra={"file": file.name})
        count = 0
        for line in _lines(last or _BEFORE_ALL):
            stream.write(line)
            count += 1
        stream.flush()
        os.fsync(stream.fileno())
    return count


def _last_hour(stream: IO[bytes]) -> datetime | None:
    """The hour of the last whole line. A line cut short by a crash is dropped."""
    end = stream.seek(0, os.SEEK_END)
    size = 4096
    while True:
        start = max(0, end - size)
        stream.seek(start)
        lines = stream.read(end - start).split(b"\n")
        whole = lines[:-1] if start == 0 else lines[1:-1]
        if whole or start == 0:
            break
        size *= 4
    stream.truncate(end - len(lines[-1]))
    stream.seek(0, os.SEEK_END)
    return datetime.fromisoformat(json.loads(whole[-1])["hour"]) if whole else None


def _lines(after: datetime) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_UNWRITTEN, [after])
        for hour, count, sums, previous, root, signature, of_key, sealed_at in cursor.fetchall():
            seal = {
                "hour": _utc(hour),
                "count": count,
                "sums": _json(sums),
                "previous_root": bytes(previous).hex(),
                "root": bytes(root).hex(),
                "signature": bytes(signature).hex(),
                "key_id": of_key,
                "sealed_at": _utc(sealed_at),
                "transfers": digests(hour),
            }
            yield json.dumps(seal, separators=(",", ":")).encode() + b"\n"


def digests(hour: datetime) -> list[tuple[str, str]]:
    """The hour's transfers with their digests, in the order of the seal."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGESTS, [hour, hour + HOUR])
        rows: list[tuple[UUID, Any]] = cursor.fetchall()
    return [(str(transfer), bytes(digest).hex()) for transfer, digest in rows]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
