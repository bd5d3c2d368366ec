"""Every code with which a verb says no has words in both languages."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from partner_center.entrypoints import refusals
from partner_center.entrypoints.refusals import problems, said, shown, texts
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.kernel.money import Money

PACKAGE = Path(refusals.__file__).parents[1]
_CONFLICT = re.compile(r"""Conflict\(\s*"([a-z_]+)"|super\(\).__init__\("([a-z_]+)"(?:, |\))""")


def _codes() -> set[str]:
    found = set()
    for file in PACKAGE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if "Conflict" in text and "entrypoints" not in file.parts:
            found |= {first for first, _ in _CONFLICT.findall(text) if first}
    return found


def test_every_conflict_has_words() -> None:
    codes = _codes()
    assert {"idempotency_key_reused", "authorisation_ended"} <= codes
    assert codes <= set(texts())


@pytest.mark.parametrize("code", sorted(texts()))
def test_every_text_is_whole_in_both_languages(code: str) -> None:
    holes = {}
    for language in ("zh", "en"):
        words = texts()[code][language]
        assert words["message"] and words["remedy"]
        both = words["message"] + words["remedy"]
        holes[language] = {hole for _, hole, _, _ in string.Formatter().parse(both) if hole}
    assert holes["zh"] == holes["en"]


def test_a_conflict_without_words_of_its_own_still_reads() -> None:
    [told] = problems(Conflict("quite_new"), "en")
    assert told.code == "quite_new"
    assert "quite_new" in told.message


def test_a_permission_is_named_as_the_menu_names_it() -> None:
    [told] = problems(NotAllowed("BPC_ITEM_SUBCUSTSERV_030103"), "zh")
    assert "发放代金券" in told.message


def test_what_is_not_found_is_never_named() -> None:
    [told] = problems(NotFound("quota"), "en")
    assert "quota" not in told.message


def test_money_is_shown_with_its_currency() -> None:
    assert shown(Money.of("1234.5", "CNY"), "zh") == "1,234.50 CNY"
    assert said("login_taken", "en", values={"login": "rhea"}).message == "The login name rhea is taken"
