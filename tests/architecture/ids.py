"""Ids of the domain's rules: which exist, and which a text names."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from tests.architecture.source import PACKAGE, ROOT

IDS_IN_TEXT = re.compile(r"\b(?:SM|CBC|[A-Z])-\d+\b")
_RANGE = re.compile(r"\b([A-Z]+)-(\d+)(?: (?:to|–|-) (?:[A-Z]+-)?(\d+))?")


def spelled_out(text: str) -> tuple[str, ...]:
    """The ids that a text names, ranges written out."""
    found = []
    for letter, first, last in _RANGE.findall(text):
        width = len(first)
        found += [f"{letter}-{number:0{width}d}" for number in range(int(first), int(last or first) + 1)]
    return tuple(found)


@cache
def texts_of_rules() -> dict[str, dict[str, object]]:
    """Every row of every rules.toml, by `app/key`."""
    rows = {}
    for path in sorted(PACKAGE.glob("*/rules.toml")):
        for key, row in tomllib.loads(path.read_text(encoding="utf-8")).items():
            rows[f"{path.parent.name}/{key}"] = {"id": key, **row}
    return rows


@cache
def known_ids() -> frozenset[str]:
    """Ids of the domain's register, and of the rows of ours that stand behind it."""
    ours = {str(row["id"]).partition(".")[0] for row in texts_of_rules().values()}
    register = ROOT / "docs" / "rules" / "ids.toml"
    listed = IDS_IN_TEXT.findall(register.read_text(encoding="utf-8")) if register.exists() else []
    return frozenset(ours) | frozenset(listed)
