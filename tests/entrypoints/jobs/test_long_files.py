"""A long file of vouchers goes on by itself, also after the worker that was at it has died."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from partner_center.entrypoints.jobs import due
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.ledger.verify import verify
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import IssueBatch, Voucher
from partner_center.vouchers.rules import Cells
from tests.conftest import owner
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.jobs.test_worker import _wait_for, _worker
from tests.entrypoints.world import World

FACES = ("10", "20", "30")
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%%ledger_fund%%'"


def begun(world: World) -> Any:
    rhea = world.actor("rhea")
    rows = [queries.RowIn(number, Cells("carl-works", face)) for number, face in enumerate(FACES, 2)]
    batch = actions.upload_batch(rhea, quota_id=world.sub_quota, rows=rows).batch_id
    actions.issue_batch(rhea, batch_id=batch, at_once=1)
    return batch


def found(batch: Any) -> tuple[str, int, int]:
    with seated(system_actor("tests: looking", timezone.now())):
        row = IssueBatch.objects.get(pk=batch)
        return row.state, row.issued_count, Voucher.objects.filter(issue_id=batch).count()


def test_the_worker_carries_on_with_a_long_file_as_soon_as_it_is_begun(
    committing_db: str, world: World, inbox: Inbox, settings: Any, tmp_path: Path
) -> None:
    batch = begun(world)
    with _worker(committing_db, settings.EMAIL_PORT, tmp_path / "worker.log"):
        assert _wait_for(lambda: found(batch) == ("issued", 3, 3)), (tmp_path / "worker.log").read_text()


def test_a_worker_killed_in_the_midst_of_a_chunk_leaves_nothing_half_done_and_the_next_goes_on(
    committing_db: str, world: World, inbox: Inbox, settings: Any, tmp_path: Path
) -> None:
    batch = begun(world)
    system = system_actor("tests: a worker before", timezone.now())
    assert actions.carry_on(system, batch_id=batch, limit=1) == 1
    with owner(committing_db) as holder, holder.transaction(), owner() as looking:
        # Its vouchers and entries are written; for the balances it has to wait for us.
        holder.execute("SELECT FROM ledger_account WHERE id = %s FOR UPDATE", [batch])
        with _worker(committing_db, settings.EMAIL_PORT, tmp_path / "worker.log") as worker:

            def waits() -> bool:
                row = looking.execute(WAITING).fetchone()
                return bool(row and row[0])

            assert _wait_for(waits), (tmp_path / "worker.log").read_text()
            worker.kill()
            worker.wait()
    assert _wait_for(lambda: found(batch) == ("issuing", 1, 1))
    # What the schedule does every minute.
    assert _wait_for(lambda: due.carry_on_batches(timezone.now()) == 2)
    assert found(batch) == ("issued", 3, 3)
    auditor = system_actor("tests: auditing", datetime.now(UTC))
    with seated(auditor):
        sum_ = queries.quota_sum(auditor, world.sub_quota)
    assert sum_.closes and sum_.outstanding.minor == 60_00
    assert verify(auditor, [], None) == ()
