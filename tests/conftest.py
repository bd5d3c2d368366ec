"""The test databases: migrated by the owner, used as the application's role, cloned where a test must commit.

A test that asks for `db` works in a database that is empty but for what migrations bring. One whose world is a stage's
(a fixture named `…_stage`) works in that stage's: the world was made once, each test finds it committed and rolls back
only its own work. `committing_db` gives a clone of either.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from tests.cast import cast, cast_stage, fast_hashing

__all__ = ["cast", "cast_stage", "fast_hashing"]

W = TypeVar("W")
ROOT = Path(__file__).resolve().parent.parent
APP_ROLE, APP_PASSWORD = "pc_test_app", "pc-test-app"
# Secrets come from the environment only; the tests bring their own, for the servers they start too.
FIELD_KEY = base64.urlsafe_b64encode(b"partner-center-tests-32-bytes-ok").decode()
os.environ.setdefault("PARTNER_CENTER_FIELD_KEY", FIELD_KEY)
settings.FIELD_KEY = os.environ["PARTNER_CENTER_FIELD_KEY"]
PREFIX = os.environ.get("PC_TEST_DB", "pc_test").replace("-", "_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db"):
            raise pytest.UsageError(f"{item.nodeid}: ask for the fixture `db`; the mark knows nothing of stages")


def _server() -> dict[str, Any]:
    from partner_center.config import environment

    return environment.database(settings.OWNER_DATABASE_URL)


@contextmanager
def owner(name: str | None = None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner, outside every fence."""
    at = _server()
    with psycopg.connect(
        host=at["HOST"],
        port=at["PORT"] or None,
        user=at["USER"],
        password=at["PASSWORD"],
        dbname=name or at["NAME"],
        autocommit=True,
    ) as connection:
        yield connection


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for folder in ("partner_center/*/migrations/*.py", "partner_center/fence/*.py", "partner_center/*/models*.py"):
        for path in sorted(ROOT.glob(folder)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _create(name: str, template: str | None = None) -> None:
    with owner() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        connection.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(name), source))


def _drop(name: str) -> None:
    with owner() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _point_at(name: str, user: str | None = None, password: str | None = None) -> None:
    at = connections["default"]
    at.close()
    server = _server()
    at.settings_dict.update(
        NAME=name,
        HOST=server["HOST"],
        PORT=server["PORT"],
        USER=user or server["USER"],
        PASSWORD=password or server["PASSWORD"],
        CONN_MAX_AGE=0,
    )


def as_application(name: str) -> None:
    if connections["default"].settings_dict["NAME"] != name:
        _point_at(name, APP_ROLE, APP_PASSWORD)


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> str:
    """The migrated database that others are cloned from; made anew only when a migration or model changed."""
    from partner_center.fence.grants import grant_all

    name = f"{PREFIX}_template_{_fingerprint()}"
    with owner() as connection:
        _app_role(connection)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        for (old,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}\\_template\\_%"]
        ).fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
    making = f"{PREFIX}_making"
    _create(making)
    with django_db_blocker.unblock():
        _point_at(making)
        call_command("migrate", verbosity=0)
        grant_all(APP_ROLE)
        connections["default"].close()
    with owner() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
        )
    return name


def _app_role(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        sql.SQL(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD {password} NOBYPASSRLS; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        ).format(role=sql.Identifier(APP_ROLE), password=sql.Literal(APP_PASSWORD))
    )


@dataclass(frozen=True)
class Stage(Generic[W]):
    """A world, and the database in which it is committed."""

    database: str
    world: W


@pytest.fixture(scope="session")
def django_db_setup(template: str, django_db_blocker: Any) -> Iterator[str]:
    """The empty database that tests share; gives its name."""
    name = f"{PREFIX}_shared"
    _create(name, template)
    with django_db_blocker.unblock():
        as_application(name)
    yield name
    with django_db_blocker.unblock():
        connections["default"].close()
    _drop(name)


@pytest.fixture(scope="session")
def make_stage(django_db_setup: str, template: str, django_db_blocker: Any) -> Iterator[Callable[..., Stage[Any]]]:
    """Makes a world, once for all tests that ask for it, in a database of its own."""
    made: list[str] = []

    def make(name: str, build: Callable[[], W]) -> Stage[W]:
        before = connections["default"].settings_dict["NAME"]
        made.append(f"{PREFIX}_stage_{name}")
        _create(made[-1], template)
        with django_db_blocker.unblock():
            as_application(made[-1])
            stage = Stage(made[-1], build())
            as_application(before)
        return stage

    yield make
    for name in made:
        _drop(name)


@pytest.fixture
def place(request: pytest.FixtureRequest, django_db_setup: str) -> str:
    """The database a test begins with: its stage's, or the empty one."""
    stages = [name for name in request.fixturenames if name.endswith("_stage") and name != "make_stage"]
    assert len(stages) <= 1, f"a test is on one stage: {stages}"
    return request.getfixturevalue(stages[0]).database if stages else django_db_setup


@pytest.fixture
def db(place: str, request: pytest.FixtureRequest) -> None:
    """The test's place; its work there is rolled back."""
    as_application(place)
    request.getfixturevalue("_django_db_helper")


@pytest.fixture
def committing_db(place: str, django_db_blocker: Any) -> Iterator[str]:
    """A clone of the test's place, for what commits: two connections, servers, killed clients. Gives its name."""
    name = f"{PREFIX}_own_{os.getpid()}"
    connections["default"].close()
    _create(name, place)
    with django_db_blocker.unblock():
        as_application(name)
        yield name
        connections.close_all()
        as_application(place)
    _drop(name)


@pytest.fixture
def owner_connection(db: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner's eye on the shared database; it sees only what is committed."""
    with owner(connections["default"].settings_dict["NAME"]) as connection:
        yield connection


@pytest.fixture
def stranger_sql() -> Any:
    """Raw SQL as the application's role, seated at an organisation (or nowhere), in the test's own transaction."""

    def run(query: str, seat: object = None, params: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.seat', %s, true), set_config('app.all', 'off', true)", [str(seat or "")]
            )
            cursor.execute(query, params)
            return cursor.fetchall()

    return run
