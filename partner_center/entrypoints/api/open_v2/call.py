"""A call as an operation is given it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partner_center.entrypoints.api.open_v2.coerce import Given
from partner_center.kernel.actor import Actor

_ACCOUNT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Call:
    """The operation's name, who acts from which seat, the coerced fields, and the key of a repeatable write."""

    operation: str
    actor: Actor
    given: Given
    key: str | None
    account: str

    def __getitem__(self, field: str) -> Any:
        return self.given[field]


def account_id(number: str) -> UUID | None:
    """The id behind an account's number on the wire, its 32 hex digits; None for what is no number."""
    return UUID(number) if _ACCOUNT.fullmatch(number) else None


def matches_nothing(call: Call, *fields: str, account: str = "") -> bool:
    """Whether a filter is taken literally and no row can match it: an empty text, or an account that is no number."""
    nobody = bool(account) and call[account] is not None and account_id(call[account]) is None
    return nobody or any(call[field] == "" for field in fields)
