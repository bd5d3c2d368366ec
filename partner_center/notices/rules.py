"""How messages may go out, what an account may switch, and when a link of a message still acts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
SITE, MAIL, SMS = "site", "mail", "sms"
CHANNELS = (SITE, MAIL, SMS)
OUTWARD = (MAIL, SMS)
# How often a server that is away is tried: with growing pauses, about a day in all.
MOST_TRIES = 10

DELIVERY = Lifecycle(
    start="queued",
    moves={
        "send": ("queued", "sent"),
        "bounce": ("queued", "bounced"),
        "give_up": ("queued", "failed"),
        "skip": ("queued", "skipped"),
    },
)
# Why something did not go out; the log has words for each.
REASONS = ("no_address", "switched_off", "too_many", "refused", "unreachable")


@dataclass(frozen=True)
class PreferenceFacts:
    """What an account wants of a category, beside what may not be switched off and who its people are."""

    channels: frozenset[str]
    needed: frozenset[str]
    strangers: int


def _missing(facts: PreferenceFacts) -> tuple[str, ...]:
    return tuple(each for each in CHANNELS if each in facts.needed - facts.channels)


PREFERENCE: RuleTable[PreferenceFacts] = BOOK.table(
    Rule(
        "L-196.mandatory",
        "message_mandatory",
        lambda f: not _missing(f),
        lambda f: {"actual": ", ".join(_missing(f))},
    ),
    Rule("L-196.members", "recipient_no_member", lambda f: f.strangers == 0, lambda f: {"actual": f.strangers}),
)


@dataclass(frozen=True)
class LinkFacts:
    """A link of a message that somebody follows. One that is not intact says nothing else that could be trusted."""

    intact: bool
    for_reader: bool
    until: datetime
    at: datetime
    used: bool


LINK: RuleTable[LinkFacts] = BOOK.table(
    Rule("S-905.intact", "link_not_intact", lambda f: f.intact),
    Rule("S-905.reader", "link_of_another", lambda f: not f.intact or f.for_reader),
    Rule(
        "S-905.late",
        "link_late",
        lambda f: not f.intact or f.at < f.until,
        lambda f: {"actual": f.at, "required": f.until},
    ),
    Rule("S-905.used", "link_used", lambda f: not f.intact or not f.used),
)
