"""The components: all on the gallery, none with a missing icon, every message in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils import translation
from jinja2 import Environment, FileSystemLoader

import partner_center
from partner_center.entrypoints.cli import translations
from partner_center.entrypoints.web import jinja
from partner_center.entrypoints.web.gallery import gallery_context
from partner_center.entrypoints.web.view_models import LanguageSwitch, NavGroup, NavItem, Person, Shell, SiteBanner

PACKAGE = Path(partner_center.__file__).parent
TEMPLATES = PACKAGE / "entrypoints" / "web" / "templates"
ICONS = PACKAGE / "launcher" / "icons.txt"


@pytest.fixture(scope="module")
def environment() -> Environment:
    return jinja.environment(loader=FileSystemLoader(TEMPLATES))


def shell(code: str) -> Shell:
    """All that can stand around a page."""
    item = NavItem("Vouchers", "/vouchers/", "ticket", active=True, count=2)
    return Shell(
        audience="partner",
        vendor_name="Demo Cloud",
        console_name="Partner Center",
        language=LanguageSwitch(code, "EN", "/language/?to=en"),
        site_name="China site",
        user=Person("Tang Xu", "Jianglan", "Finance", (item,), "/sign-out/"),
        top_nav=(item,),
        side_nav=(NavGroup("Sales", (item,)),),
        search_href="/search/",
        inbox_href="/inbox/",
        inbox_count=7,
        other_site_banner=SiteBanner("This account is of another site.", "/", "Go there", "/banner/"),
        icp="ICP 0",
    )


def gallery(environment: Environment, language: str) -> str:
    with translation.override(language):
        context = gallery_context()
        return environment.get_template("gallery.html").render(
            context, shell=shell(language), csrf_input="", drawer_open=True
        )


def test_every_icon_drawn_is_in_the_sprite(environment: Environment) -> None:
    drawn = set(re.findall(r"icons\.svg#([a-z0-9-]+)", gallery(environment, "en")))
    assert drawn <= set(ICONS.read_text().split()), "add the icon's name to launcher/icons.txt"


def test_a_page_holds_no_script_and_no_style_of_its_own(environment: Environment) -> None:
    page = gallery(environment, "en")
    assert not re.search(r"<style|<script(?! src=)|\son[a-z]+=|javascript:", page)


def test_every_component_stands_in_the_gallery(environment: Environment) -> None:
    source = "".join(file.read_text("utf-8") for file in TEMPLATES.rglob("*.html"))
    homes = [each for each in environment.list_templates() if each.startswith("ui/")]
    macros = {name for home in homes for name in vars(environment.get_template(home).module) if name[0] != "_"}
    unused = {name for name in macros if f"ui.{name}(" not in source} - {"badge_icons"}
    assert unused <= {"empty_icons", "rule_icons", "event_icons", "rule_word", *_ONLY_IN_PAGES}, (
        "show it in the gallery"
    )


_ONLY_IN_PAGES = {"money", "actions", "bar_of", "form_field", "form_errors", "numbered", "reveal_head", "amount"}


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "零件与状态"), ("en", "Parts and states")])
def test_the_gallery_speaks_both_languages(environment: Environment, language: str, title: str) -> None:
    assert f"<title>{title}" in gallery(environment, language)


def test_a_component_nobody_wrote_is_named_in_the_error(environment: Environment) -> None:
    with pytest.raises(AttributeError, match="no component is called sparkle"):
        getattr(environment.globals["ui"], "sparkle")  # noqa: B009


def test_ids_and_dates_in_a_sentence_stay_whole_and_the_rest_is_escaped() -> None:
    assert jinja.whole("<b> VQ260701-0038") == '&lt;b&gt; <span class="pc-nowrap">VQ260701-0038</span>'


def test_the_other_language_stands_in_for_a_missing_name() -> None:
    with translation.override("en"):
        assert jinja.local({"zh": "澄石科技", "en": ""}) == "澄石科技"
        assert jinja.local(("澄石科技", "Chengshi Tech")) == "Chengshi Tech"


def test_a_message_without_chinese_is_found() -> None:
    template, catalog = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hans")
    template.add("Sign out")
    catalog.add("Gone", "没了")
    assert list(translations.problems(template, catalog)) == ["missing: Sign out", "unused: Gone"]
