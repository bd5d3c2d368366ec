"""What the opener's side may do with a ticket: open it, write, urge, take back, confirm, rate. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from partner_center.kernel.rules import Rule, RuleTable
from partner_center.support.rules.book import (
    BOOK,
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    MOST_MARKS,
    OVER,
    SEVERITIES,
    WITH_VENDOR,
    is_contact,
    length,
)
from partner_center.support.rules.category import Category, categories


@dataclass(frozen=True)
class OpenFacts:
    """A ticket as it is about to be opened."""

    audience: str
    category: str
    severity: str
    subject: str
    text: str
    contact: str
    open: int
    most_open: int
    longest: int
    particulars: Mapping[str, str] = field(default_factory=dict)

    @property
    def known(self) -> Category | None:
        return categories().get(self.category)


def _missing(facts: OpenFacts) -> list[str]:
    return [f"{each.zh} / {each.en}" for each in facts.known.missing(facts.particulars)] if facts.known else []


RAISE: RuleTable[OpenFacts] = BOOK.table(
    Rule("L-215", "ticket_audience", lambda f: f.audience in ("partner", "customer"), lambda f: {"actual": f.audience}),
    Rule(
        "L-252.category",
        "ticket_category",
        lambda f: f.audience not in ("partner", "customer") or bool(f.known and f.audience in f.known.audiences),
        lambda f: {"actual": f.category},
    ),
    Rule("L-252.severity", "ticket_severity", lambda f: f.severity in SEVERITIES, lambda f: {"actual": f.severity}),
    Rule(
        "L-252.subject",
        "ticket_subject",
        lambda f: 0 < len(f.subject.strip()) <= LONGEST_SUBJECT,
        lambda f: length(f.subject, LONGEST_SUBJECT),
    ),
    Rule(
        "L-252.text",
        "ticket_text",
        lambda f: 0 < len(f.text.strip()) <= f.longest,
        lambda f: length(f.text, f.longest),
    ),
    Rule("L-252.contact", "ticket_contact", lambda f: is_contact(f.contact), lambda f: {"actual": f.contact}),
    Rule("L-252.fields", "ticket_particulars", lambda f: not _missing(f), lambda f: {"missing": _missing(f)}),
    Rule(
        "L-253",
        "too_many_open_tickets",
        lambda f: f.open < f.most_open,
        lambda f: {"actual": f.open, "required": f.most_open},
    ),
)


@dataclass(frozen=True)
class TalkFacts:
    """A message about to be written, by either side."""

    state: str
    text: str
    files: int
    longest: int
    at: datetime
    closes_at: datetime | None = None


def _in_time(facts: TalkFacts) -> bool:
    return facts.state != "resolved" or (facts.closes_at is not None and facts.at < facts.closes_at)


TALK: RuleTable[TalkFacts] = BOOK.table(
    Rule("L-251.talk", "ticket_over", lambda f: f.state not in OVER, lambda f: {"actual": f.state}),
    Rule("L-251.reopen", "too_late_to_reopen", _in_time, lambda f: {"required": f.closes_at}),
    Rule(
        "L-251.message",
        "ticket_message",
        lambda f: 0 < len(f.text.strip()) <= f.longest or (f.files > 0 and not f.text.strip()),
        lambda f: length(f.text, f.longest),
    ),
)


@dataclass(frozen=True)
class CancelFacts:
    """A ticket that its opener wants to take back."""

    state: str
    is_opener: bool


CANCEL: RuleTable[CancelFacts] = BOOK.table(
    Rule("L-251.cancel", "ticket_taken_up", lambda f: f.state == "submitted", lambda f: {"actual": f.state}),
    Rule("L-251.opener", "not_the_opener", lambda f: f.is_opener),
)


@dataclass(frozen=True)
class UrgeFacts:
    """A ticket whose opener asks for haste. `again_at`: before it, it was urged already."""

    state: str
    at: datetime
    again_at: datetime | None


URGE: RuleTable[UrgeFacts] = BOOK.table(
    Rule("L-251.urge", "not_with_the_vendor", lambda f: f.state in WITH_VENDOR, lambda f: {"actual": f.state}),
    Rule(
        "L-251.urge_again",
        "urged_already",
        lambda f: f.again_at is None or f.at >= f.again_at,
        lambda f: {"required": f.again_at},
    ),
)


@dataclass(frozen=True)
class ConfirmFacts:
    """A ticket that its opener calls solved."""

    state: str


CONFIRM: RuleTable[ConfirmFacts] = BOOK.table(
    Rule("L-251.confirm", "not_resolved", lambda f: f.state == "resolved", lambda f: {"actual": f.state})
)


@dataclass(frozen=True)
class RateFacts:
    """What its opener thinks of how it was solved."""

    state: str
    rated: bool
    marks: int
    words: str


RATE: RuleTable[RateFacts] = BOOK.table(
    Rule("L-251.rate", "not_closed", lambda f: f.state == "closed", lambda f: {"actual": f.state}),
    Rule("L-251.rate_once", "rated_already", lambda f: not f.rated),
    Rule(
        "L-251.marks",
        "marks",
        lambda f: 1 <= f.marks <= MOST_MARKS,
        lambda f: {"actual": f.marks, "required": MOST_MARKS},
    ),
    Rule(
        "L-251.words",
        "rating_words",
        lambda f: len(f.words) <= LONGEST_WORDS,
        lambda f: length(f.words, LONGEST_WORDS),
    ),
)
