"""What the inbox page shows: the narrowed queue, the item with its facts, the panel that decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from partner_center.access.queries import names
from partner_center.entrypoints.web import review_words
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.forms.reviews import DecisionForm
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest
from partner_center.entrypoints.web.view_models import Event, Filter, NowState, Option, RuleView, Select, Tab
from partner_center.inbox.kinds import KINDS, Kind
from partner_center.inbox.queries import Side, Waiting, summary, waiting
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.reviews import queries
from partner_center.reviews.queries import Colleague, ReviewRow
from partner_center.reviews.rules import Reason

WEEK = timedelta(days=7)
DUE = ("overdue", "today", "week")


@dataclass(frozen=True)
class Desk:
    """The reader's queue as the address narrows it, and the item that lies open."""

    listing: Listing
    side: Side
    mine: tuple[Waiting, ...]
    others: tuple[Waiting, ...]
    rows: tuple[Waiting, ...]
    open: UUID | None
    asked_for: bool
    is_fragment: bool

    @classmethod
    def of(cls, request: PageRequest, review_id: UUID | None = None) -> Desk:
        listing = Listing.of(request, "side", "kind", "due", "who", "q")
        side: Side = "others" if listing.value("side") == "others" else "me"
        mine, others = waiting(request.actor, "me"), waiting(request.actor, "others")
        rows = tuple(row for row in (mine if side == "me" else others) if _fits(request.actor, listing, row))
        first = rows[0].id if rows else None
        htmx = getattr(request, "htmx", None)
        fragment = bool(htmx and htmx.target == "inbox-item" and not htmx.history_restore_request)
        return cls(listing, side, mine, others, rows, review_id or first, review_id is not None, fragment)

    @property
    def place(self) -> int | None:
        return next((n for n, row in enumerate(self.rows) if row.id == self.open), None)

    def href(self, row: Waiting) -> str:
        query = self.listing.href().partition("?")[2]
        return reverse("inbox-item", args=[row.id]) + (f"?{query}" if query else "")

    @property
    def back_href(self) -> str:
        query = self.listing.href().partition("?")[2]
        return reverse("inbox") + (f"?{query}" if query else "")

    def step(self, by: int) -> str:
        """The address of the item before or behind the open one; nothing at the ends."""
        here = self.place
        there = None if here is None else here + by
        return self.href(self.rows[there]) if there is not None and 0 <= there < len(self.rows) else ""

    def after(self, review_id: UUID) -> str:
        """Where one goes when an item is done: the next one, else the one before, else the queue."""
        return self.step(1) or self.step(-1) or self.back_href


def _fits(actor: Actor, listing: Listing, row: Waiting) -> bool:
    kind, due, who, text = (listing.value(name) for name in ("kind", "due", "who", "q"))
    if kind and row.kind != kind:
        return False
    if due in DUE and not _due(actor, due, row):
        return False
    if who == "mine" and row.assignee_id != actor.user_id:
        return False
    if who == "nobody" and row.assignee_id is not None:
        return False
    return not text or text.casefold() in f"{row.number} {row.title.zh} {row.title.en}".casefold()


def _due(actor: Actor, due: str, row: Waiting) -> bool:
    if row.due_at is None:
        return False
    if due == "overdue":
        return row.overdue(actor.at)
    if due == "week":
        return row.due_at <= actor.at + WEEK
    last = (row.due_at - timedelta(microseconds=1)).astimezone(zone()).date()
    return last == actor.at.astimezone(zone()).date() and not row.overdue(actor.at)


# Around the queue ---------------------------------------------------------------------------------------------------


def tabs(desk: Desk) -> tuple[Tab, ...]:
    home = reverse("inbox")
    return (
        Tab(gettext("Waiting for me"), home, len(desk.mine), desk.side == "me"),
        Tab(gettext("Waiting for others"), f"{home}?side=others", len(desk.others), desk.side == "others"),
    )


def chips(desk: Desk) -> tuple[Tab, ...]:
    """All, then each kind of which something waits."""
    rows, chosen = desk.mine if desk.side == "me" else desk.others, desk.listing.value("kind")
    side = "side=others" if desk.side == "others" else ""
    home = reverse("inbox")
    found = [Tab(gettext("All"), f"{home}?{side}" if side else home, len(rows), not chosen)]
    for code, kind in KINDS.items():
        if many := sum(1 for row in rows if row.kind == code):
            query = "&".join(part for part in (side, f"kind={code}") if part)
            found.append(Tab(local(kind.about.words), f"{home}?{query}", many, chosen == code))
    return tuple(found)


def filter_bar(desk: Desk) -> Filter:
    dues = (
        ("", gettext("any")),
        ("overdue", gettext("overdue")),
        ("today", gettext("today")),
        ("week", gettext("7 days")),
    )
    whose = (("", gettext("anybody")), ("mine", gettext("me")), ("nobody", gettext("nobody yet")))
    selects = (
        Select("due", gettext("Due"), tuple(Option(*each) for each in dues), desk.listing.value("due")),
        Select("who", gettext("Assigned to"), tuple(Option(*each) for each in whose), desk.listing.value("who")),
    )
    kept = tuple((name, desk.listing.value(name)) for name in ("side", "kind") if desk.listing.value(name))
    return Filter(reverse("inbox"), gettext("Company or number"), desk.listing.value("q"), selects=selects, keep=kept)


def late(actor: Actor, desk: Desk) -> str:
    found = summary(actor, desk.mine)
    return review_words.late_text(found.overdue, found.due_today)


@dataclass(frozen=True)
class QueueRow:
    """A line of the queue."""

    row: Waiting
    href: str
    title: str
    note: str
    silence: str
    is_open: bool


def queue(actor: Actor, desk: Desk) -> tuple[QueueRow, ...]:
    return tuple(queue_row(row, desk.href(row), row.id == desk.open) for row in desk.rows)


def queue_row(row: Waiting, href: str, is_open: bool = False) -> QueueRow:
    """A line: whose, which kind, and what is special about it."""
    marks = [local(row.words), row.number]
    if row.escalated:
        marks.append(gettext("handed up"))
    if row.second:
        marks.append(gettext("second person"))
    if row.state == "returned":
        marks.append(gettext("returned"))
    return QueueRow(row, href, local(row.title), " · ".join(marks), local(row.silence), is_open)


# The open item ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """All that stands beside the queue."""

    review: ReviewRow
    kind: Kind
    title: str
    badge: object
    state: NowState
    party: str
    party_href: str
    facts: Mapping[str, Any]
    checks: tuple[RuleView, ...]
    failed: int
    earlier: tuple[tuple[ReviewRow, str, str], ...]
    events: tuple[Event, ...]
    form: DecisionForm | None
    reasons: tuple[tuple[str, tuple[Reason, ...]], ...]
    mend_href: str
    can_take: bool
    can_hand_over: bool


def item(actor: Actor, desk: Desk, form: DecisionForm | None = None) -> Item | None:
    """The open item; nothing where nothing waits. Raises: NotFound for one that is not the reader's to see."""
    if desk.open is None:
        return None
    row = queries.review(actor, desk.open)
    if row.kind not in KINDS:
        raise NotFound("review")
    kind, title = KINDS[row.kind], row.facts.get("title", {})
    for_me = any(each.id == row.id for each in desk.mine)
    decides = _may_decide(actor, row)
    party = names([row.asker_id]).get(row.asker_id) if row.asker_id else None
    checks = tuple(map(_check, row.facts.get("checks", ())))
    return Item(
        review=row,
        kind=kind,
        title=local((title.get("zh", row.number), title.get("en", row.number))),
        badge=review_words.badge(row, for_me),
        state=review_words.now_state(actor, row, kind.about, for_me),
        party=local((party.zh, party.en)) if party else "",
        party_href=reverse("vendor-partner", args=[row.asker_id]) if party and actor.audience == "vendor" else "",
        facts={"diff": (), "rows": (), **row.facts},
        checks=checks,
        failed=sum(1 for each in checks if not each.passed),
        earlier=tuple(_earlier(actor, row)),
        events=review_words.timeline(
            row, kind.about, queries.turns(actor, row.id), queries.notes(actor, row.id) if decides or not for_me else ()
        ),
        form=(form or _blank(row, kind)) if decides else None,
        reasons=_reasons(kind),
        mend_href=_mend_href(actor, row, kind),
        can_take=decides and row.assignee_id != actor.user_id,
        can_hand_over=decides,
    )


def _may_decide(actor: Actor, row: ReviewRow) -> bool:
    """Whether the panel is offered: not to the first of two persons, nor to who asked."""
    free = actor.user_id not in (row.first_by_id, row.asked_by_id)
    return row.state == "open" and free and queries.may_decide(actor, row)


def _blank(row: ReviewRow, kind: Kind) -> DecisionForm:
    return DecisionForm(kind=kind.about, initial={"move": "approve", "version": row.version})


def _mend_href(actor: Actor, row: ReviewRow, kind: Kind) -> str:
    return reverse(kind.page) if kind.page and row.asker_id == actor.seat and row.state in ("open", "returned") else ""


def _check(told: Mapping[str, Any]) -> RuleView:
    """A check as it was found when the review was opened."""
    words = told[language()]
    if told["passed"]:
        return RuleView(told["id"], words["name"], "ok")
    return RuleView(told["id"], words["name"], "man", words["message"], words["remedy"])


def _earlier(actor: Actor, row: ReviewRow) -> list[tuple[ReviewRow, str, str]]:
    return [
        (each, start_day(each.opened_at), gettext(review_words.STATES[each.state][1]))
        for each in queries.earlier(actor, row)
    ]


def _reasons(kind: Kind) -> tuple[tuple[str, tuple[Reason, ...]], ...]:
    """The reasons by the move they are for."""
    words = {"approve": gettext("To approve"), "return": gettext("To return"), "reject": gettext("To reject")}
    return tuple((word, kind.about.reasons_for(move)) for move, word in words.items() if kind.about.reasons_for(move))


# Several, colleagues, absences --------------------------------------------------------------------------------------


def chosen(request: PageRequest) -> tuple[Waiting, ...]:
    """The selected rows that wait for the reader and may be approved together."""
    asked = set(request.POST.getlist("ids"))
    return tuple(row for row in waiting(request.actor, "me") if str(row.id) in asked and row.bulk)


def others_who_may(actor: Actor, row: ReviewRow) -> tuple[Colleague, ...]:
    found = queries.colleagues(actor, row.role, *filter(None, [row.escalates_to]))
    return tuple(each for each in found if each.id not in (actor.user_id, row.first_by_id))


def absences(actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "id": each.pk,
            "who": local((each.user.display_name, each.user.display_name_en)),
            "stand_in": local((each.stand_in.display_name, each.stand_in.display_name_en)),
            "starts": start_day(each.starts_at),
            "ends": moment(each.ends_at),
            "own": each.user_id == actor.user_id,
        }
        for each in queries.absences(actor)
    ]
