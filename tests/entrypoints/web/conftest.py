"""Clients that are signed in as somebody of the cast, and a count of the queries a page costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD, Person

BELL = '"notices_notice"."read_at" IS NULL'
SignedIn = Callable[..., Client]


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser of somebody who has signed in through the page; `language` is what the browser asks for."""

    def client_of(who: Person | str, language: str = "en", **headers: Any) -> Client:
        login = who if isinstance(who, str) else who.actor.login
        client = Client(headers={"accept-language": language}, **headers)
        answer = client.post("/login/", {"login": login, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        client.post("/language/?to=" + language)
        return client

    return client_of


@pytest.fixture
def cost() -> Callable[[Client, str], int]:
    """How many queries a page costs, the session's included; without the bell's one, which every page has."""

    def counted(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        asked = [each["sql"] for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]]
        bell = [sql for sql in asked if sql.startswith("SELECT COUNT(*)") and BELL in sql]
        assert len(bell) <= 1, "the bell asks once"
        return len(asked) - len(bell)

    return counted
