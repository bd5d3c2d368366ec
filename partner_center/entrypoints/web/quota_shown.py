"""How a quota looks: its state in one word, where every unit of it is, and what it is good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from partner_center.access.queries import Name
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.limits_shown import in_one_line, kind_fact, kind_word, scope_facts
from partner_center.entrypoints.web.view_models import Badge, BadgeKind, Cell, Fact, NowState
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers.queries import QuotaDetail, QuotaRow
from partner_center.vouchers.rules import CASH_KIND

STATES: Mapping[str, tuple[BadgeKind, str, str]] = {
    "normal": ("ok", gettext_noop("Valid"), ""),
    "frozen": ("frz", gettext_noop("Frozen"), ""),
    "adjusting": ("wait", gettext_noop("Being adjusted"), "adjustments"),
    "invalid": ("end", gettext_noop("Lapsed"), "clock-off"),
    "reclaimed": ("end", gettext_noop("Reclaimed"), "arrow-back-up"),
}
_SET_INVALID: tuple[BadgeKind, str, str] = ("no", gettext_noop("Set invalid"), "x")
_BEFORE: tuple[BadgeKind, str, str] = ("wait", gettext_noop("Not yet valid"), "")
_AFTER: tuple[BadgeKind, str, str] = ("end", gettext_noop("Past its end"), "clock-off")
WHY_NOT = {
    "frozen": gettext_noop("frozen, no issue"),
    "adjusting": gettext_noop("adjusting, no issue"),
    "invalid": gettext_noop("lapsed"),
    "reclaimed": gettext_noop("reclaimed by the distributor"),
}
ENDING = ("30", "60", "90")
FEW = 3


def badge(row: QuotaRow, at: datetime) -> Badge:
    """The state as a reader is told it; a valid quota outside its window is not called valid."""
    kind, word, icon = STATES[row.state]
    if row.state == "invalid" and row.state_reason:
        kind, word, icon = _SET_INVALID
    elif row.state == "normal" and at < row.window.start:
        kind, word, icon = _BEFORE
    elif row.state == "normal" and at >= row.window.end:
        kind, word, icon = _AFTER
    return Badge(kind, gettext(word), icon)


def why_not_issue(row: QuotaRow, at: datetime) -> str:
    """Why nothing can be issued or passed on; nothing when it can."""
    if row.state != "normal":
        return gettext(WHY_NOT[row.state])
    if at < row.window.start:
        return gettext("not yet valid")
    if at >= row.window.end:
        return gettext("past its end")
    return "" if row.balance.minor > 0 else gettext("nothing left")


def until(value: datetime) -> str:
    return formats.until(value, zone())


def days_left(window: Window, at: datetime) -> str:
    """How long it still runs, in words; nothing once it is over."""
    if at >= window.end:
        return ""
    # Counted to the day that is shown as the last one, which a midnight closes.
    last = date.fromisoformat(formats.day(window.end, zone()))
    days = (last - at.astimezone(zone()).date()).days
    if days < 1:
        return gettext("ends today")
    return ngettext("%(num)s day left", "%(num)s days left", days) % {"num": days}


def validity(window: Window, at: datetime) -> Cell:
    """The last day, and below it how long that is; before its start, when it begins."""
    day = formats.day(window.end, zone())
    if at < window.start:
        return Cell(day, gettext("from %(day)s") % {"day": formats.start_day(window.start, zone())})
    return Cell(day, days_left(window, at))


def named(name: Name | None) -> str:
    return local((name.zh, name.en)) if name else "—"


def from_number(number: str) -> str:
    """Where something came from, in one piece."""
    return (gettext("from %(name)s") % {"name": number}).replace(" ", "\u00a0")


def limit_facts(detail: QuotaDetail) -> tuple[Fact, ...]:
    """The limits of a quota: scope, customers, where it came from, what for."""
    row = detail.row
    facts = [kind_fact(row.kind, row.counts_as_performance), *scope_facts(row.scope)]
    facts.append(Fact(gettext("Customers"), _for_whom(detail), user_text=bool(row.customer_ids)))
    if row.purpose:
        facts.append(Fact(gettext("Purpose"), row.purpose, user_text=True))
    if row.parent_id and row.parent_number:
        facts.append(Fact(gettext("From quota"), row.parent_number, href=reverse("quota", args=[row.parent_id])))
    return tuple(facts)


def _for_whom(detail: QuotaDetail) -> str:
    """Whom a quota is for: a few by name, many by their number; the page lists them all."""
    if not detail.row.customer_ids:
        return gettext("any of its own")
    if len(detail.limited_to) <= FEW:
        return ("、" if language() == "zh" else ", ").join(named(each) for each in detail.limited_to)
    text = ngettext("only %(num)s named customer", "only %(num)s named customers", len(detail.limited_to))
    return text % {"num": len(detail.limited_to)}


def in_short(detail: QuotaDetail) -> str:
    """Validity, scope and customers in one line, for a form that draws on it."""
    row = detail.row
    parts = [kind_word(row.kind)] if row.kind == CASH_KIND else []
    parts.append(gettext("valid until %(end)s") % {"end": until(row.window.end)})
    parts += [line for line in (in_one_line(row.scope),) if line]
    if many := len(row.customer_ids):
        text = ngettext("only %(num)s named customer", "only %(num)s named customers", many)
        parts.append(text % {"num": many})
    return " · ".join(parts)


@dataclass(frozen=True)
class Onlooker:
    """Who looks at a quota: its holder, the distributor it came from, or the vendor; and what the others are called."""

    actor: Actor
    names: Mapping[UUID, Name]
    vendor: str

    def holds(self, row: QuotaRow) -> bool:
        return self.actor.seat == row.partner_id

    def of(self, organisation_id: UUID | None) -> str:
        return named(self.names.get(organisation_id)) if organisation_id else self.vendor


def lapsing(detail: QuotaDetail) -> tuple[Money, Money]:
    """What would lapse at the end: what is free here, and with resellers."""
    below = Money.total((sum_.free for _, sum_ in detail.parts), detail.row.value.currency)
    return detail.sum.free, below


def now_state(detail: QuotaDetail, onlooker: Onlooker) -> NowState:
    """What happens now, who acts, by when, and what happens by itself otherwise."""
    row, at = detail.row, onlooker.actor.at
    who = gettext("you") if onlooker.holds(row) else named(row.partner)
    shown, end = badge(row, at), until(row.window.end)
    own, below = lapsing(detail)
    if row.state in ("normal", "frozen", "adjusting") and at < row.window.end:
        return NowState(shown.kind, *_live(row, who, onlooker.vendor, at), end, _lapse_text(own, below))
    if row.state == "reclaimed":
        text = gettext("Taken back: %(amount)s returned to the quota it came from.")
        back = gettext("What still comes back of customers' vouchers returns there too.")
        return NowState("end", text % {"amount": formats.amount(row.given_back)}, gettext("nobody"), "", back)
    if row.state == "invalid" and row.state_reason:
        text = gettext("Set invalid by %(vendor)s; %(lost)s of it is lost. Reason: %(reason)s")
        now = text % {"vendor": onlooker.vendor, "lost": formats.amount(detail.sum.lost), "reason": row.state_reason}
        return NowState("no", now, gettext("nobody"), "", gettext("Customers' vouchers keep their own validity."))
    text = gettext("Ended on %(end)s; %(lost)s not issued has lapsed.")
    now = text % {"end": end, "lost": formats.amount(detail.sum.lost if row.state == "invalid" else own)}
    return NowState("end", now, gettext("nobody"), "", gettext("Customers' vouchers keep their own validity."))


def _live(row: QuotaRow, who: str, vendor: str, at: datetime) -> tuple[str, str]:
    if row.state == "frozen":
        text = gettext("Frozen: nothing can be issued or passed on; customers' vouchers stay usable.")
        return with_reason(text, row.state_reason), vendor
    if row.state == "adjusting":
        text = gettext("Being adjusted: nothing can be issued or passed on until that is done.")
        return with_reason(text, row.state_reason), vendor
    if at < row.window.start:
        start = formats.moment(row.window.start, zone())
        return gettext("Granted, but not valid before %(start)s.") % {"start": start}, who
    if not row.balance.minor:
        return gettext("All of it is given out; what is reclaimed can be issued again."), who
    return gettext("%(amount)s can be issued.") % {"amount": formats.amount(row.balance)}, who


def with_reason(text: str, reason: str) -> str:
    """A sentence with the reason that somebody gave for it, where there is one."""
    return f"{text} {gettext('Reason: %(reason)s') % {'reason': reason}}" if reason else text


def _lapse_text(own: Money, below: Money) -> str:
    values = {"all": formats.amount(own + below), "own": formats.amount(own), "below": formats.amount(below)}
    if below.minor:
        text = gettext(
            "what is not issued lapses by itself: %(all)s as of now (%(own)s here, %(below)s with resellers); "
            "customers' vouchers keep their own validity"
        )
    elif own.minor:
        text = gettext(
            "what is not issued lapses by itself: %(own)s as of now; customers' vouchers keep their own validity"
        )
    else:
        text = gettext("nothing lapses; customers' vouchers keep their own validity")
    return text % values
