"""Words of reviews: states, moves, roles, deadlines; and their timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, gettext_noop, ngettext

from partner_center.access.queries import user_names
from partner_center.access.rules import roles
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.view_models import Badge, BadgeKind, Event, NowState
from partner_center.kernel.actor import Actor
from partner_center.policy.queries import calendar, pack
from partner_center.reviews.queries import NoteRow, ReviewRow, TurnRow
from partner_center.reviews.rules import ReviewKind

STATES: dict[str, tuple[BadgeKind, str]] = {
    "open": ("wait", gettext_noop("Under review")),
    "returned": ("wait", gettext_noop("Returned to supplement")),
    "approved": ("ok", gettext_noop("Approved")),
    "rejected": ("no", gettext_noop("Rejected")),
    "withdrawn": ("end", gettext_noop("Withdrawn")),
    "expired": ("end", gettext_noop("Closed by itself")),
}
MOVES = {
    "open": gettext_noop("Asked for"),
    "agree": gettext_noop("Agreed, one more decides"),
    "approve": gettext_noop("Approved"),
    "return": gettext_noop("Returned to supplement"),
    "supplement": gettext_noop("Supplemented"),
    "reject": gettext_noop("Rejected"),
    "withdraw": gettext_noop("Withdrawn"),
    "escalate": gettext_noop("Handed up"),
    "expire": gettext_noop("Closed by itself"),
    "taken": gettext_noop("Taken"),
    "handed_over": gettext_noop("Handed over"),
    "note": gettext_noop("Internal note"),
}
BAD = {"reject", "escalate", "expire"}


def badge(row: ReviewRow, for_me: bool) -> Badge:
    """The state in one word; for whom it waits it is another colour than for the rest."""
    kind, word = STATES[row.state]
    if for_me and row.state == "open":
        return Badge("act", gettext("Waits for your decision"))
    if for_me and row.state == "returned":
        return Badge("act", gettext("Waits for you to supplement"))
    return Badge(kind, gettext(word))


def role_name(code: str) -> str:
    known = roles()
    return local(known[code]) if code in known else code


def who(actor: Actor, row: ReviewRow) -> str:
    """Whom it waits for: a person, or a role."""
    if row.state == "returned":
        return gettext("whoever asked")
    names = user_names([row.assignee_id]) if row.assignee_id else {}
    person = local(names[row.assignee_id]) if row.assignee_id in names else ""
    held = role_name(row.role)
    if row.first_by_id:
        held = gettext("%(role)s, as the second person") % {"role": held}
    return f"{person} ({held})" if person and language() == "en" else f"{person}（{held}）" if person else held


def by(actor: Actor, row: ReviewRow) -> str:
    """The deadline: the absolute time, then the working days left."""
    due = row.waits_until
    if due is None:
        return gettext("none")
    days, zone_ = calendar(row.site), pack(row.site, actor.at).zone
    term = formats.due(due, actor.at, zone(), language(), days.left(actor.at, due, zone_))
    text = f"{term.when} · {term.rest}"
    if days.is_provisional(due.astimezone(zone_).date()):
        text += gettext(" (provisional: the calendar of that year is not published yet)")
    return text


def now_state(actor: Actor, row: ReviewRow, kind: ReviewKind, for_me: bool) -> NowState:
    """What happens now, who acts, by when, and what happens otherwise."""
    found = badge(row, for_me)
    if row.closed_at is not None:
        when = gettext("%(state)s on %(at)s") % {"state": found.text, "at": moment(row.closed_at)}
        return NowState(found.kind, when)
    text = found.text
    if row.escalated_at:
        up = {"role": role_name(row.steps[row.place].escalates_to), "at": moment(row.escalated_at)}
        text += gettext("; handed up to %(role)s on %(at)s") % up
    return NowState(
        found.kind,
        text,
        who(actor, row),
        by(actor, row),
        local(kind.silence_of(row.state, row.escalated_at is not None)),
    )


def timeline(
    row: ReviewRow, kind: ReviewKind, turns: Iterable[TurnRow], notes: Iterable[NoteRow] = ()
) -> tuple[Event, ...]:
    """What happened, newest first; what is kept inside stands among it for the side that keeps it."""
    turns, notes = tuple(turns), tuple(notes)
    known = user_names([*(t.user_id for t in turns), *(n.user_id for n in notes), *(n.to_id for n in notes)])
    found: list[tuple[datetime, Event]] = [(turn.at, _turn(turn, kind, known)) for turn in turns]
    found += [(note.at, _note(note, known)) for note in notes]
    ordered = [event for _, event in sorted(found, key=lambda each: each[0], reverse=True)]
    if row.closed_at is None:
        ordered.insert(0, Event(gettext(STATES[row.state][1]), gettext("now"), "now"))
    return tuple(ordered)


def _name(known: dict[UUID, tuple[str, str]], user_id: UUID | None) -> str:
    return local(known[user_id]) if user_id in known else ""


def _turn(turn: TurnRow, kind: ReviewKind, known: dict[UUID, tuple[str, str]]) -> Event:
    reason = local(kind.reasons[turn.reason]) if turn.reason in kind.reasons else ""
    fields = gettext(", ").join(local(kind.fields[each]) for each in turn.fields if each in kind.fields)
    effect = gettext("reopened: %(fields)s") % {"fields": fields} if fields else ""
    said = " · ".join(each for each in (reason, effect, turn.text) if each)
    person = _name(known, turn.user_id) or (gettext("by itself") if turn.move in ("escalate", "expire") else "")
    return Event(gettext(MOVES[turn.move]), moment(turn.at), "bad" if turn.move in BAD else "done", said, "", person)


def _note(note: NoteRow, known: dict[UUID, tuple[str, str]]) -> Event:
    to = _name(known, note.to_id) if note.what == "handed_over" else ""
    title = gettext(MOVES[note.what]) + (f" → {to}" if to else "")
    return Event(title, moment(note.at), "done", note.text, "", _name(known, note.user_id))


def late_text(overdue: int, due_today: int) -> str:
    """How much is late and how much is due today, in one line."""
    parts = []
    if overdue:
        parts.append(ngettext("%(num)s overdue", "%(num)s overdue", overdue) % {"num": overdue})
    if due_today:
        parts.append(ngettext("%(num)s due today", "%(num)s due today", due_today) % {"num": due_today})
    return " · ".join(parts)
