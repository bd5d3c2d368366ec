"""The database and its two roles: the owner migrates, the application's role is all that serves requests."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from partner_center.launcher import binaries, postgres
from partner_center.launcher.errors import CannotStart

NAME = "partner_center"
OWNER = "partner_center_owner"
APP = "partner_center_app"
_ROLE: LiteralString = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def embedded(server: postgres.Server, owner_password: str, app_password: str) -> tuple[str, str]:
    """Make the roles and the database on our own server where they are missing; returns the two addresses."""
    with _connected(server.url()) as connection:
        _role(connection, OWNER, owner_password)
        _role(connection, APP, app_password)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            _run(connection, "CREATE DATABASE {} OWNER {}", NAME, OWNER)
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", NAME)
        _run(connection, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", NAME, APP)
    return server.url(NAME, OWNER, owner_password), server.url(NAME, APP, app_password)


def given(owner_url: str, app_url: str, app_password: str) -> str:
    """Check the owner's database; make the application's role if its address is not given. Returns that address."""
    with _connected(owner_url) as connection:
        if connection.info.server_version < binaries.OLDEST * 10000:
            raise CannotStart(f"DATABASE_URL leads to a PostgreSQL older than {binaries.OLDEST}.")
        database = connection.info.dbname
        made = app_url or _with_user(owner_url, f"{database}_app", app_password)
        if not app_url and not _opens(made):
            _make_app_role(connection, database, app_password)
        _check_app_role(made, connection.info.user)
        return made


def _check_app_role(app_url: str, owner: str) -> None:
    """Row-level security binds neither a table's owner nor these two kinds of role."""
    with _connected(app_url) as connection:
        powers = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        if connection.info.user == owner or connection.execute(powers).fetchone() != (False,):
            raise CannotStart(
                f"{connection.info.user} cannot be the application's role: row-level security would not bind it."
            )


def _make_app_role(connection: psycopg.Connection[Any], database: str, password: str) -> None:
    try:
        with connection.transaction():
            _role(connection, f"{database}_app", password)
            _run(connection, "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", database, f"{database}_app")
    except psycopg.errors.InsufficientPrivilege:
        raise CannotStart(missing_role(connection, database)) from None


def missing_role(connection: psycopg.Connection[Any], database: str) -> str:
    """What to run when DATABASE_URL's role may not make roles."""
    app = f"{database}_app"
    make = _statement(connection, app, "choose-one").as_string(connection)
    grant = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(*map(sql.Identifier, (database, app)))
    address = f"{quote(app)}:choose-one@{connection.info.host}:{connection.info.port}/{quote(database)}"
    return (
        f"The role in DATABASE_URL may not make the application's role {app}. Run this as one that may:\n\n"
        f"    {make};\n"
        f"    {grant.as_string(connection)};\n\n"
        f"and start again with DATABASE_APP_URL=postgresql://{address}"
    )


def _role(connection: psycopg.Connection[Any], name: str, password: str) -> None:
    """Make a login role, or give an existing one this password."""
    # Hashed here, so that no server log can show the password.
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(_statement(connection, name, hashed))


def _statement(connection: psycopg.Connection[Any], role: str, password: str) -> sql.Composed:
    """Only superusers may so much as mention those powers of a role that exists."""
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    begin = sql.SQL("ALTER ROLE {} LOGIN" if exists else "CREATE ROLE {} " + _ROLE).format(sql.Identifier(role))
    return sql.SQL("{} PASSWORD {}").format(begin, sql.Literal(password))


def _run(connection: psycopg.Connection[Any], statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise CannotStart(f"The database cannot be reached: {error}") from None
    with contextlib.closing(connection):
        yield connection


def _opens(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError:
        return False
    return True


def _with_user(url: str, user: str, password: str) -> str:
    """The same address for another login."""
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user)}:{quote(password)}@{where}"))
