"""The texts of all rules of tickets, a ticket's lifecycle, and what several tables share."""

from __future__ import annotations

import re
from pathlib import Path

from partner_center.kernel.lifecycle import Lifecycle
from partner_center.kernel.rules import RuleBook

BOOK = RuleBook(Path(__file__).parent.parent / "rules.toml")
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


def length(text: str, longest: int) -> dict[str, object]:
    """How long a text is, and how long it may be."""
    return {"actual": len(text.strip()), "required": longest}


def is_phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(text.strip()))


def is_contact(text: str) -> bool:
    """A phone number or a mail address."""
    return len(text) <= LONGEST_ADDRESS and (is_phone(text) or bool(_EMAIL.fullmatch(text.strip())))
