"""The rules as a reader finds them: what each asks, what it says when broken, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.page import public_page, render
from partner_center.entrypoints.web.places import asked
from partner_center.entrypoints.web.view_models import Badge, Cell, Column, Filter, Page, Pager
from partner_center.kernel.errors import NotFound
from partner_center.kernel.rules import RuleBook, RuleText

EVIDENCE = {
    "documented": gettext_noop("documented by the vendor"),
    "partly": gettext_noop("documented in part"),
    "inferred": gettext_noop("inferred from how the vendor works"),
}
# A value that is only known once the rule is asked.
BLANK = "…"


@dataclass(frozen=True)
class HelpText:
    """One wording of a rule; one id may have several."""

    name: str
    message: str
    remedy: str
    version: str
    evidence: Badge
    app: str


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return BLANK


@cache
def books() -> tuple[tuple[str, RuleBook], ...]:
    """Every app's rule book, by the app's name."""
    found = sorted(Path(settings.ROOT).glob("*/rules.toml"))
    return tuple((each.parent.name, RuleBook(each)) for each in found)


def texts_of(rule_id: str) -> tuple[HelpText, ...]:
    return tuple(_help(app, text) for app, book in books() for text in book.texts.values() if text.id == rule_id)


def _help(app: str, text: RuleText) -> HelpText:
    name, message, remedy = (
        text.part(part, language()).format_map(_Blanks()) for part in ("name", "message", "remedy")
    )
    sure = text.evidence == "documented"
    known = gettext(EVIDENCE[text.evidence]) if text.evidence in EVIDENCE else text.evidence
    return HelpText(name, message, remedy, text.version, Badge("ok" if sure else "est", known), app)


@public_page(methods=("GET",))
def index(request: HttpRequest) -> HttpResponse:
    """All rules, searched by id or name."""
    text = asked(request, "q")
    found = [(rule_id, each) for rule_id in _ids() for each in texts_of(rule_id) if _matches(text, rule_id, each)]
    return render(
        request,
        "rules/index.html",
        page=Page(gettext("Rules"), subtitle=_subtitle(), count=len(found)),
        filter=Filter(reverse("rules"), gettext("Id or name of a rule"), text),
        columns=_columns(),
        rows=[_row(rule_id, each) for rule_id, each in found],
        pager=Pager(gettext("%(num)s on this page") % {"num": len(found)}),
    )


def _subtitle() -> str:
    return gettext("The same rules are asked by the pages, the API and the imports; each refusal names them by id.")


def _ids() -> Iterable[str]:
    return sorted({text.id for _app, book in books() for text in book.texts.values()})


def _matches(text: str, rule_id: str, each: HelpText) -> bool:
    return not text or text.lower() in f"{rule_id} {each.name}".lower()


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Rule"), "main"),
        Column(gettext("When broken")),
        Column(gettext("Evidence"), "state"),
    )


def _row(rule_id: str, each: HelpText) -> tuple[object, ...]:
    return (Cell(each.name, rule_id, reverse("rule", args=[rule_id])), Cell(each.message, each.remedy), each.evidence)


@public_page(methods=("GET",))
def detail(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule in all its wordings."""
    found = texts_of(rule_id)
    if not found:
        raise NotFound("rule")
    return render(request, "rules/detail.html", page=Page(found[0].name, tags=(rule_id,)), texts=found)


urlpatterns = [
    path("rules/", index, name="rules"),
    path("rules/<str:rule_id>/", detail, name="rule"),
]
