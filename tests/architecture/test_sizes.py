"""Sizes, as a mirror: small functions, small files, and a list of the exceptions with their reasons."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import PACKAGE, ROOT, Function, held, modules

FUNCTION_MEDIAN, FUNCTION_P95, FUNCTION_MOST = 8, 35, 60
FILE_MEDIAN, FILE_P95, FILE_MOST, TEST_MOST = 90, 300, 400, 500


def percentile(values: list[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def length(function: Function) -> int:
    """Lines of a function, without its docstring."""
    doc = ast.get_docstring(function, clean=False)
    return (function.end_lineno or 0) - function.lineno + 1 - (doc.count("\n") + 1 if doc else 0)


def written() -> list[tuple[str, int]]:
    """Functions of the product; migrations are written once and read once."""
    return [
        (f"{module.short}:{function.name}", length(function))
        for module in modules()
        if "migrations" not in module.name
        for function in module.functions()
    ]


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_functions_are_short() -> None:
    """Law: half of all functions have at most 8 lines, nineteen of twenty at most 35, and none over 60 unlisted.

    Why: a verb is read far more often than written. Instead of a long one, name its steps.
    """
    sizes = written()
    assert percentile([size for _, size in sizes], 0.5) <= FUNCTION_MEDIAN
    assert percentile([size for _, size in sizes], 0.95) <= FUNCTION_P95
    held("long_functions", {place: f"{size} lines" for place, size in sizes if size > FUNCTION_MOST})


def test_files_are_short() -> None:
    """Law: half of all files have at most 90 lines, nineteen of twenty at most 300, and none over 400 unlisted.

    Why: past that a file holds two nouns. Instead make a package, split by noun.
    """
    sizes = {module.short: lines(module.path) for module in modules()}
    assert percentile(list(sizes.values()), 0.5) <= FILE_MEDIAN
    assert percentile(list(sizes.values()), 0.95) <= FILE_P95
    own = {".js", ".css", ".html"}
    front = [each for each in PACKAGE.rglob("*") if each.suffix in own and "vendor" not in each.parts]
    sizes |= {path.relative_to(ROOT).as_posix(): lines(path) for path in front if ".min." not in path.name}
    held("long_files", {place: f"{size} lines" for place, size in sizes.items() if size > FILE_MOST})


def test_files_of_tests_are_short() -> None:
    """Law: no file of tests has more than 500 lines. Instead split it by noun."""
    sizes = {path.relative_to(ROOT).as_posix(): lines(path) for path in (ROOT / "tests").rglob("*.py")}
    held("long_tests", {place: f"{size} lines" for place, size in sizes.items() if size > TEST_MOST})
