"""Every page as every role: none fails, and only those that ask for no sign-in answer without one."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import RoutePattern

from partner_center.access import actions as access
from partner_center.access.rules import roles
from partner_center.entrypoints.web import nav
from tests.cast import PASSWORD, Cast, Person
from tests.entrypoints.web.conftest import SignedIn

# Signing out in the middle of a walk would end it.
NOT_WALKED = {"logout", "login"}
OPEN_TO_ALL = {
    "login",
    "logout",
    "language",
    "international",
    "rules",
    "rule",
    "healthz",
    "mailbox",
    "mail",
    "texts",
    "tour",
}
OPEN_TO_ALL |= {"tour", "join", "join-sent", "join-confirm", "join-state", "join-withdraw"}
EXPECTED = {200, 302, 303, 403, 404, 405, 409, 422}
PARTS = {"uuid": str(uuid4()), "str": "S-570", "slug": "zh-cn", "path": "rules/", "int": "1"}


def pages() -> Iterator[tuple[str, str]]:
    """(name, an address) of every page."""
    for pattern in get_resolver("partner_center.entrypoints.web.urls").url_patterns:
        assert isinstance(pattern, URLPattern) and isinstance(pattern.pattern, RoutePattern)
        address = str(pattern.pattern)
        for part, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            address = address.replace(f"<{kind}:{part}>", PARTS[kind]).replace(f"<{part}>", PARTS["str"])
        yield pattern.name or address, f"/{address}"


PAGES = sorted(set(pages()))


def of_audience(cast: Cast, audience: str) -> tuple[Person, ...]:
    return {"vendor": (cast.vera,), "partner": (cast.dario, cast.rhea, cast.sol), "customer": (cast.carl,)}[audience]


@pytest.mark.parametrize("role", sorted(roles()))
def test_no_page_fails_for(role: str, cast: Cast, signed_in: SignedIn) -> None:
    for boss in of_audience(cast, roles()[role].audience):
        login = f"walker-{boss.actor.login}"
        access.add_member(boss(), login=login, display_name="走", roles=[role], password=PASSWORD)
        client = signed_in(login)
        for name, address in PAGES:
            if name not in NOT_WALKED:
                assert client.get(address).status_code in EXPECTED, (role, address)
                assert client.post(address).status_code in EXPECTED, (role, address)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_line_of_the_menu_opens(language: str, cast: Cast, signed_in: SignedIn) -> None:
    for person in (cast.vera, cast.dario, cast.rhea, cast.sol, cast.fay, cast.carl):
        client = signed_in(person, language)
        for sections in nav.MENUS[person.actor.audience]:
            for leaf in (leaf for group in sections.groups for entry in group.entries for leaf in entry.leaves):
                address = nav.href(leaf.name)
                if address and f'href="{address}"' in client.get("/account/").content.decode():
                    assert client.get(address).status_code == 200, (person.actor.login, address)


@pytest.mark.parametrize("name, address", PAGES)
def test_nobody_sees_a_page_without_signing_in(name: str, address: str, db: None) -> None:
    answer = Client().get(address)
    if name not in OPEN_TO_ALL:
        assert answer.status_code in (302, 405), address
        assert answer.status_code == 405 or answer["Location"].startswith("/login/"), address
