"""The register of rules says what the code and the tests say."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from partner_center.entrypoints.cli.coverage import IDS, covered, ids_in, in_code
from partner_center.entrypoints.cli.main import main


def test_every_rule_is_told_once_with_a_state_that_its_places_support(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    known = tomllib.loads(IDS.read_text())
    assert [rule["id"] for rule in told] == sorted(known)
    for rule in told:
        assert (rule["state"] == "done") == bool(rule["code"] and rule["tests"])
        assert rule["state"] != "optional" or known[rule["id"]].get("optional")


def test_the_code_names_no_rule_that_does_not_exist() -> None:
    package = IDS.parents[2] / "partner_center"
    assert set(in_code(package)) <= set(tomllib.loads(IDS.read_text()))


def test_a_range_names_all_between() -> None:
    assert set(ids_in("S-362 to S-365, S-902")) == {"S-362", "S-363", "S-364", "S-365", "S-902"}


def test_a_rule_is_done_when_the_code_keeps_it_and_a_test_names_it(tmp_path: Path) -> None:
    files = {
        "docs/rules/ids.toml": "\n".join(f'S-00{n} = {{ title = "t" }}' for n in range(1, 5))
        + '\nS-005 = { title = "t", optional = true }',
        "partner_center/a/rules.toml": '["S-001.state"]\nid = "S-001"\n[S-002]\n',
        "partner_center/a/actions.py": '"""Do.\n\nRules: S-003,\n    S-004.\nRaises: S-005 is no mention.\n"""\n',
        "tests/test_a.py": '"""S-001 and S-003 and S-005."""',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    states = {rule.id: rule.state for rule in covered(tmp_path)}
    assert states == {"S-001": "done", "S-002": "pending", "S-003": "done", "S-004": "pending", "S-005": "optional"}
