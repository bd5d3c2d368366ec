"""`python -m bench`: every scenario on a server of its own, in one of two sizes."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django

from bench import database
from bench.harness import Check


@dataclass(frozen=True)
class Size:
    """How long and how much."""

    rounds: int
    seconds: float
    plan_rows: int
    fire_seconds: float
    kill_every: float
    customers: int = 10_000


SIZES = {
    "smoke": Size(rounds=3, seconds=0.3, plan_rows=100_000, fire_seconds=5, kill_every=0.6),
    "full": Size(rounds=7, seconds=2, plan_rows=1_000_000, fire_seconds=90, kill_every=4),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="smoke", help="smoke: about a minute; full: several")
    parser.add_argument("--only", nargs="*", default=[], help="bulk, posting, page, plans, fire")
    options = parser.parse_args()
    began = time.monotonic()
    with database.server() as place, tempfile.TemporaryDirectory(prefix="pc-bench-") as folder:
        checks = list(run(place.named("bench"), Path(folder), SIZES[options.size], set(options.only)))
    failed = [check for check in checks if check.passed is False]
    print(f"\n{len(checks)} lines in {time.monotonic() - began:.0f} s; {len(failed)} failed")
    return 1 if failed else 0


def run(place: database.Place, folder: Path, size: Size, only: set[str]) -> Iterator[Check]:
    """The scenarios in turn; the last ones break their database, which is why they have copies."""
    database.use(place)
    database.create(place)
    django.setup()
    database.migrate(place)
    from bench import bulk, correctness, pages, plans, posting, world

    built = world.build(size.customers)
    copies = {name: place.named(f"bench_{name}") for name in ("page", "plans", "fire")}
    database.point_at(place.app)
    for copy in copies.values():
        database.create(copy, template=place.name)
    scenarios: list[tuple[str, database.Place, Callable[[database.Place], list[Check]]]] = [
        ("bulk", place, lambda at: bulk.run(at, built, rounds=size.rounds)),
        ("posting", place, lambda at: posting.run(at, built, rounds=size.rounds, seconds=size.seconds)),
        ("page", copies["page"], lambda at: pages.run(at, built, rounds=size.rounds, seconds=size.seconds)),
        ("invariants", place, _sound),
        ("plans", copies["plans"], lambda at: plans.run(at, built, many=size.plan_rows)),
        (
            "fire",
            copies["fire"],
            lambda at: correctness.run(
                at,
                built,
                folder,
                writers=8,
                seconds=size.fire_seconds,
                value="20000",
                kill_every=size.kill_every,
            ),
        ),
    ]
    for name, at, scenario in scenarios:
        if not only or name in only:
            database.use(at)
            database.point_at(at.app)
            for check in scenario(at):
                print(check, flush=True)
                yield check


def _sound(place: database.Place) -> list[Check]:
    """What the scenarios before left behind keeps every invariant."""
    from bench import invariants

    with place.as_owner() as connection:
        wrong = invariants.broken(connection)
    return [Check("", "invariants broken after the races", str(wrong or 0)[:300], "0", not wrong)]


if __name__ == "__main__":
    sys.exit(main())
