"""Repeats, races and forgeries against the frame around every verb."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import pkgutil
import types
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

import partner_center
from partner_center.kernel.codec import digest, from_json, to_json
from partner_center.kernel.ids import new_id

SAMPLES = {
    UUID: new_id(),
    str: "text",
    int: 7,
    bool: True,
    datetime: datetime(2026, 6, 1, 12, tzinfo=UTC),
    date: date(2026, 6, 1),
    Decimal: Decimal("1.50"),
}


def keyed_verbs() -> Iterator[Any]:
    for found in pkgutil.walk_packages(partner_center.__path__, "partner_center."):
        if ".actions" not in found.name or ".entrypoints." in found.name:
            continue
        for verb in vars(importlib.import_module(found.name)).values():
            if hasattr(verb, "verb_name") and "key" in inspect.signature(verb).parameters:
                yield verb


def sample(kind: Any) -> Any:
    """A value of a type, filled as full as it goes."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is None or kind is type(None):
        return None
    if origin in (Union, types.UnionType):
        return sample(next(arg for arg in args if arg is not type(None)))
    if origin is tuple:
        return (sample(args[0]),) * 2 if args[-1] is ... else tuple(sample(arg) for arg in args)
    if origin in (dict, Mapping):
        return {sample(args[0]): sample(args[1])}
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{field.name: sample(hints[field.name]) for field in dataclasses.fields(kind)})
    return SAMPLES[kind]


VERBS = {verb.verb_name: verb for verb in keyed_verbs()}


@pytest.mark.parametrize("name", sorted(VERBS))
def test_what_a_keyed_verb_returns_comes_back_whole_to_its_twin(name):
    kind = get_type_hints(inspect.unwrap(VERBS[name])).get("return")
    result = sample(kind)
    assert from_json(kind, json.loads(json.dumps(to_json(result)))) == result


def test_parts_of_different_kinds_come_back_each_as_its_own():
    kind = tuple[UUID, int]
    value = (new_id(), 3)
    assert from_json(kind, json.loads(json.dumps(to_json(value)))) == value


def test_inputs_that_only_look_alike_have_different_digests():
    assert digest({"a": "1"}) != digest({"a": 1})
    assert digest({"a": 1}) != digest({"a": True})
    assert digest({"a": None}) != digest({"a": ""})
    assert digest({"a": ["b,c"]}) != digest({"a": ["b", "c"]})
