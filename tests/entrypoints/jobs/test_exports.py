"""The worker writes exports: as the asker reads the list, masked, row by row, through its own death. Rules: S-254."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from partner_center.access import actions as access
from partner_center.entrypoints.export_words import KINDS, OPERATIONS, QUOTA_STATES, VOUCHER_STATES
from partner_center.entrypoints.jobs import due, exporting, queue, sheets, writers
from partner_center.entrypoints.jobs.reactions import react
from partner_center.entrypoints.web import quota_shown, voucher_records, voucher_shown
from partner_center.exports import actions as exports
from partner_center.exports import files, queries
from partner_center.exports.kinds import KINDS as KNOWN
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.codec import to_json
from partner_center.kernel.errors import NotFound
from partner_center.vouchers.queries import QuotaFilter, RecordFilter, VoucherFilter
from tests.entrypoints import world as cast
from tests.entrypoints.jobs.test_worker import _wait_for, _worker
from tests.entrypoints.world import World

FILTERS: dict[str, Any] = {
    "voucher_records": to_json(RecordFilter()),
    "vouchers": to_json(VoucherFilter()),
    "quotas": to_json(QuotaFilter()),
    "customers": {"text": "", "type": None, "tab": "own"},
    "audit": {"name": "", "text": ""},
    "vendor_quotas": to_json(QuotaFilter()),
    "issued_quotas": to_json(QuotaFilter(tab="passed_on")),
    "quota_records": {},
}
SECRETS = ("卡尔制造", "Carl Works", "carl@customer.example", "carl-works")


@pytest.fixture(autouse=True)
def kept_in(tmp_path: Path, settings: Any) -> Path:
    at = tmp_path / "kept"
    options = {"location": at, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    settings.STORAGES = settings.STORAGES | {"exports": settings.STORAGES["exports"] | {"OPTIONS": options}}
    settings.EXPORTS_AT_WORK = tmp_path / "at-work"
    return at


def ask(login: str, kind: str, **more: Any) -> UUID:
    words = [["Customer", "卡尔制造", True]]
    terms = {
        "parameters": {"filter": FILTERS[kind], "words": {"zh": words, "en": words}, "address": {}},
        "expected_rows": 1,
    }
    return exports.request(cast.actor(login), kind=kind, **terms | more).export_id


def row(export_id: UUID) -> queries.ExportRow:
    actor = system_actor("test", timezone.now())
    with seated(actor):
        return queries.export(actor, export_id)


def read(export_id: UUID) -> bytes:
    return files.opened(row(export_id).file_name).read()


def book(export_id: UUID) -> tuple[list[list[Any]], list[list[Any]]]:
    """The first sheet and the rows, with another program's eyes."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(read(export_id)))
    about, rows = (found.get_sheet_by_index(number).to_python() for number in (0, 1))
    return about, rows


def texts(export_id: UUID) -> str:
    return "\n".join(str(cell) for sheet in book(export_id) for line in sheet for cell in line)


@pytest.mark.parametrize("kind", ["voucher_records", "vouchers", "customers"])
def test_names_and_contacts_are_really_not_in_a_masked_file(world: World, kind: str) -> None:
    """Rules: S-254, S-412, S-904."""
    world.issue()
    export_id = ask("rhea", kind)
    exporting.make(export_id)
    said = texts(export_id)
    assert not [secret for secret in SECRETS if secret in said]
    assert "masked" in said and world.customer.hex in said


def test_an_unmasked_file_holds_them(world: World) -> None:
    export_id = ask("rhea", "customers", masked=False)
    exporting.make(export_id)
    said = texts(export_id)
    assert "Carl Works" in said and "carl-works" in said and "not masked" in said


def test_the_first_sheet_says_what_the_file_is_and_amounts_are_numbers(world: World) -> None:
    world.issue("128.50")
    export_id = ask("rhea", "vouchers")
    exporting.make(export_id)
    about, rows = book(export_id)
    said = {label: value for label, value, *_ in about}
    assert said["Content"] == "Issued vouchers"
    assert (said["Rows"], said["Time zone"]) == ("1", "Asia/Shanghai")
    assert (said["Asked for by"], said["Account"]) == ("Rhea", "Rhea")
    heads, first = rows
    line = dict(zip(heads, first, strict=True))
    assert (line["Face value"], line["Currency"], line["State"]) == (128.5, "CNY", "Usable")
    assert line["Issued at"].year == timezone.now().year
    done = row(export_id)
    assert (done.state, done.rows, done.size) == ("done", 1, len(read(export_id)))
    assert done.sha256 == hashlib.sha256(read(export_id)).hexdigest()


def test_the_words_are_the_askers_language(world: World) -> None:
    export_id = ask("dario", "issued_quotas")
    exporting.make(export_id)
    about, rows = book(export_id)
    assert about[0][:2] == ["内容", "已发放代金券额度"]
    assert rows[0][:3] == ["额度", "来源额度", "云经销商"] and rows[1][2] == "海 ***"


OTHERS = (("audit", "rhea"), ("quotas", "dario"), ("vendor_quotas", "vera"), ("quota_records", "dario"))


@pytest.mark.parametrize("kind, login", OTHERS)
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_every_list_becomes_a_file(world: World, kind: str, login: str, file_format: str) -> None:
    export_id = ask(login, kind, file_format=file_format)
    exporting.make(export_id)
    done = row(export_id)
    assert done.state == "done" and done.rows > 0 and done.size > 0


def test_a_file_holds_what_the_seat_may_see_and_nothing_else(world: World) -> None:
    world.issue()
    for login, rows in (("rhea", 1), ("stranger", 0), ("dario", 0)):
        export_id = ask(login, "vouchers")
        exporting.make(export_id)
        assert row(export_id).rows == rows, login


def test_lines_with_commas_say_first_what_they_are_and_mark_formulas_as_text(world: World) -> None:
    from partner_center.customers.actions import label

    label(cast.actor("rhea"), customer_id=world.customer, text="=1+1")
    for file_format in ("csv", "xlsx"):
        export_id = ask("rhea", "customers", file_format=file_format)
        exporting.make(export_id)
        if file_format == "xlsx":
            _, (heads, line) = book(export_id)
            assert dict(zip(heads, line, strict=True))["Label"] == "=1+1"
            assert b"<f>" not in read(export_id)
            continue
        lines = list(csv.reader(io.StringIO(read(export_id).decode("utf-8-sig"))))
        assert lines[0] == ["Content", "Customer list"]
        heads, line = lines[lines.index([]) + 1 :]
        assert dict(zip(heads, line, strict=True))["Label"] == "'=1+1"


@pytest.mark.parametrize("sign", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_what_begins_like_a_formula_is_a_text(sign: str) -> None:
    assert writers._plain(sign) == f"'{sign}"
    assert writers._plain("VC1") == "VC1"


def test_who_lost_the_permission_meanwhile_gets_no_file(world: World) -> None:
    dario = cast.actor("dario")
    member = access.add_member(dario, login="fin", display_name="Fin", roles=["finance"], password="long enough it is")
    export_id = ask("fin", "vouchers")
    access.change_roles(dario, user_id=member, roles=["account_manager"])
    exporting.make(export_id)
    assert (row(export_id).state, row(export_id).reason) == ("failed", "not_allowed")
    with pytest.raises(NotFound):
        read(export_id)


def test_a_list_that_grew_too_long_fails_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_batches", lambda sheet, *_: iter([[("x",) * len(sheet.columns)] * 150_000] * 2))
    monkeypatch.setattr(exporting, "writer", lambda *_: _Nowhere())
    export_id = ask("rhea", "vouchers")
    exporting.make(export_id)
    assert (row(export_id).state, row(export_id).reason) == ("failed", "too_many_rows")


class _Nowhere:
    def row(self, values: Any) -> None: ...


def test_a_huge_list_is_read_in_batches_and_held_in_the_memory_of_one_row(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "BATCH", 2)
    for _ in range(5):
        world.issue("1.00")
    sizes: list[int] = []
    batches = exporting._batches

    def watched(*inputs: Any) -> Iterator[list[Any]]:
        for each in batches(*inputs):
            sizes.append(len(each))
            yield each

    monkeypatch.setattr(exporting, "_batches", watched)
    export_id = ask("rhea", "voucher_records")
    exporting.make(export_id)
    assert sizes == [2, 2, 1] and row(export_id).rows == 5
    assert writers.OPTIONS["constant_memory"] is True and sheets.BATCH <= 200
    assert len(book(export_id)[1]) == 6


def test_a_file_whose_days_are_over_is_gone(world: World, kept_in: Path) -> None:
    export_id = ask("rhea", "vouchers")
    exporting.make(export_id)
    [kept] = kept_in.rglob("*.xlsx")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert due.expire_exports(timezone.now()) == 0
    assert due.expire_exports(timezone.now() + timedelta(days=8)) == 1
    assert not kept.exists() and row(export_id).state == "expired"


def test_the_reaction_makes_it_once_however_often_it_is_queued(world: World) -> None:
    export_id = ask("rhea", "vouchers", key="k")
    assert ask("rhea", "vouchers", key="k") == export_id
    while react(system_actor("test", timezone.now())):
        pass
    queue.drain()
    assert (row(export_id).state, row(export_id).attempt) == ("done", 1)
    exporting.make(export_id)
    assert row(export_id).attempt == 1


@pytest.mark.slow
def test_an_export_whose_worker_is_killed_is_made_by_the_next(
    committing_db: str, world: World, tmp_path: Path, kept_in: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker waits in the midst of it, for a lock that a test holds, and dies by signal 9."""
    monkeypatch.setenv("PARTNER_CENTER_DATA", str(tmp_path / "data"))
    export_id = ask("rhea", "customers")
    log = tmp_path / "worker.log"
    with _held(committing_db) as holding:
        with _worker(committing_db, 1, log) as worker:
            assert _wait_for(lambda: row(export_id).state == "running"), log.read_text()
            assert _wait_for(lambda: holding.waits(), 10), log.read_text()
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        assert row(export_id).state == "running"
    with connection.cursor() as cursor:
        # As if half a minute had gone by since the dead one's last sign of life.
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    with _worker(committing_db, 1, log):
        assert _wait_for(lambda: row(export_id).state == "done", 90), log.read_text()
    done = row(export_id)
    assert (done.attempt, done.rows) == (2, 1)
    [kept] = (tmp_path / "data" / "exports").rglob("*.xlsx")
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == done.sha256


class _held:
    """The customers' table, held against every reader until the block ends."""

    def __init__(self, database: str) -> None:
        self.database = database

    def __enter__(self) -> _held:
        from tests.conftest import owner

        self.keeping = owner(self.database)
        self.connection = self.keeping.__enter__()
        self.connection.execute("BEGIN; LOCK TABLE customers_association IN ACCESS EXCLUSIVE MODE")
        return self

    def waits(self) -> bool:
        found = self.connection.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone()
        return bool(found and found[0])

    def __exit__(self, *_: object) -> None:
        self.connection.execute("ROLLBACK")
        self.keeping.__exit__(None, None, None)


def test_files_and_pages_say_the_same() -> None:
    """Every kind has a sheet and a name; states and operations are called what the page calls them."""
    assert set(sheets.SHEETS) == set(KINDS) == set(KNOWN)
    assert {n: word for n, (_, word, _) in voucher_records.TYPES.items()}.items() <= OPERATIONS.items()
    assert {state: word for state, (_, word, _) in quota_shown.STATES.items()} == dict(QUOTA_STATES)
    assert {state: word for state, (_, word, _) in voucher_shown.STATES.items()} == dict(VOUCHER_STATES)


def test_what_is_nobody_elses_name_is_not_masked(world: World) -> None:
    """The system, and the asker's own company, stand in a masked file as they are; the operator does not."""
    world.issue(days=20)
    due.expire_vouchers_and_quota(timezone.now() + timedelta(days=21))
    export_id = ask("rhea", "voucher_records")
    exporting.make(export_id)
    _, (heads, *lines) = book(export_id)
    assert {line[heads.index("By")] for line in lines} == {"the system", "R ***"}
    own = ask("dario", "quotas")
    exporting.make(own)
    assert row(own).state == "done"
    customers = ask("rhea", "customers")
    exporting.make(customers)
    _, (heads, line) = book(customers)
    assert line[heads.index("Partner")] == "Rhea" and "***" in line[heads.index("Customer")]
