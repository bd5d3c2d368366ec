"""What the vendor may do with a ticket: take it, answer, resolve, name where papers go back to. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from partner_center.kernel.rules import Rule, RuleTable
from partner_center.support.rules.book import BOOK, LONGEST_ADDRESS, LONGEST_NAME, OPEN, OVER, TICKET, is_phone, length


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
        lambda f: length(f.address, LONGEST_ADDRESS),
    ),
    Rule(
        "S-477.addressee",
        "return_addressee",
        lambda f: 0 < len(f.addressee.strip()) <= LONGEST_NAME,
        lambda f: length(f.addressee, LONGEST_NAME),
    ),
    Rule("S-477.phone", "return_phone", lambda f: is_phone(f.phone), lambda f: {"actual": f.phone}),
)
