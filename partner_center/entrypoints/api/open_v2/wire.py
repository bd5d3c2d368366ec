"""Values as the official client reads them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import singledispatch

from partner_center.kernel.money import Money

CONTENT_TYPE = "application/json;charset=UTF-8"


def to_bytes(value: object) -> bytes:
    """JSON in UTF-8: amounts as numbers with two decimals, times in UTC to the second."""
    return _text(value).encode("utf-8", "replace")


@singledispatch
def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


@_text.register
def _(value: Money) -> str:
    return str(value.decimal)


@_text.register
def _(value: Decimal) -> str:
    return f"{value:.2f}"


@_text.register
def _(value: datetime) -> str:
    return f'"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"'


@_text.register(Mapping)
def _(value: Mapping[str, object]) -> str:
    return "{" + ",".join(f"{json.dumps(key)}:{_text(each)}" for key, each in value.items()) + "}"


@_text.register(list)
@_text.register(tuple)
def _(value: list[object]) -> str:
    return "[" + ",".join(_text(each) for each in value) + "]"
