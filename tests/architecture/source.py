"""The product's own source, read once: what the laws of this folder are held against."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "partner_center"
HERE = Path(__file__).parent
IGNORED = {".git", ".venv", "node_modules", "var", "__pycache__"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def layer(self) -> str:
        return [*self.name.split("."), ""][1]

    @property
    def part(self) -> str:
        """What a file is inside its app: models, rules, queries, actions, or its own name."""
        return [*self.name.split("."), "", ""][2]

    @property
    def short(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    def calls(self, name: str) -> Iterator[ast.Call]:
        """Calls of a function or method of this name."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and called(node) == name)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every imported module or member by its dotted name, wherever in the file it stands."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def at(self, node: ast.AST) -> str:
        return f"{self.short}:{getattr(node, 'lineno', 0)}"


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def decorators(function: Function) -> Iterator[str]:
    for each in function.decorator_list:
        target = each.func if isinstance(each, ast.Call) else each
        if isinstance(target, ast.Name | ast.Attribute):
            yield target.id if isinstance(target, ast.Name) else target.attr


@cache
def modules() -> tuple[Module, ...]:
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in path.parts)


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(path, name, text, ast.parse(text))


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def stack() -> dict[str, int]:
    """Each layer's height, as the import contract draws it; siblings share theirs."""
    layers = project()["tool"]["importlinter"]["contracts"][0]["layers"]
    rows = [[name.strip(" ()") for name in row.split("|")] for row in layers]
    return {name: height for height, row in enumerate(reversed(rows)) for name in row}


def apps() -> tuple[str, ...]:
    """The layers that hold a business noun, with models, rules, queries and actions."""
    outside = {"entrypoints", "demo", "fence", "config", "launcher", "kernel"}
    return tuple(name for name in stack() if name not in outside)


@cache
def exceptions(section: str) -> dict[str, str]:
    """What breaks a law for a reason, by place. The lists only shrink: a reason without its breach fails too."""
    found: dict[str, str] = tomllib.loads((HERE / "exceptions.toml").read_text(encoding="utf-8")).get(section, {})
    return found


def held(section: str, breaches: dict[str, str]) -> None:
    """Fail for a breach that is not excused, and for an excuse that nothing needs any more."""
    excused = exceptions(section)
    new = [f"{place}  {what}" for place, what in sorted(breaches.items()) if place not in excused]
    stale = sorted(excused.keys() - breaches.keys())
    assert not new, "\n" + "\n".join(new)
    assert not stale, f"mended; take it out of exceptions.toml [{section}]: {stale}"


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not IGNORED & set(path.relative_to(ROOT).parts)]
    return tuple(path for path in sorted(set(paths)) if path.is_file())


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Files that are text, each by its place with what it says."""
    found = []
    for path in files():
        with suppress(FileNotFoundError):  # thrown away since it was listed
            raw = path.read_bytes()
            if b"\0" not in raw[:4096] and path.suffix not in {".woff2", ".png", ".mo"}:
                found.append((path.relative_to(ROOT).as_posix(), raw.decode("utf-8", "replace")))
    return tuple(found)
