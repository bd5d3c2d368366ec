"""What a ticket can be about, as data; and until when it is to be solved."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from partner_center.support.rules.book import LONGEST_ADDRESS


@dataclass(frozen=True)
class Field:
    """A particular that a category asks for; with choices it is one of them."""

    code: str
    zh: str
    en: str
    required: bool = False
    choices: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Category:
    """What a ticket can be about. `due_days` are working days."""

    code: str
    zh: str
    en: str
    zh_hint: str
    en_hint: str
    audiences: tuple[str, ...]
    roles: tuple[str, ...]
    due_days: int
    assumed: bool
    source: str
    returns: bool
    zh_template: str
    en_template: str
    fields: tuple[Field, ...] = ()
    only_when: tuple[str, ...] = ()

    def missing(self, particulars: Mapping[str, str]) -> tuple[Field, ...]:
        """Particulars that are asked for and not given, or not one of the choices."""
        return tuple(each for each in self.fields if not _given(each, particulars.get(each.code, "").strip()))

    def wants_return(self, particulars: Mapping[str, str]) -> bool:
        """Whether papers go back, so that an address must be named. Rules: S-477."""
        if not self.returns or not self.only_when:
            return self.returns
        return particulars.get(self.only_when[0]) == self.only_when[1]


def _given(field: Field, value: str) -> bool:
    if not value:
        return not field.required
    return len(value) <= LONGEST_ADDRESS and (not field.choices or value in {code for code, _, _ in field.choices})


@cache
def categories() -> Mapping[str, Category]:
    """Every category by its code, in the order in which they are offered."""
    rows = tomllib.loads((Path(__file__).parent.parent / "categories.toml").read_text(encoding="utf-8"))
    return {code: _category(code, dict(row)) for code, row in rows.items()}


def _category(code: str, row: dict[str, object]) -> Category:
    made = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    made["fields"] = tuple(_field(each) for each in row["fields"])  # type: ignore[attr-defined]
    return Category(code=code, **made)  # type: ignore[arg-type]


def _field(row: Mapping[str, object]) -> Field:
    choices = tuple(tuple(each) for each in row.get("choices", ()))  # type: ignore[attr-defined]
    return Field(str(row["code"]), str(row["zh"]), str(row["en"]), bool(row.get("required")), choices)


def offered(audience: str) -> tuple[Category, ...]:
    return tuple(each for each in categories().values() if audience in each.audiences)


def resumed(due: datetime, paused_at: datetime, at: datetime) -> datetime:
    """The due time after a pause: what the user took does not count against the vendor."""
    return due + (at - paused_at)
