"""G15: many writers on one quota, clients and a backend killed without warning; then every unit is looked for."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench import invariants
from bench.database import Place, environment
from bench.harness import Check, told
from bench.world import World, now
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.kernel.actor import system_actor
from partner_center.kernel.money import Money
from partner_center.ledger.verify import verify

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = "bench.s"


@dataclass
class Crew:
    """The writers at work, and the journals of all who ever were."""

    place: Place
    folder: Path
    plan: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    born: int = 0
    killed: int = 0

    def start(self, after: str | None = None) -> None:
        self.born += 1
        name = f"w{self.born}"
        command = [sys.executable, "-m", "bench.writer", str(self.plan), name]
        if after:
            command += ["--after", str(self.journal(after))]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.place), stdout=log, stderr=log
            )

    def journal(self, name: str) -> Path:
        return self.folder / f"{name}.journal"

    def began(self) -> bool:
        return all(self.journal(name).exists() for name in self.running)

    def kill(self, name: str) -> None:
        child = self.running.pop(name)
        child.send_signal(signal.SIGKILL)
        child.wait()
        self.killed += 1

    def fallen(self) -> list[str]:
        return [name for name, child in self.running.items() if child.poll() is not None]

    def lines(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self.folder.glob("*.journal")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.endswith("}"):
                    yield json.loads(line)


def prepare(place: Place, world: World, folder: Path, value: str) -> Crew:
    """A quota for all, a product to spend on, and the plan that writers read."""
    ecs = NewServiceType("bench", "云服务器", "Cloud server")
    publish(world.vendor, service_types=[ecs], products=[NewProduct(PRODUCT, "bench", "小型", "S", Money(100, "CNY"))])
    plan = folder / "plan.json"
    plan.write_text(
        json.dumps(
            {
                "partner": str(world.partner),
                "user": str(world.partner_user),
                "customers": [str(each) for each in world.customers[:100]],
                "quota": str(world.grant(value)),
                "product": PRODUCT,
            }
        )
    )
    return Crew(place, folder, plan)


def run(
    place: Place,
    world: World,
    folder: Path,
    *,
    writers: int,
    seconds: float,
    value: str,
    kill_every: float,
    least: int = 20,
) -> list[Check]:
    """Let them write, kill some, and judge what is left."""
    crew = prepare(place, world, folder, value)
    try:
        _write(place, crew, writers, seconds, kill_every)
    finally:
        for name in list(crew.running):
            crew.kill(name)
    _settle(place)
    return judge(place, crew, least)


def _write(place: Place, crew: Crew, writers: int, seconds: float, kill_every: float) -> None:
    for _ in range(writers):
        crew.start()
    while not crew.began() and not crew.fallen():
        time.sleep(0.05)
    dice, until = random.Random(1), time.monotonic() + seconds
    backend_at = time.monotonic() + seconds / 2
    while time.monotonic() < until:
        time.sleep(min(kill_every, max(0.0, until - time.monotonic())))
        if fallen := crew.fallen():
            raise RuntimeError(f"{fallen[0]} fell: {(crew.folder / f'{fallen[0]}.log').read_text()[-2000:]}")
        # Only who has begun: there is nothing to take over from the others.
        if victims := sorted(name for name in crew.running if crew.journal(name).exists()):
            victim = dice.choice(victims)
            crew.kill(victim)
            crew.start(after=victim)
        if backend_at and time.monotonic() >= backend_at:
            kill_backend(place)
            backend_at = float("inf")


def kill_backend(place: Place) -> None:
    """One backend of PostgreSQL in the midst of its work: the whole server recovers, and every session is lost."""
    with place.as_owner() as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "ORDER BY (state = 'active') DESC LIMIT 1"
        ).fetchone()
        if row and place.may_be_killed:
            os.kill(row[0], signal.SIGKILL)
        elif row:
            connection.execute("SELECT pg_terminate_backend(%s)", [row[0]])


def _settle(place: Place) -> None:
    """Wait until the server is up again and nobody writes any more."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with place.as_owner() as connection:
                row = connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
                ).fetchone()
                if row == (0,):
                    return
        except psycopg.OperationalError:
            pass
        time.sleep(0.1)


def judge(place: Place, crew: Crew, least: int) -> list[Check]:
    """Every answer that was given must be true, and every invariant hold."""
    from django.db import connections

    connections.close_all()
    lines = list(crew.lines())
    answered = [line for line in lines if line["what"] == "answered"]
    broken = [line for line in lines if line["what"] == "broken"]
    with place.as_owner() as connection:
        wrong = invariants.broken(connection)
        lost = _lost(connection, answered)
    findings = verify(system_actor("bench: verifying", now()), keys=())
    return [
        told("G15", "issues answered / clients killed", f"{len(answered)} / {crew.killed}"),
        Check("G15", "answers that were not true", str(broken or 0)[:300], "0", not broken),
        Check("G15", "answered vouchers that are not there", str(lost or 0)[:300], "0", not lost),
        Check("G15", "invariants broken", str(wrong or 0)[:600], f"0 of {len(invariants.questions())}", not wrong),
        Check("G15", "findings of verify-ledger", str(findings or 0)[:300], "0", not findings),
        Check("G15", "something was written", str(len(answered)), f"> {least}", len(answered) > least),
    ]


def _lost(connection: psycopg.Connection[Any], answered: list[dict[str, Any]]) -> list[str]:
    told_ids = [one["voucher_id"] for line in answered for one in line["answer"]["vouchers"]]
    rows = connection.execute(
        "SELECT told.id FROM unnest(%s::uuid[]) AS told (id) LEFT JOIN vouchers_voucher v ON v.id = told.id "
        "WHERE v.id IS NULL",
        [told_ids],
    )
    return [str(row[0]) for row in rows.fetchall()]
