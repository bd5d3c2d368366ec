"""What happened, who did it and from which seat, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import NoReverseMatch, path, resolve, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import Name, names, user_names
from partner_center.access.rules import roles
from partner_center.audit.queries import EventRow, events
from partner_center.entrypoints.event_words import NOUNS, event_words, subject_words
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.places import asked
from partner_center.entrypoints.web.view_models import Column, Fact, Filter, Option, Page, Pager, Select
from partner_center.kernel.actor import Actor

MOST_LISTED = 20
ON_A_PAGE = 50
# The page of a subject, as its readers have one: (kind, audience) → the page's name; its one part is the subject's id.
PAGES = {
    ("quota", "partner"): "quota",
    ("quota", "vendor"): "vendor-quota",
    ("voucher", "partner"): "voucher",
    ("voucher_batch", "partner"): "voucher-batch",
    ("voucher", "customer"): "my-voucher",
    ("customer", "partner"): "customer",
    ("customer", "vendor"): "vendor-customer",
    ("partner", "vendor"): "vendor-partner",
}
# A file that was not yet issued from may have been discarded since; then it has no page any more.
MAY_BE_GONE = ("voucher_batch.uploaded", "voucher_batch.checked", "voucher_batch.discarded")


@dataclass(frozen=True)
class Line:
    """An event in words, with what stands behind its fold."""

    title: str
    name: str
    when: str
    actor: str
    seat: str
    subject: str
    subject_href: str
    request_id: str
    details: tuple[Fact, ...]
    data: str


@page(Can.AUDIT_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """A page of events, narrowed by noun, request or subject; the next one begins behind the last of this."""
    noun, text, before = asked(request, "name"), asked(request, "q"), _uuid(asked(request, "before"))
    found = events(request.actor, **wanted(noun, text), before=before, limit=ON_A_PAGE + 1)
    return render(
        request,
        "audit/index.html",
        page=Page(gettext("Audit"), subtitle=gettext("Everything that was done, kept for good; nobody can change it.")),
        filter=bar(noun, text),
        columns=_columns(),
        lines=_lines(request.actor, found[:ON_A_PAGE]),
        pager=_pager(found, noun, text, before),
        filtered=any(wanted(noun, text).values()),
        export_href=export_href(request.actor, "audit", {"name": noun, "q": text}) if found else "",
    )


def wanted(noun: str, text: str) -> dict[str, str]:
    """Which events: those of a noun, or all; of a request or a subject, or of any."""
    prefix = f"{noun}." if noun in NOUNS and noun != "verification" else noun if noun in NOUNS else ""
    return {"name": prefix, "text": text}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def bar(noun: str, text: str) -> Filter:
    options = (Option("", gettext("all")), *(Option(each, gettext(label)) for each, label in NOUNS.items()))
    select = Select("name", gettext("What about"), options, noun)
    return Filter(reverse("audit"), gettext("Request number or subject's id"), text, selects=(select,))


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("What happened"), "main"),
        Column(gettext("Subject")),
        Column(gettext("By whom")),
        Column(gettext("When")),
        Column(gettext("Request")),
    )


def _lines(actor: Actor, found: tuple[EventRow, ...]) -> list[Line]:
    """Events with the names of who did them and in whose seat: two queries for the whole page."""
    people = user_names(each.user_id for each in found)
    organisations = names(each for row in found for each in (row.home_id, row.seat_id, row.partner_id, row.customer_id))
    return [_line(actor, row, people, organisations) for row in found]


def _line(actor: Actor, row: EventRow, people: dict[UUID, tuple[str, str]], known: dict[UUID, Name]) -> Line:
    who = local(people[row.user_id]) if row.user_id in people else gettext("The system")
    return Line(
        title=event_words(row.name),
        name=row.name,
        when=moment(row.at),
        actor=who,
        seat=_name(row.seat_id or row.home_id, known),
        subject=f"{subject_words(row.subject_kind)} …{row.subject_id.hex[-8:]}",
        subject_href=_page_of(row, actor),
        request_id=row.request_id,
        details=_details(row, known),
        data=json.dumps(_in_short(row.data), ensure_ascii=False, indent=2, sort_keys=True) if row.data else "",
    )


def _in_short(data: dict[str, Any]) -> dict[str, Any]:
    """A mass issue names ten thousand vouchers; the page names the first few, and says how many there are."""
    return {name: _first(value) if isinstance(value, list) else value for name, value in data.items()}


def _first(values: list[Any]) -> list[Any]:
    return values if len(values) <= MOST_LISTED else [*values[:MOST_LISTED], f"… {len(values):,}"]


def _name(organisation: UUID | None, known: dict[UUID, Name]) -> str:
    if organisation is None or organisation not in known:
        return ""
    return local((known[organisation].zh, known[organisation].en))


def _page_of(row: EventRow, actor: Actor) -> str:
    """The subject's page, where there is one and the reader may open it."""
    if row.name in MAY_BE_GONE:
        return ""
    try:
        address = reverse(PAGES[row.subject_kind, actor.audience], args=[row.subject_id])
    except (KeyError, NoReverseMatch):
        return ""
    return address if may(actor, *getattr(resolve(address).func, "cans", ())) else ""


def _details(row: EventRow, known: dict[UUID, Name]) -> tuple[Fact, ...]:
    held = roles()
    facts: list[tuple[str, Any]] = [
        (gettext("Event"), row.name),
        (gettext("Subject's id"), str(row.subject_id)),
        (gettext("Really from"), _name(row.home_id, known) if row.home_id != row.seat_id else ""),
        (gettext("Partner"), _name(row.partner_id, known)),
        (gettext("Customer"), _name(row.customer_id, known)),
        (gettext("Roles at that time"), " · ".join(local(held[r]) if r in held else r for r in row.roles)),
        (gettext("Done by the system for"), row.system),
        (gettext("Recorded at"), moment(row.recorded_at)),
        (gettext("Request"), row.request_id),
    ]
    return tuple(Fact(label, value) for label, value in facts if value)


def _pager(found: tuple[EventRow, ...], noun: str, text: str, before: UUID | None) -> Pager:
    keep = {key: value for key, value in (("name", noun), ("q", text)) if value}
    more = len(found) > ON_A_PAGE
    behind = urlencode({**keep, "before": str(found[ON_A_PAGE - 1].id)}) if more else ""
    shown = gettext("%(num)s on this page") % {"num": min(len(found), ON_A_PAGE)}
    first = f"{reverse('audit')}?{urlencode(keep)}" if before else ""
    return Pager(shown, previous=first, next=f"?{behind}" if behind else "")


urlpatterns = [path("audit/", index, name="audit")]
