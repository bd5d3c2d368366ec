"""The demo's mailbox: every mail the product sent, readable without a mail account. There is none outside a demo."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.parser import BytesParser
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.page import public_page, render
from partner_center.entrypoints.web.view_models import Cell, Column, Fact, Page, Pager, Tab
from partner_center.kernel.errors import NotFound

MOST = 100


@dataclass(frozen=True)
class Mail:
    """A mail as it was sent."""

    id: str
    subject: str
    sender: str
    to: str
    sent_at: datetime | None
    text: str


def only_in_a_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of the demo exists outside of it."""

    @wraps(view)
    def answer(request: HttpRequest, **inputs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise NotFound("page")
        return view(request, **inputs)

    return answer


def folder() -> Path:
    return Path(settings.DATA) / "mail"


def newest() -> tuple[Mail, ...]:
    """The latest mails; their files' names are in the order of time."""
    return tuple(_read(each) for each in sorted(folder().glob("*.eml"), reverse=True)[:MOST])


def _read(file: Path) -> Mail:
    sent = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    body = sent.get_body(preferencelist=("plain", "html"))
    date = sent["Date"]
    return Mail(
        id=file.stem,
        subject=str(sent["Subject"] or ""),
        sender=str(sent["From"] or ""),
        to=str(sent["X-Envelope-To"] or sent["To"] or ""),
        sent_at=date.datetime if date else None,
        text=body.get_content() if body else "",
    )


@public_page(methods=("GET",))
@only_in_a_demo
def index(request: HttpRequest) -> HttpResponse:
    """All mails, newest first."""
    mails = newest()
    return render(
        request,
        "mail/index.html",
        page=Page(gettext("Development mailbox"), subtitle=_subtitle(), count=len(mails)),
        columns=(Column(gettext("Subject"), "main"), Column(gettext("To")), Column(gettext("Sent at"))),
        rows=[(Cell(each.subject, href=_href(each), user_text=True), each.to, moment(each.sent_at)) for each in mails],
        tabs=_tabs("mailbox"),
        hint=gettext("Ask for a verification code on a page that needs one, and it arrives here."),
        pager=Pager(gettext("%(num)s on this page") % {"num": len(mails)}),
    )


def _tabs(here: str) -> tuple[Tab, ...]:
    pages = (("mailbox", gettext("E-mail")), ("texts", gettext("SMS")))
    return tuple(Tab(label, reverse(name), active=name == here) for name, label in pages)


@public_page(methods=("GET",))
@only_in_a_demo
def texts(request: HttpRequest) -> HttpResponse:
    """All SMS, newest first: there is no provider in a demo."""
    kept = sorted((Path(settings.DATA) / "sms").glob("*.json"), reverse=True)[:MOST]
    found = [json.loads(file.read_text(encoding="utf-8")) for file in kept]
    return render(
        request,
        "mail/index.html",
        page=Page(gettext("Development SMS"), subtitle=_subtitle(), count=len(found)),
        columns=(Column(gettext("Text"), "main"), Column(gettext("To")), Column(gettext("Template"))),
        rows=[
            (Cell(f"【{each['signature']}】{each['words']}", user_text=True), each["number"], each["template"])
            for each in found
        ],
        tabs=_tabs("texts"),
        hint=gettext("Change your password while a phone number stands in your profile, and a text arrives here."),
        pager=Pager(gettext("%(num)s on this page") % {"num": len(found)}),
    )


def _subtitle() -> str:
    return gettext("What this demo sent, to whomever. It exists in a demo only.")


def _href(mail: Mail) -> str:
    return reverse("mail", args=[mail.id])


@public_page(methods=("GET",))
@only_in_a_demo
def read(request: HttpRequest, mail_id: UUID) -> HttpResponse:
    """One mail as plain text."""
    file = folder() / f"{mail_id}.eml"
    if not file.is_file():
        raise NotFound("mail")
    mail = _read(file)
    facts = (
        Fact(gettext("Subject"), mail.subject, user_text=True),
        Fact(gettext("From"), mail.sender),
        Fact(gettext("To"), mail.to),
        Fact(gettext("Sent at"), moment(mail.sent_at)),
    )
    return render(request, "mail/read.html", page=Page(gettext("Mail")), facts=facts, text=mail.text)


urlpatterns = [
    path("mailbox/", index, name="mailbox"),
    path("mailbox/texts/", texts, name="texts"),
    path("mailbox/<uuid:mail_id>/", read, name="mail"),
]
