"""Frozen results as JSON and back, so that a repeated call can be given the answer of the first."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from partner_center.kernel.money import Money

T = TypeVar("T")


def to_json(value: object) -> Any:
    """Plain JSON values of what actions take and return."""
    match value:
        case None | bool() | int() | str():
            return value
        case UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case Mapping():
            return {str(key): to_json(item) for key, item in value.items()}
        case list() | tuple():
            # Ten thousand ids are told every day; each by way of this table would take ten times as long.
            return [str(item) if type(item) is UUID else to_json(item) for item in value]
        case set() | frozenset():
            return sorted((to_json(item) for item in value), key=json.dumps)
        case _ if dataclasses.is_dataclass(value):
            return {each.name: to_json(getattr(value, each.name)) for each in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} does not travel as JSON")


def digest(inputs: Mapping[str, object]) -> bytes:
    """A digest of a verb's inputs, the same for the same inputs in any order."""
    text = json.dumps(to_json(inputs), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).digest()


def from_json(kind: Any, value: Any) -> Any:
    """The value of a type that `to_json` made JSON of."""
    if value is None or kind is None or kind is type(None):
        return None
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return from_json(next(arg for arg in args if arg is not type(None)), value)
    if origin is tuple:
        kinds = [args[0]] * len(value) if args[-1] is ... else args
        return tuple(from_json(each, item) for each, item in zip(kinds, value, strict=True))
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return {from_json(args[0], key): from_json(args[1], item) for key, item in value.items()}
    if kind in (UUID, Decimal):
        return kind(value)
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: from_json(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    return value
