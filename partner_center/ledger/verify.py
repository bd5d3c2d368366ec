"""Recomputing everything the ledger claims, and naming what does not fit. Set-based: a million entries take seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotAllowed
from partner_center.ledger.rules import GENESIS, seal_text
from partner_center.ledger.seals import digests, key_id


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: `subject` is the id of the transfer or account, or the hour of the seal."""

    kind: str
    subject: str
    detail: str = ""


_TRANSFERS = """
    WITH told AS (
        SELECT transfer_id, count(*) AS entries, string_agg(
            ledger_line(account_id, amount_minor, currency, partner_id, upline_id, customer_id),
            E'\\n' ORDER BY account_id
        ) AS lines FROM ledger_entry GROUP BY transfer_id
    )
    SELECT CASE WHEN t.id IS NULL THEN 'transfer_missing' ELSE 'transfer_changed' END,
        coalesce(t.id, told.transfer_id)::text, 'entries: ' || coalesce(told.entries, 0)
    FROM ledger_transfer AS t FULL JOIN told ON told.transfer_id = t.id
    WHERE t.id IS NULL OR told.entries IS DISTINCT FROM t.entry_count
        OR ledger_digest(t, told.lines) IS DISTINCT FROM t.digest
    ORDER BY 2
"""
_SUMS = """
    SELECT 'transfer_unbalanced', transfer_id::text, sum(amount_minor) || ' ' || currency
    FROM ledger_entry GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0 ORDER BY 2
"""
_ACCOUNTS = """
    WITH told AS (
        SELECT account_id, sum(amount_minor) AS total, min(currency) AS least, max(currency) AS greatest
        FROM ledger_entry GROUP BY account_id
    )
    SELECT CASE WHEN a.id IS NULL THEN 'account_missing'
            WHEN a.balance <> coalesce(told.total, 0) THEN 'account_balance'
            WHEN a.balance < a.floor THEN 'account_below_floor'
            ELSE 'account_currency' END,
        coalesce(a.id, told.account_id)::text,
        concat('balance ', a.balance, ' ', a.currency, ', entries ', coalesce(told.total, 0))
    FROM ledger_account AS a FULL JOIN told ON told.account_id = a.id
    WHERE a.id IS NULL OR a.balance <> coalesce(told.total, 0) OR a.balance < a.floor
        OR told.least <> a.currency OR told.greatest <> a.currency
    ORDER BY 2
"""
_SEALS = """
    WITH moved AS (
        SELECT t.id, t.digest, t.recorded_at, date_trunc('hour', t.recorded_at, 'UTC') AS hour FROM ledger_transfer AS t
    ), told AS (
        SELECT hour, count(*) AS transfers, string_agg(digest, ''::bytea ORDER BY recorded_at, id) AS digests
        FROM moved GROUP BY hour
    ), amounts AS (
        SELECT hour, jsonb_object_agg(currency, total) AS sums FROM (
            SELECT moved.hour, e.currency, sum(e.amount_minor) AS total FROM moved
            JOIN ledger_entry AS e ON e.transfer_id = moved.id WHERE e.amount_minor > 0 GROUP BY moved.hour, e.currency
        ) AS by_currency GROUP BY hour
    )
    SELECT coalesce(s.hour, told.hour), s.transfer_count, s.sums, s.previous_root, s.root, s.signature, s.key_id,
        coalesce(told.transfers, 0), coalesce(amounts.sums, '{}'),
        sha256(s.previous_root || coalesce(told.digests, ''::bytea)),
        s.hour IS NULL AND told.hour <= (SELECT max(hour) FROM ledger_seal)
    FROM ledger_seal AS s FULL JOIN told USING (hour) LEFT JOIN amounts ON amounts.hour = s.hour
    WHERE s.hour IS NOT NULL OR told.hour <= (SELECT max(hour) FROM ledger_seal) ORDER BY 1
"""


@dataclass(frozen=True)
class _Seal:
    hour: datetime
    count: int
    sums: dict[str, int]
    previous_root: bytes
    root: bytes
    signature: bytes
    key_id: str
    found_count: int
    found_sums: dict[str, int]
    found_root: bytes
    unsealed: bool

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> _Seal:
        return cls(*(_plain(value) for value in row))

    @property
    def name(self) -> str:
        return self.hour.astimezone(UTC).isoformat()


def verify(actor: Actor, keys: Iterable[Ed25519PublicKey], file: Path | None = None) -> tuple[Finding, ...]:
    """Everything in the ledger that does not fit; nothing when all is well.

    With the file of seals, transfers are named even where somebody also made their digests fit again.
    Raises: NotAllowed for who sees only a part, to whom the rest would seem to be missing.
    """
    if not actor.sees_all:
        raise NotAllowed("ledger.verify")
    known = {key_id(key): key for key in keys}
    with seated(actor):
        found = [Finding(*row) for query in (_TRANSFERS, _SUMS, _ACCOUNTS) for row in _rows(query)]
        seals = [_Seal.of(row) for row in _rows(_SEALS)]
        found += _of_chain(seals)
        for seal in seals:
            found += _of_seal(seal, known)
        if file is not None:
            found += _of_file(file, {seal.name: seal for seal in seals if not seal.unsealed})
    return tuple(found)


def _of_chain(seals: list[_Seal]) -> Iterator[Finding]:
    previous_root, due = GENESIS, None
    for seal in seals:
        if seal.unsealed:
            continue
        if due is not None and seal.hour != due:
            yield Finding("seal_missing", due.astimezone(UTC).isoformat(), f"the next is of {seal.name}")
        if seal.previous_root != previous_root:
            yield Finding("seal_chain", seal.name, "does not follow from the seal before")
        previous_root, due = seal.root, seal.hour + timedelta(hours=1)


def _of_seal(seal: _Seal, keys: Mapping[str, Ed25519PublicKey]) -> Iterator[Finding]:
    if seal.unsealed:
        yield Finding("transfers_unsealed", seal.name, f"{seal.found_count} transfers in an hour that has no seal")
        return
    if (seal.count, seal.sums, seal.root) != (seal.found_count, seal.found_sums, seal.found_root):
        yield Finding(
            "seal_root", seal.name, f"sealed {seal.count} {seal.sums}, found {seal.found_count} {seal.found_sums}"
        )
    key = keys.get(seal.key_id)
    if key is None:
        yield Finding("seal_key_unknown", seal.name, seal.key_id)
        return
    try:
        key.verify(seal.signature, seal_text(seal.hour, seal.count, seal.sums, seal.previous_root, seal.root))
    except InvalidSignature:
        yield Finding("seal_signature", seal.name, seal.key_id)


def _of_file(file: Path, seals: Mapping[str, _Seal]) -> Iterator[Finding]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                told = json.loads(line)
            except ValueError:
                yield Finding("seal_file", f"line {number}", "not JSON; the next sealing mends a last line cut short")
                continue
            yield from _of_line(told, seals.get(told["hour"]))


def _of_line(told: Mapping[str, Any], seal: _Seal | None) -> Iterator[Finding]:
    if seal is None:
        yield Finding("seal_missing", told["hour"], "in the file, not in the database")
    elif seal.root.hex() != told["root"]:
        yield Finding("seal_changed", told["hour"], "the file holds another root")
    if seal is None or seal.found_root.hex() != told["root"]:
        yield from _of_hour(told)


def _of_hour(told: Mapping[str, Any]) -> Iterator[Finding]:
    sealed = dict(told["transfers"])
    present = dict(digests(datetime.fromisoformat(told["hour"])))
    for transfer in sorted(sealed.keys() - present.keys()):
        yield Finding("transfer_missing", transfer, f"sealed in {told['hour']}")
    for transfer in sorted(present.keys() - sealed.keys()):
        yield Finding("transfer_added", transfer, f"not in the seal of {told['hour']}")
    for transfer in sorted(sealed.keys() & present.keys()):
        if sealed[transfer] != present[transfer]:
            yield Finding("transfer_changed", transfer, f"other digest than sealed in {told['hour']}")


def _plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    return json.loads(value) if isinstance(value, str) and value.startswith("{") else value


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
