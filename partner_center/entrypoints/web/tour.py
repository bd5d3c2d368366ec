"""The demo's tour: what to look at first, a minute a step, each as the person who can do it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.demo import queries as demo
from partner_center.demo.cards import Card
from partner_center.entrypoints.web import nav, session
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.mailbox import only_in_a_demo
from partner_center.entrypoints.web.page import public_page, render
from partner_center.entrypoints.web.view_models import Page


@dataclass(frozen=True)
class TourStep:
    """A step with its page; `login` and `password` are there where one has to be somebody else for it."""

    title: str
    text: str
    href: str
    who: str = ""
    login: str = ""
    password: str = ""


@public_page(methods=("GET",))
@only_in_a_demo
def index(request: HttpRequest) -> HttpResponse:
    """The steps whose pages exist."""
    head = Page(gettext("Tour"), subtitle=_subtitle())
    return render(request, "tour.html", page=head, steps=_steps(_others(request)))


def _others(request: HttpRequest) -> dict[str, Card]:
    """The people of the cast that one is not just now."""
    user = session.user(request)
    return {card.login: card for card in demo.cards() if user is None or card.login != user.login}


def _steps(others: dict[str, Card]) -> list[TourStep]:
    found = []
    for step in demo.tour():
        if href := nav.href(step.page):
            card = others.get(step.login)
            whom = (local((card.name_zh, card.name_en)), card.login, card.password) if card else ()
            texts = local((step.title_zh, step.title_en)), local((step.text_zh, step.text_en))
            found.append(TourStep(*texts, href, *whom))
    return found


def _subtitle() -> str:
    return gettext("A minute a step; one click signs you in as the person who can do it.")


urlpatterns = [path("tour/", index, name="tour")]
