"""What the application's role can do to the ledger by raw SQL: read its own, call the functions, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from partner_center.fence.seat import seated
from partner_center.ledger import actions
from partner_center.ledger.rules import Move

from .conftest import SYSTEM, Books, yuan

TABLES = ("ledger_account", "ledger_transfer", "ledger_entry", "ledger_seal")
Sql = Callable[..., list[tuple[Any, ...]]]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO {} SELECT * FROM {}", "UPDATE {} SET {column} = {column}", "DELETE FROM {}", "TRUNCATE {}"],
)
def test_the_application_cannot_write_a_ledger_table(books: Books, table: str, statement: str) -> None:
    column = {"ledger_account": "balance", "ledger_entry": "amount_minor"}.get(table, "digest")
    query = statement.format(table, table, column="root" if table == "ledger_seal" else column)
    with pytest.raises(DatabaseError, match="permission denied"), seated(SYSTEM), connection.cursor() as cursor:
        cursor.execute(query)


@pytest.mark.parametrize(
    "call",
    [
        "ledger_settle(ARRAY[%(quota)s]::uuid[], ARRAY[1]::bigint[])",
        (
            "ledger_insert_accounts(ARRAY[gen_random_uuid()], ARRAY['q'], ARRAY['CNY'], ARRAY[0]::bigint[], "
            "ARRAY[NULL]::uuid[], ARRAY[NULL]::uuid[], ARRAY[NULL]::uuid[], now(), ARRAY[5]::bigint[])"
        ),
    ],
)
def test_the_steps_of_the_functions_have_no_rights_of_their_own(books: Books, call: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), seated(SYSTEM), connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}", {"quota": books.quota})


@pytest.mark.parametrize("table", TABLES)
def test_the_stranger_sees_no_rows_of_others(books: Books, stranger_sql: Sql, table: str) -> None:
    with seated(books.dario):
        moves = [Move(books.quota, yuan(-1)), Move(books.sub_quota, yuan(1))]
        actions.post(books.dario, kind="quota.pass_on", moves=moves)
    assert stranger_sql(f"SELECT * FROM {table}", books.carl.seat) == []
    assert stranger_sql(f"SELECT * FROM {table}") == []


def test_each_party_sees_the_transfers_that_touch_its_accounts(books: Books, stranger_sql: Sql) -> None:
    with seated(books.dario):
        moves = [Move(books.quota, yuan(-1)), Move(books.sub_quota, yuan(1))]
        actions.post(books.dario, kind="quota.pass_on", moves=moves)
    kinds = "SELECT kind FROM ledger_transfer ORDER BY recorded_at"
    assert stranger_sql(kinds, books.dario.seat) == [("quota.grant",), ("quota.pass_on",)]
    assert stranger_sql(kinds, books.rhea.seat) == [("quota.pass_on",)]
    accounts = "SELECT account_id FROM ledger_entry WHERE amount_minor = 1"
    assert stranger_sql(accounts, books.rhea.seat) == [(books.sub_quota,)]


@pytest.mark.parametrize(
    "call",
    [
        "SELECT * FROM ledger_seals_due(now(), 1)",
        (
            "SELECT ledger_seal(ARRAY[now()], ARRAY[0], ARRAY['{}']::jsonb[], ARRAY['\\x00']::bytea[], "
            "ARRAY['\\x00']::bytea[], ARRAY['\\x00']::bytea[], 'k')"
        ),
    ],
)
def test_seals_are_not_for_a_partners_seat(books: Books, call: str) -> None:
    with pytest.raises(DatabaseError, match="who sees all"), seated(books.dario), connection.cursor() as cursor:
        cursor.execute(call)


def test_even_the_owner_cannot_change_what_is_written(committing_db: str, make_books: Callable[[], Books]) -> None:
    from tests.conftest import owner

    make_books()
    with owner(committing_db) as connection:
        for table in ("ledger_transfer", "ledger_entry"):
            for statement in (f"UPDATE {table} SET currency = currency", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                query = statement.replace("currency", "kind") if table == "ledger_transfer" else statement
                with pytest.raises(Exception, match="append-only"):
                    connection.execute(query)
        for statement in ("DELETE FROM ledger_account", "TRUNCATE ledger_account", "TRUNCATE ledger_seal"):
            with pytest.raises(Exception, match="append-only"):
                connection.execute(statement)


def test_a_function_ignores_tables_of_the_same_name_elsewhere(books: Books) -> None:
    """`SET search_path` on the functions: a temporary table cannot stand in for the ledger's."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE ledger_entry (LIKE ledger_entry) ON COMMIT DROP")
        with seated(books.dario):
            moves = [Move(books.quota, yuan(-1)), Move(books.sub_quota, yuan(1))]
            actions.post(books.dario, kind="quota.pass_on", moves=moves)
        cursor.execute("SELECT count(*) FROM pg_temp.ledger_entry")
        assert cursor.fetchone() == (0,)
