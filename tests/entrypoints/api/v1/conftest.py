"""The API as its callers reach it: over HTTP requests, with tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.test import Client

from partner_center.access.actions import make_token
from tests.entrypoints import world as cast
from tests.entrypoints.world import World


@dataclass
class Caller:
    """Somebody's requests."""

    token: str
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"Accept-Language": "en", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.token:
            given["Authorization"] = f"Bearer {self.token}"
        return self.client.generic(method, f"/api/v1{path}", raw, content_type="application/json", headers=given)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> Any:
        return self.send(
            "POST", path, {} if body is None else body, **({"Idempotency_Key": key} if key else {}), **headers
        )


@pytest.fixture
def world(db: None, channel_stage: Any) -> World:
    return replace(channel_stage.world)


@pytest.fixture
def call(world: World) -> Callable[[str], Caller]:
    return lambda login: Caller(make_token(cast.actor(login)))
