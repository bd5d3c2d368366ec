"""The catalogue is whole: each kind tells of an event that exists, and reads well in both languages."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from partner_center.access.permissions import Can
from partner_center.access.queries import Name
from partner_center.entrypoints.event_words import EVENTS
from partner_center.entrypoints.jobs.notices import SOURCES
from partner_center.entrypoints.notice_words import COMMON, Known, frame, instant, path_of, said
from partner_center.notices.catalogue import (
    CATEGORIES,
    NAMED,
    PARTIES,
    TYPES,
    Kind,
    channels_of,
    default_channels,
    in_use,
    kinds,
    needed_channels,
)
from partner_center.notices.rules import CHANNELS

KINDS = sorted(kinds())
AT = datetime(2026, 6, 15, 2, 30, tzinfo=UTC)
ORGANISATION, PERSON = uuid4(), uuid4()
KNOWN = Known({ORGANISATION: Name(ORGANISATION, "1", "海川数科", "Haichuan Data")}, {PERSON: ("林巧", "Lin Qiao")})
SAMPLES: dict[str, Any] = {
    "review": "company_change",
    "reason": "company_change.incomplete",
    "money": {"minor": 12850, "currency": "CNY"},
    "instant": "2026-07-01T00:00:00+08:00",
    "number": 1234,
    "text": "2.0",
    "organisation": str(ORGANISATION),
    "user": str(PERSON),
    "item": "VOUCHER_ISSUE",
    "agreement": "code_of_conduct",
}


@dataclass(frozen=True)
class Message:
    """A message of a kind, with a value for everything it names."""

    kind: str
    values: dict[str, Any]
    about: UUID = field(default_factory=uuid4)
    at: datetime = AT


def message(kind: Kind) -> Message:
    values = {name: SAMPLES[type_] for name, type_ in kind.values.items()}
    return Message(kind.name, {"partner": str(ORGANISATION), "customer": str(ORGANISATION), **values})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_a_kind_reads_in_a_language(name: str, language: Any) -> None:
    """L-190: the reader's language, the site's time with its zone; nothing is left open."""
    kind = kinds()[name]
    words = said(message(kind), language, "cloud-cn", KNOWN)
    for text in (words.subject, words.text, words.sms):
        assert text and "{" not in text and "—" not in text
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text) == (language == "zh"), text
    # A text for a phone costs by its length; a subject is one line.
    assert len(words.sms) <= (70 if language == "zh" else 160) and "\n" not in words.subject


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_names_only_what_it_has(name: str) -> None:
    kind = kinds()[name]
    for words in kind.words.values():
        for text in (words.subject, words.text, words.sms):
            holes = {hole for _, hole, _, _ in string.Formatter().parse(text) if hole}
            assert holes <= {*COMMON, *kind.values}
    assert set(kind.values.values()) <= set(TYPES)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_of_an_event_a_category_a_party_and_channels_that_exist(name: str) -> None:
    kind = kinds()[name]
    assert kind.event in EVENTS and kind.category in CATEGORIES and kind.to in PARTIES and kind.facts in SOURCES
    assert kind.channels and set(kind.channels) <= set(CHANNELS) and "site" in kind.channels
    assert kind.readers in ("account", NAMED) or kind.permission in Can.__members__
    assert not (kind.mandatory and kind.digest), "what must be told is not kept back until tomorrow"


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_leads_to_a_page(name: str) -> None:
    assert path_of(message(kinds()[name])).startswith("/")


def test_every_category_says_what_it_uses_and_needs() -> None:
    assert "security" in in_use() and {"site", "mail"} <= needed_channels("security")
    assert set(in_use("vendor")) == {"organisation", "security"}
    assert {"customers", "vouchers"} <= set(in_use("customer")) and "programme" not in in_use("customer")
    for category in in_use():
        assert needed_channels(category) <= default_channels(category)


def test_what_is_mandatory_goes_out_whatever_anybody_chose() -> None:
    """L-196."""
    must, may = kinds()["password_changed"], kinds()["voucher_issued"]
    assert channels_of(must, frozenset(), frozenset()) == must.channels
    assert channels_of(may, frozenset({"sms"})) == ("sms",)
    assert channels_of(may, None, frozenset({"site"})) == ("site",)
    assert channels_of(may, None) == may.channels


def test_a_time_is_the_site_s_own_and_says_so() -> None:
    """L-190."""
    assert instant(AT, "cloud-cn") == "2026-06-15 10:30 (GMT+8)"
    assert instant(AT, "cloud-intl") == "2026-06-15 02:30 (UTC)"


def test_the_frame_of_mails_speaks_both_languages() -> None:
    assert frame()["zh"].keys() == frame()["en"].keys()
