"""The four ways in which a verb says no. Codes are stable API; each entrypoint has one table from kind to status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partner_center.kernel.rules import Outcome


class DomainError(Exception):
    """Something the caller may be told."""

    code = "error"


class NotAllowed(DomainError):
    """The caller sees the thing, but lacks a permission."""

    code = "not_allowed"

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class NotFound(DomainError):
    """Absent, or somebody else's: the two are never told apart."""

    code = "not_found"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Refused(DomainError):
    """Rules are broken; every one of them is named."""

    code = "refused"

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__(", ".join(f"{outcome.id} {outcome.code}" for outcome in outcomes))
        self.outcomes = tuple(outcomes)


class Conflict(DomainError):
    """The thing is in another state than the verb needs, or a key was used for something else."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
