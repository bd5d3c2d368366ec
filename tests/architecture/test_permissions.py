"""Menu tree and permission tree are one model; every door is bound to an item or stands in a list."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from partner_center.access.permissions import Can, item_of
from partner_center.access.rules import items, roles
from partner_center.entrypoints.api.open_v2.contract import operations
from partner_center.entrypoints.api.v1.api import api
from partner_center.entrypoints.event_words import EVENTS
from partner_center.entrypoints.web import nav
from tests.architecture.source import HERE, held, modules

CODE = re.compile(r"^(BPC|BSS|OPS)_(ITEM|MENU)_[A-Z]+_\d{6}$")
PAST = re.compile(r"^[a-z]+(_[a-z]+)*\.([a-z]+_)*[a-z]*(ed|en|ade|ent|ept|ost|aid|awn)(_[a-z]+)?$")
DOORS: dict[str, dict[str, str]] = tomllib.loads((HERE / "doors.toml").read_text(encoding="utf-8"))
PUBLIC_PAGES, SIGNED_IN_PAGES, OPERATIONS = DOORS["public"], DOORS["signed_in"], DOORS["operations"]


def patterns(found: list[Any] | None = None) -> Iterator[URLPattern]:
    for each in get_resolver().url_patterns if found is None else found:
        if isinstance(each, URLResolver):
            if "v1" not in (each.namespace or ""):
                yield from patterns(each.url_patterns)
        else:
            yield each


def pages() -> list[URLPattern]:
    return [each for each in patterns() if ".entrypoints.web" in getattr(each.callback, "__module__", "")]


def test_permission_items_and_their_vocabulary_are_the_same() -> None:
    """Law: `Can` has one member for each item of permissions.toml; codes are unique and of the documented form.

    Why: an item without a member guards nothing, a member without an item names nothing. Instead change both.
    """
    assert {can.name for can in Can} == {can.value for can in Can} == set(items())
    codes = [item.code for item in items().values()]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if not CODE.match(code)] == []


def test_every_item_is_held_by_a_role() -> None:
    """Law: each role grants items that exist, and each item is in some role. Why: else nobody can pass that door."""
    granted = {name for role in roles().values() for name in role.grants}
    assert granted == set(items())


def test_every_item_guards_a_door() -> None:
    """Law: each member of `Can` is asked for somewhere. Why: a permission that opens nothing misleads who grants it."""
    asked = set(re.findall(r"\bCan\.([A-Z_]+)", "\n".join(module.text for module in modules())))
    by_api = {code for operation in operations().values() for code in operation.items}
    unasked = {can.name for can in Can if can.name not in asked and item_of(can).code not in by_api}
    held("unasked_items", dict.fromkeys(unasked, "no page, operation or verb asks for it"))


@pytest.mark.parametrize("pattern", pages(), ids=lambda each: each.name or str(each.pattern))
def test_every_page_is_bound_to_an_item(pattern: URLPattern) -> None:
    """Law: a page names the items that open it, or stands in doors.toml as public or open to whoever is signed in.

    Why: a page that forgot to ask is open. Instead: `@page(Can.X)`.
    """
    name, view = pattern.name or str(pattern.pattern), pattern.callback
    cans = getattr(view, "cans", None)
    if cans:
        assert name not in PUBLIC_PAGES and name not in SIGNED_IN_PAGES, f"{name}: take it out of doors.toml"
    elif cans is None:
        assert name in PUBLIC_PAGES
    else:
        assert name in SIGNED_IN_PAGES


def test_the_lists_of_open_doors_name_pages() -> None:
    """Law: doors.toml names pages that exist. Why: a list that only grows hides what is open."""
    named = {each.name or str(each.pattern) for each in pages()}
    assert (PUBLIC_PAGES.keys() | SIGNED_IN_PAGES.keys()) - named == set()


@pytest.mark.parametrize("operation", operations().values(), ids=lambda each: each.name)
def test_every_operation_of_the_partner_api_is_bound_to_items(operation: Any) -> None:
    """Law: the contract names items that exist for each operation. Why: whoever has a key could call it otherwise."""
    known = {item.code for item in items().values()}
    assert set(operation.items) <= known
    assert bool(operation.items) != (operation.name in OPERATIONS)


def test_every_operation_of_the_integration_api_is_bound_to_an_item() -> None:
    """Law: an operation requires an item, or calls a verb or a helper that does, or stands in doors.toml.

    Why and what instead: as for pages; `require(actor, Can.X)` in the operation.
    """
    open_ones = set()
    for _, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                source = inspect.getsource(operation.view_func)
                if "require" not in source and "actions." not in source:
                    open_ones.add(operation.operation_id or operation.view_func.__name__)
    assert open_ones == set(OPERATIONS) - {each.name for each in operations().values()}


def test_the_menu_leads_to_pages_the_reader_may_open() -> None:
    """Law: a leaf of the menu asks for the items its page asks for.

    Why: a menu that shows a locked door, or hides an open one, is wrong either way. Instead: the same items in both.
    """
    views = {each.name: getattr(each.callback, "cans", ()) for each in pages()}
    for sections in nav.MENUS.values():
        for section in sections:
            for group in section.groups:
                for leaf in (leaf for entry in group.entries for leaf in entry.leaves):
                    if leaf.name in views:
                        assert set(leaf.cans) <= set(views[leaf.name] or leaf.cans), leaf.name


def test_events_are_named_in_the_past_and_have_words() -> None:
    """Law: an event is `noun.past_participle`, and the audit page has words for it in its table; and no others.

    Why: a fact has happened; a name in the imperative will be taken for an order. Instead: the verb's past form, and
    a line in the table of words.
    """
    names = {
        str(call.args[1].value)
        for module in modules()
        for call in module.calls("record")
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    }
    assert [name for name in sorted(names) if not PAST.match(name)] == []
    held("wordless_events", dict.fromkeys(names - EVENTS.keys(), "no words"))
