"""How a ticket looks: its state in one word, what happens now, how severe it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.view_models import Badge, BadgeKind, NowState
from partner_center.support.queries import TicketRow
from partner_center.support.rules import WITH_USER, WITH_VENDOR, Category, categories

STATES = {
    "submitted": gettext_noop("Submitted"),
    "accepted": gettext_noop("Accepted"),
    "in_progress": gettext_noop("In progress"),
    "waiting_user": gettext_noop("Waits for the opener"),
    "resolved": gettext_noop("Resolved"),
    "closed": gettext_noop("Closed"),
    "cancelled": gettext_noop("Cancelled"),
}
SEVERITIES = {
    "guidance": gettext_noop("General question"),
    "system_fault": gettext_noop("System exception"),
    "production_fault": gettext_noop("Production exception"),
    "production_down": gettext_noop("Production unavailable"),
    "core_down": gettext_noop("Core production unavailable"),
}


def category_name(code: str) -> str:
    found = categories().get(code)
    return name(found) if found else code


def name(category: Category) -> str:
    return local((category.zh, category.en))


def badge(row: TicketRow, *, vendor: bool) -> Badge:
    """The state; `act` for the side it waits for. Rules: L-251."""
    mine = WITH_VENDOR if vendor else WITH_USER
    kind: BadgeKind = "act" if row.state in mine else "wait" if row.state in (*WITH_VENDOR, *WITH_USER) else "end"
    return Badge("ok" if row.state == "closed" else kind, gettext(STATES[row.state]))


def due_words(row: TicketRow, at: datetime) -> tuple[str, str]:
    """When it is due and how long that is; while it waits for its opener the time stands still."""
    if row.state not in WITH_VENDOR:
        return "—", gettext("stands still") if row.state == "waiting_user" else ""
    term = formats.due(row.due_at, at, zone(), language())
    return term.when, term.rest


def now_state(row: TicketRow, at: datetime, people: Mapping[str, str], *, vendor: bool) -> NowState:
    """What happens now, who acts, by when, and what happens by itself otherwise. Rules: L-251."""
    kind = badge(row, vendor=vendor).kind
    opener = people["opener"] if vendor else gettext("you")
    at_vendor = people["assignee"] or gettext("the vendor")
    due = " · ".join(each for each in due_words(row, at) if each)
    if row.state in WITH_VENDOR:
        text = {
            "submitted": gettext("It waits to be taken up."),
            "accepted": gettext("It is taken up."),
            "in_progress": gettext("The vendor works on it."),
        }[row.state]
        return NowState(kind, text, at_vendor, due, gettext("its opener can urge it once a day"))
    if row.state == "waiting_user":
        text = gettext("The vendor asked something.")
        return NowState(kind, text, opener, "", gettext("it waits; the due time stands still meanwhile"))
    if row.state == "resolved":
        text = gettext("It is resolved: confirm it, or write to reopen it.")
        return NowState(kind, text, opener, moment(row.closes_at), gettext("it closes by itself"))
    closed = gettext("It is closed.") if row.state == "closed" else gettext("It was cancelled by its opener.")
    return NowState(kind, closed, gettext("nobody"))


def size_words(size: int) -> str:
    if size < 1024:
        return f"{size:,} B"
    return f"{size / 1024:,.1f} KB" if size < 1 << 20 else f"{size / (1 << 20):,.1f} MB"
