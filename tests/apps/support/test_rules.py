"""Rules of tickets: each refuses on itself alone; categories and times are data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from partner_center.access.rules import roles
from partner_center.support import rules

NOW = datetime(2026, 6, 15, 2, 30, tzinfo=UTC)
OPEN = rules.OpenFacts("partner", "usage_dispute", "guidance", "主题", "描述", "13912344471", 0, 50, 5000)
FILE = rules.FileFacts("a.png", 10, 100, "png", ("png",), "png", (8, 8), 100, 5000)
TAKE = rules.TakeFacts("submitted", False, ("operations",), ("operations",))
RETURN = rules.ReturnFacts(True, "accepted", "路 1 号", "财务", "13912344471")
URGE = rules.UrgeFacts("accepted", NOW, None)
RESOLVED = rules.TalkFacts("resolved", "x", 0, 10, NOW, NOW + timedelta(1))
INVOICE = {"invoice_number": "1", "medium": "paper"}
ZONE = ZoneInfo("Asia/Shanghai")


def broken(table: Any, facts: Any) -> list[str]:
    return [rule.id for rule in table if not rule.predicate(facts)]


@pytest.mark.parametrize(
    ("table", "facts", "changes", "row"),
    [
        (rules.RAISE, OPEN, {"audience": "vendor"}, "L-215"),
        (rules.RAISE, OPEN, {"category": "weather"}, "L-252.category"),
        (
            rules.RAISE,
            replace(OPEN, audience="customer", particulars=INVOICE),
            {"category": "wrong_invoice"},
            "L-252.category",
        ),
        (rules.RAISE, OPEN, {"severity": "awful"}, "L-252.severity"),
        (rules.RAISE, OPEN, {"subject": " "}, "L-252.subject"),
        (rules.RAISE, OPEN, {"subject": "长" * 121}, "L-252.subject"),
        (rules.RAISE, OPEN, {"text": "\n"}, "L-252.text"),
        (rules.RAISE, OPEN, {"text": "长" * 5001}, "L-252.text"),
        (rules.RAISE, OPEN, {"contact": "call me"}, "L-252.contact"),
        (rules.RAISE, OPEN, {"category": "association_exception"}, "L-252.fields"),
        (rules.RAISE, OPEN, {"open": 50}, "L-253"),
        (rules.FILES, rules.FilesFacts(5, 5, 0, 20), {"files": 6}, "L-251.files"),
        (rules.FILES, rules.FilesFacts(5, 5, 0, 20), {"on_ticket": 16}, "L-251.files_in_all"),
        (rules.FILE, FILE, {"size": 101}, "L-251.size"),
        (rules.FILE, FILE, {"size": 0}, "L-251.size"),
        (rules.FILE, FILE, {"kind": "", "pixels": None}, "L-251.type"),
        (rules.FILE, FILE, {"ending": "pdf"}, "L-251.truthful"),
        (rules.FILE, FILE, {"ending": "html"}, "L-251.truthful"),
        (rules.FILE, FILE, {"pixels": (101, 1)}, "L-251.pixels"),
        (rules.FILE, FILE, {"pixels": (100, 99)}, "L-251.pixels"),
        (rules.FILE, FILE, {"pixels": (0, 0)}, "L-251.pixels"),
        (rules.TALK, rules.TalkFacts("accepted", "x", 0, 10, NOW), {"state": "closed"}, "L-251.talk"),
        (rules.TALK, rules.TalkFacts("accepted", "x", 0, 10, NOW), {"state": "cancelled"}, "L-251.talk"),
        (rules.TALK, rules.TalkFacts("accepted", "x", 0, 10, NOW), {"text": " "}, "L-251.message"),
        (rules.TALK, rules.TalkFacts("accepted", "x", 1, 10, NOW), {"text": "x" * 11}, "L-251.message"),
        (rules.TALK, RESOLVED, {"closes_at": NOW}, "L-251.reopen"),
        (rules.CANCEL, rules.CancelFacts("submitted", True), {"state": "accepted"}, "L-251.cancel"),
        (rules.CANCEL, rules.CancelFacts("submitted", True), {"is_opener": False}, "L-251.opener"),
        (rules.URGE, URGE, {"state": "waiting_user"}, "L-251.urge"),
        (rules.URGE, URGE, {"again_at": NOW + timedelta(hours=1)}, "L-251.urge_again"),
        (rules.CONFIRM, rules.ConfirmFacts("resolved"), {"state": "in_progress"}, "L-251.confirm"),
        (rules.RATE, rules.RateFacts("closed", False, 5, ""), {"state": "resolved"}, "L-251.rate"),
        (rules.RATE, rules.RateFacts("closed", False, 5, ""), {"rated": True}, "L-251.rate_once"),
        (rules.RATE, rules.RateFacts("closed", False, 5, ""), {"marks": 6}, "L-251.marks"),
        (rules.RATE, rules.RateFacts("closed", False, 5, ""), {"words": "x" * 501}, "L-251.words"),
        (rules.TAKE, TAKE, {"assignee": True}, "L-250.taken"),
        (rules.TAKE, TAKE, {"state": "closed"}, "L-250.over"),
        (rules.TAKE, TAKE, {"roles": ("direct_sales",)}, "L-250.role"),
        (rules.ANSWER, rules.AnswerFacts("answer", "accepted", True), {"is_assignee": False}, "L-250.assignee"),
        (rules.ANSWER, rules.AnswerFacts("answer", "accepted", True), {"state": "submitted"}, "L-250.state"),
        (rules.ANSWER, rules.AnswerFacts("resolve", "accepted", True), {"wants_return": True}, "S-477.return"),
        (rules.RETURN, RETURN, {"wants_return": False}, "S-477.category"),
        (rules.RETURN, RETURN, {"state": "closed"}, "S-477.open"),
        (rules.RETURN, RETURN, {"address": " "}, "S-477.address"),
        (rules.RETURN, RETURN, {"addressee": ""}, "S-477.addressee"),
        (rules.RETURN, RETURN, {"phone": "none"}, "S-477.phone"),
    ],
)
def test_a_rule_refuses_alone(table: Any, facts: Any, changes: dict[str, Any], row: str) -> None:
    """L-215, L-250, L-251, L-252, L-253, S-477."""
    assert broken(table, facts) == []
    assert broken(table, replace(facts, **changes)) == [row]


def test_the_categories_of_the_domain_are_offered() -> None:
    """L-255, L-256: what is solved by ticket, and suggestions; roles and audiences are real ones."""
    known = rules.categories()
    assert {"wrong_invoice", "locked_certification", "contact_change", "association_exception", "suggestion"} <= set(
        known
    )
    for each in known.values():
        assert set(each.audiences) <= {"partner", "customer"} and each.audiences
        assert all(roles()[role].audience == "vendor" for role in each.roles)
        assert each.zh and each.en and each.zh_hint and each.en_hint and each.due_days > 0
    assert "wrong_invoice" not in {each.code for each in rules.offered("customer")}


def test_a_failed_certification_is_solved_in_three_days() -> None:
    """S-512."""
    assert rules.categories()["locked_certification"].due_days == 3


def test_what_the_opener_takes_does_not_count() -> None:
    """L-252."""
    assert rules.resumed(NOW, NOW - timedelta(days=2), NOW) == NOW + timedelta(days=2)


def test_only_paper_goes_back() -> None:
    """S-477: a digital invoice is never mailed."""
    category = rules.categories()["wrong_invoice"]
    assert category.wants_return({"medium": "paper"}) and not category.wants_return({"medium": "digital"})
    assert not rules.categories()["other"].wants_return({"medium": "paper"})
    assert [each.code for each in category.missing({"invoice_number": "1", "medium": "stone"})] == ["medium"]


def test_a_file_alone_is_a_message() -> None:
    assert broken(rules.TALK, rules.TalkFacts("accepted", "", 1, 10, NOW)) == []
