"""How a verb is written, so that the one that is read after it needs no reading."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.ids import IDS_IN_TEXT, known_ids, spelled_out
from tests.architecture.source import Function, Module, called, decorators, exceptions, held, modules, stack


def verbs() -> list[tuple[Module, Function]]:
    return [
        (module, function)
        for module in modules()
        for function in module.functions()
        if "action" in set(decorators(function))
    ]


def _name(each: object) -> str:
    return f"{each[0].layer}.{each[1].name}" if isinstance(each, tuple) else str(each)


@pytest.mark.parametrize("verb", verbs(), ids=_name)
def test_a_verb_takes_the_actor_and_names_everything_else(verb: tuple[Module, Function]) -> None:
    """Law: `actor` is the first and only positional parameter of an action.

    Why: a swapped pair of ids is money in the wrong place. Instead write `*` behind `actor`.
    """
    module, function = verb
    positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    assert positional == ["actor"] and function.args.vararg is None, module.at(function)


@pytest.mark.parametrize("verb", verbs(), ids=_name)
def test_a_verbs_docstring_is_a_sentence_and_its_facts(verb: tuple[Module, Function]) -> None:
    """Law: an action says in one sentence what it does, and in a `Records:` line which events it leaves.

    Why: the docstring is the contract that pages, operations and jobs are written against. Instead of prose in the
    body, put it there.
    """
    module, function = verb
    text = ast.get_docstring(function) or ""
    if not text and f"{module.short}:{function.name}" in exceptions("silent_verbs"):
        return
    assert re.match(r"[A-Z][^\n]*(\n[^\n]+)*?[.]", text), f"{module.at(function)}: no sentence"
    told = set(re.findall(r"[a-z_]+\.[a-z_]+", text.partition("Records:")[2].partition("\n\n")[0]))
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and called(call) == "record" and len(call.args) > 1:
            assert isinstance(call.args[1], ast.Constant), f"{module.at(call)}: the event's name is a literal"
            assert call.args[1].value in told, f"{module.at(call)}: {call.args[1].value} is not under Records:"


def test_what_a_docstring_says_is_recorded_is_recorded() -> None:
    """Law: an event named under `Records:` is recorded by that app or one below it, which the verb calls.

    Why: else it is a promise that nobody keeps. Instead: drop it, or record it.
    """
    height = stack()
    recorded: dict[str, set[str]] = {}
    for module in modules():
        if any(module.calls("record")):
            # Some verbs share one helper, which is given the name.
            recorded.setdefault(module.layer, set()).update(
                str(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Constant)
            )
    for module, function in verbs():
        _, found, told = (ast.get_docstring(function) or "").partition("Records:")
        for name in re.findall(r"[a-z_]+\.[a-z_]+", told) if found else ():
            by = {layer for layer, names in recorded.items() if name in names}
            below = any(layer == module.layer or height[layer] < height[module.layer] for layer in by)
            assert below, f"{module.at(function)}: {name}"


def test_rules_named_in_docstrings_exist() -> None:
    """Law: an id under `Rules:` is a rule of the domain.

    Why: the register of what is covered is made from these lines. Instead of a wrong id, look it up in
    docs/rules/ids.toml.
    """
    known = known_ids()
    breaches = {}
    for module in modules():
        for function in module.functions():
            for line in re.findall(r"Rules:\s*(.*)", ast.get_docstring(function) or ""):
                for rule_id in spelled_out(line) or ():
                    if rule_id not in known:
                        breaches[f"{module.short}:{function.name}:{rule_id}"] = "unknown"
    held("unknown_ids", breaches)


def test_ids_are_found_in_texts() -> None:
    """A range stands for every id in it; a mark behind a dot is part of a row's name, not of the id."""
    assert spelled_out("S-350, S-370 to S-372, L-005") == ("S-350", "S-370", "S-371", "S-372", "L-005")
    assert IDS_IN_TEXT.findall("S-362.window and C-1") == ["S-362", "C-1"]
