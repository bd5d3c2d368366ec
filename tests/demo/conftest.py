"""The demo world, made once for all its tests in a database of its own, as the application's role."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from tests.conftest import PREFIX, _create, as_application, owner


@pytest.fixture(scope="session")
def loaded(django_db_setup: None, template: str, django_db_blocker: Any) -> Iterator[float]:
    """Gives how many seconds it took to make."""
    from partner_center.demo import actions

    name, shared, demo = f"{PREFIX}_demo_{os.getpid()}", connections["default"].settings_dict["NAME"], settings.DEMO
    connections["default"].close()
    _create(name, template)
    with django_db_blocker.unblock():
        as_application(name)
        settings.DEMO, began = True, time.perf_counter()
        assert actions.load_once()
        yield time.perf_counter() - began
        settings.DEMO = demo
        connections.close_all()
        as_application(shared)
    with owner() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def system(loaded: float) -> Iterator[Actor]:
    """Who sees everything, now, inside a transaction."""
    actor = system_actor("tests: the demo world", datetime.now(UTC))
    with seated(actor):
        yield actor
