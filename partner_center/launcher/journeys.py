"""For pytest: where journeys are required, a skipped one is a failed one, so that no gate passes without a browser."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

REQUIRED = "PARTNER_CENTER_REQUIRE_JOURNEYS"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(REQUIRED) and _is_journey(item):
        report.outcome = "failed"
        report.longrepr = f"A journey was skipped, but {REQUIRED} is set: {report.longrepr}"
    return report


def _is_journey(item: pytest.Item) -> bool:
    return item.get_closest_marker("journey") is not None
