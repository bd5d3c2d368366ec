"""A real browser before the product as it is run, on a database of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from tests.conftest import as_application, owner
from tests.journeys import world as worlds
from tests.journeys.served import Served, served
from tests.journeys.visitor import Visitor, Watch

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PATIENCE = 8000
Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; without one the journeys are skipped, and counted as such."""
    named = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(named).is_file():
        pytest.skip(f"NO BROWSER: {named} is not there; install chromium or set CHROMIUM, or this page is not tested")
    return named


@pytest.fixture(scope="session")
def journeys_database(chromium: str, django_db_setup: None, template: str) -> Iterator[str]:
    """A clone of the migrated database, for all journeys together."""
    name = f"{template.partition('_template_')[0]}_journeys_{os.getpid()}"
    with owner() as connection:
        source, target = sql.Identifier(template), sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(target, source))
    yield name
    with owner() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(target))


@pytest.fixture(scope="session")
def world(journeys_database: str, django_db_blocker: Any) -> worlds.World:
    """The little world, built by real verbs; passwords are hashed as the product hashes them."""
    shared = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=ARGON2):
        as_application(journeys_database)
        try:
            return worlds.build()
        finally:
            as_application(shared)


@pytest.fixture(scope="session")
def product(world: worlds.World, journeys_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(journeys_database, tmp_path_factory.mktemp("journeys")) as where:
        yield where


@pytest.fixture(scope="session")
def browser(product: Served, chromium: str) -> Iterator[Browser]:
    # Playwright keeps an event loop running in this thread; Django must not take that for being called from it.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            yield started
            started.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], Any]:
    """Cookies of who has signed in already: trying to sign in is limited for one address."""
    return {}


@pytest.fixture
def visit(
    browser: Browser, product: Served, world: worlds.World, sessions: dict[tuple[str, str], Any]
) -> Iterator[Visit]:
    """A window for somebody who has signed in through the page; for nobody, one before sign-in.

    `anew` signs in once more, for journeys about the session itself; in another `language` the person reads
    the pages until the journey ends. What went wrong in any window fails the journey.
    """
    contexts, translated, watch = [], list[Visitor](), Watch()

    def window(
        login: str = "", *, anew: bool = False, site: str = "", width: int = 1280, language: str = "en", **more: Any
    ) -> Visitor:
        at = site or product.china
        known = None if anew else sessions.get((login, at))
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="light",
            storage_state=known,
            **{"locale": "en-US" if language == "en" else "zh-CN", **more},
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        visitor = Visitor(page, at, language)
        if login and known is None:
            sign_in(visitor, login, world.password(login))
            if not anew:
                sessions[login, at] = context.storage_state()
        if login and language != "en":
            visitor.speaks(language)
            translated.append(visitor)
        return visitor

    yield window
    for each in translated:
        each.speaks("en")
    for context in contexts:
        context.close()
    watch.check()


@pytest.fixture
def mailed(product: Served) -> Callable[[str, str], str]:
    """The link, as a path, in the newest mail to somebody about something."""

    def link(to: str, subject: str) -> str:
        mail = next(each for each in product.mails(to) if subject in each["Subject"])
        found = re.search(re.escape(product.china) + r"(/\S+)", mail.get_content())
        assert found, mail.get_content()
        return found.group(1)

    return link


def sign_in(visitor: Visitor, login: str, password: str) -> None:
    visitor.opens("/login/")
    visitor.page.fill("#id_login", login)
    visitor.page.fill("#id_password", password)
    visitor.page.locator("form", has=visitor.page.locator("#id_password")).get_by_role("button").click()
    visitor.page.wait_for_url(lambda url: "/login/" not in url)
