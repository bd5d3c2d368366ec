"""The catalogue of messages, as data: event → who reads it → words in both languages → channels.

A new kind is a table in catalogue.toml; what it says beyond the event is gathered where messages are sent.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from partner_center.notices.rules import CHANNELS

# What a message is about, in the order of the settings page.
CATEGORIES: Mapping[str, tuple[str, str]] = {
    "vouchers": ("代金券与额度", "Vouchers and quota"),
    "customers": ("客户", "Customers"),
    "finance": ("财务", "Finance"),
    "programme": ("计划与协议", "Programmes and agreements"),
    "tickets": ("工单", "Tickets"),
    "organisation": ("组织与成员", "Organisation and members"),
    "security": ("安全", "Security"),
}
# Which party of the event is told; `asker`: the account that asked for what the event is
# about; `subject`: each account that the event concerns is told by itself.
PARTIES = ("partner", "upline", "customer", "seat", "asker", "subject")
# Who of that account: those it chose, else its main user; the one the event names; or whoever may do something.
ACCOUNT, NAMED, MAY = "account", "named", "can:"
TYPES = ("money", "instant", "number", "text", "organisation", "user", "item", "agreement", "review", "reason")


@dataclass(frozen=True)
class Words:
    """A kind in one language: the line that stands for it, what it says, and the short form for a phone."""

    subject: str
    text: str
    sms: str


@dataclass(frozen=True)
class Kind:
    """One kind of message."""

    name: str
    event: str
    category: str
    to: str
    readers: str
    channels: tuple[str, ...]
    mandatory: bool
    digest: bool
    page: str
    facts: str
    values: Mapping[str, str]
    words: Mapping[str, Words]

    @property
    def permission(self) -> str:
        """The item whose holders read it; nothing where it is not a matter of permission."""
        return self.readers.removeprefix(MAY) if self.readers.startswith(MAY) else ""


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its name."""
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {name: _kind(name, row) for name, row in rows.items()}


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    return Kind(
        name=name,
        event=row["event"],
        category=row["category"],
        to=row["to"],
        readers=row.get("readers", ACCOUNT),
        channels=tuple(row["channels"]),
        mandatory=row.get("mandatory", False),
        digest=row.get("digest", False),
        page=row.get("page", ""),
        facts=row.get("facts", "event"),
        values=row.get("values", {}),
        words={each: Words(row[each]["subject"], row[each]["text"].strip(), row[each]["sms"]) for each in ("zh", "en")},
    )


@cache
def by_event() -> Mapping[str, tuple[Kind, ...]]:
    """Event → the kinds that tell of it."""
    found: dict[str, tuple[Kind, ...]] = {}
    for kind in kinds().values():
        found[kind.event] = (*found.get(kind.event, ()), kind)
    return found


def in_use(audience: str = "") -> tuple[str, ...]:
    """The categories that have a kind, or one that can reach accounts of an audience."""
    used = {kind.category for kind in kinds().values() if not audience or audience in _reached(kind)}
    return tuple(each for each in CATEGORIES if each in used)


def _reached(kind: Kind) -> tuple[str, ...]:
    """The audiences whose accounts a kind can be for."""
    every = {"customer": ("customer",), "seat": ("partner", "customer", "vendor"), "asker": ("partner", "customer")}
    return every.get(kind.to, ("partner",))


def default_channels(category: str) -> frozenset[str]:
    """The channels that a category's kinds use where the account has said nothing."""
    return frozenset(each for kind in kinds().values() if kind.category == category for each in kind.channels)


def needed_channels(category: str) -> frozenset[str]:
    """The channels of a category that cannot be switched off. Rules: L-196."""
    found = (kind for kind in kinds().values() if kind.category == category and kind.mandatory)
    return frozenset(each for kind in found for each in kind.channels)


def channels_of(kind: Kind, wanted: frozenset[str] | None, own: frozenset[str] | None = None) -> tuple[str, ...]:
    """By which channels a kind reaches a reader: those the account wants, without what the reader does not.

    What is mandatory goes its ways all the same.
    Rules: L-196.
    """
    asked = frozenset(kind.channels) if wanted is None else wanted
    asked = asked if own is None else asked & own
    return tuple(each for each in CHANNELS if each in asked or (kind.mandatory and each in kind.channels))
