"""What goes in and out of the reviews' operations, and how the apps' rows become it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from partner_center.entrypoints.api.v1.schemas import _TEXT, In, MoneyOut
from partner_center.inbox.queries import Waiting
from partner_center.reviews.queries import ReviewRow, TurnRow

Said = Annotated[str, StringConstraints(max_length=1000, pattern=_TEXT)]
Word = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z_]*$")]


class WordsOut(Schema):
    zh: str
    en: str


class WaitingOut(Schema):
    """`silence`: what happens by itself if nobody acts."""

    id: UUID
    kind: str
    number: str
    title: WordsOut
    state: str
    silence: WordsOut
    amount: MoneyOut | None
    opened_at: datetime
    due_at: datetime | None
    working_days_left: int | None
    provisional: bool
    escalated: bool


class TurnOut(Schema):
    move: str
    reason: str
    text: str
    fields: list[str]
    at: datetime


class ReviewOut(Schema):
    id: UUID
    kind: str
    number: str
    state: str
    step: str
    role: str
    version: int
    subject_id: UUID
    asker_id: UUID | None
    facts: dict[str, Any]
    opened_at: datetime
    due_at: datetime | None
    supplement_due_at: datetime | None
    closed_at: datetime | None
    fields: list[str]
    turns: list[TurnOut]


class DecisionIn(In):
    """`text` is read by whoever asked, `note` by colleagues only; `fields` are those that reopen on a return."""

    move: Literal["approve", "return", "reject"]
    reason: Word = ""
    text: Said = ""
    note: Said = ""
    fields: list[Word] = Field(default=[], max_length=40)
    version: Annotated[int, Field(ge=1, le=10**9)]


class DecidedOut(Schema):
    id: UUID
    state: str
    is_final: bool


def waiting(row: Waiting) -> WaitingOut:
    return WaitingOut(
        id=row.id,
        kind=row.kind,
        number=row.number,
        title=WordsOut(zh=row.title.zh, en=row.title.en),
        state=row.state,
        silence=WordsOut(zh=row.silence.zh, en=row.silence.en),
        amount=MoneyOut.of(row.amount) if row.amount else None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        working_days_left=row.days_left,
        provisional=row.provisional,
        escalated=row.escalated,
    )


def review(row: ReviewRow, turns: Iterable[TurnRow]) -> ReviewOut:
    plain = {name: getattr(row, name) for name in ReviewOut.model_fields if name not in ("step", "fields", "turns")}
    told = [TurnOut(move=t.move, reason=t.reason, text=t.text, fields=list(t.fields), at=t.at) for t in turns]
    return ReviewOut(**plain, step=row.step.name, fields=list(row.fields), turns=told)
