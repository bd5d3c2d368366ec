"""Writes what we assumed and inferred: docs/rules/assumptions.md from the policy packs, docs/rules/inferred.md from the
texts of the rules."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from partner_center.policy.rules import Pack

HEAD = """# Assumptions

Values of the policy packs that no source we could read gives. Each carries `assumed = true` in its pack; whoever knows
better changes the pack (`partner_center/policy/packs/<site>/<version>.toml`) and takes the mark away. This page is
written by `python tools/write_assumptions.py`; a test compares it with the packs.
"""


INFERRED = """# Inferred rules

Rows of the rule tables that no source states in so many words: `inferred` follows from what is documented, `partly` is
documented in part. Each is marked so in its `rules.toml`. This page is written by `python tools/write_assumptions.py`;
a test compares it with the texts.

| row | evidence | 中文 | English |
| --- | --- | --- | --- |
"""


def inferred() -> str:
    """The rules of all apps that are not simply documented."""
    lines = []
    for file in sorted((ROOT / "partner_center").glob("*/rules.toml")):
        for key, row in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if row.get("evidence", "documented") != "documented":
                lines.append(f"| {key} | {row['evidence']} | {row['zh']['name']} | {row['en']['name']} |\n")
    return INFERRED + "".join(lines)


def page(packs: Iterable[Pack]) -> str:
    """The page's text: a table for each pack."""
    parts = [HEAD]
    for pack in packs:
        rows = [f"| `{one.name}` | {one.value} | {one.source} |" for one in pack.assumptions]
        head = [
            "",
            f"## {pack.site}, version {pack.version}",
            "",
            "| value | assumed | what we went by |",
            "| --- | --- | --- |",
        ]
        parts.append("\n".join([*head, *rows, ""]))
    return "".join(parts)


if __name__ == "__main__":
    from partner_center.policy.queries import packs, sites

    folder = ROOT / "docs" / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    every = page(pack for site in sites() for pack in packs(site))
    (folder / "assumptions.md").write_text(every, encoding="utf-8")
    (folder / "inferred.md").write_text(inferred(), encoding="utf-8")
