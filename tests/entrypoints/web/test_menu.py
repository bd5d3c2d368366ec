"""The menu and the permissions are one tree; words, colours and numbers that pages show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import resolve

import partner_center
from partner_center.entrypoints.event_words import EVENTS
from partner_center.entrypoints.web import nav
from partner_center.entrypoints.web.accent import readable
from tests.cast import Cast
from tests.entrypoints.web.conftest import SignedIn

LEAVES = sorted(
    {
        (leaf.name, leaf)
        for sections in nav.MENUS.values()
        for section in sections
        for group in section.groups
        for entry in group.entries
        for leaf in entry.leaves
    },
    key=lambda each: each[0],
)
# An action records its event by a literal name; a table of moves to names is read as well.
_RECORDED = re.compile(r"record\(\s*actor,\s*\"([a-z_]+\.[a-z_]+)\"", re.MULTILINE)


@pytest.mark.parametrize("leaf", [leaf for _name, leaf in LEAVES], ids=[name for name, _leaf in LEAVES])
def test_who_sees_a_line_of_the_menu_may_open_its_page(leaf: nav.Leaf) -> None:
    address = nav.href(leaf.name)
    if address:
        opens = set(resolve(address).func.cans)  # type: ignore[attr-defined]
        assert not opens or set(leaf.cans) <= opens


def test_every_recorded_event_is_called_something() -> None:
    root = Path(partner_center.__file__).parent
    recorded = {name for file in root.rglob("*.py") for name in _RECORDED.findall(file.read_text(encoding="utf-8"))}
    assert recorded - set(EVENTS) == set(), "add their words to entrypoints/web/event_words.py"


def test_a_reseller_is_not_offered_what_only_a_distributor_has(cast: Cast, signed_in: SignedIn) -> None:
    for person, offered in ((cast.dario, True), (cast.rhea, False), (cast.sol, False)):
        text = signed_in(person).get("/customers/").content.decode()
        if nav.href("resellers"):
            assert (f'href="{nav.href("resellers")}"' in text) is offered


def test_the_breadcrumb_is_the_menu_s_path(cast: Cast, signed_in: SignedIn) -> None:
    text = signed_in(cast.sol).get("/members/add/").content.decode()
    crumbs = re.findall(r"<ol>(.*?)</ol>", text, re.DOTALL)[0]
    steps = [step for step in re.sub(r"<[^>]+>", "\n", crumbs).split("\n") if step.strip()]
    assert steps == ["Organisation", "Members of the organisation", "Members", "Add a member"]


def test_before_sign_in_there_is_no_menu(db: None) -> None:
    text = Client().get("/login/").content.decode()
    assert "pc-top-nav" not in text and "/logout/" not in text


@pytest.mark.parametrize(
    "colour, shown",
    [("#0b5cab", "#0b5cab"), ("0B5CAB", "#0b5cab"), ("red", ""), ("", ""), ("#fff;}body{display:none", "")],
)
def test_a_vendor_s_colour_is_a_colour_or_nothing(colour: str, shown: str) -> None:
    assert readable(colour) == shown


def test_a_light_colour_is_darkened_until_white_text_can_be_read() -> None:
    dark = readable("#ffd400")
    assert dark != "#ffd400" and readable(dark) == dark
