"""From a refusal to a ticket, to its answer, to what its opener thinks of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.apps.support.opening import png
from tests.journeys.world import World

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_refusal_leads_to_a_ticket_that_is_answered_solved_and_rated(
    visit: Any, world: World, tmp_path: Path, language: str
) -> None:
    sol = visit("sol", language=language)
    sol.opens(f"/vouchers/quotas/{world.quotas['asking']}/issue/")
    sol.rule("S-362").first.get_by_role("link", name=sol.says("Open a ticket")).click()
    sol.sees("VQ")
    for told in ("The rule that led here", "S-362"):
        sol.sees(told)
    (tmp_path / "shot.html").write_text("<script>alert(1)</script>")
    sol.fills(text="The page shows less than we were granted.", contact="nowhere")
    sol.page.set_input_files("main [name=attached]", tmp_path / "shot.html")
    sol.presses("Open the ticket")
    sol.sees("L-252")
    sol.sees("shot.html")
    expect(sol.page.locator("main [name=text]")).to_have_value("The page shows less than we were granted.")
    (tmp_path / "shot.png").write_bytes(png())
    sol.fills(contact="sol@partner.example")
    sol.page.set_input_files("main [name=attached]", tmp_path / "shot.png")
    sol.presses("Open the ticket")
    sol.is_told("is with the vendor")
    sol.sees("It waits to be taken up.")
    ticket = sol.page.url.removeprefix(sol.site)

    vera = visit("vera", language=language)
    vera.opens(f"/vendor{ticket}")
    with vera.page.expect_download() as download:
        vera.page.get_by_role("link", name="shot.png").click()
    assert download.value.suggested_filename == "shot.png"
    vera.page.get_by_role("button", name=vera.says("Take it")).click()
    vera.is_told("It is yours to answer.")
    vera.page.locator("#say [name=text]").fill("Which amount do you miss?")
    vera.presses("Ask back")

    sol.opens("/tickets/?tab=waiting")
    sol.page.locator("tbody").get_by_role("link").first.click()
    sol.sees("Which amount do you miss?")
    sol.fills(text="Ten yuan")
    sol.presses("Send")
    vera.opens(f"/vendor{ticket}")
    vera.page.locator("#say [name=text]").fill("They were lost at the end; see the history.")
    vera.presses("Resolve")
    vera.is_told("asked to confirm")

    sol.opens(ticket)
    sol.page.get_by_role("button", name=sol.says("It is solved")).click()
    sol.is_told("How was it solved?")
    sol.page.get_by_role("radio", name="4").check()
    sol.fills(words="Clear now")
    sol.presses("Rate it")
    sol.sees("4 / 5 Clear now")
