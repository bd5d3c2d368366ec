"""Rules of agreements and declarations: each refuses on itself alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from partner_center.agreements import rules
from partner_center.vouchers.rules import ISSUE

NOW = datetime(2026, 6, 15, 2, 30, tzinfo=UTC)
PUBLISH = rules.PublishFacts(
    "code_of_conduct", "2.0", frozenset({"1.0"}), ("准则", "Code"), ("正文", "Text"), ("vouchers.issue",), 30, NOW, NOW
)
SIGN = rules.SignFacts(
    "company", True, (), "distributor", is_main_account=True, is_administrator=True, signed_already=False
)
RELATION = {
    "vendor_person": "赵某",
    "vendor_department": "渠道部",
    "partner_person": "钱某",
    "partner_position": "总经理",
    "relation": "relative",
}
DECLARE = rules.DeclareFacts(False, (RELATION,), is_main_account=True, is_administrator=True)


def broken(table: Any, facts: Any) -> list[str]:
    return [rule.id for rule in table if not rule.predicate(facts)]


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"code": "code_of_honour"}, "L-039.code"),
        ({"number": "1.0"}, "L-039.number"),
        ({"number": " "}, "L-039.number"),
        ({"number": "1" * 17}, "L-039.number"),
        ({"titles": ("准则", " ")}, "L-039.titles"),
        ({"texts": ("", "Text")}, "L-039.texts"),
        ({"governs": ("the.weather",)}, "L-040.governs"),
        ({"grace_days": -1}, "L-040.grace"),
        ({"grace_days": 366}, "L-040.grace"),
        ({"effective_at": NOW - timedelta(days=2)}, "L-040.effective"),
    ],
)
def test_a_version_is_refused_by_one_rule(changes: dict[str, Any], row: str) -> None:
    """L-039, L-040."""
    assert broken(rules.PUBLISH, PUBLISH) == []
    assert broken(rules.PUBLISH, replace(PUBLISH, **changes)) == [row]


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"is_latest": False}, "L-039.latest"),
        ({"same_text": False}, "L-039.text"),
        ({"binds": ("reseller",)}, "L-030"),
        ({"is_main_account": False}, "L-041"),
        ({"is_administrator": False}, "L-041.administrator"),
        ({"signed_already": True}, "L-039.once"),
    ],
)
def test_a_signature_is_refused_by_one_rule(changes: dict[str, Any], row: str) -> None:
    """L-030, L-039, L-041."""
    assert broken(rules.SIGN, SIGN) == []
    assert broken(rules.SIGN, replace(SIGN, **changes)) == [row]


def test_a_person_signs_for_themselves_whatever_their_role() -> None:
    """L-041."""
    own = replace(SIGN, level="person", is_main_account=False, is_administrator=False)
    assert broken(rules.SIGN, own) == []


@pytest.mark.parametrize(
    ("changes", "row"),
    [
        ({"is_main_account": False}, "L-041.declare"),
        ({"is_administrator": False}, "L-041.declare"),
        ({"none_to_declare": True}, "L-042.either"),
        ({"relations": ()}, "L-042.either"),
        ({"relations": ({**RELATION, "partner_person": ""},)}, "L-042.complete"),
        ({"relations": ({**RELATION, "relation": "rival"},)}, "L-042.complete"),
        ({"affirmed": False}, "L-042.affirmed"),
    ],
)
def test_a_declaration_is_refused_by_one_rule(changes: dict[str, Any], row: str) -> None:
    """L-041, L-042."""
    assert broken(rules.DECLARE, DECLARE) == []
    assert broken(rules.DECLARE, replace(DECLARE, **changes)) == [row]


@pytest.mark.parametrize(
    ("effective", "since", "grace", "due"),
    [
        (NOW, NOW - timedelta(days=90), 30, NOW + timedelta(days=30)),
        # Whoever joins later has the same grace from the day they joined.
        (NOW - timedelta(days=90), NOW, 30, NOW + timedelta(days=30)),
        (NOW, NOW, 0, NOW),
    ],
)
def test_grace_is_counted_from_when_a_version_concerns_somebody(
    effective: datetime, since: datetime, grace: int, due: datetime
) -> None:
    """L-040."""
    assert rules.due_at(effective, since, grace) == due


def test_a_declaration_holds_a_year_from_the_newest() -> None:
    """L-042."""
    assert rules.declared_until([]) is None
    until = rules.declared_until([NOW - timedelta(days=700), NOW])
    assert until == NOW + timedelta(days=365)


def test_an_unsigned_agreement_bars_issuing_by_its_own_rule() -> None:
    """L-040."""
    assert "L-040" in {rule.id for rule in ISSUE}
    assert rules.titles(("code_of_conduct", "unknown")) == ["合作伙伴行为准则 / Partner code of conduct", "unknown"]
