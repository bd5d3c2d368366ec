"""Rules of customers, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

from partner_center.customers import rules

OPEN = rules.OpenFacts(
    site="cloud-cn", level="V0", verified_status=2, customer_type=1, name_taken=False, account_name="carl"
)


def broken(table, facts) -> list[tuple[str, str]]:
    return [(outcome.id, outcome.code) for outcome in table.broken(facts)]


@pytest.mark.parametrize(
    ("table", "facts", "expected"),
    [
        (rules.OPEN, OPEN, []),
        (rules.OPEN, replace(OPEN, name_taken=True), [("S-112", "account_name_taken")]),
        (rules.OPEN, replace(OPEN, level="V6"), [("S-250", "level_unknown")]),
        (rules.OPEN, replace(OPEN, verified_status=3), [("S-250", "verified_status_unknown")]),
        (rules.OPEN, replace(OPEN, customer_type=2), [("S-250", "customer_type_unknown")]),
        (rules.LABEL, rules.LabelFacts(""), []),
        (rules.LABEL, rules.LabelFacts("重点" * 32), []),
        (rules.LABEL, rules.LabelFacts("重点" * 33), [("S-258", "label_too_long")]),
        (rules.LABEL, rules.LabelFacts("key account"), [("S-251", "label_has_blanks")]),
        (rules.LABEL, rules.LabelFacts("重点　客户"), [("S-251", "label_has_blanks")]),
    ],
)
def test_a_rule_answers(table, facts, expected):
    assert broken(table, facts) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("rule", [*rules.OPEN, *rules.LABEL])
def test_each_rule_speaks_both_languages(rule, language):
    text = rules.BOOK.texts[rule.id]
    assert all(text.part(part, language) for part in ("name", "message", "remedy"))
