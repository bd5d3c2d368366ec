"""Which rules of the domain are done, optional or pending, and the tests that name each."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from partner_center.entrypoints.cli.coverage import IDS, Covered, covered

MARKDOWN = IDS.with_name("coverage.md")
AREAS = {"S": "销售 / Sales", "I": "激励 / Incentives", "L": "生命周期 / Lifecycle"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--markdown", action="store_true", help="write docs/rules/coverage.md")
    parser.add_argument("--state", choices=("done", "optional", "pending"), help="only these")


def run(options: argparse.Namespace) -> int:
    if not IDS.exists():
        print(f"没有规则登记 / No register of rules: {IDS}", file=sys.stderr)
        return 1
    rules = [rule for rule in covered() if options.state in (None, rule.state)]
    if options.markdown:
        return _write(rules, MARKDOWN)
    if options.json:
        print(json.dumps([dataclasses.asdict(rule) for rule in rules], ensure_ascii=False, indent=1))
        return 0
    for rule in rules:
        print(f"{rule.id}  {rule.state:<8}  {rule.title}")
    print(summary(rules))
    return 0


def _write(rules: Sequence[Covered], file: Path) -> int:
    file.write_text(markdown(rules), encoding="utf-8")
    print(f"{summary(rules)} -> {file}")
    return 0


def summary(rules: Sequence[Covered]) -> str:
    counts = Counter(rule.state for rule in rules)
    return ", ".join(f"{counts[state]} {state}" for state in ("done", "optional", "pending"))


def markdown(rules: Sequence[Covered]) -> str:
    """The register as a page: what is done with its tests, then the rest by id."""
    parts = [
        "# Rules",
        "",
        "Written by `partner-center rules --markdown`; do not edit. Done: the code keeps it and a test names it.",
        "",
        summary(rules),
    ]
    for letter, area in AREAS.items():
        mine = [rule for rule in rules if rule.id.startswith(letter)]
        parts += ["", f"## {area}", "", "| rule | state | what | tests |", "| --- | --- | --- | --- |"]
        parts += [f"| {rule.id} | {rule.state} | {_cell(rule.title)} | {'<br>'.join(rule.tests)} |" for rule in mine]
    return "\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
