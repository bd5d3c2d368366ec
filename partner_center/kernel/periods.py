"""Spans of time, closed at the start and open at the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class Beginning(datetime):
    """An instant at which something begins: a midnight is told as that day, not as 24:00 of the day before."""

    @classmethod
    def of(cls, at: datetime) -> Beginning:
        return cls.combine(at.date(), at.timetz())


@dataclass(frozen=True, slots=True)
class Window:
    """From an instant up to, and without, another."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window lies between two instants with a zone")

    @property
    def begins(self) -> Beginning:
        """The start, to be told as the day it opens."""
        return Beginning.of(self.start)

    @property
    def is_real(self) -> bool:
        return self.start < self.end

    def contains(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def covers(self, other: Window) -> bool:
        return self.start <= other.start and other.end <= self.end
