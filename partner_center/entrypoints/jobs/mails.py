"""Mails: the words from notices.toml in the reader's language, the address from the organisation's main user."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from partner_center.access import queries as access
from partner_center.audit.queries import EventRow
from partner_center.entrypoints.refusals import Language, shown
from partner_center.kernel.actor import Actor


@dataclass(frozen=True)
class Contact:
    """Where an organisation reads its mail, and in which language."""

    email: str
    language: Language
    name: str
    site: str


@dataclass(frozen=True)
class Told:
    """Who reads a mail and the values its words name. Without a `user_id` it is the organisation's main user; `contact`
    is for somebody who has no account yet.
    """

    organisation_id: UUID | None
    values: Mapping[str, object]
    contact: Contact | None = None
    user_id: UUID | None = None


@dataclass(frozen=True)
class Notice:
    """One kind of mail: what each is about, and what it tells about that."""

    subjects: Callable[[EventRow], Iterable[UUID]]
    told: Callable[[Actor, EventRow, UUID], Told]


@cache
def texts() -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "notices.toml").read_text(encoding="utf-8"))


def contact(actor: Actor, organisation_id: UUID, user_id: UUID | None = None) -> Contact | None:
    """A user of an organisation, the main one if none is named, where it has an address."""
    people = access.members(actor.in_seat(organisation_id))
    one = next((each for each in people if (each.id == user_id if user_id else each.is_main)), None)
    user = access.user_by_id(one.id) if one else None
    if user is None or not user.email:
        return None
    language: Language = "zh" if user.language == "zh" else "en"
    name = user.display_name if language == "zh" else user.display_name_en or user.display_name
    return Contact(user.email, language, name, user.organisation.site)


def written(fact: EventRow, notice: str, about: UUID, to: Contact, values: Mapping[str, object]) -> EmailMessage:
    """The mail: the notice's words filled with what the event says."""
    words, closing = texts()[notice][to.language], texts()["closing"][to.language]
    holes = _holes(fact, to, values)
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        subject=" ".join(words["subject"].format_map(holes).split()),
        body=f"{words['body'].format_map(holes).strip()}\n\n-- \n{closing.format_map(holes)}\n",
        to=[to.email],
        headers={
            "Message-ID": f"<{fact.id}.{notice}.{about}@{sender}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": "zh-CN" if to.language == "zh" else "en",
        },
    )


def _holes(fact: EventRow, to: Contact, values: Mapping[str, object]) -> dict[str, str]:
    """What the words may name; a hole they name beside these is a mistake of ours, which a test finds."""
    parties = access.names([fact.partner_id, fact.customer_id])

    def name_of(organisation_id: UUID | None) -> str:
        found = parties.get(organisation_id) if organisation_id else None
        return found.in_language(to.language) if found else "—"

    return {
        "name": to.name,
        "partner": name_of(fact.partner_id),
        "customer": name_of(fact.customer_id),
        "vendor": settings.VENDOR[to.language],
        "address": settings.SITE_ADDRESSES[to.site],
        "at": shown(fact.at, to.language),
    } | {name: shown(value, to.language) for name, value in values.items()}
