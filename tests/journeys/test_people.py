"""People of an organisation: they sign in, get what their roles bring, and what is done stands in the record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey


def test_a_wrong_password_says_nothing_of_what_was_wrong_and_a_right_one_leads_where_one_wanted_to_go(
    visit: Any,
) -> None:
    guest = visit()
    guest.opens("/account/")
    expect(guest.page).to_have_url(re.compile(r"/login/\?next=%2Faccount%2F$"))
    form = guest.page.locator("form", has=guest.page.locator("#id_password"))
    guest.page.fill("#id_login", "rhea")
    guest.page.fill("#id_password", "not the password")
    form.get_by_role("button").click()
    guest.sees("The login name or the password is wrong.")
    expect(guest.page.locator("#id_login")).to_have_value("rhea")
    guest.page.fill("#id_password", "correct horse")
    form.get_by_role("button").click()
    expect(guest.page).to_have_url(re.compile("/account/$"))
    guest.sees("Haichuan Data")


def test_a_new_member_signs_in_with_the_roles_given_and_the_record_says_who_gave_them(visit: Any) -> None:
    rhea = visit("rhea")
    rhea.opens("/members/")
    rhea.page.get_by_role("link", name="Add a member").click()
    rhea.fills(login="milo", display_name="Milo", email="milo@partner.example", password="a password of his own")
    rhea.presses("Add the member")
    rhea.sees("S-571")
    expect(rhea.page.locator("[name=login]")).to_have_value("milo")
    rhea.page.get_by_role("checkbox", name="Account manager").check()
    rhea.fills(password="a password of his own")
    rhea.presses("Add the member")
    rhea.is_told("Milo can sign in now.")

    milo = visit()
    sign_in(milo, "milo", "a password of his own")
    milo.opens("/customers/")
    milo.opens("/vouchers/issued/", status=403)
    milo.sees("BPC_ITEM_SUBCUSTSERV_030200")
    expect(milo.page.locator("main")).to_contain_text(re.compile("rhea", re.IGNORECASE))

    rhea.opens("/audit/")
    expect(rhea.page.locator("tbody tr", has_text="Member added").first).to_contain_text("Rhea")
    expect(rhea.page.locator("tbody tr", has_text="Milo").first).to_contain_text("Signed in")
