"""Documents say what is there: links lead somewhere, lists are complete."""

from __future__ import annotations

import re

import pytest

from partner_center.entrypoints.api.open_v2.contract import operations
from partner_center.entrypoints.jobs.schedule import SCHEDULE
from tests.architecture.source import ROOT, files, stack

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def pages() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in files() if path.suffix == ".md"]


@pytest.mark.parametrize("name", pages())
def test_links_lead_somewhere(name: str) -> None:
    """Law: a relative link of a document names a file. Instead of a dead one: mend it with the change that moved it."""
    page = ROOT / name
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve()
        assert there.exists(), target


def test_paths_that_documents_name_exist() -> None:
    """Law: a path in backticks below partner_center, tests, tools, docs or bench exists. Instead: as for links."""
    named = re.compile(r"`((?:partner_center|tests|tools|docs|bench)/[\w/.-]+)`")
    for name in pages():
        for target in named.findall((ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_every_setting_of_the_environment_is_documented() -> None:
    """Law: each name that settings.py reads stands in docs/operations.md. Why: who runs it has nothing else to read."""
    settings = (ROOT / "partner_center" / "config" / "settings.py").read_text(encoding="utf-8")
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    for name in re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings):
        assert name in text or f"`_{name.removeprefix('PARTNER_CENTER_')}`" in text, name


def test_every_job_and_operation_is_documented() -> None:
    """Law: the schedule's jobs stand in operations.md, the partner API's operations in api.md."""
    running, calling = (DOCS / "operations.md").read_text("utf-8"), (DOCS / "api.md").read_text("utf-8")
    assert [entry.name for entry in SCHEDULE if f"| {entry.name} |" not in running] == []
    assert [each.name for each in operations().values() if f"`{each.name}`" not in calling] == []
    assert [each.path for each in operations().values() if each.path not in calling] == []


def test_the_map_shows_every_layer() -> None:
    """Law: ARCHITECTURE.md draws the layers of the import contract. Instead: draw the new one."""
    drawing = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("```")[1]
    assert [name for name in stack() if name not in drawing] == []


def test_every_decision_is_in_the_index() -> None:
    """Law: docs/README.md lists each ADR."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (DOCS / "adr").glob("*.md") if f"adr/{path.name}" not in index] == []
