"""The main pages of each role: no accessibility violation, and nothing wider than a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.accessible import too_wide, violations
from tests.journeys.visitor import Visitor
from tests.journeys.world import World

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
QUOTA = "/vouchers/quotas/{quota}/"
VENDOR_FORMS = "/vendor/quotas/grant/ /vendor/partners/open/"
OWN = "/audit/ /members/ /members/add/ /keys/ /account/"
# Who signs in, of which quota they look at the page, and the addresses.
ROLES = {
    "nobody": ("", "many", "/login/ /rules/ /rules/S-377/ /tour/ /mailbox/"),
    "vendor": (
        "vera",
        "many",
        f"/ /vendor/partners/ /vendor/customers/ /vendor/quotas/ /vendor/quotas/{{quota}}/ {VENDOR_FORMS} {OWN}",
    ),
    "distributor": (
        "dario",
        "codes",
        f"/ /vouchers/quotas/ {QUOTA} {QUOTA}pass-on/ /vouchers/issued-quotas/ /resellers/ /customers/",
    ),
    "solution provider": (
        "sol",
        "many",
        f"/ /vouchers/quotas/ {QUOTA} {QUOTA}issue/ /vouchers/issued/ /vouchers/records/ /customers/ {OWN}",
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


def test_main_pages_have_no_accessibility_violation_and_fit_a_phone(visit: Any, role: Any) -> None:
    login, pages = role
    visitor = visit(login)
    if login == "cleo":
        visitor.makes_a_key()

    def looked_at(page: Page) -> list[str]:
        page.set_viewport_size(DESK)
        found = violations(page)
        page.set_viewport_size(PHONE)
        return found + too_wide(page)

    _none(visitor, pages, looked_at)


def test_main_pages_fit_a_phone_in_chinese(visit: Any, role: Any) -> None:
    login, pages = role
    visitor = visit(login, anew=bool(login), width=390, locale="zh-CN")
    if login:
        visitor.page.locator(".pc-language").click()
    visitor.page.wait_for_load_state()

    def looked_at(page: Page) -> list[str]:
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        return too_wide(page)

    _none(visitor, pages, looked_at)


def _none(visitor: Visitor, pages: tuple[str, ...], looked_at: Callable[[Page], list[str]]) -> None:
    """Every page is looked at before anything is said, so that one run tells all."""
    found = [f"{address}: {said}" for address in pages for said in looked_at(visitor.opens(address))]
    assert not found, "\n".join(found)
