"""How this interface says no: from what an action raises to the code, status and text on the wire."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from partner_center.kernel.errors import Conflict, DomainError, NotAllowed, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Language, Outcome, Part

LONGEST_TEXT = 2000
BELOW_MINIMUM, ABOVE_MAXIMUM = "CBC.99000018", "CBC.99000019"
_PARTS: tuple[Part, ...] = ("message", "remedy")


@dataclass(frozen=True)
class Code:
    """A code of the contract: its status, its text, and whether it belongs to one row of a batch."""

    code: str
    status: int
    texts: Mapping[str, str]
    of_item: bool


@cache
def codes() -> Mapping[str, Code]:
    rows = tomllib.loads(Path(__file__).with_name("codes.toml").read_text(encoding="utf-8"))
    return {code: Code(code, row["status"], row, row.get("scope") == "item") for code, row in rows.items()}


class WireError(Exception):
    """A refusal with its code; the text is the code's own unless another says more."""

    def __init__(self, code: str, text: str = "", **values: object) -> None:
        super().__init__(code)
        self.code, self.text, self._values = codes()[code], text, values

    def body(self, language: Language) -> dict[str, str]:
        text = self.text or self.code.texts[language].format(**self._values)
        return {"error_code": self.code.code, "error_msg": text[:LONGEST_TEXT]}


@cache
def _of_rules() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("refusals.toml").read_text(encoding="utf-8"))


def code_of_rule(rule_code: str, operation: str) -> str:
    """The wire's code for a broken rule, by the rule's own code; another operation may have another."""
    of_rules = _of_rules()
    own: Mapping[str, str] = of_rules["rules_of"].get(operation, {})
    found: str = own.get(rule_code) or of_rules["rules"].get(rule_code, "CBC.0100")
    return found


def _code_of(outcome: Outcome, operation: str) -> str:
    found = code_of_rule(outcome.code, operation)
    return BELOW_MINIMUM if found == ABOVE_MAXIMUM and _is_below(outcome.values) else found


def _is_below(values: Mapping[str, object]) -> bool:
    """Whether the amount missed its lower bound; the contract has a code for each bound."""
    actual, least = values.get("actual"), values.get("required")
    return isinstance(actual, Money) and isinstance(least, Money) and actual < least


def text_of(outcomes: Sequence[Outcome], language: Language) -> str:
    """Every broken rule's message and remedy; what is said of several rows alike is said once."""
    stop = {"zh": "。", "en": ". "}[language]
    parts = (each.text(part, language, _shown) for each in outcomes for part in _PARTS)
    return "".join(f"{part}{stop}" for part in dict.fromkeys(parts) if part).strip()


def _shown(value: object) -> object:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def wire_error(error: DomainError, operation: str, language: Language) -> WireError:
    """What a refused query or action is on the wire."""
    of_rules = _of_rules()
    match error:
        case Refused():
            return WireError(_leading(error.outcomes, operation), text_of(error.outcomes, language))
        case NotFound():
            return _absent(of_rules["absent"].get(error.kind), language)
        case NotAllowed():
            return WireError("CBC.0151", items=error.permission)
        case Conflict():
            own = of_rules["conflicts_of"].get(operation, {})
            return WireError(own.get(error.code) or of_rules["conflicts"].get(error.code, "CBC.0150"))
    return WireError("CBC.0100")


def _absent(code: str | None, language: Language) -> WireError:
    texts = {"zh": "对象不存在：请核对 ID。", "en": "There is no such object: check the id."}
    return WireError(code) if code else WireError("CBC.0100", texts[language])


def of_items_only(refused: Refused, operation: str) -> bool:
    """Whether a batch was refused only for reasons that the contract gives row by row."""
    return all(codes()[_code_of(outcome, operation)].of_item for outcome in refused.outcomes)


def _leading(outcomes: Sequence[Outcome], operation: str) -> str:
    """One code for several broken rules: what concerns the request before what concerns rows, in the table's order."""
    order = list(_of_rules()["rules"])

    def rank(outcome: Outcome) -> tuple[bool, int]:
        place = order.index(outcome.code) if outcome.code in order else len(order)
        return codes()[_code_of(outcome, operation)].of_item, place

    return _code_of(min(outcomes, key=rank), operation)
