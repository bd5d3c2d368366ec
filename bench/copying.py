"""The anchor of G1: the very rows that an issue leaves, by COPY, into tables with the same indexes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg

from bench.database import APP_ROLE, Place
from partner_center.kernel.ids import new_ids

TABLES = ("vouchers_voucher", "vouchers_voucherrecord", "ledger_account", "ledger_entry")
_OF_A_VOUCHER = {
    "vouchers_voucher": "v.id",
    "vouchers_voucherrecord": "(SELECT id FROM vouchers_voucherrecord WHERE voucher_id = v.id)",
    "ledger_account": "v.id",
    "ledger_entry": "v.id",
}


class SameRows:
    """Copies of the product's tables without fence, keys to others and triggers; one issued voucher is the pattern."""

    def __init__(self, place: Place) -> None:
        with place.as_owner() as owner:
            for table in TABLES:
                owner.execute(f"CREATE TABLE IF NOT EXISTS same_{table} (LIKE {table} INCLUDING ALL)".encode())
                owner.execute(f"GRANT ALL ON same_{table} TO {APP_ROLE}".encode())
            self.patterns = {table: _pattern(owner, table) for table in TABLES}

    def copy(self, raw: psycopg.Connection[Any], customers: Sequence[UUID]) -> int:
        """As many vouchers as customers, in one transaction."""
        many = len(customers)
        ids, records, (transfer,) = new_ids(many), new_ids(many), new_ids(1)
        own: dict[str, Callable[[int], dict[str, object]]] = {
            "vouchers_voucher": lambda n: {"id": ids[n], "number": ids[n].hex[8:], "customer_id": customers[n]},
            "vouchers_voucherrecord": lambda n: {
                "id": records[n],
                "voucher_id": ids[n],
                "customer_id": customers[n],
            },
            "ledger_account": lambda n: {"id": ids[n], "customer_id": customers[n]},
            "ledger_entry": lambda n: {"transfer_id": transfer, "account_id": ids[n], "customer_id": customers[n]},
        }
        with raw.transaction(), raw.cursor() as cursor:
            for table, of in own.items():
                line = self.patterns[table]
                with cursor.copy(f"COPY same_{table} FROM STDIN".encode()) as rows:
                    rows.write("".join([line % of(n) for n in range(many)]))
        return many


def _pattern(owner: psycopg.Connection[Any], table: str) -> str:
    """A row of the last issued voucher as a line of COPY, with places for what differs."""
    names = [each.name for each in owner.execute(f"SELECT * FROM {table} LIMIT 0".encode()).description or ()]
    key = "account_id" if table == "ledger_entry" else "id"
    last = "(SELECT * FROM vouchers_voucher ORDER BY issued_at DESC LIMIT 1) AS v"
    query = f"SELECT t.* FROM {table} t, {last} WHERE t.{key} = {_OF_A_VOUCHER[table]} LIMIT 1"
    with owner.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT".encode()) as rows:
        values = b"".join(bytes(each) for each in rows).decode().rstrip("\n").split("\t")
    differs = {"id", "number", "customer_id", "voucher_id", "transfer_id", "account_id"}
    kept = differs - ({"transfer_id"} if table != "ledger_entry" else set())
    return (
        "\t".join(f"%({n})s" if n in kept else v.replace("%", "%%") for n, v in zip(names, values, strict=True)) + "\n"
    )
