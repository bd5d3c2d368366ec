"""Values on a command line: instants, ids, amounts."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from uuid import UUID

from partner_center.kernel.money import Money


def instant(text: str) -> datetime:
    """A point in time as ISO 8601; without a zone it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a time like 2026-07-01T00:00:00+08:00: {text}") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def identity(text: str) -> UUID:
    """An id."""
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not an id: {text}") from None


def amount(text: str) -> Money:
    """Money as it is written: 1000.00CNY, or 1000 for CNY."""
    digits = text.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    try:
        return Money.of(digits.strip(), text[len(digits) :] or "CNY")
    except ValueError:
        raise argparse.ArgumentTypeError(f"not an amount like 1000.00CNY: {text}") from None
