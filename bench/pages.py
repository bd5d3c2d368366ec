"""G13: a list page in process, against the statements it sends and against one query for its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg import ClientCursor

from bench.bulk import issue_in_bulk
from bench.database import Place
from bench.harness import Check, Contender, at_most, race, told
from bench.world import World, key
from partner_center.access.queries import user_by_id
from partner_center.entrypoints.web import session

ROWS = """
    SELECT v.id, v.number, q.number, v.face_minor, a.balance, v.currency, v.state, v.starts_at, v.ends_at, v.issued_at,
        v.lock_order, v.is_frozen, n.name_zh, n.name_en
    FROM vouchers_voucher v JOIN vouchers_quota q ON q.id = v.quota_id JOIN ledger_account a ON a.id = v.id
    JOIN customers_account c ON c.organisation_id = v.customer_id
    CROSS JOIN LATERAL (SELECT c.real_name_zh AS name_zh, c.real_name_en AS name_en) n
    WHERE v.partner_id = %s ORDER BY v.issued_at DESC, v.id DESC LIMIT 20
"""


def run(place: Place, world: World, *, rounds: int, seconds: float) -> list[Check]:
    """The page of a partner with some hundred vouchers, against what it asks the database for."""
    quota = world.grant("1000000")
    for _ in range(3):
        issue_in_bulk(world.issuer, quota_id=quota, customer_ids=world.customers[:300], key=key())
    with place.as_owner() as owner:
        owner.execute("VACUUM ANALYZE")
    client, address = signed_in(world.partner_user), reverse("vouchers")
    shown = client.get(address)
    assert shown.status_code == 200, f"{address}: {shown.status_code} {shown.content[:300]!r}"
    asked = heard(client, address)
    with psycopg.connect(place.app, autocommit=True) as raw:
        raw.execute("SELECT set_config('app.seat', %s, false)", [str(world.partner)])
        found = race(
            [
                Contender("page", _page(client, address)),
                Contender("its SQL", _replay(ClientCursor(raw), asked)),
                Contender("rows", _rows(raw, world.partner)),
            ],
            rounds=rounds,
            seconds=seconds,
        )
    return [
        told("G13", "the page of issued vouchers, /s", found.rate("page")),
        told("G13", "statements it sends, without begin and commit", len(asked)),
        at_most("G13", "the page, in time / its own statements, raw", found.ratio("its SQL", "page"), 8),
        told("G13", "the page, in time / one query for its twenty rows", f"{found.ratio('rows', 'page')} ×"),
    ]


def heard(client: Client, address: str) -> list[tuple[str, Any]]:
    """Every statement of one visit, with its values."""
    told_: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        told_.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        client.get(address)
    return told_


def _replay(cursor: Any, asked: list[tuple[str, Any]]) -> Callable[[], int]:
    def go() -> int:
        with cursor.connection.transaction():
            for sql, params in asked:
                cursor.execute(sql, params).fetchall()
        return 1

    return go


def signed_in(user_id: UUID) -> Client:
    """A browser with a session of the user's."""
    user = user_by_id(user_id)
    assert user is not None
    stored = SessionStore()
    stored[session.USER], stored[session.HASH] = str(user.pk), user.get_session_auth_hash()
    stored.save()
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = str(stored.session_key)
    return client


def _page(client: Client, address: str) -> Callable[[], int]:
    def go() -> int:
        assert client.get(address).status_code == 200
        return 1

    return go


def _rows(raw: psycopg.Connection[Any], partner: UUID) -> Callable[[], int]:
    def go() -> int:
        assert raw.execute(ROWS, [partner]).fetchall()
        return 1

    return go
