"""What happened to a quota and its parts, and what happens next: the future first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from partner_center.access.queries import names, user_names
from partner_center.audit.queries import EventRow, timeline
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.quota_shown import Onlooker, lapsing, named, until
from partner_center.entrypoints.web.view_models import Event
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import QuotaDetail

# Titles seen from the quota itself, and from the one that its parts came from.
OWN = {
    "quota.granted": gettext_noop("Granted by %(name)s"),
    "quota.passed_on": gettext_noop("Passed on by %(name)s"),
    "quota.reclaimed": gettext_noop("Taken back by %(name)s"),
    "quota.lapsed": gettext_noop("Ended; what was not issued has lapsed"),
    "quota.frozen": gettext_noop("Frozen"),
    "quota.unfrozen": gettext_noop("Unfrozen"),
    "quota.paused": gettext_noop("Put aside to be adjusted"),
    "quota.resumed": gettext_noop("Adjusting ended without a change"),
    "quota.adjusted": gettext_noop("Adjusted"),
    "quota.designated": gettext_noop("Customers named: %(count)s"),
    "quota.invalidated": gettext_noop("Set invalid; what was free is lost"),
    "quota.restored": gettext_noop("Restored: what ended it was reversed"),
    "voucher.restored": gettext_noop("Vouchers restored: %(count)s"),
    "voucher.issued": gettext_noop("Vouchers issued: %(count)s"),
    "voucher.reclaimed": gettext_noop("Vouchers taken back: %(count)s"),
    "voucher.expired": gettext_noop("Vouchers expired: %(count)s"),
}
OF_PART = {
    "quota.passed_on": gettext_noop("Passed on to %(name)s"),
    "quota.reclaimed": gettext_noop("Taken back from %(name)s"),
    "quota.lapsed": gettext_noop("%(name)s: ended, what was not issued has lapsed"),
    "quota.frozen": gettext_noop("%(name)s: frozen"),
    "quota.unfrozen": gettext_noop("%(name)s: unfrozen"),
    "quota.adjusted": gettext_noop("%(name)s: follows the new terms"),
    "quota.designated": gettext_noop("%(name)s: customers named: %(count)s"),
    "quota.invalidated": gettext_noop("%(name)s: set invalid"),
    "quota.restored": gettext_noop("%(name)s: restored"),
    "voucher.restored": gettext_noop("%(name)s: vouchers restored: %(count)s"),
    "voucher.issued": gettext_noop("%(name)s: vouchers issued: %(count)s"),
    "voucher.reclaimed": gettext_noop("%(name)s: vouchers taken back: %(count)s"),
    "voucher.expired": gettext_noop("%(name)s: vouchers expired: %(count)s"),
}
# What comes back adds to what is free, all else takes from it; a part's coming is the whole's going.
GAINS_OWN = {
    "quota.granted",
    "quota.passed_on",
    "quota.adjusted",
    "quota.restored",
    "voucher.reclaimed",
    "voucher.expired",
}
GAINS_OF_PART = {"quota.reclaimed", "voucher.reclaimed", "voucher.expired"}
REASONED = ("quota.frozen", "quota.unfrozen", "quota.paused", "quota.invalidated")
BAD = ("quota.frozen", "quota.invalidated")
# Why vouchers came back where nobody took them back: the operation types of the log. Rules: S-410.
BY_ITSELF = {
    3: gettext_noop("by itself, since the customer was disassociated"),
    7: gettext_noop("by itself, since the customer was associated with another partner"),
    8: gettext_noop("by itself, since the customer's association type was switched"),
}


@dataclass(frozen=True)
class _Reader:
    """Names looked up once for all rows of a timeline."""

    detail: QuotaDetail
    onlooker: Onlooker
    organisations: Mapping[UUID, Any]
    people: Mapping[UUID, tuple[str, str]]

    def part(self, row: EventRow) -> bool:
        return row.subject_id != self.detail.row.id

    def partner(self, row: EventRow) -> str:
        return named(self.organisations.get(row.partner_id)) if row.partner_id else ""

    def reason(self, row: EventRow) -> str:
        """Why a quota was frozen or unfrozen, beside the change that brought it into its present state."""
        if row.name not in REASONED:
            return ""
        every = (self.detail.row, *(part for part, _ in self.detail.parts))
        found = (each for each in every if each.id == row.subject_id and each.changed_at == row.at)
        return next((each.state_reason for each in found), "")


def history(detail: QuotaDetail, onlooker: Onlooker, limit: int = 40) -> tuple[Event, ...]:
    """Events of the quota and of the parts it was passed on in, the latest first, after what is still to come."""
    subjects = [detail.row.id, *(row.id for row, _ in detail.parts)]
    found = timeline(onlooker.actor, subjects, limit)
    reader = _Reader(detail, onlooker, names(row.partner_id for row in found), user_names(row.user_id for row in found))
    past = (_event(list(rows), reader) for rows in _together(found, detail.row.id))
    return (*_future(detail, onlooker), *past)


def _together(found: Iterable[EventRow], own: UUID) -> Iterator[Iterable[EventRow]]:
    """What one submit did to several parts is one line, and what it did to the quota itself another."""
    for _, rows in groupby(found, key=lambda row: (row.name, row.at, row.user_id, row.subject_id == own)):
        yield rows


def _future(detail: QuotaDetail, onlooker: Onlooker) -> tuple[Event, ...]:
    row, actor = detail.row, onlooker.actor
    if row.state not in ("normal", "frozen", "adjusting") or actor.at >= row.window.end:
        return ()
    days = pack(actor.site, actor.at).value("vouchers.warn_days_before_end").value
    comma = "、" if language() == "zh" else ", "
    own, below = lapsing(detail)
    body = gettext("Reminders %(days)s days before; as of now %(amount)s would lapse") % {
        "days": comma.join(str(each) for each in days),
        "amount": formats.amount(own + below),
    }
    return (Event(gettext("It ends; what is not issued lapses by itself"), until(row.window.end), "future", body),)


def _event(rows: list[EventRow], reader: _Reader) -> Event:
    first = rows[0]
    reason = reader.reason(first)
    return Event(
        title=_title(rows, reader),
        when=_when(first.at, reader.onlooker.actor.at),
        kind="bad" if first.name in BAD else "done",
        body=gettext("Reason: %(reason)s") % {"reason": reason} if reason else _why(first),
        effect=_effect(rows, reader.part(first)),
        actor=_who(first, reader),
    )


def _why(row: EventRow) -> str:
    word = BY_ITSELF.get(row.data.get("operation_type", 0)) if row.name == "voucher.reclaimed" else None
    return gettext(word) if word else ""


def _title(rows: list[EventRow], reader: _Reader) -> str:
    first, part = rows[0], reader.part(rows[0])
    template = (OF_PART if part else OWN).get(first.name)
    if template is None:
        return event_words(first.name)
    count = sum(int(row.data.get("count", 1)) for row in rows)
    return gettext(template) % {"name": _whose(rows, reader) if part else _giver(reader), "count": count}


def _giver(reader: _Reader) -> str:
    return reader.onlooker.of(reader.detail.row.upline_id)


def _whose(rows: list[EventRow], reader: _Reader) -> str:
    partners = list(dict.fromkeys(reader.partner(row) for row in rows))
    if len(partners) > 2:
        return gettext("%(name)s and others, %(num)s in all") % {"name": partners[0], "num": len(partners)}
    return ("、" if language() == "zh" else ", ").join(partners)


def _effect(rows: list[EventRow], part: bool) -> str:
    amounts = [row.data["amount"] for row in rows if isinstance(row.data.get("amount"), dict)]
    if not amounts:
        return ""
    total = Money(sum(each["minor"] for each in amounts), amounts[0]["currency"])
    if not total.minor:
        return ""
    gains = rows[0].name in (GAINS_OF_PART if part else GAINS_OWN)
    return formats.amount(total if gains else -total, sign=True)


def _who(row: EventRow, reader: _Reader) -> str:
    if row.user_id is None:
        return gettext("the system")
    name = local(reader.people[row.user_id]) if row.user_id in reader.people else "—"
    return gettext("by %(name)s") % {"name": name}


def _when(at: datetime, now: datetime) -> str:
    return formats.moment(at, zone(), now)
