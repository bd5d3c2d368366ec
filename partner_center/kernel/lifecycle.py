"""A noun's states and the moves between them, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Lifecycle:
    """move → (state it starts from, state it ends in); the database repeats the states as a check."""

    start: str
    moves: Mapping[str, tuple[str | tuple[str, ...], str]]

    @property
    def states(self) -> tuple[str, ...]:
        found = {self.start: None}
        for sources, target in self.moves.values():
            found.update(dict.fromkeys(_several(sources)))
            found[target] = None
        return tuple(found)

    def sources(self, move: str) -> tuple[str, ...]:
        return _several(self.moves[move][0])

    def target(self, move: str) -> str:
        return self.moves[move][1]

    def may(self, move: str, state: str) -> bool:
        return state in self.sources(move)


def _several(states: str | tuple[str, ...]) -> tuple[str, ...]:
    return (states,) if isinstance(states, str) else states
