"""Which rules of the domain are done: found in the code and named by a test. Reads files only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parents[2]
ROOT = PACKAGE.parent
IDS = ROOT / "docs" / "rules" / "ids.toml"
State = Literal["done", "pending", "optional"]
_ID = re.compile(r"\b[SIL]-\d{3}\b")
_RANGE = re.compile(r"\b([SIL])-(\d{3}) to (?:\1-)?(\d{3})\b")
# From `Rules:` to the docstring's next label or its end.
_MENTION = re.compile(r'Rules:(.*?)(?=\n\s*(?:Money|Raises|Records|Returns):|\n\s*\n|""")', re.DOTALL)


@dataclass(frozen=True)
class Covered:
    """A rule, where the code keeps it, and the tests that name it."""

    id: str
    title: str
    state: State
    code: tuple[str, ...]
    tests: tuple[str, ...]


def covered(root: Path = ROOT) -> tuple[Covered, ...]:
    """Every rule of the register, in order."""
    known = tomllib.loads((root / "docs" / "rules" / "ids.toml").read_text(encoding="utf-8"))
    code, tests = in_code(root / "partner_center"), in_tests(root / "tests")
    return tuple(
        _judged(id_, row, tuple(sorted(code.get(id_, ()))), tuple(sorted(tests.get(id_, ()))))
        for id_, row in sorted(known.items())
    )


def _judged(id_: str, row: dict[str, object], code: tuple[str, ...], tests: tuple[str, ...]) -> Covered:
    state: State = "done" if code and tests else "optional" if row.get("optional") else "pending"
    return Covered(id_, str(row["title"]), state, code, tests)


def in_code(package: Path) -> dict[str, set[str]]:
    """Rule id → the files that keep it: rows of a rule book, and docstrings that say so."""
    found: dict[str, set[str]] = {}
    for file in sorted(package.rglob("rules.toml")):
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
        _put(found, (row.get("id", key) for key, row in rows.items()), _name(file, package.parent))
    for file in _python(package):
        for mention in _MENTION.findall(file.read_text(encoding="utf-8")):
            _put(found, ids_in(mention), _name(file, package.parent))
    return found


def in_tests(folder: Path) -> dict[str, set[str]]:
    """Rule id → the test files that name it."""
    found: dict[str, set[str]] = {}
    for file in _python(folder):
        _put(found, ids_in(file.read_text(encoding="utf-8")), _name(file, folder.parent))
    return found


def ids_in(text: str) -> Iterator[str]:
    """Every id in a text; `S-370 to S-378` names all between too."""
    yield from _ID.findall(text)
    for letter, first, last in _RANGE.findall(text):
        yield from (f"{letter}-{number:03}" for number in range(int(first), int(last) + 1))


def _put(found: dict[str, set[str]], ids: Iterable[str], name: str) -> None:
    for id_ in ids:
        found.setdefault(id_, set()).add(name)


def _python(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.py") if "__pycache__" not in file.parts)


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()
