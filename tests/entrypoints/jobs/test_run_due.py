"""What is due is done at the business time it is asked for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app

from partner_center.entrypoints.cli.main import main
from partner_center.entrypoints.jobs.schedule import SCHEDULE
from partner_center.fence.seat import seated
from partner_center.support import actions as support
from partner_center.support.files import Upload
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers import queries
from partner_center.vouchers.queries.checkout import OrderInput
from tests.entrypoints import world as cast
from tests.entrypoints.jobs.conftest import Inbox
from tests.entrypoints.world import World


def _run_due(capsys: pytest.CaptureFixture[str], days: float, *more: str) -> dict[str, Any]:
    at = timezone.now() + timedelta(days=days)
    assert main(["run-due", "--at", at.isoformat(), "--json", *more]) == 0
    done: dict[str, Any] = json.loads(capsys.readouterr().out)
    return done


def _balance(quota: Any) -> str:
    rhea = cast.actor("rhea")
    with seated(rhea):
        return str(queries.quota_detail(rhea, quota).row.balance)


def test_a_voucher_that_ended_goes_back_to_its_quota(
    world: World, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules: S-401, S-402."""
    issued = world.issue("100.00", days=20)
    assert _run_due(capsys, 0)["expire"] == 0
    assert _balance(world.sub_quota) == "2,900.00"
    assert _run_due(capsys, 21)["expire"] == 1
    assert _balance(world.sub_quota) == "3,000.00"
    carl = cast.actor("carl")
    with seated(carl):
        assert queries.my_voucher(carl, issued.vouchers[0].voucher_id).state == "expired"
    assert _run_due(capsys, 21)["expire"] == 0


def test_what_an_order_holds_comes_back_when_it_is_not_paid(
    world: World, inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    world.issue("100.00")
    carl = cast.actor("carl")
    vouchers.authorise(carl, order_reference="o-1", lines=[OrderInput("ecs.s3", cast.cny("60"))])
    done = _run_due(capsys, 5, "--only", "time-out-authorisations")
    assert done["time-out-authorisations"] == 1
    with seated(carl):
        assert [str(row.balance) for row in queries.my_vouchers(carl).rows] == ["100.00"]


def test_a_resolved_ticket_closes_and_its_files_go_after_their_time(
    world: World, inbox: Inbox, capsys: pytest.CaptureFixture[str], settings: Any, tmp_path: Path
) -> None:
    """L-251."""
    backend = {**settings.STORAGES["attachments"], "OPTIONS": {"location": tmp_path / "attachments"}}
    settings.STORAGES = {**settings.STORAGES, "attachments": backend}
    vera, terms = cast.actor("vera"), {"severity": "guidance", "contact": "rhea@partner.example"}
    files = [Upload("log.txt", b"12:00 it failed")]
    id_ = support.open_ticket(
        cast.actor("rhea"), category="other", subject="?", text="?", uploads=files, **terms
    ).ticket_id
    support.take(vera, ticket_id=id_)
    support.resolve(vera, ticket_id=id_, text="Done")
    assert _run_due(capsys, 6, "--only", "close-tickets")["close-tickets"] == 0
    assert _run_due(capsys, 8, "--only", "close-tickets")["close-tickets"] == 1
    assert _run_due(capsys, 187, "--only", "forget-ticket-files")["forget-ticket-files"] == 0
    assert _run_due(capsys, 189, "--only", "forget-ticket-files")["forget-ticket-files"] == 1
    assert [each for each in (tmp_path / "attachments").rglob("*") if each.is_file()] == []


def test_reactions_and_their_mails_are_done_too(world: World, inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    world.issue()
    assert _run_due(capsys, 0)["reactions"] > 0
    assert [mail["Subject"] for mail in inbox() if mail["To"] == "carl@customer.example"] == ["您收到一张代金券"]


def test_every_entry_of_the_schedule_runs_by_itself() -> None:
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert {f"schedule:{entry.name}" for entry in SCHEDULE} <= periodic
