"""What may happen to an export: who waits, what is too much, when its file is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import Rule, RuleBook, RuleTable

BOOK = RuleBook.beside(__file__)
FORMATS = ("xlsx", "csv")
# A worker that dies leaves its export running; the next one begins it again, so often at most.
MOST_ATTEMPTS = 3
# What takes longer than this is not being made.
LONGEST = timedelta(days=1)
# Why there is no file; the page has words for each.
REASONS = ("not_allowed", "too_many_rows", "tried_too_often")

EXPORT = Lifecycle(
    start="queued",
    moves={
        "start": (("queued", "running"), "running"),
        "finish": ("running", "done"),
        "fail": (("queued", "running"), "failed"),
        "expire": ("done", "expired"),
    },
)
IN_FLIGHT = ("queued", "running")


@dataclass(frozen=True)
class RequestFacts:
    """An export that is asked for, beside what its organisation waits for already."""

    in_flight: int
    most_in_flight: int
    rows: int
    most_rows: int


REQUEST: RuleTable[RequestFacts] = BOOK.table(
    Rule(
        "S-254.in_flight",
        "too_many_exports_running",
        lambda f: f.in_flight < f.most_in_flight,
        lambda f: {"actual": f.in_flight, "required": f.most_in_flight},
    ),
    Rule(
        "S-254.rows",
        "export_too_large",
        lambda f: f.rows <= f.most_rows,
        lambda f: {"actual": f.rows, "required": f.most_rows},
    ),
)


@dataclass(frozen=True)
class DownloadFacts:
    """An export whose file is asked for."""

    state: str
    at: datetime
    expires_at: datetime | None


def _kept(facts: DownloadFacts) -> bool:
    return facts.state != "expired" and (facts.expires_at is None or facts.at < facts.expires_at)


DOWNLOAD: RuleTable[DownloadFacts] = BOOK.table(
    Rule("S-254.done", "export_not_done", lambda f: f.state in ("done", "expired"), lambda f: {"actual": f.state}),
    Rule("S-254.kept", "export_expired", _kept, lambda f: {"actual": f.at, "required": f.expires_at}),
)
