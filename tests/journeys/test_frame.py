"""The frame around every page: who may see it, in which language, on which site, by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations

pytestmark = pytest.mark.journey


def test_a_sub_account_reads_which_permission_it_misses_and_who_can_give_it(visit: Any) -> None:
    sam = visit("sam")
    sam.opens("/vouchers/quotas/", status=403)
    sam.sees("It needs the permission")
    expect(sam.page.locator("main code").first).to_have_text(re.compile("BPC_ITEM"))
    sam.sees("Who can give it: Sol")
    assert not violations(sam.page)
    sam.follows("My permissions")
    sam.sees("Customer management", within="#permissions")


def test_the_first_step_of_the_tour_opens_its_page_as_the_person_who_can_do_it(visit: Any) -> None:
    guest = visit()
    guest.opens("/tour/")
    guest.page.get_by_role("button", name="Open as Gu Yan").first.click()
    expect(guest.page).to_have_url(re.compile("/vendor/quotas/$"))
    expect(guest.page.locator(".pc-user-name")).to_contain_text("Gu Yan")
    expect(guest.page.get_by_role("link", name="Grant quota")).to_be_visible()


def test_changing_the_language_keeps_the_page(visit: Any) -> None:
    sol = visit("sol", anew=True)
    page = sol.opens("/vouchers/quotas/?state=normal")
    heading = page.locator("h1").inner_text()
    page.click(".pc-language")
    expect(page).to_have_url(re.compile(re.escape("/vouchers/quotas/?state=normal") + "$"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.locator("h1")).to_have_text("代金券额度")
    page.click(".pc-language")
    expect(page.locator("h1")).to_have_text(heading)


def test_the_banner_of_the_other_site_advises_and_once_hidden_stays_hidden(visit: Any) -> None:
    ines = visit("ines", anew=True)
    banner = ines.page.locator(".pc-site-banner")
    ines.opens("/vouchers/quotas/")
    expect(banner).to_contain_text("account of the International site")
    expect(banner.get_by_role("link")).to_have_attribute("href", re.compile("/intl/en-us/vouchers/quotas/$"))
    # Work is not blocked meanwhile.
    ines.makes_a_key()
    ines.opens("/keys/")
    ines.presses("Do not show again", within=".pc-site-banner")
    expect(ines.page).to_have_url(re.compile("/keys/$"))
    expect(banner).to_have_count(0)
    again = visit("ines", anew=True)
    again.opens("/vouchers/quotas/")
    expect(again.page.locator(".pc-site-banner")).to_have_count(0)


def test_at_home_on_its_own_site_nobody_is_advised(visit: Any, product: Any) -> None:
    ines = visit("ines", site=product.international)
    ines.opens("/vouchers/quotas/")
    expect(ines.page.locator(".pc-site-banner")).to_have_count(0)


def test_a_list_pages_and_narrows_and_its_address_remembers_where_one_was(visit: Any) -> None:
    page = visit("sol").opens("/customers/")
    first = page.locator("td.pc-main a").first.inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page.locator("td.pc-main a").first).not_to_have_text(first)
    page.reload()
    page.get_by_role("link", name="Previous").click()
    expect(page.locator("td.pc-main a").first).to_have_text(first)
    page.fill("main input[type=search]", "Retail Number 17")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=Retail"))


def test_the_keyboard_skips_to_the_content_and_closes_what_is_open(visit: Any) -> None:
    page = visit("sol").opens("/vouchers/quotas/")
    page.keyboard.press("Tab")
    skip = page.locator(".pc-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    opener = page.locator("td.pc-main a").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pc-drawer")).to_be_focused()
    assert not violations(page)
    page.keyboard.press("Escape")
    expect(page.locator(".pc-drawer")).to_have_count(0)
    expect(opener).to_be_focused()
    menu = page.locator(".pc-user summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pc-user-menu")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".pc-user-menu")).not_to_be_visible()
    expect(menu).to_be_focused()
