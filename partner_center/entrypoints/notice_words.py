"""A message in words: its kind's text filled with its values, in the reader's language and their site's time."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from partner_center.access.queries import Name, names, user_names
from partner_center.access.rules import items
from partner_center.agreements.rules import CODES
from partner_center.entrypoints.refusals import Language
from partner_center.inbox.kinds import KINDS
from partner_center.kernel.codec import from_json
from partner_center.kernel.money import Money
from partner_center.notices.catalogue import Kind, kinds
from partner_center.policy.queries import pack

NONE = "—"
# What every kind may name beside its own values.
COMMON = ("partner", "customer", "vendor", "address", "at")


class Message(Protocol):
    """What is put into words: a row of messages."""

    @property
    def kind(self) -> str: ...
    @property
    def about(self) -> UUID: ...
    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class Said:
    """A message in one language."""

    subject: str
    text: str
    sms: str


@dataclass(frozen=True)
class Known:
    """What the ids in some messages are called."""

    organisations: Mapping[UUID, Name]
    people: Mapping[UUID, tuple[str, str]]


@cache
def frame() -> Mapping[str, Any]:
    """The words around a mail."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def known(messages: Iterable[Message]) -> Known:
    """The names of all ids in some messages: two queries, however many there are."""
    organisations: set[UUID] = set()
    people: set[UUID] = set()
    for each in messages:
        types = {"partner": "organisation", "customer": "organisation", **kinds()[each.kind].values}
        for name, type_ in types.items():
            if type_ in ("organisation", "user") and each.values.get(name):
                (organisations if type_ == "organisation" else people).add(UUID(each.values[name]))
    return Known(names(organisations), user_names(people))


def said(message: Message, language: Language, site: str, known_as: Known) -> Said:
    """The message as its reader reads it. Rules: L-190."""
    kind = kinds()[message.kind]
    holes = _holes(kind, message, language, site, known_as)
    words = kind.words[language]
    return Said(
        subject=" ".join(words.subject.format_map(holes).split()),
        text=words.text.format_map(holes),
        sms=words.sms.format_map(holes),
    )


def _holes(kind: Kind, message: Message, language: Language, site: str, known_as: Known) -> dict[str, str]:
    """What the words may name; a hole they name beside these is a mistake of ours, which a test finds."""
    types = {"partner": "organisation", "customer": "organisation", **kind.values}
    shown = {name: _shown(type_, message.values.get(name), language, site, known_as) for name, type_ in types.items()}
    return shown | {
        "vendor": settings.VENDOR[language],
        "address": settings.SITE_ADDRESSES[site],
        "at": instant(message.at, site),
    }


def _shown(type_: str, value: Any, language: Language, site: str, known_as: Known) -> str:
    if value in (None, ""):
        return NONE
    match type_:
        case "money":
            money: Money = from_json(Money, value)
            return f"{money} {money.currency}"
        case "instant":
            return instant(datetime.fromisoformat(value), site)
        case "number":
            return f"{value:,}"
        case "organisation" | "user":
            return _name(UUID(value), language, known_as)
        case "item":
            item = items().get(value)
            return str(item.zh if language == "zh" else item.en) if item else str(value)
        case "agreement":
            return str(CODES.get(value, (value, value))[language == "en"])
        case "review":
            kind_words = KINDS[value].about.words
            return kind_words.zh if language == "zh" else kind_words.en
        case "reason":
            kind, _, reason = value.partition(".")
            found = KINDS[kind].about.reasons.get(reason)
            return NONE if found is None else found.zh if language == "zh" else found.en
    return str(value)


def _name(id_: UUID, language: Language, known_as: Known) -> str:
    if id_ in known_as.people:
        return known_as.people[id_][language == "en"]
    found = known_as.organisations.get(id_)
    return found.in_language(language) if found else NONE


def instant(at: datetime, site: str) -> str:
    """A time in the site's zone, with the zone. Rules: L-190."""
    local = at.astimezone(pack(site, at).zone)
    hours = round((local.utcoffset() or local - local).total_seconds() / 3600)
    return f"{local:%Y-%m-%d %H:%M} ({f'GMT{hours:+d}' if hours else 'UTC'})"


def path_of(message: Message) -> str:
    """The page that a message leads to; nothing where there is none."""
    page = kinds()[message.kind].page
    tries: Sequence[Sequence[Any]] = ([message.about], [])
    for args in tries:
        try:
            return reverse(page, args=args) if page else ""
        except NoReverseMatch:
            continue
    return ""
