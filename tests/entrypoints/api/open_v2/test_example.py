"""The program in docs/api.md is run as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.entrypoints.api.open_v2.conftest import forget_counts
from tests.entrypoints.api.open_v2.world import Party, World


def test_the_example_of_the_documents_issues_reclaims_and_lists(
    bss: Any, world: World, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def keys(party: Party) -> dict[str, str]:
        return {"access_key": party.access_key, "secret_key": party.secret}

    told = {"solution_provider": keys(world.sol), "distributor": keys(world.dario)}
    (tmp_path / "keys.json").write_text(json.dumps({"address": address, "accounts": told}))
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    program = page.split("```python\n")[1].split("```")[0]
    forget_counts()
    exec(compile(program, "docs/api.md", "exec"), {})
    issued, reclaimed, listed = capsys.readouterr().out.strip().rsplit("\n", 2)
    assert world.carl in issued and issued.endswith("[]")
    assert (reclaimed, listed) == ("204", "2 1")
