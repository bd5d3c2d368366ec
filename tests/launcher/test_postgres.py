"""A real server: made, stopped, killed, and started again with every committed row."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from partner_center.launcher import database, identity, postgres
from partner_center.launcher.errors import CannotStart


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_committed_rows_survive_a_clean_stop_and_a_kill(tmp_path: Path) -> None:
    server = postgres.Server(tmp_path / "pg", password="secret")
    try:
        server.start()
        query(server.url(), "CREATE TABLE kept AS SELECT 1 AS n")
        port = server.port
        server.stop()
        server.start(port)
        assert server.port == port
        query(server.url(), "INSERT INTO kept VALUES (2)")
        assert server.process is not None
        os.kill(server.process.pid, signal.SIGKILL)
        # Not reaped: to PostgreSQL itself the zombie would look like a living server.
        again = postgres.Server(tmp_path / "pg", password="secret")
        try:
            again.start(port)
            assert query(again.url(), "SELECT n FROM kept ORDER BY n") == [(1,), (2,)]
        finally:
            again.stop()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.start_temporary() as running:
        yield running


def test_upper_case_and_order_do_not_depend_on_the_machine(server: postgres.Server) -> None:
    assert query(server.url(), "SELECT upper('é'), '汉' ~ '\\w', 'a' > 'B'") == [("É", True, True)]


def test_the_owner_may_make_tables_and_the_application_may_not(server: postgres.Server) -> None:
    owner, app = database.embedded(server, "owner-password", "app-password")
    assert database.embedded(server, "owner-password", "app-password") == (owner, app)
    query(owner, "CREATE TABLE ours (n int)")
    assert query(app, "SELECT current_user, current_database()") == [("partner_center_app", "partner_center")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(app, "CREATE TABLE theirs (n int)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(app, "SELECT * FROM ours")
    flags = "rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
    assert query(owner, f"SELECT count(*) FROM pg_roles WHERE rolname LIKE 'partner%' AND ({flags})") == [(0,)]


def test_a_given_database_gets_its_role_from_an_owner_that_may_make_roles(server: postgres.Server) -> None:
    query(server.url(), "CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'x'")
    query(server.url(), "CREATE DATABASE given OWNER maker")
    owner = server.url("given", "maker", "x")
    app = database.given(owner, "", "first")
    assert query(app, "SELECT current_user") == [("given_app",)]
    assert database.given(owner, "", "first") == app
    changed = database.given(owner, "", "second")
    assert query(changed, "SELECT current_user") == [("given_app",)]
    assert database.given(owner, changed, "ignored") == changed


def test_an_owner_that_may_not_make_roles_is_told_the_sql(server: postgres.Server) -> None:
    query(server.url(), "CREATE ROLE plain LOGIN PASSWORD 'x'")
    query(server.url(), 'CREATE DATABASE "odd name" OWNER plain')
    owner = server.url("odd name", "plain", "x")
    with pytest.raises(CannotStart) as told:
        database.given(owner, "", "never-printed")
    statements = [line.strip() for line in str(told.value).splitlines() if line.startswith("    ")]
    assert "never-printed" not in str(told.value)
    for statement in statements:
        query(server.url(), statement)
    assert len(statements) == 2
    assert database.given(owner, server.url("odd name", "odd name_app", "choose-one"), "")


def test_a_role_that_row_level_security_does_not_bind_is_refused(server: postgres.Server) -> None:
    query(server.url(), "CREATE ROLE above LOGIN BYPASSRLS PASSWORD 'x'")
    query(server.url(), "CREATE DATABASE fenced OWNER above")
    with pytest.raises(CannotStart, match="would not bind"):
        database.given(server.url("fenced"), server.url("fenced", "above", "x"), "")
    with pytest.raises(CannotStart, match="would not bind"):
        database.given(server.url("fenced"), server.url("fenced"), "")


def test_a_database_that_cannot_be_reached_is_named_as_the_reason() -> None:
    with pytest.raises(CannotStart, match="cannot be reached"):
        database.given("postgresql://nobody:x@127.0.0.1:1/none", "", "x")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_becomes_nobody_where_there_are_no_user_namespaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "current", lambda: identity.Identity(uid=identity.NOBODY))
    # The folder of pytest is closed to others, so the server's own is made elsewhere.
    monkeypatch.setattr(identity, "SHELTER", Path("/var/tmp/partner-center-test"))
    with postgres.start_temporary() as running:
        assert running.process is not None
        assert (Path("/proc") / str(running.process.pid)).stat().st_uid == identity.NOBODY
        assert query(running.url(), "SELECT 1") == [(1,)]
