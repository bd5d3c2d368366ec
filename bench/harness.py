"""Interleaved rounds, so that whatever else the machine does meets every contender alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Contender:
    """One way of doing a thing: a go does it and says how many units came of it."""

    name: str
    go: Callable[[], int]


@dataclass(frozen=True)
class Spread:
    """Median, least and most of a figure over the rounds."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{_short(self.middle)} [{_short(self.least)}–{_short(self.most)}]"


@dataclass(frozen=True)
class Race:
    """Units a second of each contender, round by round."""

    rates: dict[str, list[float]]

    def rate(self, name: str) -> Spread:
        return Spread.of(self.rates[name])

    def ratio(self, name: str, anchor: str) -> Spread:
        """The contender against the anchor of the same round: what the machine did to both cancels out."""
        return Spread.of([own / other for own, other in zip(self.rates[name], self.rates[anchor], strict=True)])


@dataclass(frozen=True)
class Check:
    """One line of the report. Only a check with a gate can fail the run."""

    goal: str
    what: str
    found: str
    wanted: str
    passed: bool | None = None

    def __str__(self) -> str:
        mark = {True: "ok  ", False: "FAIL", None: "    "}[self.passed]
        return f"{mark}  {self.goal:<4} {self.what:<62} {self.found:<24} {self.wanted}"


def race(contenders: Sequence[Contender], *, rounds: int, seconds: float) -> Race:
    """Every contender once a round, each round in the reverse order of the one before."""
    rates: dict[str, list[float]] = {each.name: [] for each in contenders}
    for number in range(rounds):
        for each in contenders if number % 2 == 0 else reversed(contenders):
            rates[each.name].append(_rate(each, seconds))
    return Race(rates)


def _rate(contender: Contender, seconds: float) -> float:
    units, began = 0, time.perf_counter()
    while True:
        units += contender.go()
        spent = time.perf_counter() - began
        if spent >= seconds:
            return units / spent


def at_least(goal: str, what: str, found: Spread, wanted: float, gate: float | None = None) -> Check:
    """A ratio with a goal. It fails the run below the gate, half of the goal if none is given: that is no noise."""
    floor = wanted / 2 if gate is None else gate
    return Check(goal, what, f"{found} ×", f"goal ≥ {wanted:g}, gate ≥ {floor:g}", found.middle >= floor)


def at_most(goal: str, what: str, found: Spread, wanted: float) -> Check:
    """The same for a ratio that is to be small; the gate is twice the goal."""
    return Check(goal, what, f"{found} ×", f"goal ≤ {wanted:g}, gate ≤ {wanted * 2:g}", found.middle <= wanted * 2)


def told(goal: str, what: str, found: object) -> Check:
    """A figure that is only told."""
    return Check(goal, what, str(found), "")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
