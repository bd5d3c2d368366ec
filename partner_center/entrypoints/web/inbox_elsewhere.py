"""What else waits for the reader: decided on pages of its own, counted beside the queue so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.access.permissions import Can, may
from partner_center.access.queries import asked
from partner_center.agreements.queries import to_sign
from partner_center.entrypoints.web.view_models import Tab
from partner_center.kernel.actor import Actor
from partner_center.support.queries import QueueFilter, queue_tabs, ticket_counts
from partner_center.vouchers.queries import reversal_counts

Elsewhere = tuple[str, str, Callable[[Actor], bool], Callable[[Actor], int]]


def _of_vendor(actor: Actor) -> bool:
    return actor.audience == "vendor" and may(actor, Can.VENDOR_TICKET_ANSWER)


# What it is called, its page, whom it waits for, how much of it there is.
ELSEWHERE: tuple[Elsewhere, ...] = (
    (
        gettext_noop("Agreements to sign"),
        "agreements",
        lambda actor: may(actor, Can.AGREEMENT_SIGN),
        lambda actor: len(to_sign(actor)),
    ),
    (
        gettext_noop("Reversals to decide"),
        "reversals",
        lambda actor: may(actor, Can.VENDOR_REVERSE),
        lambda actor: reversal_counts(actor).get("waiting", 0),
    ),
    (
        gettext_noop("Access requests"),
        "access-requests",
        lambda actor: may(actor, Can.MEMBER_MANAGE),
        lambda actor: len(asked(actor, state="open")),
    ),
    (
        gettext_noop("Tickets to answer"),
        "vendor-tickets",
        _of_vendor,
        lambda actor: queue_tabs(actor, QueueFilter())["open"],
    ),
    (
        gettext_noop("Tickets that wait for you"),
        "tickets",
        lambda actor: actor.audience != "vendor",
        lambda actor: ticket_counts(actor)["waiting"],
    ),
)


def elsewhere(actor: Actor) -> tuple[Tab, ...]:
    """Each page on which something waits for the reader, with how much."""
    open_ = ((label, page, count(actor)) for label, page, is_for, count in ELSEWHERE if is_for(actor))
    return tuple(Tab(gettext(label), reverse(page), many, False) for label, page, many in open_ if many)
