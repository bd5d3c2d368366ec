"""Rules as rows: an id, a code, a predicate on frozen facts, and texts in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from partner_center.kernel.errors import Refused

F = TypeVar("F")
K = TypeVar("K", bound=Hashable)
Language = Literal["zh", "en"]
Part = Literal["name", "message", "remedy"]


@dataclass(frozen=True)
class Coded:
    """Codes of a fixed vocabulary among a rule's values; a reader is told them in words."""

    codes: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """A part of a whole among a rule's values, between 0 and 1, as people write it: 80%, 12.5%."""

    value: Decimal

    def __str__(self) -> str:
        return f"{(self.value * 100).normalize():f}%"


@dataclass(frozen=True)
class RuleText:
    """What a person reads of a rule. Messages and remedies are templates over the values found."""

    id: str
    version: str
    field: str
    evidence: str
    texts: Mapping[str, Mapping[str, str]]

    def part(self, part: Part, language: Language) -> str:
        return self.texts[language][part]


@dataclass(frozen=True)
class Rule(Generic[F]):
    """One row. The predicate is true where the rule is kept; `found` gives the values its message compares."""

    id: str
    code: str
    predicate: Callable[[F], bool]
    found: Callable[[F], Mapping[str, object]] = lambda facts: {}
    about: Literal["account", "company"] = "account"


@dataclass(frozen=True)
class Outcome:
    """A rule asked about something: kept or broken, and with which values."""

    rule: RuleText
    code: str
    passed: bool
    values: Mapping[str, object] = field(default_factory=dict)
    subject: Hashable = None

    @property
    def id(self) -> str:
        return self.rule.id

    @property
    def version(self) -> str:
        return self.rule.version

    @property
    def field(self) -> str:
        return self.rule.field

    def text(self, part: Part, language: Language, show: Callable[[object], object] = str) -> str:
        """The rule's name, message or remedy, its values shown as the reader's page shows them."""
        shown = {name: show(value) for name, value in self.values.items()}
        return self.rule.part(part, language).format_map(_Lenient(shown))


class _Lenient(dict[str, object]):
    """A template may name a value that these facts do not have; the page then shows a dash, never an error."""

    def __missing__(self, key: str) -> str:
        return "—"


@dataclass(frozen=True)
class RuleBook:
    """The texts of one app's rules, read from its rules.toml."""

    path: Path

    @classmethod
    def beside(cls, module_file: str) -> RuleBook:
        return cls(Path(module_file).with_suffix(".toml"))

    @cached_property
    def texts(self) -> dict[str, RuleText]:
        rows = tomllib.loads(self.path.read_text(encoding="utf-8"))
        return {rule_id: _text(rule_id, row) for rule_id, row in rows.items()}

    def table(self, *rules: Rule[F]) -> RuleTable[F]:
        return RuleTable(self, rules)

    def broken(self, rule_id: str, code: str, **values: object) -> Outcome:
        """An outcome for a rule that only the write itself could test, such as a race lost to another writer."""
        return Outcome(self.texts[rule_id], code, False, values)


def _text(rule_id: str, row: Mapping[str, Any]) -> RuleText:
    # One id may stand for several rows (S-362 frozen, S-362 not yet begun): the part after the dot tells them apart.
    return RuleText(
        id=row.get("id", rule_id),
        version=row.get("version", "1"),
        field=row.get("field", ""),
        evidence=row.get("evidence", "documented"),
        texts={"zh": row["zh"], "en": row["en"]},
    )


@dataclass(frozen=True)
class RuleTable(Generic[F]):
    """Rows that are asked together about one kind of facts."""

    book: RuleBook
    rules: tuple[Rule[F], ...]

    def __iter__(self) -> Iterator[Rule[F]]:
        return iter(self.rules)

    def evaluate(self, facts: F, subject: Hashable = None) -> tuple[Outcome, ...]:
        """Every rule's answer, kept ones too, in the table's order."""
        return tuple(self._answer(rule, facts, subject, bool(rule.predicate(facts))) for rule in self.rules)

    def broken(self, facts: F, subject: Hashable = None) -> tuple[Outcome, ...]:
        # Kept rules are told to nobody here: ten thousand customers would be ten thousand times every rule.
        return tuple(self._answer(rule, facts, subject, False) for rule in self.rules if not rule.predicate(facts))

    def check(self, facts: F, subject: Hashable = None) -> None:
        """Raises: Refused with every broken rule."""
        if broken := self.broken(facts, subject):
            raise Refused(broken)

    def sift(self, facts: Mapping[K, F], *, partial: bool) -> tuple[tuple[K, ...], dict[K, tuple[Outcome, ...]]]:
        """Part the rows that keep every rule from those that do not.

        Raises: Refused with every broken rule of every row, unless `partial` lets the good ones pass alone.
        """
        # Rows that look alike to the rules may share their facts: what was kept once is not asked again.
        distinct = {id(row): row for row in facts.values()}
        kept = {which for which, row in distinct.items() if all(rule.predicate(row) for rule in self.rules)}
        bad = {key: self.broken(row, key) for key, row in facts.items() if id(row) not in kept}
        if bad and not partial:
            raise Refused([outcome for broken in bad.values() for outcome in broken])
        return tuple(key for key in facts if key not in bad), bad

    def _answer(self, rule: Rule[F], facts: F, subject: Hashable, passed: bool) -> Outcome:
        return Outcome(self.book.texts[rule.id], rule.code, passed, rule.found(facts), subject)


def check_all(*answers: tuple[Outcome, ...]) -> None:
    """Refuse once with what several tables found broken together.

    Raises: Refused naming every broken rule.
    """
    if broken := [outcome for outcomes in answers for outcome in outcomes if not outcome.passed]:
        raise Refused(broken)
