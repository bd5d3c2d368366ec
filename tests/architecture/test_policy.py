"""What the vendor decides is data with a source; what we assumed says so."""

from __future__ import annotations

import re

import pytest

from partner_center.policy.queries import packs, sites
from partner_center.policy.rules import Pack
from tests.architecture.source import ROOT, modules
from tools.write_assumptions import inferred, page

RULE = re.compile(r"^[A-Z]{1,3}[-.]\d+$")


def every_pack() -> list[Pack]:
    return [pack for site in sites() for pack in packs(site)]


@pytest.mark.parametrize("pack", every_pack(), ids=lambda each: f"{each.site}-{each.version}")
def test_a_value_without_a_documented_source_is_assumed(pack: Pack) -> None:
    """Law: `source` is the id of a rule, or the value is `assumed = true` and `source` says what we went by.

    Why: a guess that looks like a fact is believed. Instead of a bare number write where it is from.
    """
    for value in pack.values.values():
        assert value.source, value.name
        assert value.assumed != bool(RULE.match(value.source)), f"{value.name}: {value.source}"


def test_the_page_of_assumptions_lists_exactly_them() -> None:
    """Law: docs/rules/assumptions.md is what the packs say. Instead of editing it: python tools/write_assumptions.py"""
    assert (ROOT / "docs" / "rules" / "assumptions.md").read_text(encoding="utf-8") == page(every_pack())


def test_the_page_of_inferred_rules_lists_exactly_them() -> None:
    """Law: docs/rules/inferred.md is what rules.toml says. Instead of editing it: python tools/write_assumptions.py"""
    assert (ROOT / "docs" / "rules" / "inferred.md").read_text(encoding="utf-8") == inferred()


def test_sites_decide_the_same_things() -> None:
    """Law: every site's pack has the same names. Why: a value that one site lacks is an error on a customer's page."""
    names = {frozenset(pack.values) for pack in every_pack()}
    assert len(names) == 1


def test_every_value_that_is_asked_for_exists() -> None:
    """Law: a literal name asked of a pack is in every pack, and every value of a pack is asked for somewhere.

    Why: a number nobody reads misleads whoever changes it. Instead take it out, or read it.
    """
    text = "\n".join(module.text for module in modules())
    known = set(every_pack()[0].values)
    asked = set(re.findall(r'\.(?:value|number)\("([a-z_]+\.[a-z_0-9]+)"\)', text))
    assert asked <= known
