"""Twelve thousand vouchers out of one file: looked at, issued in the background, undone in one go."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import expect

from tests.conftest import APP_PASSWORD, APP_ROLE, _server
from tests.journeys.accessible import too_wide, violations
from tests.journeys.world import World

pytestmark = pytest.mark.journey

ROWS, PATIENCE = 12_000, 30_000
BAD = {17: ["nobody-we-know", 100], 4_000: ["carl", 1.234], 11_999: ["", 100]}


def _file() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Customer", "Face value", "Remark"])
        for number in range(1, ROWS + 1):
            sheet.write_row(number, 0, BAD.get(number, ["carl", 100 + number % 3, f"R-{number % 40}"]))
    return made.getvalue()


WORK = """
import django
django.setup()
from django.utils import timezone
from partner_center.entrypoints.jobs import due
due.carry_on_batches(timezone.now())
"""


def _work(database: str) -> None:
    """What the worker does by itself; it is no part of the journeys' product."""
    at = _server()
    url = f"postgresql://{APP_ROLE}:{APP_PASSWORD}@{at['HOST']}:{at['PORT']}/{database}"
    environment = {**os.environ, "DATABASE_APP_URL": url}
    subprocess.run([sys.executable, "-c", WORK], env=environment, check=True)


def test_twelve_thousand_vouchers_are_looked_at_issued_and_undone(
    visit: Any, world: World, journeys_database: str
) -> None:
    sol, quota = visit("sol"), world.quotas["from a file"]
    sol.page.set_default_timeout(PATIENCE)
    sol.opens(f"/vouchers/quotas/{quota}/mass-issue/")
    file = {"name": "q4.xlsx", "mimeType": "application/octet-stream", "buffer": _file()}
    sol.page.set_input_files("#id_file", files=[file])
    sol.presses("Upload and check")
    sol.page.wait_for_url("**/vouchers/batches/*/")
    sol.sees("3 bad rows get nothing")
    for rule in ("nobody-we-know", "S-370", "1.234", "S-371"):
        sol.sees(rule, within="#rows")
    assert violations(sol.page) == [] and too_wide(sol.page) == []

    sol.presses("Issue 11,997 vouchers")
    sol.is_told("Issuing has begun")
    sol.sees("3 of 12,000 rows are worked off")
    _work(journeys_database)
    # The page finds out by itself.
    expect(sol.page.locator(".pc-now")).to_contain_text("11,997 vouchers issued", timeout=PATIENCE)

    sol.follows("Undo…")
    sol.presses("Take back ¥")
    sol.is_told("is back in the quota")
    sol.opens(f"/vouchers/quotas/{quota}/")
    assert sol.whereabouts() == {"Granted": 2_000_000, "Kept": 2_000_000}
