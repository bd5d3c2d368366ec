"""Migrations tell the story of the tables, so they have names and reasons."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import Module, exceptions, modules

MADE_UP = re.compile(r"_auto_|^\d{4}_(alter|remove|rename|add|delete|initial)(_|$)|_and_more$")


def migrations() -> list[Module]:
    return [each for each in modules() if ".migrations." in each.name and re.match(r"\d{4}_", each.path.name)]


@pytest.mark.parametrize("module", migrations(), ids=lambda each: each.short)
def test_a_migration_has_a_name_that_somebody_gave_it(module: Module) -> None:
    """Law: no generated names. Why: the list of files is the history. Instead: makemigrations --name what_it_brings."""
    assert not MADE_UP.search(module.path.stem)


@pytest.mark.parametrize("module", migrations(), ids=lambda each: each.short)
def test_a_migration_says_why(module: Module) -> None:
    """Law: the module or its Migration class has a docstring. Why: the SQL says what, nobody remembers why."""
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef) and node.name == "Migration"]
    said = ast.get_docstring(module.tree) or any(ast.get_docstring(each) for each in classes)
    assert said or module.short in exceptions("silent_migrations")


@pytest.mark.parametrize("module", migrations(), ids=lambda each: each.short)
def test_a_migration_can_be_taken_back(module: Module) -> None:
    """Law: RunSQL has its reverse, RunPython too. Why: a failed release goes back. Instead of None: noop, said so."""
    for node in module.calls("RunSQL"):
        assert len(node.args) > 1 or any(isinstance(each, ast.Starred) for each in node.args), module.at(node)
    for node in module.calls("RunPython"):
        assert len(node.args) > 1 or node.keywords, module.at(node)
