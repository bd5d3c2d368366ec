"""A company joins and is reviewed; a reviewer works through the inbox with the keyboard alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cast import uscc
from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey


@pytest.mark.parametrize(("language", "login", "serial"), [("en", "ye.xin", 880), ("zh", "ye.lin", 881)])
def test_a_company_joins_by_its_mails_is_reviewed_and_signs(
    visit: Any, mailed: Any, language: str, login: str, serial: int
) -> None:
    guest, to = visit(language=language), f"{login}@newleaf.example"
    guest.opens("/login/")
    guest.follows("Join the partner network", within="body")
    guest.fills(name_zh="新叶云", uscc="9100", login=login, email=to)
    guest.presses("Apply")
    for told in ("L-011", "L-039", "This field is required."):
        guest.sees(told)
    guest.fills(uscc=uscc(serial), display_name="Ye Xin")
    guest.page.get_by_role("checkbox").check()
    guest.presses("Apply")
    guest.sees("A link is on its way to you")

    guest.opens(mailed(to, {"en": "Confirm the address", "zh": "的邮箱"}[language]))
    guest.presses("Confirm the address")
    guest.sees("Under review")
    state = guest.page.url.partition(guest.site)[2]

    lin = visit("lin", language=language)
    lin.opens("/inbox/")
    lin.sees("L-001")
    lin.page.get_by_text(lin.says("Approve"), exact=True).first.click()
    lin.presses("Confirm and next")
    lin.is_told(" is approved.")

    guest.opens(state)
    guest.fills(password="a password of their own")
    guest.presses("Set the password")
    sign_in(guest, login, "a password of their own")
    guest.opens("/account/company/")
    guest.sees(uscc(serial))
    vera = visit("vera", language=language)
    vera.opens("/vendor/agreements/publish/?like=cloud-cn/code_of_conduct-1.0")
    vera.fills(number=f"3.{language}", grace_days="30")
    for each in vera.page.locator("[name=governs]:checked").all():
        each.uncheck()
    vera.page.locator("main form .btn-primary").click()
    guest.opens("/agreements/")
    guest.page.get_by_role("link", name=guest.says("Read and sign")).first.click()
    guest.page.get_by_role("checkbox").check()
    guest.presses("Sign")
    expect(guest.page.locator("main [role=status]").first).to_be_visible()


def test_the_inbox_is_worked_through_by_keyboard(visit: Any) -> None:
    for login in ("rhea", "sol", "ines"):
        asking = visit(login)
        asking.opens("/account/company/")
        asking.fills(industry=f"Industry of {login}")
        asking.presses("Submit for review")
        asking.is_told("nothing changes before it agrees")
    gina = visit("gina")
    page = gina.opens("/inbox/")
    first = page.locator("[data-item]").get_attribute("data-item")
    page.keyboard.press("j")
    expect(page.locator("[data-item]")).not_to_have_attribute("data-item", first or "")
    expect(page.locator("[data-queue] [aria-current]")).to_have_count(1)
    page.keyboard.press("k")
    expect(page.locator("[data-item]")).to_have_attribute("data-item", first or "")
    expect(page).to_have_url(re.compile(f"/inbox/{first}/$"))
    for left in (2, 1):
        page.keyboard.press("Control+Enter")
        gina.is_told("waits for the next person")
        expect(page.locator("[data-queue] li")).to_have_count(left)
    page.get_by_role("radio", name="Return").check()
    page.locator("[name=text]").fill("Which industry, by the register?")
    page.keyboard.press("Control+Enter")
    gina.sees("L-007")
    page.get_by_role("radio", name="Return").check()
    page.locator("[name=reason]").select_option("incomplete")
    page.get_by_label("Industry").check()
    page.keyboard.press("Control+Enter")
    gina.is_told("its clock stands still")
    gina.sees("Nothing waits for you")


def test_the_inbox_works_on_a_phone_and_without_scripts(visit: Any) -> None:
    dario = visit("dario")
    dario.opens("/account/company/")
    dario.fills(industry="Cloud")
    dario.presses("Submit for review")
    phone = visit("gu.yan", width=390, java_script_enabled=False)
    page = phone.opens("/inbox/")
    page.locator("[data-queue] a").first.click()
    expect(page.locator(".pc-queue")).to_be_hidden()
    box = page.get_by_role("button", name="Confirm and next").bounding_box()
    assert box and box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    phone.presses("Confirm and next")
    phone.is_told("waits for the next person")
