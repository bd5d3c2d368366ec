"""A voucher's life on the pages: quota granted, passed on, issued, spent, reclaimed; the sum closes after each step."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor
from tests.journeys.world import GRANTER, World

pytestmark = pytest.mark.journey


def test_a_voucher_is_granted_for_issued_spent_in_part_and_reclaimed_and_the_sum_closes_each_time(
    visit: Any, world: World
) -> None:
    granter, sol, carl = visit(GRANTER.login), visit("sol"), visit("carl")

    quota = _grant(granter, world)
    assert granter.whereabouts() == {"Granted": 1000, "Kept": 1000}

    sol.opens("/vouchers/quotas/")
    sol.follows(quota)
    sol.page.locator(".pc-drawer").get_by_role("link", name="Open as page").click()
    here = sol.page.url.removeprefix(sol.site)
    assert sol.whereabouts() == {"Granted": 1000, "Kept": 1000}

    _issue(sol, "Carl Manufacturing", "300")
    sol.is_told("1 voucher issued, ¥300.00 in all.")
    voucher = sol.page.locator("tbody td.pc-main a").first.inner_text()
    sol.opens(here)
    assert sol.whereabouts() == {"Granted": 1000, "Kept": 700, "Not spent by customers": 300}

    carl.opens("/billing/vouchers/")
    carl.sees(voucher)
    carl.sees("Far Hill Solutions")
    _spend(carl, two_small_servers="120.00")
    carl.opens("/billing/vouchers/")
    expect(carl.page.locator("tr", has_text=voucher)).to_contain_text("180.00")
    sol.opens(here)
    assert sol.whereabouts() == {"Granted": 1000, "Kept": 700, "Not spent by customers": 180, "Spent": 120}

    sol.opens("/vouchers/issued/?q=" + voucher)
    sol.page.locator("tr", has_text=voucher).get_by_role("link", name="Reclaim").click()
    sol.sees("The whole balance of ¥180.00 returns to")
    sol.presses("Reclaim ¥180.00")
    sol.is_told("1 voucher reclaimed; ¥180.00 returned.")
    sol.opens(here)
    assert sol.whereabouts() == {"Granted": 1000, "Kept": 880, "Spent": 120}
    carl.opens("/billing/vouchers/")
    carl.sees_no(voucher)


def test_a_distributor_passes_quota_on_with_a_code_and_its_reseller_issues_to_its_own_customer(
    visit: Any, world: World
) -> None:
    dario, rhea, rita = visit("dario"), visit("rhea"), visit("rita")
    quota = f"/vouchers/quotas/{world.quotas['to pass on']}/"

    dario.opens(quota)
    dario.follows("Pass on to resellers")
    dario.picks("Haichuan Data")
    dario.fills(amount="400")
    dario.presses("Send code")
    dario.sees("A code was sent to")
    dario.fills(code=dario.newest_code("dario@partner.example"))
    dario.presses("Continue")
    dario.is_told("Passed on to 1 reseller, ¥400.00 in all.")
    dario.opens(quota)
    assert dario.whereabouts() == {"Granted": 5000, "Kept": 4600, "Kept by resellers": 400}

    rhea.opens("/vouchers/quotas/")
    rhea.page.locator("tr", has_text="to pass on").get_by_role("link", name="Issue vouchers").click()
    rhea.page.wait_for_url(re.compile("/issue/$"))
    _fill_issue(rhea, "Rita Logistics", "150")
    rhea.is_told("1 voucher issued, ¥150.00 in all.")
    rita.opens("/billing/vouchers/")
    rita.sees("Haichuan Data")
    rita.sees("150.00")
    dario.opens(quota)
    parts = {"Granted": 5000, "Kept": 4600, "Kept by resellers": 250, "Not spent by customers": 150}
    assert dario.whereabouts() == parts


def _grant(granter: Visitor, world: World) -> str:
    """Vendor's quota of 1,000 for Sol, for two months; its number."""
    granter.opens("/vendor/quotas/")
    granter.page.get_by_role("link", name="Grant quota").click()
    granter.fills(partner_q="Far Hill")
    granter.presses("Find", within=".pc-card-body:has([name=partner_q])")
    granter.presses("Far Hill Solutions")
    granter.fills(value="1,000", ends_at=f"{world.today + timedelta(days=60):%Y-%m-%d}", purpose="a journey")
    granter.presses("Grant quota")
    granter.is_told("granted, ¥1,000.00")
    return granter.page.locator("h1").inner_text()


def _issue(partner: Visitor, customer: str, face: str) -> None:
    partner.follows("Issue vouchers")
    _fill_issue(partner, customer, face)


def _fill_issue(partner: Visitor, customer: str, face: str) -> None:
    partner.picks(customer)
    partner.fills(face_value=face)
    expect(partner.page.locator("#checked-bar")).to_contain_text("All rules are met.")
    partner.presses("Issue 1 voucher")


def _spend(customer: Visitor, two_small_servers: str) -> None:
    """The shop signs in with an access key of the customer's, so one is made first."""
    customer.makes_a_key()
    customer.opens("/shop/")
    customer.page.get_by_label("How many of Small server").fill("2")
    customer.presses("To checkout")
    customer.presses(f"Hold ¥{two_small_servers}")
    customer.sees("Left to pay")
    customer.presses("Pay ¥0.00")
    customer.is_told("Paid: the vouchers are charged.")


def test_several_parts_of_a_quota_are_reclaimed_at_once_and_the_page_says_what_really_came_back(
    visit: Any, world: World
) -> None:
    """S-399, S-406."""
    dario = visit("dario")
    dario.opens(f"/vouchers/quotas/{world.quotas['parts']}/")
    before = dario.whereabouts()
    assert (before["Granted"], before["Kept by resellers"]) == (1000, 200)
    dario.opens("/vouchers/issued-quotas/")
    rows = dario.page.locator("tbody tr", has_text="100.00")
    for row in rows.all()[:2]:
        row.locator("[data-check]").check()
    expect(dario.page.locator("[data-bulk-sentence]").first).to_contain_text("¥200.00")
    dario.page.get_by_role("button", name="Reclaim…").click()
    dario.sees("200.00")
    dario.presses("Send code")
    dario.fills(code=dario.newest_code("dario@partner.example"))
    dario.presses("Continue")
    dario.is_told("2 quotas reclaimed; ¥200.00 returned.")
    dario.opens(f"/vouchers/quotas/{world.quotas['parts']}/")
    assert dario.whereabouts() == {"Granted": 1000, "Kept": 1000}


def test_the_money_of_a_quota_that_is_over_is_found_as_lost(visit: Any, world: World) -> None:
    """S-366, S-402: 500 were never issued, 300 came back after the end."""
    sol = visit("sol")
    sol.opens(f"/vouchers/quotas/{world.quotas['over']}/")
    parts = sol.whereabouts()
    assert parts.pop("Granted") == 800
    assert list(parts.values()) == [800], parts
