"""Down by call, up by event: what may know what."""

from __future__ import annotations

import ast

import pytest
from django.apps import apps as registry

from tests.architecture.source import Module, apps, held, modules, stack

CLOCKS = {
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "date.today",
    "timezone.now",
    "timezone.localdate",
    "timezone.localtime",
    "time.time",
    "time.time_ns",
}


def of_apps(*parts: str) -> list[Module]:
    return [module for module in modules() if module.layer in apps() and module.part in parts]


def test_foreign_keys_point_down_the_stack() -> None:
    """Law: a relation leads to a table of the same app or of one below it.

    Why: a key written as a text is invisible to the import contract, and a migration that needs a higher app ties the
    two for ever. Instead keep the state low and let the verb stand higher, or keep the id without a constraint.
    """
    height = stack()
    for model in registry.get_models():
        if not model.__module__.startswith("partner_center."):
            continue
        here = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model != "self":
                there = field.related_model.__module__.split(".")[1]
                assert here == there or height[there] < height[here], f"{model.__name__}.{field.name}"


def test_migrations_depend_down_the_stack() -> None:
    """Law: a migration depends on those of its own app or of one below it. The rest: as for foreign keys."""
    height = stack()
    for module in modules():
        if ".migrations." not in module.name:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and any(getattr(to, "id", "") == "dependencies" for to in node.targets):
                for there, _ in ast.literal_eval(node.value):
                    if there in height:
                        assert there == module.layer or height[there] < height[module.layer], module.short


def test_rules_and_actions_read_no_clock() -> None:
    """Law: nothing in rules or actions asks what time it is.

    Why: a rule that reads a clock cannot be replayed, tested at an instant or travel in a sandbox. Instead take
    `actor.at` for business time; record time is the database's own `now()`.
    """
    breaches = {}
    for module in of_apps("rules", "actions"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS:
                breaches[module.short] = f"line {node.lineno}: {ast.unparse(node)}"
    held("clocks", breaches)


@pytest.mark.parametrize("module", of_apps("rules"), ids=lambda module: module.short)
def test_rules_are_pure(module: Module) -> None:
    """Law: rules import no framework and no database; of ours the kernel, rules and errors.

    Why: they run in milliseconds, in the page, in the action and in the documents alike. Instead put what a rule asks
    about on its facts, read by `queries`.
    """
    impure = ("django", "psycopg", "ninja", "jinja2", "procrastinate")
    for line, name in module.imports():
        assert not name.startswith(impure), f"{module.short}:{line} {name}"
        if name.startswith("partner_center."):
            _, layer, *rest = name.split(".")
            pure = layer == "kernel" or (rest and rest[0] in ("rules", "errors"))
            assert pure, f"{module.short}:{line} {name}"


@pytest.mark.parametrize("module", [each for each in modules() if each.layer == "kernel"], ids=lambda each: each.short)
def test_the_kernel_knows_nothing_above_it(module: Module) -> None:
    """Law: the kernel imports itself and the standard library. Why: everything rests on it. Instead: move it up."""
    for line, name in module.imports():
        if name.startswith("partner_center."):
            assert name.startswith("partner_center.kernel"), f"{module.short}:{line} {name}"
        assert not name.startswith("django"), f"{module.short}:{line} {name}"


def test_entrypoints_import_no_models() -> None:
    """Law: pages, operations, jobs and commands call actions and queries; they never see a table.

    Why: a page with a queryset is a page without the scope, the rules and the record. Instead add a query that
    returns what the page shows, or a verb.
    """
    breaches = {
        module.short: f"line {line}: {name}"
        for module in modules()
        if module.layer == "entrypoints"
        for line, name in module.imports()
        if name.startswith("partner_center.") and "models" in name.split(".")[2:3] and name.split(".")[1] in apps()
    }
    held("models_in_entrypoints", breaches)


def test_another_apps_tables_are_read_in_queries_only() -> None:
    """Law: another app's models are imported from `queries` alone.

    Why: an app whose tables are written from elsewhere can promise nothing about them. Instead call its action, or
    read in `queries`.
    """
    breaches = {
        module.short: f"line {line}: {name}"
        for module in modules()
        if module.layer in apps() and module.part != "queries"
        for line, name in module.imports()
        if name.startswith("partner_center.")
        and name.split(".")[1] in apps()
        and name.split(".")[1] != module.layer
        and "models" in name.split(".")[2:3]
    }
    held("foreign_models", breaches)


def test_nothing_happens_behind_the_callers_back() -> None:
    """Law: no signals, no `save()` overrides, no hooks.

    Why: what a verb does must stand in the verb. Instead call it there, or follow the feed with a reaction.
    """
    for module in modules():
        for line, name in module.imports():
            assert not name.startswith(("django.db.models.signals", "django.dispatch")), f"{module.short}:{line}"
        if module.part == "models":
            for function in module.functions():
                assert function.name not in ("save", "delete"), module.at(function)
