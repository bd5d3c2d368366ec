"""How a verb's no reads to a program or on a terminal: one list for every kind, in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from partner_center.access.rules import items
from partner_center.entrypoints.code_words import listed
from partner_center.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Coded, Outcome

Language = Literal["zh", "en"]
LOCAL = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, by which rule, and what would mend it."""

    field: str
    code: str
    message: str
    remedy: str
    rule: str = ""
    version: str = ""
    subject: str = ""


@cache
def texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def problems(error: DomainError, language: Language) -> tuple[Problem, ...]:
    """Every reason of a refusal; one of any other kind."""
    match error:
        case Refused():
            return tuple(of_rule(outcome, language) for outcome in error.outcomes)
        case NotAllowed():
            return (said("not_allowed", language, values={"permission": _permission(error.permission, language)}),)
        case NotFound():
            return (said("not_found", language),)
        case Conflict():
            return (_conflict(error, language),)
    return (said("failed", language),)


def _conflict(error: Conflict, language: Language) -> Problem:
    return said(error.code, language, otherwise="conflict", values=error.values)


def of_rule(outcome: Outcome, language: Language) -> Problem:
    """A broken rule with the values it compared."""

    def show(value: object) -> str:
        return shown(value, language)

    return Problem(
        field=outcome.field,
        code=outcome.code,
        message=outcome.text("message", language, show),
        remedy=outcome.text("remedy", language, show),
        rule=outcome.id,
        version=outcome.version,
        subject="" if outcome.subject is None else str(outcome.subject),
    )


def said(
    code: str,
    language: Language,
    *,
    otherwise: str = "failed",
    field: str = "",
    values: Mapping[str, object] = MappingProxyType({}),
) -> Problem:
    """A text of refusals.toml; a code without one is described by that of `otherwise`."""
    text = texts().get(code) or texts()[otherwise]
    known = {name: shown(value, language) for name, value in values.items()} | {"code": code}
    message, remedy = (text[language][part].format_map(_Known(known)) for part in ("message", "remedy"))
    return Problem(field, code, message, remedy)


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


def shown(value: object, language: Language) -> str:
    """A value as plain text: money with its currency, times in the vendor's time zone."""
    match value:
        case Money():
            return f"{value} {value.currency}"
        case datetime():
            return value.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
        case list() | tuple() | set() | frozenset():
            return ("、" if language == "zh" else ", ").join(shown(each, language) for each in value)
        case Coded():
            return listed(value.codes, language)
        case None | "":
            return "—"
        case UUID():
            return str(value)
    return str(value)


def _permission(code: str, language: Language) -> str:
    item = next((item for item in items().values() if item.code == code), None)
    return code if item is None else f"{item.zh if language == 'zh' else item.en} ({code})"
