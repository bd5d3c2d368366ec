"""What the homes of all audiences are made of: what ends soon, what happens by itself, what happened last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.queries import user_names
from partner_center.audit.queries import events
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.inbox_shown import QueueRow, queue_row
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.review_words import late_text
from partner_center.entrypoints.web.view_models import Action, Event, Segment, Tab, Term
from partner_center.inbox.queries import summary, waiting
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries.overview import Ending
from partner_center.vouchers.rules import QuotaSum

LATEST, LOOKED_AT, MOST_WAITING = 8, 60, 6
# Who signed in stands in the audit; here it would hide what was done.
LEFT_OUT = ("user.signed_in", "verification_code.sent")
USED, LEFT, LOST, BELOW = 1, 2, 4, 5


@dataclass(frozen=True)
class Waiting:
    """Something that ends soon: what, the money at stake, until when, what happens otherwise, and what one can do."""

    icon: str
    title: str
    note: str
    href: str
    amount: Money
    due: datetime
    otherwise: str
    actions: tuple[Action, ...] = ()
    note_is_name: bool = False


@dataclass(frozen=True)
class InboxCard:
    """The first of what waits for the reader, how much that is, and how much of it is late."""

    rows: tuple[QueueRow, ...]
    count: int
    late: str


def inbox_card(actor: Actor) -> InboxCard:
    """Overdue first, then soonest."""
    found = waiting(actor)
    sums = summary(actor, found)
    rows = tuple(queue_row(row, reverse("inbox-item", args=[row.id])) for row in found[:MOST_WAITING])
    return InboxCard(rows, sums.count, late_text(sums.overdue, sums.due_today))


def warned_days(actor: Actor) -> int:
    """How long before its end something stands on the home page: the first of the site's reminders."""
    days: list[int] = pack(actor.site, actor.at).value("vouchers.warn_days_before_end").value
    return max(days)


def equation(total: QuotaSum) -> tuple[Term, ...]:
    """Granted = used + lost + passed on + left; what is nothing is left out, except of the three that always count."""
    terms = [
        (gettext("Spent"), total.spent, USED, True),
        (gettext("Lapsed"), total.lost, LOST, True),
        (gettext("Given back"), total.given_back, LOST, False),
        (gettext("With resellers"), total.passed_on, BELOW, False),
        (gettext("Left"), left(total), LEFT, True),
    ]
    shown = [(label, amount, colour) for label, amount, colour, always in terms if always or amount.minor]
    return (
        Term(gettext("Granted"), total.value),
        *(Term(label, amount, "+" if n else "=", colour) for n, (label, amount, colour) in enumerate(shown)),
    )


def left(total: QuotaSum) -> Money:
    """What is not issued, and what customers have not spent of their vouchers."""
    return total.free + total.outstanding


def segments(terms: Iterable[Term]) -> tuple[Segment, ...]:
    """The bar of an equation, in the colours of its labels."""
    amounts = [(term, term.value) for term in terms if term.colour]
    return tuple(
        Segment(f"{term.label} {formats.amount(value)}", value.minor, term.colour)
        for term, value in amounts
        if isinstance(value, Money)
    )


def left_caveat(total: QuotaSum) -> str:
    text = gettext("Left = %(free)s not issued + %(out)s not spent by customers")
    return text % {"free": formats.amount(total.free), "out": formats.amount(total.outstanding)}


@dataclass(frozen=True)
class Coming:
    """Something nobody must bring about; what is lost stands with a minus."""

    day: str
    text: str
    amount: Money
    href: str = ""


def coming(found: Iterable[Ending], at: datetime) -> tuple[Coming, ...]:
    """What happens by itself, by its day."""
    return tuple(_coming(each, at) for each in found)


def _coming(each: Ending, at: datetime) -> Coming:
    day = formats.until(each.ends_at, zone(), at).removesuffix(" 24:00")
    if each.kind == "quota":
        text = gettext("Quota %(number)s lapses") % {"number": each.number}
        return Coming(day, text, -each.amount, reverse("quota", args=[each.quota_id]))
    text = ngettext("%(num)s voucher ends", "%(num)s vouchers end", each.count) % {"num": each.count}
    return Coming(day, text, each.amount)


def latest(actor: Actor) -> tuple[Event, ...]:
    """The newest events the actor may see, each with who did it and with its amount."""
    found = [row for row in events(actor, limit=LOOKED_AT) if row.name not in LEFT_OUT][:LATEST]
    people = user_names(row.user_id for row in found)
    return tuple(
        Event(
            event_words(row.name),
            moment(row.at),
            effect=_sum(row.data.get("amount")),
            actor=local(people[row.user_id]) if row.user_id in people else gettext("The system"),
        )
        for row in found
    )


def _sum(value: object) -> str:
    if not isinstance(value, dict) or not value.get("minor"):
        return ""
    return formats.amount(Money(int(value["minor"]), str(value.get("currency", ""))))


def counted(found: Iterable[tuple[str, str, int]]) -> tuple[Tab, ...]:
    """Numbers that lead to the lists they count: label, address, number."""
    return tuple(Tab(label, href, many) for label, href, many in found)
