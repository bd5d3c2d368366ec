"""Sealed hours: an unbroken signed chain, a file outside, and two verifiers that name what was changed."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotAllowed
from partner_center.ledger import actions, queries, seals
from partner_center.ledger.export import export_transfers
from partner_center.ledger.rules import HOUR, Move
from partner_center.ledger.verify import verify
from tests.conftest import ROOT, owner

from .conftest import SYSTEM, Books, yuan

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
NOW = datetime.now(UTC)
THIS_HOUR = NOW.replace(minute=0, second=0, microsecond=0)
AGE_TRANSFERS = """
    UPDATE ledger_transfer AS t SET recorded_at = %(hour)s::timestamptz + (random() * 3000) * interval '1 second'
        WHERE recorded_at >= %(since)s;
    UPDATE ledger_transfer AS t SET digest = ledger_digest(t, (
        SELECT string_agg(ledger_line(account_id, amount_minor, currency, partner_id, upline_id, customer_id), E'\\n'
                          ORDER BY account_id) FROM ledger_entry WHERE transfer_id = t.id))
        WHERE recorded_at >= %(hour)s AND recorded_at < %(hour)s::timestamptz + interval '1 hour';
"""


@dataclass
class Ledger:
    """A ledger with transfers four and two hours ago, and the hands of somebody who owns the database."""

    books: Books
    owner: psycopg.Connection[Any]
    file: Path
    transfers: list[UUID]

    def post(self, hours_ago: int, minor: int = 5) -> UUID:
        with seated(SYSTEM):
            moves = [Move(self.books.quota, yuan(-minor)), Move(self.books.sub_quota, yuan(minor))]
            transfer = actions.post(SYSTEM, kind="quota.pass_on", moves=moves, reason="季度\n额度")
        self.age(hours_ago)
        return transfer

    def age(self, hours_ago: int) -> None:
        """As if what was posted this hour had been posted then."""
        values = {"hour": THIS_HOUR - hours_ago * HOUR, "since": THIS_HOUR - timedelta(minutes=1)}
        self.tamper(psycopg.ClientCursor(self.owner).mogrify(AGE_TRANSFERS, values))

    def tamper(self, statement: str) -> None:
        """Triggers off: what only the owner of the database can do."""
        self.owner.execute(f"SET session_replication_role = replica; {statement}; RESET session_replication_role")

    def seal(self) -> tuple[datetime, ...]:
        return seals.seal_due(NOW, KEY, self.file)

    def found(self, file: Path | None = None) -> list[tuple[str, str]]:
        return [(one.kind, one.subject) for one in verify(SYSTEM, [KEY.public_key()], file)]


@pytest.fixture
def ledger(committing_db: str, make_books: Callable[[], Books], tmp_path: Path) -> Iterator[Ledger]:
    with owner(committing_db) as connection:
        made = Ledger(make_books(), connection, tmp_path / "data" / "seals.jsonl", [])
        made.age(4)
        made.transfers += [made.post(4), made.post(2)]
        yield made


@pytest.fixture(scope="module")
def offline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_seals", ROOT / "tools" / "verify_seals.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def offline_says(ledger: Ledger, offline: ModuleType, capsys: pytest.CaptureFixture[str]) -> Callable[[], list[str]]:
    def run() -> list[str]:
        export = ledger.file.with_name("transfers.jsonl")
        with export.open("w", encoding="utf-8") as stream:
            export_transfers(SYSTEM, stream)
        key = seals.public_text(KEY.public_key())
        code = offline.main([str(ledger.file), "--key", key, "--transfers", str(export)])
        said = capsys.readouterr().out.splitlines()
        assert code == (0 if said[0].startswith("OK") else 1)
        return said

    return run


def past(hours_ago: int) -> datetime:
    return THIS_HOUR - hours_ago * HOUR


def last_sealable() -> int:
    """The hour before this one is over; it may be sealed ten minutes into this one."""
    return 1 if NOW.minute >= 10 else 2


def test_every_hour_to_the_last_is_sealed_once_in_one_chain(ledger: Ledger) -> None:
    expected = tuple(past(ago) for ago in range(4, last_sealable() - 1, -1))
    assert ledger.seal() == expected
    assert ledger.seal() == ()
    lines = [json.loads(line) for line in ledger.file.read_text().splitlines()]
    assert [line["count"] for line in lines][:3] == [3, 0, 1]
    assert [line["previous_root"] for line in lines[1:]] == [line["root"] for line in lines[:-1]]
    assert lines[0]["sums"] == {"CNY": 20_005}
    assert lines[2]["transfers"][0][0] == str(ledger.transfers[1])
    assert ledger.found(ledger.file) == []
    with seated(SYSTEM):
        assert [seal.hour for seal in queries.seals()][::-1] == list(expected)


def test_an_hour_is_not_sealed_within_ten_minutes_of_its_end(ledger: Ledger) -> None:
    nine_minutes_later = past(3) + timedelta(minutes=9)
    assert seals.seal_due(nine_minutes_later, KEY, ledger.file) == ()
    assert seals.seal_due(past(3) + timedelta(minutes=10), KEY, ledger.file) == (past(4),)


def test_a_clock_running_ahead_seals_no_hour_that_is_not_over(ledger: Ledger) -> None:
    sealed = seals.seal_due(NOW + timedelta(days=2), KEY, ledger.file)
    assert sealed[-1] <= past(1)


def test_whoever_posts_holds_the_hour_until_the_commit(ledger: Ledger) -> None:
    held = "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND classid = 7310002 AND mode = 'ShareLock'"
    with seated(SYSTEM), connection.cursor() as cursor:
        moves = [Move(ledger.books.quota, yuan(-5)), Move(ledger.books.sub_quota, yuan(5))]
        transfer = actions.post(SYSTEM, kind="quota.pass_on", moves=moves)
        hour = queries.transfer(SYSTEM, transfer).transfer.recorded_at.timestamp() // 3600
        cursor.execute(held)
        assert cursor.fetchall() == [(hour,)]
    assert ledger.owner.execute(held).fetchall() == []


def test_a_transfer_not_yet_committed_delays_the_seal_of_its_hour(ledger: Ledger, committing_db: str) -> None:
    with owner(committing_db) as straggler, straggler.transaction():
        straggler.execute("SELECT pg_advisory_xact_lock_shared(7310002, ledger_hour(%s))", [past(3)])
        assert ledger.seal() == (past(4),)
        assert ledger.seal() == ()
    late = ledger.post(3)
    assert ledger.seal()[0] == past(3)
    line = json.loads(ledger.file.read_text().splitlines()[1])
    assert [transfer for transfer, _ in line["transfers"]] == [str(late)]
    assert ledger.found(ledger.file) == []


def test_the_file_is_made_good_after_a_crash(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    ledger.seal()
    whole = ledger.file.read_bytes()
    for cut in (len(whole) - 1, len(whole) - 40, whole.index(b"\n") + 1, 0):
        ledger.file.write_bytes(whole[:cut])
        ledger.seal()
        assert ledger.file.read_bytes() == whole
    assert "seal file begun anew" in caplog.text


def test_a_line_of_the_file_that_was_cut_short_is_named(ledger: Ledger) -> None:
    ledger.seal()
    whole = ledger.file.read_bytes()
    ledger.file.write_bytes(whole[:-9])
    assert ledger.found(ledger.file) == [("seal_file", f"line {whole.count(10)}")]


def test_a_sound_ledger_satisfies_both_verifiers(ledger: Ledger, offline_says: Callable[[], list[str]]) -> None:
    hours = len(ledger.seal())
    ledger.post(0)
    assert ledger.found(ledger.file) == []
    assert offline_says() == [f"OK: {hours} hours, 4 transfers"]


def test_a_changed_entry_is_named_with_its_transfer_account_and_hour(
    ledger: Ledger, offline_says: Callable[[], list[str]]
) -> None:
    ledger.seal()
    transfer, account = ledger.transfers[0], ledger.books.quota
    ledger.tamper(f"UPDATE ledger_entry SET amount_minor = -4 WHERE transfer_id = '{transfer}' AND amount_minor < 0")
    assert ledger.found() == [
        ("transfer_changed", str(transfer)),
        ("transfer_unbalanced", str(transfer)),
        ("account_balance", str(account)),
    ]
    assert f"transfer {transfer}: changed" in offline_says()


REDIGEST = """; UPDATE ledger_transfer AS t SET digest = ledger_digest(t, (
    SELECT string_agg(ledger_line(account_id, amount_minor, currency, partner_id, upline_id, customer_id), E'\\n'
                      ORDER BY account_id) FROM ledger_entry WHERE transfer_id = t.id))"""


def test_a_forger_who_mends_sums_balances_and_digest_is_betrayed_by_the_seal(
    ledger: Ledger, offline_says: Callable[[], list[str]]
) -> None:
    ledger.seal()
    transfer = ledger.transfers[0]
    ledger.tamper(
        f"UPDATE ledger_entry SET amount_minor = amount_minor * 2 WHERE transfer_id = '{transfer}';"
        f"UPDATE ledger_account SET balance = balance - 5 WHERE id = '{ledger.books.quota}';"
        f"UPDATE ledger_account SET balance = balance + 5 WHERE id = '{ledger.books.sub_quota}'" + REDIGEST
    )
    hour = past(4).isoformat()
    assert ledger.found() == [("seal_root", hour)]
    assert ledger.found(ledger.file) == [("seal_root", hour), ("transfer_changed", str(transfer))]
    assert f"transfer {transfer}: changed" in offline_says()


def test_a_deleted_transfer_is_named(ledger: Ledger, offline_says: Callable[[], list[str]]) -> None:
    ledger.seal()
    transfer = ledger.transfers[1]
    ledger.tamper(f"DELETE FROM ledger_transfer WHERE id = '{transfer}'")
    assert ledger.found(ledger.file) == [
        ("transfer_missing", str(transfer)),
        ("seal_root", past(2).isoformat()),
        ("transfer_missing", str(transfer)),
    ]
    assert f"transfer {transfer}: sealed, and missing from the export" in offline_says()


def test_a_transfer_put_into_a_sealed_hour_is_named(ledger: Ledger, offline_says: Callable[[], list[str]]) -> None:
    ledger.seal()
    slipped_in = ledger.post(3)
    assert ledger.found(ledger.file) == [
        ("seal_root", past(3).isoformat()),
        ("transfer_added", str(slipped_in)),
    ]
    assert any(line.startswith(f"transfer {slipped_in}: not in the seal") for line in offline_says())


def test_a_changed_balance_is_named(ledger: Ledger) -> None:
    ledger.tamper(f"UPDATE ledger_account SET balance = balance + 1 WHERE id = '{ledger.books.foreign}'")
    assert ledger.found() == [("account_balance", str(ledger.books.foreign))]


@pytest.mark.parametrize(
    ("forgery", "kinds"),
    [
        ("UPDATE ledger_seal SET transfer_count = 9 WHERE hour = %s", {"seal_root", "seal_signature"}),
        ("UPDATE ledger_seal SET root = sha256('') WHERE hour = %s", {"seal_root", "seal_signature", "seal_changed"}),
        ("UPDATE ledger_seal SET signature = sha256('') WHERE hour = %s", {"seal_signature"}),
        ("UPDATE ledger_seal SET key_id = 'nobody' WHERE hour = %s", {"seal_key_unknown"}),
        ("DELETE FROM ledger_seal WHERE hour = %s", {"seal_missing"}),
    ],
)
def test_a_forged_seal_is_named_by_its_hour(ledger: Ledger, forgery: str, kinds: set[str]) -> None:
    ledger.seal()
    ledger.tamper(forgery.replace("%s", f"'{past(3).isoformat()}'"))
    found = ledger.found(ledger.file)
    assert kinds == {kind for kind, subject in found if subject == past(3).isoformat()}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[0].update(count=7), "counts 7 transfers and lists 3"),
        (lambda lines: lines[0]["transfers"].reverse(), "root does not follow"),
        (lambda lines: lines[0].update(sums={"CNY": 1}), "signature is not valid"),
        (lambda lines: lines[0].update(key_id="nobody"), "unknown key nobody"),
        (lambda lines: lines.pop(1), "missing or out of order"),
    ],
)
def test_the_offline_verifier_names_what_was_changed_in_the_file(
    ledger: Ledger, offline_says: Callable[[], list[str]], change: Callable[[list[dict[str, Any]]], object], said: str
) -> None:
    ledger.seal()
    lines = [json.loads(line) for line in ledger.file.read_text().splitlines()]
    change(lines)
    ledger.file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert any(said in line for line in offline_says())


def test_the_canonical_forms_agree_outside_the_product(ledger: Ledger, offline: ModuleType, tmp_path: Path) -> None:
    export = tmp_path / "transfers.jsonl"
    with export.open("w", encoding="utf-8") as stream:
        assert export_transfers(SYSTEM, stream) == 4
    for told in map(json.loads, export.read_text(encoding="utf-8").splitlines()):
        assert offline.transfer_digest(told) == told["digest"]


def test_who_sees_a_part_verifies_and_exports_nothing(ledger: Ledger, tmp_path: Path) -> None:
    dario = ledger.books.dario
    with pytest.raises(NotAllowed):
        verify(dario, [])
    with (tmp_path / "out").open("w") as stream, pytest.raises(NotAllowed):
        export_transfers(dario, stream)


def test_keys_are_read_from_text_and_named_by_their_digest() -> None:
    text = seals.public_text(KEY.public_key())
    assert seals.key_id(seals.public_key(text)) == seals.key_id(KEY.public_key())
    for wrong in ("", "not base64!", "AAAA"):
        with pytest.raises(seals.BadKey):
            seals.signing_key(wrong)
