"""Several processes that do the same thing at the same time: each contender has its slot, told by the clock."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.database import Place, environment
from bench.harness import Race

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Slots:
    """How many turns each contender has, of how many seconds; in reverse order every other round."""

    seconds: float
    rounds: int

    def turns(self, names: Sequence[str], began: float) -> list[tuple[str, float]]:
        order = [name for n in range(self.rounds) for name in (names if n % 2 == 0 else reversed(names))]
        return [(name, began + place * self.seconds) for place, name in enumerate(order)]


def work(slots: Slots, contenders: Mapping[str, Callable[[], object]]) -> dict[str, list[int]]:
    """In a client: do each contender again and again while its slot lasts; how often, slot by slot.

    It warms up, says that it is ready, and is told when the first slot begins.
    """
    done: dict[str, list[int]] = {name: [] for name in contenders}
    for go in contenders.values():
        go()
    print("ready", flush=True)
    for name, at in slots.turns(list(contenders), float(sys.stdin.readline())):
        time.sleep(max(0.0, at - time.time()))
        many, until = 0, at + slots.seconds
        while time.time() < until:
            contenders[name]()
            many += 1
        done[name].append(many)
    return done


def _started(command: list[str], place: Place) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=environment(place), stdin=pipe, stdout=pipe, text=True)


def race(module: str, place: Place, plan: Mapping[str, object], *, clients: int, slots: Slots) -> Race:
    """Start clients of a module, give them the plan, and add up what they did in the same slots."""
    command = [sys.executable, "-m", module, json.dumps({**plan, "slots": vars(slots)})]
    running = [_started(command, place) for _ in range(clients)]
    for each in running:
        assert each.stdout and each.stdout.readline() == "ready\n", f"{module} did not start"
    began = time.time() + 0.3
    for each in running:
        assert each.stdin
        each.stdin.write(f"{began}\n")
        each.stdin.flush()
    said: list[dict[str, list[int]]] = [json.loads(each.communicate()[0]) for each in running]
    return Race(
        {
            name: [sum(each) / slots.seconds for each in zip(*(one[name] for one in said), strict=True)]
            for name in said[0]
        }
    )
