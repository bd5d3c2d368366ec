#!/usr/bin/env python3
"""Check Partner Center's ledger seals without Partner Center: no database, only this file and `cryptography`.

    python verify_seals.py seals.jsonl --key BASE64-OR-FILE [--key ...] [--transfers transfers.jsonl]

`seals.jsonl` is the file the installation appends every hour; keep copies of it where the installation cannot write.
A key is the Ed25519 public key, base64 of its 32 bytes, or a file that holds that text. With `--transfers`, made by
`partner-center export-transfers`, every transfer is digested again and compared with what was sealed.

Prints OK, or one line for each thing that does not fit and names it. Exit code 0 or 1; 2 when it could not be run.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
GENESIS = "00" * 32
IDS = ("operation_id", "actor_user_id", "home_id", "seat_id", "approved_by_id", "reverses_id")


def micros(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def transfer_digest(told: dict[str, Any]) -> str:
    """The digest of a transfer, from the text that its words and entries make."""
    head = ["transfer/1", told["id"], told["kind"], str(micros(told["at"])), str(micros(told["recorded_at"]))]
    entries = sorted(told["entries"], key=lambda entry: UUID(entry[0]))
    lines = [
        " ".join([entry[0], str(entry[1]), entry[2], *(party or "-" for party in entry[3:6])]) for entry in entries
    ]
    text = "\n".join([*head, *(told[name] or "-" for name in IDS), str(len(lines)), *lines, told["reason"]])
    return hashlib.sha256(text.encode()).hexdigest()


def seal_root(seal: dict[str, Any]) -> str:
    digests = b"".join(bytes.fromhex(digest) for _, digest in seal["transfers"])
    return hashlib.sha256(bytes.fromhex(seal["previous_root"]) + digests).hexdigest()


def seal_text(seal: dict[str, Any]) -> bytes:
    """The bytes that were signed."""
    sums = ",".join(f"{currency}={minor}" for currency, minor in sorted(seal["sums"].items()))
    hour = str(micros(seal["hour"]))
    return "\n".join(["seal/1", hour, str(seal["count"]), sums, seal["previous_root"], seal["root"]]).encode()


def read_key(text: str) -> tuple[str, Ed25519PublicKey]:
    """The key and its id, from its text or from the file that holds it."""
    path = Path(text)
    raw = base64.b64decode((path.read_text() if path.is_file() else text).strip(), validate=True)
    return hashlib.sha256(raw).hexdigest()[:16], Ed25519PublicKey.from_public_bytes(raw)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise SystemExit(f"{path.name}: line {number} is not JSON: {error}") from error


def check_seals(seals: list[dict[str, Any]], keys: dict[str, Ed25519PublicKey]) -> Iterator[str]:
    """What does not fit among the seals themselves."""
    previous, due = GENESIS, None
    for seal in seals:
        hour = datetime.fromisoformat(seal["hour"])
        if due is not None and hour != due:
            yield f"seal {due.isoformat()}: missing or out of order; the next line is of {seal['hour']}"
        if seal["previous_root"] != previous:
            yield f"seal {seal['hour']}: does not follow from the seal before"
        yield from check_seal(seal, keys)
        previous, due = seal["root"], hour + HOUR


def check_seal(seal: dict[str, Any], keys: dict[str, Ed25519PublicKey]) -> Iterator[str]:
    name = f"seal {seal['hour']}"
    if seal["count"] != len(seal["transfers"]):
        yield f"{name}: counts {seal['count']} transfers and lists {len(seal['transfers'])}"
    if seal_root(seal) != seal["root"]:
        yield f"{name}: root does not follow from the listed digests"
    key = keys.get(seal["key_id"])
    if key is None:
        yield f"{name}: signed by the unknown key {seal['key_id']}"
        return
    try:
        key.verify(bytes.fromhex(seal["signature"]), seal_text(seal))
    except InvalidSignature:
        yield f"{name}: signature is not valid"


def check_transfers(seals: list[dict[str, Any]], transfers: Iterator[dict[str, Any]]) -> Iterator[str]:
    """What does not fit between the transfers and the seals."""
    sealed = {transfer: digest for seal in seals for transfer, digest in seal["transfers"]}
    hours = {micros(seal["hour"]): seal for seal in seals}
    sums: dict[int, dict[str, int]] = {hour: {} for hour in hours}
    for told in transfers:
        at = micros(told["recorded_at"])
        hour = at - at % 3_600_000_000
        digest = sealed.pop(told["id"], None)
        if digest is None and hour in hours:
            yield f"transfer {told['id']}: not in the seal of its hour {hours[hour]['hour']}"
        if transfer_digest(told) != (digest or told["digest"]):
            yield f"transfer {told['id']}: changed"
        yield from check_sums(told, sums.get(hour, {}))
    for transfer in sealed:
        yield f"transfer {transfer}: sealed, and missing from the export"
    for hour, found in sums.items():
        if found != hours[hour]["sums"]:
            yield f"seal {hours[hour]['hour']}: sealed sums {hours[hour]['sums']}, found {found}"


def check_sums(told: dict[str, Any], sums: dict[str, int]) -> Iterator[str]:
    """Each currency of a transfer sums to zero; what it adds is counted in the sums of its hour."""
    totals: dict[str, int] = {}
    for _, minor, currency, *_ in told["entries"]:
        totals[currency] = totals.get(currency, 0) + minor
        if minor > 0:
            sums[currency] = sums.get(currency, 0) + minor
    for currency, total in totals.items():
        if total:
            yield f"transfer {told['id']}: entries sum to {total} {currency}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("seals", type=Path)
    parser.add_argument("--key", action="append", required=True, help="Ed25519 public key in base64, or a file with it")
    parser.add_argument("--transfers", type=Path, help="made by: partner-center export-transfers")
    options = parser.parse_args(arguments)
    try:
        keys = dict(map(read_key, options.key))
        seals = list(read_lines(options.seals))
    except (OSError, ValueError, binascii.Error) as error:
        parser.error(str(error))
    broken = list(check_seals(seals, keys))
    if options.transfers:
        broken += check_transfers(seals, read_lines(options.transfers))
    for line in broken:
        sys.stdout.write(line + "\n")
    if not broken:
        sys.stdout.write(f"OK: {len(seals)} hours, {sum(seal['count'] for seal in seals)} transfers\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
