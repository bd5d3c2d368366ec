"""A server of the bench's own, as durable as one for real, and databases on it that may be broken."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from partner_center.launcher import postgres

APP_ROLE, APP_PASSWORD = "pc_bench_app", "pc-bench-app"
SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
}


@dataclass(frozen=True)
class Place:
    """A database: its addresses for the owner and for the application's role."""

    owner: str
    app: str
    may_be_killed: bool

    def named(self, name: str) -> Place:
        return Place(_named(self.owner, name), _named(self.app, name), self.may_be_killed)

    @property
    def name(self) -> str:
        return self.owner.rsplit("/", 1)[1]

    @contextmanager
    def as_owner(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.owner, autocommit=True) as connection:
            yield connection

    @contextmanager
    def as_app(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.app, autocommit=True) as connection:
            yield connection


def _named(url: str, name: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/{name}"


@contextmanager
def server() -> Iterator[Place]:
    """A server that syncs to disk; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pc-bench-"))
    folder.chmod(0o711)
    running = postgres.Server(folder / "pg", password="postgres", settings=SETTINGS)
    try:
        running.start()
        app = running.url(user=APP_ROLE, password=APP_PASSWORD)
        yield Place(running.url(), app, may_be_killed=True)
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def environment(place: Place) -> dict[str, str]:
    """What a process needs to find the database, as the application's role."""
    return {
        "PARTNER_CENTER_SECRET_KEY": "bench",
        "PARTNER_CENTER_FIELD_KEY": "YmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggYmVuY2ggMzI=",
        **os.environ,
        "DATABASE_URL": place.owner,
        "DATABASE_APP_URL": place.app,
        "DJANGO_SETTINGS_MODULE": "partner_center.config.settings",
        "PARTNER_CENTER_LOG_LEVEL": "ERROR",
    }


def use(place: Place) -> None:
    """Set this process on a database; to be called before Django is set up."""
    os.environ.update(environment(place))


def create(place: Place, template: str | None = None) -> None:
    """An empty database, or a copy of another one that nobody is connected to."""
    source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    with place.named("postgres").as_owner() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(place.name)))
        connection.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(place.name), source))


def migrate(place: Place) -> None:
    """Tables, functions, grants; then Django's connection is the application's role."""
    from django.core.management import call_command

    from partner_center.fence.grants import grant_all

    with place.as_owner() as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} NOBYPASSRLS").format(
                sql.Identifier(APP_ROLE), sql.Literal(APP_PASSWORD)
            )
        )
    point_at(place.owner)
    call_command("migrate", verbosity=0)
    grant_all(APP_ROLE)
    point_at(place.app)


def point_at(url: str) -> None:
    """Make Django's connection lead to another database, or to the same as another role."""
    from django.db import connections

    from partner_center.config import environment

    at = connections["default"]
    at.close()
    at.settings_dict.update(environment.database(url))
