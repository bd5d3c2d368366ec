"""A partner leaves a customer: what it held comes back at once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.world import World

pytestmark = pytest.mark.journey


def test_disassociating_a_customer_reclaims_its_vouchers_and_the_customer_sees_them_no_more(
    visit: Any, world: World
) -> None:
    cora = visit("cora")
    cora.opens("/billing/vouchers/")
    expect(cora.page.locator("tbody tr")).to_have_count(1)

    sol = visit("sol")
    sol.opens("/customers/?q=Cora")
    sol.follows("Cora Manufacturing")
    drawer = sol.page.locator(".pc-drawer")
    expect(drawer).to_contain_text("120.00")
    drawer.get_by_role("link", name="Disassociate").click()
    sol.sees("120.00")
    sol.fills(reason="The contract has ended")
    sol.page.get_by_role("checkbox").check()
    sol.presses("Disassociate, ¥120.00 returns")
    sol.is_told("Cora Manufacturing")

    sol.opens("/customers/?q=Cora")
    sol.sees("No customer matches")
    sol.opens(f"/vouchers/quotas/{world.quotas['leaving']}/")
    assert sol.whereabouts() == {"Granted": 500, "Kept": 500}
    cora.opens("/billing/vouchers/")
    expect(cora.page.locator("tbody tr")).to_have_count(0)
    cora.opens("/my-partner/")
    cora.sees_no("Far Hill Solutions")
