"""The gate that no journey is skipped behind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPED = """
import pytest

@pytest.mark.journey
@pytest.mark.skipif(True, reason="no browser")
def test_a_journey(): pass

@pytest.mark.skipif(True, reason="something else")
def test_no_journey(): pass
"""


@pytest.mark.parametrize(("required", "code", "end"), [("", 0, "2 skipped"), ("1", 1, "1 skipped, 1 error")])
def test_a_skipped_journey_fails_only_where_journeys_are_required(
    tmp_path: Path, required: str, code: int, end: str
) -> None:
    (tmp_path / "test_it.py").write_text(SKIPPED)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = journey\naddopts = -p no:django\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "partner_center.launcher.journeys", "test_it.py"]
    env = os.environ | {"PARTNER_CENTER_REQUIRE_JOURNEYS": required}
    ran = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stdout
    assert end in ran.stdout
