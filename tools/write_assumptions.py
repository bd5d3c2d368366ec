"""Writes docs/rules/assumptions.md: every value of the policy packs that no source gives, and what we went by."""

from __future__ import annotations

import sys
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

    target = ROOT / "docs" / "rules" / "assumptions.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(pack for site in sites() for pack in packs(site)), encoding="utf-8")
