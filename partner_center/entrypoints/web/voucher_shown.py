"""How a voucher looks: its state in one word, why it cannot be taken back, what has happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from partner_center.access.queries import user_names
from partner_center.audit.queries import EventRow, timeline
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.quota_shown import named, until, with_reason
from partner_center.entrypoints.web.view_models import (
    Badge,
    BadgeKind,
    Event,
    NowState,
    Option,
    Segment,
    Select,
    Term,
)
from partner_center.kernel.actor import Actor
from partner_center.ledger.queries import EntryRow, entries_of
from partner_center.vouchers.queries import VoucherRow

STATES: Mapping[str, tuple[BadgeKind, str, str]] = {
    "inactive": ("wait", gettext_noop("Not yet active"), ""),
    "usable": ("ok", gettext_noop("Usable"), ""),
    "used": ("end", gettext_noop("Used up"), "check"),
    "expired": ("end", gettext_noop("Expired"), "clock-off"),
    "reclaimed": ("end", gettext_noop("Reclaimed"), "arrow-back-up"),
}
TYPES = {1: gettext_noop("Consulting"), 2: gettext_noop("Resale")}
ENTRIES = {
    "voucher.issue": gettext_noop("Issued"),
    "voucher.authorise": gettext_noop("Put on an order"),
    "voucher.charge": gettext_noop("Charged for usage"),
    "voucher.release": gettext_noop("The order was given up: returned to the voucher"),
    "voucher.reclaim": gettext_noop("Taken back: the balance returned to the quota"),
    "voucher.expire": gettext_noop("Expired: the balance returned to the quota"),
    "voucher.issue.reversed": gettext_noop("The issue was reversed"),
    "voucher.reclaim.reversed": gettext_noop("Restored: the reclaim was reversed"),
}


def badge(row: VoucherRow, at: datetime) -> Badge:
    """The state a reader is told; frozen and past its end come before usable. Rules: S-390, S-391."""
    state = row.shown_state(at)
    if state in ("usable", "inactive") and row.is_frozen:
        return Badge("frz", gettext("Frozen"))
    if state == "usable" and at >= row.window.end:
        return Badge("end", gettext("Past its end"), "clock-off")
    kind, word, icon = STATES[state]
    return Badge(kind, gettext(word), icon)


def type_word(association_type: int) -> str:
    return gettext(TYPES[association_type]) if association_type in TYPES else "—"


def why_not_reclaim(row: VoucherRow, at: datetime) -> str:
    """Why it cannot be taken back; nothing when it can. Rules: S-390, S-399, S-405."""
    if row.state != "usable" or at >= row.window.end:
        return "—"
    if row.lock_order:
        return gettext("held by order %(order)s") % {"order": row.lock_order}
    return gettext("frozen, no reclaim") if row.is_frozen else ""


def terms(row: VoucherRow) -> tuple[Term, ...]:
    """Face = spent + came back + left, always all four."""
    return (
        Term(gettext("Face value"), row.face),
        Term(_used_word(row), row.used, "=", 1),
        Term(gettext("Came back"), row.came_back, "+", 4),
        Term(gettext("Left"), row.balance, "+", 2),
    )


def _used_word(row: VoucherRow) -> str:
    return gettext("Spent, or held by the order") if row.lock_order else gettext("Spent")


def segments(row: VoucherRow) -> tuple[Segment, ...]:
    found = (
        (_used_word(row), row.used, 1),
        (gettext("Came back"), row.came_back, 4),
        (gettext("Left"), row.balance, 2),
    )
    return tuple(Segment(f"{label} {formats.amount(money)}", money.minor, colour) for label, money, colour in found)


def now_state(row: VoucherRow, at: datetime, holder: str) -> NowState:
    """What happens to it now, who acts, by when, and what happens by itself otherwise."""
    shown, end = badge(row, at), until(row.window.end)
    back = gettext("what is left returns to %(quota)s by itself") % {"quota": row.quota_number}
    if row.state == "used":
        return NowState(shown.kind, gettext("It is spent in full."), gettext("nobody"))
    if row.state != "usable" or at >= row.window.end:
        over = gettext("It is over; %(amount)s came back to %(quota)s.")
        values = {"amount": formats.amount(row.came_back), "quota": row.quota_number}
        return NowState(shown.kind, over % values, gettext("nobody"))
    if row.lock_order:
        text = gettext("Held by the unpaid order %(order)s; only that order can use it.") % {"order": row.lock_order}
        return NowState("wait", text, holder, end, back)
    if row.is_frozen:
        text = gettext("Frozen: it cannot be used or reclaimed.")
        return NowState("frz", with_reason(text, row.frozen_reason), gettext("the vendor"), end, back)
    if at < row.window.start:
        text = gettext("Not active before %(start)s.") % {"start": formats.moment(row.window.start, zone())}
        return NowState("wait", text, holder, end, back)
    text = gettext("%(amount)s can be spent.") % {"amount": formats.amount(row.balance)}
    return NowState("ok", text, holder, end, back)


def history(row: VoucherRow, actor: Actor) -> tuple[Event, ...]:
    """The voucher's account, line by line, after what is still to come."""
    found = entries_of(actor, row.id)
    people = user_names(each.actor_user_id for each in found)
    moved = [(each.at, _event(each, _who(each, row, people), actor)) for each in found]
    said = [(each.at, _turned(each, row, actor)) for each in timeline(actor, [row.id])]
    past = tuple(event for _, event in sorted([*moved, *said], key=lambda each: each[0], reverse=True))
    if row.state != "usable" or actor.at >= row.window.end:
        return past
    body = gettext("as of now %(amount)s would return") % {"amount": formats.amount(row.balance)}
    title = gettext("It ends; what is left returns to the quota by itself")
    return (Event(title, until(row.window.end), "future", body), *past)


def _turned(fact: EventRow, row: VoucherRow, actor: Actor) -> Event:
    """That the vendor froze it or let it go; the reason stands beside what holds now."""
    people = user_names([fact.user_id])
    frozen = fact.name == "voucher.frozen"
    reason = gettext("Reason: %(reason)s") % {"reason": row.frozen_reason} if frozen and row.is_frozen else ""
    return Event(
        event_words(fact.name),
        formats.moment(fact.at, zone(), actor.at),
        "bad" if frozen else "done",
        body=reason,
        actor=gettext("by %(name)s") % {"name": local(people[fact.user_id])} if fact.user_id in people else "",
    )


def _who(entry: EntryRow, row: VoucherRow, people: Mapping[UUID, tuple[str, str]]) -> str:
    """Who did it; of the customer's staff the company stands for the person."""
    if entry.home_id == row.customer_id:
        return gettext("by %(name)s") % {"name": named(row.customer)}
    name = people.get(entry.actor_user_id) if entry.actor_user_id else None
    return gettext("by %(name)s") % {"name": local(name)} if name else gettext("the system")


def _event(entry: EntryRow, who: str, actor: Actor) -> Event:
    return Event(
        gettext(ENTRIES[entry.kind]) if entry.kind in ENTRIES else entry.kind,
        formats.moment(entry.at, zone(), actor.at),
        effect=formats.amount(entry.amount, sign=True),
        body=gettext("%(amount)s left") % {"amount": formats.amount(entry.balance_after)},
        actor=who,
    )


def types(listing: Listing) -> Select:
    """Whose customers: the choice of an association's type above a list."""
    options = (Option("", gettext("all")), *(Option(str(n), gettext(word)) for n, word in TYPES.items()))
    return Select("type", gettext("Association"), options, listing.value("type"))
