"""Mails to whoever applies to join: the link that confirms the address, and how the application stands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from partner_center.audit.action import action
from partner_center.audit.queries import EventRow, event
from partner_center.entrypoints.jobs.mails import Contact, letter
from partner_center.entrypoints.notice_words import NONE, instant
from partner_center.kernel.actor import Actor
from partner_center.programmes import links
from partner_center.programmes.queries import ApplicationRow, application
from partner_center.programmes.rules import JOINING
from partner_center.reviews.queries import last_turn

# Event → the mail that follows it.
MAILS: Mapping[str, str] = {
    "application.submitted": "confirm",
    "review.opened": "in_review",
    "application.joined": "joined",
    "application.returned": "returned",
    "application.rejected": "rejected",
}


@cache
def texts() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def mail_of(fact: EventRow) -> tuple[str, UUID] | None:
    """The mail that follows an event, and the application it is about."""
    if fact.name == "review.opened" and fact.data["kind_of_review"] != JOINING.code:
        return None
    mail = MAILS.get(fact.name)
    about = UUID(fact.data["of"]) if fact.name == "review.opened" else fact.subject_id
    return (mail, about) if mail else None


@action(keyed=True)
def send(actor: Actor, *, event_id: UUID, mail: str, application_id: UUID, key: str) -> str:
    """Mail an applicant, once for each key.

    The claim of the key is committed after the mail server took the mail: after a failure in between it is sent again
    under the same Message-ID, and nothing is lost. Returns the Message-ID.
    """
    row = application(actor, application_id)
    language: Literal["zh", "en"] = "zh" if row.language == "zh" else "en"
    words, holes = texts()[mail][language], _holes(actor, event(actor, event_id), mail, row, language)
    to = Contact(row.email, "", language, row.display_name, row.site)
    subject = " ".join(words["subject"].format_map(holes).split())
    made = letter(subject, words["text"].format_map(holes), to, f"{event_id}.{mail}")
    made.send()
    return str(made.extra_headers["Message-ID"])


def _holes(
    actor: Actor, fact: EventRow, mail: str, row: ApplicationRow, language: Literal["zh", "en"]
) -> dict[str, str]:
    last = last_turn(actor, row.review_id, "return", "reject") if row.review_id else None
    reason = JOINING.reasons.get(last.reason) if last else None
    purpose: links.Purpose = "confirm" if mail == "confirm" else "state"
    address = settings.SITE_ADDRESSES[row.site]
    return {
        "number": row.number,
        "company": row.name_zh,
        "login": row.login,
        "link": address + reverse(f"join-{purpose}", args=[links.sign(row.id, purpose)]),
        "until": instant(row.link_ends_at, row.site) if row.link_ends_at else NONE,
        "reason_zh": reason.zh if reason else "",
        "reason_en": reason.en if reason else "",
        "text": last.text if last else "",
        "vendor": settings.VENDOR[language],
        "at": instant(fact.at, row.site),
    }
