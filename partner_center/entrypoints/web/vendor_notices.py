"""The log of what went out by mail and SMS, for whoever has to find out why somebody was not told."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext, gettext_noop

from partner_center.access.permissions import Can
from partner_center.access.queries import Name, names, user_names
from partner_center.entrypoints.notice_words import known, said
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.forms.notices import CHANNEL_WORDS
from partner_center.entrypoints.web.jinja import language, local
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.view_models import Badge, Cell, Column, Filter, Option, Page, Select, Tab
from partner_center.notices import queries
from partner_center.notices.catalogue import CATEGORIES, kinds
from partner_center.notices.queries import DeliveryRow
from partner_center.notices.rules import OUTWARD

STATES = {
    "queued": ("wait", gettext_noop("Waits")),
    "sent": ("ok", gettext_noop("Sent")),
    "bounced": ("no", gettext_noop("Refused by the receiver")),
    "failed": ("no", gettext_noop("Given up")),
    "skipped": ("end", gettext_noop("Not sent")),
}
REASONS = {
    "no_address": gettext_noop("no address in the profile"),
    "switched_off": gettext_noop("switched off in the message settings"),
    "too_many": gettext_noop("too many texts to this number"),
    "refused": gettext_noop("the address does not exist or takes no mail"),
    "unreachable": gettext_noop("the server was away"),
}


@page(Can.VENDOR_NOTICE_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What went out, newest first, by state, channel and kind; messages themselves are their readers' alone."""
    listing = Listing.of(request, "state", "channel", "kind")
    channel, kind = listing.value("channel"), listing.value("kind")
    found = queries.deliveries(
        request.actor, state=listing.value("state"), channel=channel, kind=kind, cursor=listing.after
    )
    counts = queries.delivery_counts(request.actor, channel=channel, kind=kind)
    return render(
        request,
        "vendor/notices/index.html",
        page=Page(gettext("Delivery log"), count=sum(counts.values())),
        chips=_chips(listing, counts),
        filter=_filter(listing),
        columns=_columns(),
        rows=_rows(request, found.rows),
        pager=listing.pager(found),
        listing=listing,
    )


def _chips(listing: Listing, counts: Mapping[str, int]) -> tuple[Tab, ...]:
    states = [(name, gettext(label), counts.get(name, 0)) for name, (_, label) in STATES.items()]
    return listing.chips("state", states, sum(counts.values()))


def _filter(listing: Listing) -> Filter:
    every = Option("", gettext("all"))
    channels = Select(
        "channel",
        gettext("Channel"),
        (every, *(Option(each, str(CHANNEL_WORDS[each])) for each in OUTWARD)),
        listing.value("channel"),
    )
    named = tuple(Option(name, _kind(name)) for name in kinds())
    return listing.filter(
        "", channels, Select("kind", gettext("Message"), (every, *named), listing.value("kind")), keep=("state",)
    )


def _kind(name: str) -> str:
    """A kind in the list: its category and its line, the values left open."""
    kind = kinds()[name]
    return f"{local(CATEGORIES[kind.category])} · {kind.words[language()].subject}"


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Message"), "main"),
        Column(gettext("Recipient")),
        Column(gettext("Channel")),
        Column(gettext("State"), "state"),
        Column(gettext("Tries"), "amount"),
        Column(gettext("When")),
    )


def _rows(request: PageRequest, rows: tuple[DeliveryRow, ...]) -> list[tuple[object, ...]]:
    told = queries.notices_of(request.actor, [row.notice_id for row in rows])
    called = known(told.values())
    people, accounts = user_names(row.user_id for row in rows), names(row.organisation_id for row in rows)
    subjects = {id_: said(each, language(), request.actor.site, called).subject for id_, each in told.items()}
    return [_row(row, subjects, people, accounts) for row in rows]


def _row(
    row: DeliveryRow,
    subjects: Mapping[UUID, str],
    people: Mapping[UUID, tuple[str, str]],
    accounts: Mapping[UUID, Name],
) -> tuple[object, ...]:
    kind, label = STATES[row.state]
    why = " · ".join(each for each in (gettext(REASONS[row.reason]) if row.reason else "", row.answer) if each)
    account, channel = accounts.get(row.organisation_id), str(CHANNEL_WORDS[row.channel])
    if row.digest:
        channel += " · " + gettext("daily mail")
    return (
        Cell(subjects.get(row.notice_id, row.kind), row.message_id, user_text=True),
        Cell(local(people.get(row.user_id, ("—", "—"))), local((account.zh, account.en)) if account else ""),
        channel,
        Cell(badge=Badge(kind, gettext(label)), sub=why),  # type: ignore[arg-type]
        row.tries,
        moment(row.done_at or row.at),
    )


urlpatterns = [path("vendor/messages/", index, name="vendor-deliveries")]
