"""What a transfer must be, and the bytes that are digested, sealed and signed. Pure: no database, no clock.

The database (migrations/_functions_0001.py) and tools/verify_seals.py compute the same canonical forms; a test holds
the three together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from partner_center.kernel.money import Money
from partner_center.ledger.errors import Unbalanced

GENESIS = bytes(32)
HOUR = timedelta(hours=1)
SEAL_DELAY = timedelta(minutes=10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Move:
    """An amount that goes to an account, or comes from it when negative."""

    account_id: UUID
    amount: Money


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened, with the parties that see it. `floor` None lets it fall without limit (vendor only)."""

    id: UUID
    kind: str
    currency: str
    floor: int | None = 0
    partner_id: UUID | None = None
    upline_id: UUID | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """New accounts that differ by their ids and customers only, as the vouchers of one issue do; their floor is 0."""

    ids: Sequence[UUID]
    kind: str
    currency: str
    customer_ids: Sequence[UUID]
    partner_id: UUID | None = None
    upline_id: UUID | None = None

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is digested."""

    account_id: UUID
    amount_minor: int
    currency: str
    partner_id: UUID | None = None
    upline_id: UUID | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What a transfer says besides its entries."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    operation_id: UUID | None = None
    actor_user_id: UUID | None = None
    home_id: UUID | None = None
    seat_id: UUID | None = None
    approved_by_id: UUID | None = None
    reverses_id: UUID | None = None
    reason: str = ""


def merge(moves: Iterable[Move]) -> dict[tuple[UUID, str], int]:
    """The sum for each account and currency, in the order of first mention; what cancels out is gone."""
    sums: dict[tuple[UUID, str], int] = {}
    for move in moves:
        key = (move.account_id, move.amount.currency)
        sums[key] = sums.get(key, 0) + move.amount.minor
    return {key: minor for key, minor in sums.items() if minor}


def net(moves: Iterable[Move]) -> tuple[Move, ...]:
    """One move an account.

    Raises: Unbalanced when a currency does not sum to zero or nothing is left to move.
    """
    merged = merge(moves)
    totals: dict[str, int] = {}
    for (_, currency), minor in merged.items():
        totals[currency] = totals.get(currency, 0) + minor
    if any(totals.values()) or not merged:
        raise Unbalanced(", ".join(f"{minor} {currency}" for currency, minor in totals.items()) or "nothing is moved")
    return tuple(Move(account, Money(minor, currency)) for (account, currency), minor in merged.items())


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def transfer_text(header: Header, lines: Sequence[Line]) -> str:
    """The text whose sha256 is the transfer's digest. The reason comes last, so no line break in it can deceive."""
    ids = (
        header.operation_id,
        header.actor_user_id,
        header.home_id,
        header.seat_id,
        header.approved_by_id,
        header.reverses_id,
    )
    head = ["transfer/1", str(header.id), header.kind, str(micros(header.at)), str(micros(header.recorded_at))]
    ordered = sorted(lines, key=lambda line: line.account_id)
    return "\n".join([*head, *map(_id, ids), str(len(ordered)), *map(_line, ordered), header.reason])


def transfer_digest(header: Header, lines: Sequence[Line]) -> bytes:
    return hashlib.sha256(transfer_text(header, lines).encode()).digest()


def root(previous: bytes, digests: Iterable[bytes]) -> bytes:
    """The root of an hour: the one before it, then the digests in the order of record time and id."""
    return hashlib.sha256(previous + b"".join(digests)).digest()


def seal_text(hour: datetime, count: int, sums: Mapping[str, int], previous: bytes, of_hour: bytes) -> bytes:
    """The bytes that are signed."""
    amounts = ",".join(f"{currency}={int(minor)}" for currency, minor in sorted(sums.items()))
    return "\n".join(["seal/1", str(micros(hour)), str(count), amounts, previous.hex(), of_hour.hex()]).encode()


def _id(value: UUID | None) -> str:
    return str(value) if value else "-"


def _line(line: Line) -> str:
    parties = " ".join(map(_id, (line.partner_id, line.upline_id, line.customer_id)))
    return f"{line.account_id} {line.amount_minor} {line.currency} {parties}"
