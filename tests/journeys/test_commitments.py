"""Agreements: published, asked for again, barring what they govern until they are signed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations
from tests.journeys.world import World

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"sign": "Sign", "read": "Read and sign", "understood": "I have read it", "title": "Partner code"}),
        ("zh", {"sign": "签署", "read": "阅读并签署", "understood": "我已阅读", "title": "行为准则"}),
    ],
)
def test_a_new_version_bars_issuing_until_it_is_signed(
    visit: Any, product: Any, world: World, language: str, words: dict[str, str]
) -> None:
    vera, ines = visit("vera"), visit("ines", site=product.international)
    for window in (vera, ines):
        window.speaks(language)
    vera.opens("/vendor/agreements/publish/?like=cloud-intl/code_of_conduct-1.0")
    vera.fills(number=f"2.{language}", grace_days="0")
    vera.page.locator("[name=governs][value='vouchers.issue']").check()
    assert not violations(vera.page)
    vera.page.locator("main form .btn-primary").click()
    expect(vera.page.locator("main")).to_contain_text(re.compile("0 of 1|1 家公司中 0 家"))

    issue = f"/vouchers/quotas/{world.quotas['abroad']}/issue/"
    ines.opens(issue)
    expect(ines.rule("L-040")).to_have_count(1)
    ines.opens("/agreements/")
    assert not violations(ines.page)
    ines.page.get_by_role("link", name=words["read"]).first.click()
    expect(ines.page.locator("h1")).to_contain_text(words["title"])
    ines.page.get_by_role("checkbox", name=re.compile(words["understood"])).check()
    ines.page.locator("main form .btn-primary").click()
    expect(ines.page.locator("main [role=status]").first).to_be_visible()
    ines.opens(issue)
    expect(ines.rule("L-040")).to_have_count(0)
    for window in (vera, ines):
        window.speaks("en")


@pytest.mark.parametrize(("language", "login", "role"), [("en", "sue", "Quota reader"), ("zh", "ann", "额度查看")])
def test_whoever_misses_a_page_asks_for_it_and_is_granted_it(visit: Any, language: str, login: str, role: str) -> None:
    sue, sol = visit(login, language=language), visit("sol", language=language)
    sue.opens("/vouchers/quotas/", status=403)
    sue.follows("Menu explained")
    row = sue.page.locator("tr", has=sue.page.locator("a[href*='item=VOUCHER_QUOTA_VIEW']"))
    expect(row).to_contain_text("BPC_ITEM_SUBCUSTSERV_030100")
    assert not violations(sue.page)
    row.get_by_role("link", name=sue.says("Ask for it")).click()
    sue.fills(reason="To tell customers what is left")
    sue.presses("Ask for it")
    sue.is_told("Asked for. You see the answer here")

    sol.opens("/members/roles/make/")
    sol.fills(name=role)
    sol.page.locator("[name=grants][value=VOUCHER_QUOTA_VIEW]").check()
    sol.presses("Save the role")
    sol.is_told("can be given now")
    sol.opens("/members/requests/")
    sol.sees("To tell customers what is left")
    sol.page.get_by_label(sol.says("Give the role")).first.select_option(label=role)
    sol.presses("Grant")
    sol.is_told("Granted: the role holds from now on.")
    sue.opens("/vouchers/quotas/")
    sue.sees("Voucher quota")
