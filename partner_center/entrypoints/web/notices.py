"""The message centre: what one was told, what of it is unread, and on to the page it is about."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.entrypoints.notice_words import Said, known, path_of, said
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.jinja import language, local
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.places import came_from
from partner_center.entrypoints.web.view_models import Filter, Option, Page, Select, Tab
from partner_center.notices import actions, queries
from partner_center.notices.catalogue import CATEGORIES, in_use
from partner_center.notices.queries import NoticeRow


@dataclass(frozen=True)
class Line:
    """A message in the list; it is opened by a post, since opening it marks it as read."""

    id: UUID
    subject: str
    text: str
    category: str
    when: str
    unread: bool
    href: str


@page(methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """One's own messages, newest first, narrowed to unread ones or to a category. Rules: L-190, S-905."""
    listing = Listing.of(request, "state", "category")
    category = listing.value("category")
    found = queries.notices(
        request.actor, category=category, unread=listing.value("state") == "unread", cursor=listing.after
    )
    counts = queries.notice_counts(request.actor)
    total, unread = _sum(counts, category)
    return render(
        request,
        "notices/index.html",
        page=Page(gettext("Message centre"), count=total),
        chips=_chips(listing, total, unread),
        filter=_filter(listing, request.actor.audience),
        lines=_lines(request, found.rows),
        unread=unread,
        category=category,
        pager=listing.pager(found),
        narrowed=listing.is_narrowed,
    )


def _sum(counts: dict[str, tuple[int, int]], category: str) -> tuple[int, int]:
    """How many messages, and how many unread, in a category or in all."""
    wanted = [each for name, each in counts.items() if category not in CATEGORIES or name == category]
    return sum(many for many, _ in wanted), sum(unread for _, unread in wanted)


def _chips(listing: Listing, total: int, unread: int) -> tuple[Tab, ...]:
    return listing.chips("state", [("unread", gettext("Unread"), unread)], total)


def _filter(listing: Listing, audience: str) -> Filter:
    options = (Option("", gettext("all")), *(Option(each, local(CATEGORIES[each])) for each in in_use(audience)))
    select = Select("category", gettext("Category"), options, listing.value("category"))
    return listing.filter("", select, keep=("state",))


def _lines(request: PageRequest, rows: tuple[NoticeRow, ...]) -> list[Line]:
    called = known(rows)
    return [_line(row, said(row, language(), request.actor.site, called)) for row in rows]


def _line(row: NoticeRow, words: Said) -> Line:
    return Line(
        id=row.id,
        subject=words.subject,
        text=words.text,
        category=local(CATEGORIES[row.category]),
        when=moment(row.at),
        unread=row.read_at is None,
        href=path_of(row),
    )


@page(methods=("POST",))
def follow(request: PageRequest, notice_id: UUID) -> HttpResponse:
    """Read a message and go on to the page it is about."""
    row = actions.read(request.actor, notice_id=notice_id)
    response = HttpResponseRedirect(path_of(row) or reverse("messages"))
    response.status_code = 303
    return response


@page(methods=("POST",))
def read(request: PageRequest, notice_id: UUID) -> HttpResponse:
    """Mark one message as read and stay on the list."""
    actions.read(request.actor, notice_id=notice_id)
    return redirect_with_message(request, came_from(request) or "messages", gettext("Marked as read."))


@page(methods=("POST",))
def read_all(request: PageRequest) -> HttpResponse:
    """Mark all messages as read, or those of the category one looks at."""
    category = request.POST.get("category", "")
    done = actions.read_all(request.actor, category=category if category in CATEGORIES else "")
    text = ngettext("%(num)s message marked as read.", "%(num)s messages marked as read.", done) % {"num": done}
    return redirect_with_message(request, "messages", text)


urlpatterns = [
    path("messages/", index, name="messages"),
    path("messages/read/", read_all, name="read-messages"),
    path("messages/<uuid:notice_id>/", follow, name="message"),
    path("messages/<uuid:notice_id>/read/", read, name="read-message"),
]
