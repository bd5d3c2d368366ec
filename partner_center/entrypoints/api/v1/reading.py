"""Reading bodies without falling over: what is no JSON object of sensible depth is told so."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from partner_center.entrypoints.api.v1.problems import DEEPEST, Unreadable


class CarefulParser(Parser):
    """JSON with limits on depth; numbers that JSON does not have are refused."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            found = json.loads(request.body, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise Unreadable from error
        if _depth(found) > DEEPEST:
            raise Unreadable
        return found


def _refuse(name: str) -> None:
    raise Unreadable(name)


def _depth(value: Any) -> int:
    """How deep the value is nested, as far as it matters."""
    level, layer = 0, [value]
    while layer and level <= DEEPEST:
        level += 1
        layer = [inner for each in layer if isinstance(each, dict | list) for inner in _inside(each)]
    return level


def _inside(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value
