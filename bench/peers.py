"""G8: one transfer through the product, against two ledgers for Django, each in a throw-away environment of its own.

They are installed when asked for (`--peers`), from whatever index pip is set to, and are in no requirements of ours.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import database, posting
from bench.database import Place
from bench.harness import Check, Contender, at_least, race, told
from bench.world import World

PEER = Path(__file__).with_name("peer.py")
# What each is wanted to be beaten by, and what it needs beside Django.
PEERS = {"hordak": (2, "django-hordak==2.0.0"), "django-ledger": (10, "django-ledger==0.8.5")}


def run(place: Place, world: World, folder: Path, *, rounds: int, seconds: float) -> list[Check]:
    """Every round each ledger transfers for as long, on a database of the same server."""
    source, target = posting.open_pair(world.vendor, partner=world.partner)
    python = install(folder / "peers")
    with _started(python, place, "hordak", seconds) as hordak, _started(python, place, "django-ledger", seconds) as led:
        found = race(
            [
                Contender("product", lambda: posting._product(world, source, target)),
                Contender("hordak", hordak),
                Contender("django-ledger", led),
            ],
            rounds=rounds,
            seconds=seconds,
        )
    return [
        check
        for name, (goal, requirement) in PEERS.items()
        for check in (
            told("G8", f"{requirement}: one transfer, posted, /s", found.rate(name)),
            at_least("G8", f"transfer through the product / {name}", found.ratio("product", name), goal, 1),
        )
    ]


def install(folder: Path) -> Path:
    """An environment with the peers in it."""
    import django

    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    wanted = [*(requirement for _, requirement in PEERS.values()), f"django=={django.__version__}", "psycopg[binary]"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
    return python


@contextmanager
def _started(python: Path, place: Place, name: str, seconds: float) -> Iterator[Callable[[], int]]:
    at = place.named(f"bench_{name.replace('-', '_')}")
    database.create(at)
    pipe = subprocess.PIPE
    child = subprocess.Popen([python, str(PEER), name, at.owner], stdin=pipe, stdout=pipe, text=True)
    assert child.stdin and child.stdout
    stdin, stdout = child.stdin, child.stdout
    if stdout.readline() != "ready\n":
        raise RuntimeError(f"{name} did not start")

    def go() -> int:
        stdin.write(f"{seconds}\n")
        stdin.flush()
        return int(stdout.readline())

    try:
        yield go
    finally:
        stdin.close()
        child.wait(10)
