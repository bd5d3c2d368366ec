"""Rules are rows: a predicate here, its words there, an id that a test names."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Any

import pytest

from partner_center.kernel.rules import Rule, RuleBook, RuleTable
from tests.architecture.ids import IDS_IN_TEXT, known_ids, texts_of_rules
from tests.architecture.source import ROOT, apps, held, modules

EVIDENCE = {"documented", "partly", "inferred"}


class Anything:
    """Facts of every shape: what a rule's `found` is asked about here, where only the names it answers with matter."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def _same(self, *others: object) -> Any:
        return Anything()

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __and__ = __or__ = __call__ = _same
    __getitem__ = __neg__ = __rand__ = __ror__ = _same

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __eq__(self, other: object) -> bool:
        return True

    def __lt__(self, other: object) -> bool:
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self) -> int:
        return 0

    def __len__(self) -> int:
        return 1

    def __int__(self) -> int:
        return 1

    __index__ = __int__


def books() -> dict[str, Any]:
    return {app: importlib.import_module(f"partner_center.{app}.rules") for app in apps() if _has_rules(app)}


def _has_rules(app: str) -> bool:
    return any(key.startswith(f"{app}/") for key in texts_of_rules())


def tables() -> list[tuple[str, Rule[Any]]]:
    """Every row of every table, by the app it belongs to."""
    found: dict[tuple[str, str, str], Rule[Any]] = {}
    for app, module in books().items():
        for table in vars(module).values():
            if isinstance(table, RuleTable):
                found |= {(app, rule.id, rule.code): rule for rule in table}
    return [(app, rule) for (app, _, _), rule in found.items()]


@cache
def told_in_races() -> dict[str, dict[str, set[str]]]:
    """Rows that only a write can test: `BOOK.broken(id, code, **values)`; and ids handed on as texts."""
    found: dict[str, dict[str, set[str]]] = {}
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                first = node.args[0].value
                if isinstance(first, str) and IDS_IN_TEXT.match(first):
                    names = {keyword.arg or "**" for keyword in node.keywords}
                    found.setdefault(module.layer, {}).setdefault(first, set()).update(names)
    return found


def _text(app: str, key: str) -> Mapping[str, Any]:
    return texts_of_rules()[f"{app}/{key}"]


@pytest.mark.parametrize("row", sorted(texts_of_rules()))
def test_a_rule_speaks_both_languages(row: str) -> None:
    """Law: a row of rules.toml has version, and name, message and remedy in zh and en; its id is the domain's.

    Why: a refusal that half of the readers cannot read is no explanation. Instead write the six texts at once.
    """
    text = texts_of_rules()[row]
    for language in ("zh", "en"):
        words: Any = text[language]
        assert set(words) == {"name", "message", "remedy"}
        assert all(words.values()), language
    assert text.get("version"), "no version"
    assert text.get("evidence", "documented") in EVIDENCE
    assert str(text["id"]).partition(".")[0] in known_ids()


@pytest.mark.parametrize(("app", "rule"), tables(), ids=lambda each: getattr(each, "id", each))
def test_a_message_names_only_what_the_rule_found(app: str, rule: Rule[Any]) -> None:
    """Law: every `{placeholder}` of a message or remedy is among the values the rule's `found` gives.

    Why: any other is shown as a dash, to somebody who was just refused. Instead give the value in `found`.
    """
    text, given = _text(app, rule.id), set(rule.found(Anything())) | told_in_races().get(app, {}).get(rule.id, set())
    for language in ("zh", "en"):
        for part in ("message", "remedy"):
            asked = {name for _, name, _, _ in Formatter().parse(text[language][part]) if name}
            assert asked <= given, f"{language}.{part} asks for {sorted(asked - given)}"


def test_every_rule_has_its_words_and_every_word_its_rule() -> None:
    """Law: rows of tables and rows of rules.toml are the same ones, beside those told where a race is lost.

    Why: words without a rule are a promise that is not kept; a rule without words raises at the worst moment.
    Instead add or remove both together.
    """
    used = {f"{app}/{rule.id}" for app, rule in tables()}
    used |= {f"{app}/{key}" for app, keys in told_in_races().items() for key in keys}
    texts = set(texts_of_rules())
    assert {key for key in {f"{app}/{rule.id}" for app, rule in tables()} if key not in texts} == set()
    assert texts - used == set()


def test_every_book_reads() -> None:
    """Each app's book reads its own texts, so that a broken file is found before a refusal needs it."""
    for module in books().values():
        assert isinstance(module.BOOK, RuleBook) and module.BOOK.texts


def test_every_rule_is_named_by_a_test() -> None:
    """Law: each rule's id stands in a test beside this folder.

    Why: the register of what is covered is made from these names. Instead of an excuse write the refusal's test, with
    the id in it.
    """
    paths = [path for path in (ROOT / "tests").rglob("*.py") if "architecture" not in path.parts]
    named = set(re.findall(r"\b[A-Z]{1,3}-\d+\b", "\n".join(path.read_text(encoding="utf-8") for path in paths)))
    held("untested_rules", dict.fromkeys(sorted(_ids() - named), "no test names it"))


def _ids() -> set[str]:
    return {str(row["id"]).partition(".")[0] for row in texts_of_rules().values()}
