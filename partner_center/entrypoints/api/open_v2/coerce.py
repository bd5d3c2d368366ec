"""A request's fields as typed values, or everything that is wrong with them at once. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from partner_center.entrypoints.api.open_v2.contract import Field, Operation, State
from partner_center.kernel.rules import Language

Given = Mapping[str, Any]
NOT_SENT = object()
MAX_WHOLE_DIGITS = 12
LARGEST = 10**MAX_WHOLE_DIGITS

_TIME = re.compile(r"(19[7-9]|[2-9][0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_QUERY_STATES: Mapping[str, State] = {"": "blank", '""': "empty_string", "null": "null"}
_QUERY_LIST_STATES: Mapping[str, State] = {"": "empty_list", "null": "null"}


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; the check's texts stand in messages.toml."""

    field: str
    check: str
    values: Mapping[str, object]

    def text(self, language: Language) -> str:
        return f"{self.field}: {_texts()[self.check][language].format(**self.values)}"


class BadRequest(Exception):
    """What was sent cannot be read; every field's problem is named."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{problem.field} {problem.check}" for problem in problems))
        self.problems = tuple(problems)

    def text(self, language: Language) -> str:
        return " ".join(problem.text(language) for problem in self.problems)


class _Wrong(Exception):
    def __init__(self, check: str, **values: object) -> None:
        super().__init__(check)
        self.check, self.values = check, values


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("messages.toml").read_text(encoding="utf-8"))


def document(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a body; nothing sent is an object without fields.

    Raises: BadRequest.
    """
    if not body.strip():
        return {}
    try:
        # Numbers with a fraction stay exact; NaN and infinities are no JSON.
        found = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise BadRequest([Problem("body", "not_json", {})]) from error
    if not isinstance(found, dict):
        raise BadRequest([Problem("body", "not_an_object", {})])
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def coerce(operation: Operation, query: Sequence[tuple[str, str]], body: bytes) -> Given:
    """Every field of the operation by name: its value, its default, or None. Unknown fields are left alone.

    Rules:  S-620, S-902, S-903.
    Raises: BadRequest naming every field that is wrong.
    """
    sent = {} if operation.in_query else document(body)
    given: dict[str, Any] = {}
    problems: list[Problem] = []
    for each in operation.fields:
        try:
            raw = _of_query(each, query) if operation.in_query else sent.get(each.name, NOT_SENT)
            given[each.name] = _value(each, raw, in_query=operation.in_query)
            if each.needs and raw is not NOT_SENT and raw != "":
                _require(each.needs, query if operation.in_query else sent.items())
        except _Wrong as wrong:
            problems.append(Problem(each.name, wrong.check, wrong.values))
    if problems:
        raise BadRequest(problems)
    return given


def _require(name: str, sent: Iterable[tuple[str, Any]]) -> None:
    if not any(each == name and value not in ("", None) for each, value in sent):
        raise _Wrong("needs", other=name)


def _of_query(spec: Field, query: Sequence[tuple[str, str]]) -> object:
    values = [value for name, value in query if name == spec.name]
    if not values:
        return NOT_SENT
    if spec.many:
        return values
    if len(values) > 1:
        raise _Wrong("sent_twice")
    return values[0]


def _state(raw: object, *, in_query: bool) -> State | None:
    """Which of the ways of saying nothing this is; None for a value."""
    if raw is NOT_SENT:
        return "absent"
    if in_query:
        if isinstance(raw, list):
            return _QUERY_LIST_STATES.get(raw[0]) if len(raw) == 1 else None
        return _QUERY_STATES.get(str(raw))
    if raw is None:
        return "null"
    return "empty_string" if raw == "" else "empty_list" if raw == [] else None


def _value(spec: Field, raw: object, *, in_query: bool) -> Any:
    state = _state(raw, in_query=in_query)
    if state is None:
        return _many(spec, raw) if spec.many else _one(spec, raw)
    match spec.when.get(state, "wrong_type"):
        case "no_filter" | "unset":
            return None
        case "default":
            return spec.default
        case "set_empty":
            return ""
        case "filter":
            return _literal(spec, raw, state)
        case "missing":
            raise _Wrong("missing")
        case "unsupported":
            raise _Wrong("unsupported", state={"null": "null", "empty_string": '""'}.get(state, state))
    raise _Wrong("wrong_type", type=_type_name(spec))


def _literal(spec: Field, raw: object, state: State) -> Any:
    """What the caller wrote stands for itself: `null` and `""` are names that nothing has; no ids are no rows."""
    if spec.many:
        return () if state == "empty_list" else ("null",)
    return "" if state == "empty_string" else raw


def _many(spec: Field, raw: object) -> tuple[Any, ...]:
    if not isinstance(raw, list):
        raise _Wrong("wrong_type", type=_type_name(spec))
    if len(raw) > spec.max_items:
        raise _Wrong("too_many", most=spec.max_items)
    items = tuple(_one(spec, item) for item in raw)
    if spec.unique and len(set(items)) != len(items):
        raise _Wrong("repeated")
    return items


def _one(spec: Field, raw: object) -> Any:
    value = _READERS[spec.type](spec, raw)
    if spec.values and value not in spec.values:
        if spec.lenient:
            return None
        raise _Wrong("not_a_code", allowed=", ".join(str(each) for each in spec.values))
    return value


def _string(spec: Field, raw: object) -> str:
    if spec.values and isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    if not isinstance(raw, str):
        raise _Wrong("wrong_type", type=_type_name(spec))
    if not raw.strip() or (not spec.blanks and any(sign.isspace() for sign in raw)):
        raise _Wrong("blank")
    if spec.max_length and len(raw) > spec.max_length:
        raise _Wrong("too_long", most=spec.max_length)
    if not all(sign.isprintable() or sign == " " or (spec.lines and sign in "\n\t") for sign in raw):
        raise _Wrong("unprintable")
    return raw


def _integer(spec: Field, raw: object) -> int:
    if isinstance(raw, str) and _WHOLE.fullmatch(raw):
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise _Wrong("wrong_type", type=_type_name(spec))
    if spec.range and not spec.range[0] <= raw <= spec.range[1]:
        raise _Wrong("out_of_range", least=spec.range[0], most=spec.range[1])
    return raw


def _decimal(spec: Field, raw: object) -> Decimal:
    if isinstance(raw, str) and _AMOUNT.fullmatch(raw):
        raw = Decimal(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise _Wrong("wrong_type", type=_type_name(spec))
    # Weighed by comparison, which no number of digits or exponent can upset, before any arithmetic.
    if not -LARGEST < raw < LARGEST:
        raise _Wrong("too_large", most="9" * MAX_WHOLE_DIGITS)
    value = Decimal(raw)
    if spec.above is not None and value <= spec.above:
        raise _Wrong("not_above", least=spec.above)
    if value != value.quantize(Decimal(1).scaleb(-spec.scale)):
        raise _Wrong("too_precise", most=spec.scale)
    return value


def _time(spec: Field, raw: object) -> datetime:
    if not isinstance(raw, str):
        raise _Wrong("wrong_type", type=_type_name(spec))
    if not _TIME.fullmatch(raw):
        raise _Wrong("not_a_time")
    try:
        return datetime.strptime(raw, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise _Wrong("not_a_time") from error


_READERS = {"string": _string, "integer": _integer, "decimal": _decimal, "time": _time}


def _type_name(spec: Field) -> str:
    return f"list<{spec.type}>" if spec.many else spec.type
