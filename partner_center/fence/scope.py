"""Each model says whose rows it holds; a model that says nothing fails the build."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from partner_center.kernel.actor import Actor

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Parties:
    """The row names its parties in its own columns; each of them sees it."""

    columns: tuple[str, ...]

    def __init__(self, *columns: str) -> None:
        object.__setattr__(self, "columns", columns)

    def rows_of(self, seat: object, as_: str | None) -> Q:
        if as_ is not None:
            return Q(**{self._column(as_): seat})
        return reduce(or_, (Q(**{column: seat}) for column in self.columns))

    def _column(self, as_: str) -> str:
        for column in (f"{as_}_id", as_):
            if column in self.columns:
                return column
        raise LookupError(f"{as_} is no party among {self.columns}")


@dataclass(frozen=True)
class Company:
    """The row belongs to a company; the accounts of that company see it. PostgreSQL alone decides which they are."""

    column: str


SHARED = "shared"
"""Everybody reads it: catalogues and the like."""

SYSTEM = "system"
"""Machinery without a party: nobody reads it through `visible_to`."""


class Scoped(QuerySet[M]):
    """A queryset that is read through an actor."""

    def visible_to(self, actor: Actor, as_: str | None = None) -> Self:
        """The rows the actor's seat is a party to; none without a seat; all for vendor staff."""
        scope: Any = self.model.SCOPE  # type: ignore[attr-defined]
        if scope == SHARED:
            return self.all()
        if scope == SYSTEM:
            return self.all() if actor.audience == "system" else self.none()
        if actor.sees_all:
            return self.all()
        if actor.seat is None:
            return self.none()
        return self.all() if isinstance(scope, Company) else self.filter(scope.rows_of(actor.seat, as_))
