"""Somebody with a browser: what they do on pages, and what must never happen meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.journeys.words import in_chinese

# What happens on purpose and is noted in the console all the same: a refusal, and a check that a newer one replaces.
MEANT = re.compile(r"the server responded with a status of (403|404|409|422)|^htmx:(sendAbort|afterRequest),")


@dataclass
class Watch:
    """What went wrong in a browser: script errors, violations of the content policy, answers of a broken server."""

    found: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"script error on {page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        asset_missing = "Failed to load resource" in message.text and "/static/" in address
        if message.type == "error" and (asset_missing or not MEANT.search(message.text)):
            self.found.append(f"console on {address}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"{response.status} from {response.request.method} {response.url}")

    def check(self) -> None:
        assert not self.found, "\n".join(self.found)


@dataclass
class Visitor:
    """One window of one person."""

    page: Page
    site: str
    language: str = "en"

    def says(self, text: str) -> str:
        """An English text of the pages as this window shows it."""
        return in_chinese(text) if self.language == "zh" else text

    def opens(self, path: str, status: int = 200) -> Page:
        response = self.page.goto(self.site + path)
        assert response is not None and response.status == status, f"{response and response.status} at {path}"
        return self.page

    def fills(self, **fields: str) -> None:
        """Type into fields by their names."""
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def presses(self, name: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("button", name=self.says(name)).click()

    def follows(self, name: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("link", name=self.says(name)).click()

    def picks(self, name: str) -> None:
        """Look somebody up on a form and add them; without scripts the search has a button of its own."""
        self.fills(q=name)
        found = self.page.locator("#found button", has_text=name)
        if not found.is_visible():
            find = self.page.get_by_role("button", name="Find", exact=True)
            find.click() if find.is_visible() else None
        found.click()
        expect(self.page.locator("#picked")).to_contain_text(name)

    def is_told(self, text: str) -> None:
        expect(self.page.locator("main [role=status]").first).to_contain_text(self.says(text))

    def speaks(self, language: str) -> None:
        """Read the pages in this language from now on."""
        self.opens("/account/")
        switch = self.page.locator(f"form[action*='to={language}'] button, a[href*='to={language}']").first
        if switch.count():
            switch.click()
        expect(self.page.locator("html")).to_have_attribute("lang", re.compile(language))
        self.language = language

    def sees(self, text: str, within: str = "main") -> None:
        expect(self.page.locator(within)).to_contain_text(self.says(text))

    def sees_no(self, text: str, within: str = "main") -> None:
        expect(self.page.locator(within)).not_to_contain_text(self.says(text))

    def rule(self, id: str) -> Locator:
        """The row in which a page says that a rule is broken."""
        return self.page.locator("li.pc-rule", has=self.page.locator(".pc-mark.pc-no")).filter(has_text=id)

    def whereabouts(self) -> dict[str, Decimal]:
        """The parts of a quota as its page shows them; that they add up to what was granted is checked here."""
        equation = self.page.locator(".pc-equation").first
        parts = {
            term.locator("small").inner_text().strip(): Decimal(term.locator("b").inner_text().replace(",", ""))
            for term in equation.locator(".pc-term").all()
        }
        granted = parts.pop("Granted")
        assert sum(parts.values()) == granted, f"{parts} is not {granted}"
        expect(self.page.locator(".pc-balanced")).to_contain_text("It closes")
        return {"Granted": granted, **parts}

    def makes_a_key(self) -> None:
        """An access key of one's own, which the demo's shop needs."""
        self.opens("/keys/")
        self.fills(label="shop")
        self.presses("Make a key")
        self.sees("Keep the secret now")

    def newest_code(self, to: str) -> str:
        """The code in the newest mail to somebody, read in another window of the same browser."""
        with self._another_page() as page:
            page.goto(f"{self.site}/mailbox/")
            row = page.locator("tr", has_text=to).first
            found = re.match(r"\d{6}", row.locator("a").inner_text())
        assert found, f"no code for {to} in the mailbox"
        return found.group()

    @contextmanager
    def _another_page(self) -> Iterator[Page]:
        context: BrowserContext = self.page.context
        page = context.new_page()
        yield page
        page.close()
