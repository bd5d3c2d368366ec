"""What may happen to a ticket, by whom, and what may be attached to it. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
# From the worst to a mere question; the vendor's support names five such. Rules: L-252, L-262.
SEVERITIES = ("core_down", "production_down", "production_fault", "system_fault", "guidance")
LONGEST_SUBJECT, LONGEST_WORDS, LONGEST_ADDRESS, LONGEST_NAME = 120, 500, 200, 60
MOST_MARKS = 5
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{5,20}")

TICKET = Lifecycle(
    start="submitted",
    moves={
        "take": ("submitted", "accepted"),
        "answer": (("accepted", "in_progress", "waiting_user"), "in_progress"),
        "ask": (("accepted", "in_progress"), "waiting_user"),
        "reply": ("waiting_user", "in_progress"),
        "reopen": ("resolved", "in_progress"),
        "resolve": (("accepted", "in_progress", "waiting_user"), "resolved"),
        "close": ("resolved", "closed"),
        "cancel": ("submitted", "cancelled"),
    },
)
OVER = ("closed", "cancelled")
OPEN = tuple(state for state in TICKET.states if state not in OVER)
WITH_VENDOR = ("submitted", "accepted", "in_progress")
WITH_USER = ("waiting_user", "resolved")


# Categories ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Field:
    """A particular that a category asks for; with choices it is one of them."""

    code: str
    zh: str
    en: str
    required: bool = False
    choices: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Category:
    """What a ticket can be about. `due_days` are working days."""

    code: str
    zh: str
    en: str
    zh_hint: str
    en_hint: str
    audiences: tuple[str, ...]
    roles: tuple[str, ...]
    due_days: int
    assumed: bool
    source: str
    returns: bool
    zh_template: str
    en_template: str
    fields: tuple[Field, ...] = ()
    only_when: tuple[str, ...] = ()

    def missing(self, particulars: Mapping[str, str]) -> tuple[Field, ...]:
        """Particulars that are asked for and not given, or not one of the choices."""
        return tuple(each for each in self.fields if not _given(each, particulars.get(each.code, "").strip()))

    def wants_return(self, particulars: Mapping[str, str]) -> bool:
        """Whether papers go back, so that an address must be named. Rules: S-477."""
        if not self.returns or not self.only_when:
            return self.returns
        return particulars.get(self.only_when[0]) == self.only_when[1]


def _given(field: Field, value: str) -> bool:
    if not value:
        return not field.required
    return len(value) <= LONGEST_ADDRESS and (not field.choices or value in {code for code, _, _ in field.choices})


@cache
def categories() -> Mapping[str, Category]:
    """Every category by its code, in the order in which they are offered."""
    rows = tomllib.loads(Path(__file__).with_name("categories.toml").read_text(encoding="utf-8"))
    return {code: _category(code, dict(row)) for code, row in rows.items()}


def _category(code: str, row: dict[str, object]) -> Category:
    made = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    made["fields"] = tuple(_field(each) for each in row["fields"])  # type: ignore[attr-defined]
    return Category(code=code, **made)  # type: ignore[arg-type]


def _field(row: Mapping[str, object]) -> Field:
    choices = tuple(tuple(each) for each in row.get("choices", ()))  # type: ignore[attr-defined]
    return Field(str(row["code"]), str(row["zh"]), str(row["en"]), bool(row.get("required")), choices)


def offered(audience: str) -> tuple[Category, ...]:
    return tuple(each for each in categories().values() if audience in each.audiences)


# Time ----------------------------------------------------------------------------------------------------------------


def due_at(since: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The end of the last day on which a ticket is to be solved.

    The one place that counts: calendar days for now; with the vendor's calendar of working days, those.
    """
    last = since.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(last, time(), zone)


def resumed(due: datetime, paused_at: datetime, at: datetime) -> datetime:
    """The due time after a pause: what the user took does not count against the vendor."""
    return due + (at - paused_at)


# Opening -------------------------------------------------------------------------------------------------------------


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


def _is_contact(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text) or _PHONE.fullmatch(text)) and len(text) <= LONGEST_ADDRESS


def _missing(facts: OpenFacts) -> list[str]:
    return [f"{each.zh} / {each.en}" for each in facts.known.missing(facts.particulars)] if facts.known else []


def _length(text: str, longest: int) -> dict[str, object]:
    return {"actual": len(text.strip()), "required": longest}


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
        lambda f: _length(f.subject, LONGEST_SUBJECT),
    ),
    Rule(
        "L-252.text",
        "ticket_text",
        lambda f: 0 < len(f.text.strip()) <= f.longest,
        lambda f: _length(f.text, f.longest),
    ),
    Rule("L-252.contact", "ticket_contact", lambda f: _is_contact(f.contact.strip()), lambda f: {"actual": f.contact}),
    Rule("L-252.fields", "ticket_particulars", lambda f: not _missing(f), lambda f: {"missing": _missing(f)}),
    Rule(
        "L-253",
        "too_many_open_tickets",
        lambda f: f.open < f.most_open,
        lambda f: {"actual": f.open, "required": f.most_open},
    ),
)


# Attachments ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FilesFacts:
    """Files that come with a message, together."""

    files: int
    most_files: int
    on_ticket: int
    most_on_ticket: int


@dataclass(frozen=True)
class FileFacts:
    """One file: what its bytes are, and what its name says."""

    name: str
    size: int
    most_size: int
    kind: str
    endings: tuple[str, ...]
    ending: str
    pixels: tuple[int, int] | None
    most_side: int
    most_pixels: int


FILES: RuleTable[FilesFacts] = BOOK.table(
    Rule(
        "L-251.files",
        "too_many_files",
        lambda f: f.files <= f.most_files,
        lambda f: {"actual": f.files, "required": f.most_files},
    ),
    Rule(
        "L-251.files_in_all",
        "too_many_files_in_all",
        lambda f: f.files == 0 or f.on_ticket + f.files <= f.most_on_ticket,
        lambda f: {"actual": f.on_ticket + f.files, "required": f.most_on_ticket},
    ),
)


def _bounded(facts: FileFacts) -> bool:
    if facts.pixels is None:
        return True
    width, height = facts.pixels
    return min(width, height) > 0 and max(width, height) <= facts.most_side and width * height <= facts.most_pixels


FILE: RuleTable[FileFacts] = BOOK.table(
    Rule(
        "L-251.size",
        "file_size",
        lambda f: 0 < f.size <= f.most_size,
        lambda f: {"name": f.name, "actual": f.size, "required": f.most_size},
    ),
    # What is empty or was not read for its size is told that alone.
    Rule(
        "L-251.type",
        "file_type",
        lambda f: bool(f.kind) or not 0 < f.size <= f.most_size,
        lambda f: {"name": f.name},
    ),
    Rule(
        "L-251.truthful",
        "file_name_lies",
        lambda f: not f.kind or f.ending in ("", *f.endings),
        lambda f: {"name": f.name, "actual": f.kind, "required": f.ending},
    ),
    Rule(
        "L-251.pixels", "image_size", _bounded, lambda f: {"name": f.name, "actual": f.pixels, "required": f.most_side}
    ),
)


# What its opener does ------------------------------------------------------------------------------------------------


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
        lambda f: _length(f.text, f.longest),
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
    """A ticket whose opener asks for haste."""

    state: str
    at: datetime
    urged_at: datetime | None
    hours: int


def _next_urge(facts: UrgeFacts) -> datetime | None:
    return facts.urged_at + timedelta(hours=facts.hours) if facts.urged_at else None


def _not_yet(facts: UrgeFacts) -> bool:
    again = _next_urge(facts)
    return again is None or facts.at >= again


URGE: RuleTable[UrgeFacts] = BOOK.table(
    Rule("L-251.urge", "not_with_the_vendor", lambda f: f.state in WITH_VENDOR, lambda f: {"actual": f.state}),
    Rule("L-251.urge_again", "urged_already", _not_yet, lambda f: {"required": _next_urge(f), "hours": f.hours}),
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
        lambda f: _length(f.words, LONGEST_WORDS),
    ),
)


# What the vendor does ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TakeFacts:
    """A ticket that somebody at the vendor wants to answer."""

    state: str
    assignee: bool
    roles: tuple[str, ...]
    answering: tuple[str, ...]


def _answers(facts: TakeFacts) -> bool:
    return bool({*facts.answering, "vendor_administrator"} & set(facts.roles))


TAKE: RuleTable[TakeFacts] = BOOK.table(
    Rule("L-250.taken", "ticket_taken", lambda f: not f.assignee),
    Rule("L-250.over", "ticket_not_open", lambda f: f.state not in (*OVER, "resolved"), lambda f: {"actual": f.state}),
    Rule("L-250.role", "not_of_my_role", _answers, lambda f: {"required": list(f.answering)}),
)
# Whoever takes over from a colleague is held to the same, but for its being somebody's.
TAKE_OVER: RuleTable[TakeFacts] = RuleTable(BOOK, tuple(rule for rule in TAKE if rule.id != "L-250.taken"))


@dataclass(frozen=True)
class AnswerFacts:
    """A ticket that its assignee is about to move."""

    move: str
    state: str
    is_assignee: bool
    wants_return: bool = False
    has_return: bool = False


ANSWER: RuleTable[AnswerFacts] = BOOK.table(
    Rule("L-250.assignee", "not_the_assignee", lambda f: f.is_assignee),
    Rule(
        "L-250.state",
        "ticket_state",
        lambda f: TICKET.may(f.move, f.state) or f.state in OVER,
        lambda f: {"actual": f.state},
    ),
    Rule("S-477.return", "no_return_address", lambda f: f.move != "resolve" or not f.wants_return or f.has_return),
)


@dataclass(frozen=True)
class ReturnFacts:
    """Where papers go back to."""

    wants_return: bool
    state: str
    address: str
    addressee: str
    phone: str


RETURN: RuleTable[ReturnFacts] = BOOK.table(
    Rule("S-477.category", "nothing_to_return", lambda f: f.wants_return),
    Rule("S-477.open", "ticket_over_return", lambda f: f.state in OPEN, lambda f: {"actual": f.state}),
    Rule(
        "S-477.address",
        "return_address",
        lambda f: 0 < len(f.address.strip()) <= LONGEST_ADDRESS,
        lambda f: _length(f.address, LONGEST_ADDRESS),
    ),
    Rule(
        "S-477.addressee",
        "return_addressee",
        lambda f: 0 < len(f.addressee.strip()) <= LONGEST_NAME,
        lambda f: _length(f.addressee, LONGEST_NAME),
    ),
    Rule(
        "S-477.phone", "return_phone", lambda f: bool(_PHONE.fullmatch(f.phone.strip())), lambda f: {"actual": f.phone}
    ),
)
