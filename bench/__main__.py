"""`python -m bench`: every scenario on a server of its own, in one of three sizes."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import django

from bench import database
from bench.harness import Check

if TYPE_CHECKING:
    from bench.world import World


@dataclass(frozen=True)
class Size:
    """How long and how much."""

    rounds: int
    seconds: float
    fire_seconds: float
    kill_every: float
    sizes: tuple[int, ...]
    goes: int
    chunks: int
    million: int = 0
    customers: int = 10_000


SIZES = {
    "smoke": Size(rounds=3, seconds=0.3, fire_seconds=5, kill_every=0.6, sizes=(10_000, 100_000), goes=12, chunks=1),
    "full": Size(
        rounds=5, seconds=1.5, fire_seconds=60, kill_every=4, sizes=(10_000, 100_000, 1_000_000), goes=40, chunks=5
    ),
    "long": Size(
        rounds=5,
        seconds=1.5,
        fire_seconds=90,
        kill_every=4,
        sizes=(10_000, 100_000, 1_000_000),
        goes=60,
        chunks=10,
        million=1_000_000,
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="smoke", help="smoke: a minute; full: some; long: many")
    parser.add_argument("--only", nargs="*", default=[], help=", ".join(NAMES))
    parser.add_argument("--peers", action="store_true", help="install two other ledgers beside, to race against")
    options = parser.parse_args()
    began = time.monotonic()
    with database.server() as place, tempfile.TemporaryDirectory(prefix="pc-bench-") as folder:
        wanted = set(options.only or NAMES) - (set() if options.peers else {"peers"})
        checks = list(run(place.named("bench"), Path(folder), SIZES[options.size], wanted))
    failed = [check for check in checks if check.passed is False]
    print(f"\n{len(checks)} lines in {time.monotonic() - began:.0f} s; {len(failed)} failed")
    return 1 if failed else 0


def run(place: database.Place, folder: Path, size: Size, only: set[str]) -> Iterator[Check]:
    """The scenarios in turn; those that break or fill their database have copies."""
    database.use(place)
    database.create(place)
    django.setup()
    database.migrate(place)
    grown = {many: place.named(f"bench_{many}") for many in size.sizes}
    if "growth" in only:
        _copy(place, grown.values())
    from bench import naive, world

    naive.make_tables(place)
    built = world.build(size.customers)
    copies = {name: place.named(f"bench_{name}") for name in ("page", "fire") if name in only}
    _copy(place, copies.values())
    for name, scenario in _scenarios(place, built, folder, size, grown).items():
        if name in only:
            at = copies.get(name, place)
            database.use(at)
            database.point_at(at.app)
            for check in scenario(at):
                print(check, flush=True)
                yield check


NAMES = ("bulk", "million", "expiry", "posting", "clients", "peers", "page", "invariants", "growth", "fire")
Scenario = Callable[[database.Place], list[Check]]


def _copy(place: database.Place, copies: Iterable[database.Place]) -> None:
    database.point_at(place.app)
    for copy in copies:
        database.create(copy, template=place.name)


def _scenarios(
    place: database.Place, built: World, folder: Path, size: Size, grown: dict[int, database.Place]
) -> dict[str, Scenario]:
    from bench import bulk, correctness, crowded, expiry, growth, pages, peers, posting

    timed = {"rounds": size.rounds, "seconds": size.seconds}
    fire = {"writers": 8, "seconds": size.fire_seconds, "value": "20000", "kill_every": size.kill_every}
    return {
        "bulk": lambda at: bulk.run(at, built, rounds=size.rounds),
        "million": lambda at: bulk.run_million(at, built, many=size.million),
        "expiry": lambda at: expiry.run(built, rounds=size.rounds, chunks=size.chunks),
        "posting": lambda at: posting.run(at, built, **timed),
        "clients": lambda at: crowded.run(at, built, **timed),
        "peers": lambda at: peers.run(at, built, folder, **timed),
        "page": lambda at: pages.run(at, built, **timed),
        "invariants": _sound,
        "growth": lambda at: growth.run(grown, goes=size.goes),
        "fire": lambda at: correctness.run(at, built, folder, **fire),
    }


def _sound(place: database.Place) -> list[Check]:
    """What the scenarios before left behind keeps every invariant."""
    from bench import invariants

    with place.as_owner() as connection:
        wrong = invariants.broken(connection)
    return [Check("", "invariants broken after the races", str(wrong or 0)[:300], "0", not wrong)]


if __name__ == "__main__":
    sys.exit(main())
