"""How a review moves, and who may move it. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
Move = Literal["approve", "return", "reject"]
ESCALATE, EXPIRE = "escalate", "expire"
OTHER = "other"

LIFECYCLE = Lifecycle(
    start="open",
    moves={
        "return": ("open", "returned"),
        "supplement": ("returned", "open"),
        "approve": ("open", "approved"),
        "reject": ("open", "rejected"),
        "withdraw": (("open", "returned"), "withdrawn"),
        "expire": (("open", "returned"), "expired"),
    },
)
LIVE = ("open", "returned")

# Terms: what the policy pack says of a kind --------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step: the role that decides, within how many working days, and what happens by itself afterwards.

    `second`: the role of a second person who must agree; empty where one decides alone.
    """

    name: str
    role: str
    days: int
    second: str = ""
    otherwise: str = ESCALATE
    escalates_to: str = ""


@dataclass(frozen=True)
class Terms:
    """The steps of a kind in their order, and how long the asker may take to supplement."""

    steps: tuple[Step, ...]
    supplement_days: int


def read_terms(value: Mapping[str, Any]) -> Terms:
    """The terms that a value of the policy pack describes."""
    return Terms(tuple(Step(**step) for step in value["steps"]), value["supplement_days"])


# Kinds: what a noun tells the engine of its reviews -----------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Reason:
    """Why a review is returned or rejected; `moves` are those it may be given for."""

    code: str
    zh: str
    en: str
    moves: tuple[str, ...]


@dataclass(frozen=True)
class ReviewKind:
    """One kind of review, as its noun describes it in its reviews.toml.

    `effects` say what each move does, `silence` what follows when nobody acts. `bulk`: several may be approved at once.
    """

    code: str
    words: Words
    icon: str
    bulk: bool
    silence: Mapping[str, Words]
    effects: Mapping[str, Words]
    reasons: Mapping[str, Reason]
    fields: Mapping[str, Words]

    def silence_of(self, state: str, escalated: bool) -> Words:
        """What follows when nobody acts now; what was handed up already only waits."""
        return self.silence["escalated" if escalated and state == "open" else state]

    def reasons_for(self, move: str) -> tuple[Reason, ...]:
        return tuple(each for each in self.reasons.values() if move in each.moves)


def read_kind(beside: str, code: str) -> ReviewKind:
    """The kind that the reviews.toml beside a noun's module describes."""
    row = tomllib.loads((Path(beside).parent / "reviews.toml").read_text(encoding="utf-8"))[code]
    reasons = {
        name: Reason(name, each["zh"], each["en"], tuple(each["moves"])) for name, each in row["reasons"].items()
    }
    return ReviewKind(
        code=code,
        words=Words(row["zh"], row["en"]),
        icon=row["icon"],
        bulk=row["bulk"],
        silence=_several(row["silence"]),
        effects=_several(row["effects"]),
        reasons=reasons,
        fields=_several(row["fields"]),
    )


def _several(rows: Mapping[str, Any]) -> dict[str, Words]:
    return {name: Words(each["zh"], each["en"]) for name, each in rows.items()}


# Deciding --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """What a reviewer says: the move, why, what the asker reads, what stays inside, and which fields reopen.

    `version` is that of the review the reviewer looked at.
    """

    move: Move
    reason: str = ""
    text: str = ""
    note: str = ""
    fields: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class DecideFacts:
    """A decision and who takes it."""

    move: str
    reason: str
    known_reasons: tuple[str, ...]
    text: str
    fields: tuple[str, ...]
    known_fields: tuple[str, ...]
    role: str
    may_decide: bool
    person: UUID
    asked_by: UUID | None
    first: UUID | None


def _needs_text(facts: DecideFacts) -> bool:
    return facts.move == "return" or (facts.move == "reject" and facts.reason == OTHER)


def _reason_fits(facts: DecideFacts) -> bool:
    return (facts.move == "approve" and not facts.reason) or facts.reason in facts.known_reasons


DECIDE: RuleTable[DecideFacts] = BOOK.table(
    Rule("L-020.role", "review_not_yours", lambda f: f.may_decide, lambda f: {"required": f.role}),
    Rule("L-020.asker", "review_of_ones_own", lambda f: f.asked_by is None or f.person != f.asked_by),
    Rule("L-020.second", "second_person_is_first", lambda f: f.first is None or f.person != f.first),
    Rule("L-007.reason", "review_reason_missing", _reason_fits, lambda f: {"actual": f.reason or "—"}),
    Rule("L-007.text", "review_text_missing", lambda f: not _needs_text(f) or bool(f.text.strip())),
    Rule(
        "L-007.fields",
        "review_fields_missing",
        lambda f: f.move != "return" or (bool(f.fields) and set(f.fields) <= set(f.known_fields)),
        lambda f: {"actual": ", ".join(f.fields) or "—", "required": ", ".join(f.known_fields)},
    ),
)


# Handing over and standing in --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandOverFacts:
    """Somebody who is to take a review."""

    is_colleague: bool
    holds_role: bool
    role: str
    is_present: bool


HAND_OVER: RuleTable[HandOverFacts] = BOOK.table(
    Rule(
        "L-020.assignee",
        "assignee_without_role",
        lambda f: f.is_colleague and f.holds_role,
        lambda f: {"required": f.role},
    ),
    Rule("L-020.present", "assignee_absent", lambda f: not f.is_colleague or f.is_present),
)


@dataclass(frozen=True)
class AbsenceFacts:
    """When somebody is away, and who stands in."""

    starts_at: datetime
    ends_at: datetime
    at: datetime
    stand_in_is_colleague: bool
    stand_in_is_self: bool
    overlaps: bool


ABSENCE: RuleTable[AbsenceFacts] = BOOK.table(
    Rule("L-020.absence", "absence_backwards", lambda f: f.starts_at < f.ends_at and f.at < f.ends_at),
    Rule("L-020.standin", "stand_in_unfit", lambda f: f.stand_in_is_colleague and not f.stand_in_is_self),
    Rule("L-020.once", "absence_overlaps", lambda f: not f.overlaps),
)
