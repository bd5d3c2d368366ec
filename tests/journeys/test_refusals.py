"""Refusals explain themselves, lose nothing that was typed, and what is sent twice is done once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations
from tests.journeys.visitor import Visitor
from tests.journeys.world import World

pytestmark = pytest.mark.journey

REMARK = "for the spring campaign"
# As after a lost answer: the form as it stands, sent by two requests at the same time; the addresses each leads to.
SENT_TWICE_AT_ONCE = """() => {
  const form = document.querySelector("#checked-form");
  const body = () => new URLSearchParams(new FormData(form));
  const send = () => fetch(form.action, { method: "POST", body: body() }).then((answer) => answer.url);
  return Promise.all([send(), send()]);
}"""


@pytest.fixture
def issues_from(visit: Any, world: World) -> Callable[..., Visitor]:
    """Sol before the form that issues out of one of his quotas."""

    def opened(purpose: str, **more: Any) -> Visitor:
        sol: Visitor = visit("sol", **more)
        sol.opens(f"/vouchers/quotas/{world.quotas[purpose]}/issue/")
        return sol

    return opened


def test_issuing_too_much_is_explained_while_typing_and_one_button_mends_it(issues_from: Any) -> None:
    sol = issues_from("refusals")
    sol.picks("Cleo Manufacturing")
    sol.fills(remark=REMARK, face_value="5000")
    row = sol.rule("S-377")
    expect(row).to_contain_text("5,000.00")
    expect(row).to_contain_text("1,000.00")
    expect(sol.page.get_by_role("button", name="Issue 1 voucher")).to_be_disabled()
    assert not violations(sol.page)
    row.get_by_role("button").click()
    expect(sol.page.locator("[name=face_value]")).to_have_value("1,000.00")
    expect(sol.page.locator("[name=remark]")).to_have_value(REMARK)
    expect(sol.rule("S-377")).to_have_count(0)
    sol.presses("Issue 1 voucher")
    sol.is_told("1 voucher issued, ¥1,000.00 in all.")


def test_without_scripts_the_same_list_is_shown_when_submitting_and_nothing_typed_is_lost(issues_from: Any) -> None:
    sol = issues_from("without scripts", java_script_enabled=False)
    sol.picks("Cleo Manufacturing")
    sol.fills(remark=REMARK, face_value="5000")
    with sol.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        sol.presses("Issue 1 voucher")
    assert answered.value.status == 422
    row = sol.rule("S-377")
    expect(row).to_contain_text("5,000.00")
    expect(row).to_contain_text("1,000.00")
    sol.sees("S-377", within=".pc-summary")
    expect(sol.page.locator("[name=remark]")).to_have_value(REMARK)
    expect(sol.page.locator("#picked")).to_contain_text("Cleo Manufacturing")
    row.get_by_role("button").click()
    expect(sol.page.locator("[name=face_value]")).to_have_value("1,000.00")
    expect(sol.page.locator("[name=remark]")).to_have_value(REMARK)
    sol.presses("Issue 1 voucher")
    sol.is_told("1 voucher issued, ¥1,000.00 in all.")


def test_the_issue_form_sent_twice_issues_once(issues_from: Any, world: World) -> None:
    sol = issues_from("twice")
    sol.picks("Cyra Manufacturing")
    sol.fills(face_value="300")
    expect(sol.page.get_by_role("button", name="Issue 1 voucher")).to_be_enabled()
    once, again = sol.page.evaluate(SENT_TWICE_AT_ONCE)
    assert once == again and "/vouchers/issued/?issue=" in once
    sol.page.get_by_role("button", name="Issue 1 voucher").dblclick()
    sol.is_told("1 voucher issued, ¥300.00 in all.")
    assert sol.page.url == once
    expect(sol.page.locator("tbody tr")).to_have_count(1)
    sol.opens(f"/vouchers/quotas/{world.quotas['twice']}/")
    assert sol.whereabouts() == {"Granted": 1000, "Kept": 700, "Not spent by customers": 300}


def test_wrong_codes_are_counted_though_the_action_is_refused_and_the_fourth_voids_the_code(
    visit: Any, world: World
) -> None:
    dario = visit("dario")
    dario.opens(f"/vouchers/quotas/{world.quotas['codes']}/pass-on/")
    dario.picks("Haichuan Data")
    dario.fills(amount="100")
    dario.presses("Send code")
    dario.sees("A code was sent to")
    right = dario.newest_code("dario@partner.example")
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    dario.fills(code=wrong)
    dario.presses("Continue")
    for tries in (1, 2, 3):
        dario.sees(f"The code is wrong; {tries} wrong tries so far")
        expect(dario.page.locator("[name=amount]")).to_have_value("100")
        dario.fills(code=wrong)
        dario.presses("Pass on to 1 reseller")
    dario.sees("Entered wrongly 4 times, more than 3: the code is void")
    dario.fills(code=right)
    dario.presses("Pass on to 1 reseller")
    dario.sees("the code is void")
    dario.opens(f"/vouchers/quotas/{world.quotas['codes']}/")
    assert dario.whereabouts() == {"Granted": 5000, "Kept": 5000}
