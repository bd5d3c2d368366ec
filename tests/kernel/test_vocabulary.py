"""The other words of the kernel: windows, ids, lifecycles, rules, results that travel as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_center.kernel.codec import digest, from_json, to_json
from partner_center.kernel.errors import Refused
from partner_center.kernel.ids import new_id, new_ids
from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import Rule, RuleBook, check_all

AT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    window = Window(AT, AT + DAY)
    assert window.contains(AT)
    assert not window.contains(AT + DAY)
    assert window.covers(Window(AT, AT + DAY))
    assert not window.covers(Window(AT - DAY, AT))
    assert not Window(AT, AT).is_real


def test_a_window_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        Window(datetime(2026, 1, 1), AT)


def test_ids_grow_and_never_repeat() -> None:
    made = [*(new_id() for _ in range(10_000)), *new_ids(10_000), new_id()]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {id_.version for id_ in made} == {7}


def test_a_lifecycle_knows_its_states_and_moves() -> None:
    life = Lifecycle("open", {"shut": ("open", "shut"), "end": (("open", "shut"), "over")})
    assert life.states == ("open", "shut", "over")
    assert life.may("end", "shut")
    assert not life.may("shut", "over")
    assert life.target("end") == "over"


@dataclass(frozen=True)
class Inner:
    amount: Money
    when: datetime


@dataclass(frozen=True)
class Outer:
    id: UUID
    many: tuple[Inner, ...]
    by_name: dict[str, int]
    maybe: UUID | None
    day: date
    exact: Decimal
    flag: bool


@given(st.integers(), st.booleans(), st.datetimes(timezones=st.just(UTC)), st.text(max_size=20))
def test_a_result_comes_back_as_it_was(minor: int, flag: bool, when: datetime, name: str) -> None:
    """S-901: a repeated call is given the answer of the first."""
    result = Outer(
        uuid4(),
        (Inner(Money(minor, "CNY"), when),),
        {name: minor},
        uuid4() if flag else None,
        when.date(),
        Decimal("1.50"),
        flag,
    )
    assert from_json(Outer, to_json(result)) == result


def test_the_digest_of_inputs_depends_on_their_values_alone() -> None:
    one, other = uuid4(), uuid4()
    assert digest({"a": one, "b": [1, 2]}) == digest({"b": (1, 2), "a": one})
    assert digest({"a": one}) != digest({"a": other})
    assert digest({"a": 1}) != digest({"a": "1"})


def test_what_does_not_travel_is_said_at_once() -> None:
    with pytest.raises(TypeError, match="does not travel"):
        to_json(object())


@dataclass(frozen=True)
class Facts:
    amount: int


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    texts = "\n".join(
        f'["{key}"]\nid = "X-001"\nversion = "3"\nfield = "amount"\n'
        'zh = { name = "名", message = "填写 {actual}，缺 {missing}", remedy = "改" }\n'
        'en = { name = "Name", message = "{actual} entered, {missing} missing", remedy = "Mend" }'
        for key in ("X-001", "X-001.even")
    )
    (tmp_path / "rules.toml").write_text(texts, encoding="utf-8")
    return RuleBook(tmp_path / "rules.toml")


def test_every_broken_rule_is_named_with_its_values_and_version(book: RuleBook) -> None:
    table: Any = book.table(
        Rule("X-001", "positive", lambda f: f.amount > 0, lambda f: {"actual": f.amount}),
        Rule("X-001.even", "even", lambda f: f.amount % 2 == 0),
    )
    assert not table.broken(Facts(2))
    with pytest.raises(Refused) as refused:
        table.check(Facts(-1), subject="row")
    first, second = refused.value.outcomes
    assert [first.code, second.code] == ["positive", "even"]
    assert (first.id, first.version, first.field, first.subject) == ("X-001", "3", "amount", "row")
    assert first.text("message", "zh") == "填写 -1，缺 —"
    assert second.text("message", "en") == "— entered, — missing"


def test_kept_rules_are_answered_too_where_they_are_asked_for(book: RuleBook) -> None:
    table: Any = book.table(Rule("X-001", "positive", lambda f: f.amount > 0))
    assert [outcome.passed for outcome in table.evaluate(Facts(1))] == [True]
    check_all(table.evaluate(Facts(1)))
    with pytest.raises(Refused):
        check_all(table.evaluate(Facts(0)))


def test_sifting_parts_the_good_from_the_bad(book: RuleBook) -> None:
    table: Any = book.table(Rule("X-001", "positive", lambda f: f.amount > 0))
    rows = {"a": Facts(1), "b": Facts(0)}
    good, bad = table.sift(rows, partial=True)
    assert good == ("a",)
    assert list(bad) == ["b"]
    with pytest.raises(Refused):
        table.sift(rows, partial=False)
