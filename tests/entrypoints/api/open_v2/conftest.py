"""A server that really runs, on a database of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections

from tests import conftest as databases
from tests.entrypoints.api.open_v2.caller import Answer, call
from tests.entrypoints.api.open_v2.world import Party, World, build

FIELD_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadedWSGIServer):
    """Closes each thread's database connection with its request."""

    daemon_threads = True
    block_on_close = True

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture(scope="module")
def world(django_db_setup: None, template: str, django_db_blocker: Any) -> Iterator[World]:
    """The small world, committed, in a database that this module of tests has for itself."""
    name, key = f"{databases.PREFIX}_wire_{os.getpid()}", settings.FIELD_KEY
    shared = connections["default"].settings_dict["NAME"]
    connections["default"].close()
    databases._create(name, template)
    settings.FIELD_KEY = FIELD_KEY
    with django_db_blocker.unblock():
        databases.as_application(name)
        yield build()
        connections.close_all()
        databases.as_application(shared)
    settings.FIELD_KEY = key
    with databases.owner() as connection:
        connection.execute(databases.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(databases.sql.Identifier(name)))


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    """Where the server listens."""
    server = Server(("127.0.0.1", 0), Quiet)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(autouse=True)
def _uncounted(request: pytest.FixtureRequest) -> None:
    """Each test begins with nothing counted against its callers."""
    if "world" in request.fixturenames:
        forget_counts()


def forget_counts() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM access_throttle")


def use_up(party: Party, operation: str, tries: int = 10) -> None:
    """As if the account had just made so many calls of an operation; the stretch lasts long enough to be tested."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_throttle VALUES (%s, %s, clock_timestamp() + interval '1 minute')",
            [bucket(party, operation), tries],
        )


def counted(party: Party, operation: str) -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT tries FROM access_throttle WHERE bucket = %s", [bucket(party, operation)])
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def bucket(party: Party, operation: str) -> str:
    return f"open_v2:127.0.0.1:{operation}:{party.number}"


@pytest.fixture
def ask(world: World, address: str) -> Callable[..., Answer]:
    """Call as somebody; what the calls before have counted is forgotten first."""

    def asking(who: str, method: str, path: str, **more: Any) -> Answer:
        forget_counts()
        return call(address, getattr(world, who), method, path, **more)

    return asking


# The vendor's own client, unmodified ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bss(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The client's package; it writes a file into the home folder when it is used, so it gets one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        home: Path = tmp_path_factory.mktemp("home")
        patch.setenv("HOME", str(home))
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        from huaweicloudsdkbss import v2

        yield v2


@pytest.fixture
def client(bss: Any, address: str) -> Callable[..., Any]:
    """A client of somebody's, built as the vendor's manual shows."""
    from huaweicloudsdkcore.auth.credentials import GlobalCredentials
    from huaweicloudsdkcore.http.http_config import HttpConfig

    def make(party: Party, secret: str = "", domain: str | None = None) -> Any:
        forget_counts()
        credentials = GlobalCredentials(party.access_key, secret or party.secret, domain)
        builder = bss.BssClient.new_builder().with_http_config(HttpConfig(timeout=(5, 30), retry_times=0))
        return builder.with_credentials(credentials).with_endpoint(address).build()

    return make
