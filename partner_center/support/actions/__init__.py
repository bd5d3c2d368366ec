"""Every write to tickets: what their openers do, what the vendor does, and what happens by itself."""

from partner_center.support.actions.ending import close_due, forget_files
from partner_center.support.actions.opener import cancel, confirm, fetch, open_ticket, rate, reply, seen, urge
from partner_center.support.actions.vendor import answer, ask, name_return, note, resolve, take

__all__ = [
    "answer",
    "ask",
    "cancel",
    "close_due",
    "confirm",
    "fetch",
    "forget_files",
    "name_return",
    "note",
    "open_ticket",
    "rate",
    "reply",
    "resolve",
    "seen",
    "take",
    "urge",
]
