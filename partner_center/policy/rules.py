"""What a policy pack is: values the vendor decides, each with its source and whether we had to assume it. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from partner_center.kernel.working_days import WorkCalendar


class UnknownValue(LookupError):
    """A pack was asked for a value it does not hold."""


@dataclass(frozen=True)
class PolicyValue:
    """One decided value, and where it comes from: a rule of the domain, or an assumption of ours."""

    value: Any
    name: str
    version: str
    assumed: bool
    source: str


@dataclass(frozen=True)
class Pack:
    """All values of one site, in force from one instant to another."""

    site: str
    version: str
    effective_from: datetime
    effective_to: datetime | None
    currency: str
    language: str
    timezone: str
    models: tuple[str, ...]
    values: Mapping[str, PolicyValue]

    def value(self, name: str) -> PolicyValue:
        """Raises: UnknownValue."""
        try:
            return self.values[name]
        except KeyError:
            raise UnknownValue(f"{name} in {self.site} {self.version}") from None

    def number(self, name: str) -> int:
        """A whole number by its name. Raises: UnknownValue."""
        return int(self.value(name).value)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def assumptions(self) -> tuple[PolicyValue, ...]:
        return tuple(value for value in self.values.values() if value.assumed)


def read_pack(text: str) -> Pack:
    """The pack that a TOML text describes; every table beside [pack] is a section of values."""
    sections: dict[str, Any] = tomllib.loads(text)
    head = sections.pop("pack")
    values = {
        f"{section}.{key}": PolicyValue(
            row["value"], f"{section}.{key}", head["version"], row["assumed"], row["source"]
        )
        for section, rows in sections.items()
        for key, row in rows.items()
    }
    return Pack(
        site=head["site"],
        version=head["version"],
        effective_from=head["effective_from"],
        effective_to=head.get("effective_to"),
        currency=head["currency"],
        language=head["language"],
        timezone=head["timezone"],
        models=tuple(head["models"]),
        values=values,
    )


def in_force(packs: Sequence[Pack], at: datetime) -> Pack:
    """The version in force at an instant; before the first began, the first."""
    begun = [pack for pack in packs if pack.effective_from <= at]
    return max(begun, key=_start) if begun else min(packs, key=_start)


def _start(pack: Pack) -> datetime:
    return pack.effective_from


def read_calendar(texts: Mapping[str, str]) -> WorkCalendar:
    """The calendar that the files of a site make together; their names are the years that were published."""
    rows = {name: tomllib.loads(text) for name, text in texts.items()}
    years = [int(name) for name in rows if name.isdigit()]
    return WorkCalendar(
        holidays=frozenset(day for row in rows.values() for day in row["holidays"]),
        workdays=frozenset(day for row in rows.values() for day in row["workdays"]),
        published_to=date(max(years), 12, 31) if years else None,
    )
