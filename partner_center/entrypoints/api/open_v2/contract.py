"""The operations of the partner API as data: who may call them with what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

State = Literal["absent", "blank", "empty_string", "null", "empty_list"]
Treatment = Literal["no_filter", "filter", "default", "unset", "set_empty", "unsupported", "missing"]


@dataclass(frozen=True)
class Field:
    """One field of a request: its type, its bounds, and its null rule.

    `lenient`: a value beyond the codes is as if it had not been sent. `needs`: the field that must be sent beside it.
    """

    name: str
    type: Literal["string", "integer", "decimal", "time"]
    when: Mapping[State, Treatment]
    many: bool = False
    max_items: int = 0
    max_length: int = 0
    unique: bool = False
    lines: bool = False
    blanks: bool = True
    values: tuple[str | int, ...] = ()
    range: tuple[int, int] | None = None
    above: int | None = None
    scale: int = 0
    default: int | None = None
    lenient: bool = False
    needs: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation: where it is called, by which kinds of caller, with any one of which permission items.

    `reseller_is`: whether `indirect_partner_id` is the seat that is taken or one more filter. `stranger` is the code
    for who is no partner.
    """

    name: str
    method: str
    path: str
    callers: tuple[str, ...]
    items: tuple[str, ...]
    fields: tuple[Field, ...]
    status: int = 200
    reseller_is: Literal["seat", "filter"] = "seat"
    stranger: str = "CBC.0155"

    @property
    def in_query(self) -> bool:
        return self.method == "GET"


@cache
def operations() -> Mapping[tuple[str, str], Operation]:
    """Every operation by method and path."""
    contract = tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))
    made = (_operation(name, row, contract["null_rules"]) for name, row in contract["operations"].items())
    return {(each.method, each.path): each for each in made}


def operation_named(name: str) -> Operation:
    return next(each for each in operations().values() if each.name == name)


def _operation(name: str, row: dict[str, Any], null_rules: dict[str, Any]) -> Operation:
    return Operation(
        name=name,
        method=row["method"],
        path=row["path"],
        callers=tuple(row["callers"]),
        items=tuple(row["items"]),
        fields=tuple(_field(each, spec, null_rules) for each, spec in row.get("fields", {}).items()),
        **{name: row[name] for name in ("status", "reseller_is", "stranger") if name in row},
    )


def _field(name: str, spec: dict[str, Any], null_rules: dict[str, Any]) -> Field:
    bounds: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in spec.items()}
    return Field(name=name, when=null_rules[bounds.pop("null_rule")], **bounds)
