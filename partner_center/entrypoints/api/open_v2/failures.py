"""Rows of a batch that failed, as the contract tells them beside those that succeeded."""

from __future__ import annotations

from collections.abc import Iterable

from partner_center.entrypoints.api.open_v2.call import Call
from partner_center.entrypoints.api.open_v2.errors import WireError

Failures = list[dict[str, object]]


def failures(call: Call, found: Iterable[tuple[str, str]]) -> Failures:
    """(id, code) of each row with the code's text in the caller's language."""
    return [{"id": number, **WireError(code).body(call.actor.language)} for number, code in found]
