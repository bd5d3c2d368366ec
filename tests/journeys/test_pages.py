"""The main pages of each role: no accessibility violation, and nothing wider than a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.visitor import Visitor
from tests.journeys.world import World

pytestmark = pytest.mark.journey

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
OWN = ("/audit/", "/members/", "/members/add/", "/keys/", "/account/")
QUOTA = "/vouchers/quotas/{quota}/"
ROLES = {
    "nobody": ("", "many", ("/login/", "/rules/", "/rules/S-377/", "/tour/", "/mailbox/")),
    "vendor": (
        "vera",
        "many",
        ("/", "/vendor/partners/", "/vendor/customers/", "/vendor/quotas/", "/vendor/quotas/{quota}/", *OWN)
        + ("/vendor/quotas/grant/", "/vendor/partners/open/"),
    ),
    "distributor": (
        "dario",
        "codes",
        ("/", "/vouchers/quotas/", QUOTA, f"{QUOTA}pass-on/", "/vouchers/issued-quotas/", "/resellers/", "/customers/"),
    ),
    "solution provider": (
        "sol",
        "many",
        ("/", "/vouchers/quotas/", QUOTA, f"{QUOTA}issue/", "/vouchers/issued/", "/vouchers/records/", "/customers/", *OWN),
    ),
    "customer": (
        "cleo",
        "many",
        ("/", "/billing/vouchers/", "/billing/orders/", "/shop/", "/shop/checkout/?n.ecs.s=2", "/my-partner/", "/keys/"),
    ),
}
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (each) => each && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
  const out = [...document.querySelectorAll("body *")].filter((each) =>
    each.getBoundingClientRect().right > wide + 1 && !scrolls(each.parentElement));
  return out.slice(0, 3).map((each) => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 40)}`);
}"""


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest, world: World) -> tuple[str, tuple[str, ...]]:
    """Who signs in, and the addresses of their pages."""
    login, purpose, pages = ROLES[request.param]
    return login, tuple(each.format(quota=world.quotas[purpose]) for each in pages)


def test_main_pages_have_no_accessibility_violation_and_fit_a_phone(visit: Any, role: Any) -> None:
    login, pages = role
    visitor = visit(login)
    if login == "cleo":
        visitor.makes_a_key()

    def looked_at(page: Page) -> list[str]:
        page.set_viewport_size(DESK)
        found = [
            f"{each['id']}: {node['html'][:160]} ({node['failureSummary']})"
            for each in Axe().run(page, options=WCAG).response["violations"]
            for node in each["nodes"][:3]
        ]
        page.set_viewport_size(PHONE)
        return found + page.evaluate(TOO_WIDE)

    _none(visitor, pages, looked_at)


def test_main_pages_fit_a_phone_in_chinese(visit: Any, role: Any) -> None:
    login, pages = role
    visitor = visit(login, anew=bool(login), width=390, locale="zh-CN")
    if login:
        visitor.page.locator(".pc-language").click()
    visitor.page.wait_for_load_state()

    def looked_at(page: Page) -> list[str]:
        assert page.locator("html").get_attribute("lang") == "zh-CN"
        return list(page.evaluate(TOO_WIDE))

    _none(visitor, pages, looked_at)


def _none(visitor: Visitor, pages: tuple[str, ...], looked_at: Callable[[Page], list[str]]) -> None:
    """Every page is looked at before anything is said, so that one run tells all."""
    found = [f"{address}: {said}" for address in pages for said in looked_at(visitor.opens(address))]
    assert not found, "\n".join(found)
