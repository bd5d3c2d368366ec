"""How the logs of vouchers and of quota are narrowed: the address in words, in fields, and for the query."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext, ngettext

from partner_center.access.queries import members
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest
from partner_center.entrypoints.web.view_models import Filter, More, Option, Select
from partner_center.kernel.actor import Actor
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import QuotaRecordFilter, RecordFilter
from partner_center.vouchers.queries.quota import Between

F = TypeVar("F", RecordFilter, QuotaRecordFilter)
PARAMS = ("q", "kind", "type", "days", "who", "from", "to", "customer", "reseller", "source", "old")
SPANS = ("7", "30", "90", "365")
OF_VOUCHERS = range(1, 10)
OF_QUOTA = (10, 11)
YEAR = timedelta(days=365)
# Bounds are exclusive: what happened at midnight belongs to the day that it begins.
LEAST = timedelta(microseconds=1)


def of_quota(listing: Listing) -> bool:
    return listing.value("kind") == "quota"


def listed_since(actor: Actor) -> datetime:
    """Older lines are shown when they are asked for. Rules: S-379."""
    return actor.at - YEAR * pack(actor.site, actor.at).number("vouchers.listed_years_after_expiry_partner")


def span(listing: Listing, actor: Actor) -> Between:
    """The time asked for: days named, or the last so many; without either, what is listed by default."""
    first, last = _day(listing.value("from")), _day(listing.value("to"))
    days = listing.value("days")
    since = None if listing.value("old") == "1" else listed_since(actor)
    if first or last:
        return (_begins(first) - LEAST if first else since, _begins(last + timedelta(days=1)) if last else None)
    return (actor.at - timedelta(days=int(days)) if days in SPANS else since, None)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Days at the ends of the calendar have no neighbour to be counted to.
    return day if date.min.year < day.year < date.max.year else None


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def of_vouchers(listing: Listing, actor: Actor) -> RecordFilter:
    """Which lines of the log of vouchers the address asks for. Rules: S-412."""
    text = listing.value("q").upper()
    is_voucher = text.startswith("VC")
    return RecordFilter(
        operation_types=_type(listing, OF_VOUCHERS),
        quota_number="" if is_voucher else text,
        voucher_numbers=(text,) if is_voucher else (),
        source_number=listing.value("source").upper(),
        customer=listing.value("customer"),
        reseller=listing.value("reseller"),
        user_id=_uuid(listing.value("who")),
        at=span(listing, actor),
    )


def of_quotas(listing: Listing, actor: Actor) -> QuotaRecordFilter:
    """Which lines of the log of quota passed on the address asks for. Rules: S-412."""
    return QuotaRecordFilter(
        operation_types=_type(listing, OF_QUOTA),
        quota_number=listing.value("q").upper(),
        source_number=listing.value("source").upper(),
        reseller=listing.value("reseller"),
        user_id=_uuid(listing.value("who")),
        at=span(listing, actor),
    )


def _type(listing: Listing, known: range | tuple[int, ...]) -> tuple[int, ...]:
    kind = listing.value("type")
    return (int(kind),) if kind in map(str, known) else ()


def every_type(wanted: F) -> F:
    """The same without the operation, for the counts of all operations."""
    return replace(wanted, operation_types=())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def bar(request: PageRequest, listing: Listing) -> Filter:
    """One search field, two selects, and the rest folded."""
    more = [
        More("from", gettext("From day"), listing.value("from"), "date"),
        More("to", gettext("To day"), listing.value("to"), "date"),
        More("source", gettext("Source quota"), listing.value("source")),
    ]
    if request.identity == "distributor":
        more.append(More("reseller", gettext("Reseller's name"), listing.value("reseller")))
    if not of_quota(listing):
        more.append(More("customer", gettext("Customer's name"), listing.value("customer")))
    sought = gettext("Quota number") if of_quota(listing) else gettext("Quota or voucher number")
    return listing.filter(
        sought, _spans(listing), _people(request.actor, listing), keep=("kind", "type", "old"), more=tuple(more)
    )


def _spans(listing: Listing) -> Select:
    options = [Option("", gettext("any time"))]
    for days in SPANS:
        text = ngettext("last %(num)s day", "last %(num)s days", int(days)) % {"num": days}
        options.append(Option(days, text))
    return Select("days", gettext("Time"), tuple(options), listing.value("days"))


def _people(actor: Actor, listing: Listing) -> Select:
    found = members(actor)
    options = (Option("", gettext("anybody")), *(Option(str(m.id), local((m.name_zh, m.name_en))) for m in found))
    return Select("who", gettext("By"), options, listing.value("who"))
