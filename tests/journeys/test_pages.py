"""The main pages of each role: no accessibility violation, and nothing wider than a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.accessible import too_wide, violations
from tests.journeys.visitor import Visitor
from tests.journeys.world import World

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUOTA, VENDOR_QUOTA = "/vouchers/quotas/{quota}/", "/vendor/quotas/{quota}/"
ISSUED = "/vouchers/batches/ /vouchers/issued/ /vouchers/records/"
VENDOR_FORMS = "/vendor/quotas/grant/ /vendor/partners/open/"
INBOX, COMPANY = "/inbox/ /inbox/absence/", "/inbox/ /account/company/"
OWN = "/audit/ /members/ /members/add/ /keys/ /account/"
# Who signs in, of which quota they look at the page, and the addresses.
ROLES = {
    "nobody": ("", "many", "/login/ /rules/ /rules/S-377/ /tour/ /mailbox/ /join/ /join/sent/"),
    "vendor": (
        "vera",
        "many",
        f"{INBOX} / /vendor/partners/ /vendor/customers/ /vendor/quotas/ {VENDOR_QUOTA} {VENDOR_FORMS} {OWN}",
    ),
    "distributor": (
        "dario",
        "codes",
        f"/ /vouchers/quotas/ {QUOTA} {QUOTA}pass-on/ /vouchers/issued-quotas/ /resellers/ /customers/",
    ),
    "solution provider": (
        "sol",
        "many",
        f"{COMPANY} / /vouchers/quotas/ {QUOTA} {QUOTA}issue/ {QUOTA}mass-issue/ {ISSUED} /customers/ {OWN}",
    ),
    "customer": (
        "cleo",
        "many",
        "/ /billing/vouchers/ /billing/orders/ /shop/ /shop/checkout/?n.ecs.s=2 /my-partner/ /keys/",
    ),
}


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest, world: World) -> tuple[str, tuple[str, ...]]:
    """Who signs in, and the addresses of the pages to look at."""
    login, purpose, pages = ROLES[request.param]
    return login, tuple(pages.format(quota=world.quotas[purpose]).split())


def test_main_pages_have_no_accessibility_violation_and_fit_a_phone_in_both_languages(visit: Any, role: Any) -> None:
    login, pages = role
    visitor = visit(login, anew=bool(login))
    if login == "cleo":
        visitor.makes_a_key()

    def in_english(page: Page) -> list[str]:
        page.set_viewport_size(DESK)
        found = violations(page)
        page.set_viewport_size(PHONE)
        return found + too_wide(page)

    def in_chinese(page: Page) -> list[str]:
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        return too_wide(page)

    found = _found(visitor, pages, in_english)
    visitor.page.locator(".pc-language").click()
    expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-CN")
    assert not [*found, *_found(visitor, pages, in_chinese)]


def _found(visitor: Visitor, pages: tuple[str, ...], looked_at: Callable[[Page], list[str]]) -> list[str]:
    """What is wrong with any of the pages: all are looked at before anything is said."""
    return [f"{address}: {said}" for address in pages for said in looked_at(visitor.opens(address))]
