"""What makes a page hard to use for some: violations of WCAG 2 A and AA, and what is wider than the screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
_TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (each) => each && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
  const out = [...document.querySelectorAll("body *")].filter((each) =>
    each.getBoundingClientRect().right > wide + 1 && !scrolls(each.parentElement));
  return ["wider than the screen", ...out.slice(0, 3).map((each) =>
    `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 40)}`)];
}"""

# While a fragment is under way its place is pale.
_STILL = """() => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
  && document.getAnimations().every((each) => each.playState !== "running")"""


def violations(page: Page) -> list[str]:
    """The rules of WCAG that the page breaks once it is still, each with the first elements that break it."""
    page.wait_for_function(_STILL)
    return [
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary']})"
        for each in Axe().run(page, options=WCAG).response["violations"]
        for node in each["nodes"][:3]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out at the right, if anything makes the page scroll sideways."""
    return list(page.evaluate(_TOO_WIDE))
