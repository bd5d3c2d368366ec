"""The worker as a process: it reacts, survives a restart of the database, and stops when it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from tests.conftest import APP_PASSWORD, APP_ROLE, owner
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.world import World

COMMAND = [sys.executable, "-m", "partner_center.entrypoints.cli.main", "worker"]


@contextmanager
def _worker(database: str, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    at = connections["default"].settings_dict
    url = f"postgresql://{APP_ROLE}:{APP_PASSWORD}@{at['HOST']}:{at['PORT']}/{database}"
    env = os.environ | {"DATABASE_APP_URL": url, "PARTNER_CENTER_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    with log.open("wb") as out:
        child = subprocess.Popen(COMMAND, env=env, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield child
        finally:
            child.kill()
            child.wait()


def _wait_for(found: Callable[[], bool], seconds: float = 40) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found():
            return True
        time.sleep(0.2)
    return False


def test_an_event_is_mailed_and_so_is_one_after_the_database_came_back(
    committing_db: str, world: World, inbox: Inbox, settings: Any, tmp_path: Path
) -> None:
    def announced() -> int:
        return sum(mail["To"] == "carl@customer.example" for mail in inbox())

    with _worker(committing_db, settings.EMAIL_PORT, tmp_path / "worker.log") as worker:
        world.issue()
        assert _wait_for(lambda: announced() == 1), (tmp_path / "worker.log").read_text()
        with owner() as connection:
            name = sql.Literal(committing_db)
            connection.execute(
                sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(name)
            )
        connections["default"].close()
        world.issue()
        assert _wait_for(lambda: announced() == 2), (tmp_path / "worker.log").read_text()
        asked = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
        assert time.monotonic() - asked < 10


def test_it_stops_at_once_while_it_waits_for_a_database(tmp_path: Path) -> None:
    env = os.environ | {"DATABASE_APP_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    with (tmp_path / "worker.log").open("wb") as out:
        child = subprocess.Popen(COMMAND, env=env, stdout=out, stderr=subprocess.STDOUT)
    try:
        assert _wait_for(lambda: b"reactions failed" in (tmp_path / "worker.log").read_bytes())
        child.send_signal(signal.SIGTERM)
        assert child.wait(8) == 0
    finally:
        child.kill()
        child.wait()
