"""The vendor's tickets: the queue by category, state, due time and assignee, and one of them to be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.access.permissions import Can, may
from partner_center.access.queries import Name, names, user_names
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.forms.base import Form
from partner_center.entrypoints.web.forms.tickets import NoteForm, ReturnForm, SayForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.ticket_shown import facts, names_of, noted, return_facts, said
from partner_center.entrypoints.web.ticket_words import STATES, badge, category_name, due_words, name, now_state
from partner_center.entrypoints.web.uploads import attached
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Option, Page, Select, Tab
from partner_center.kernel.actor import NOBODY, Actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.support import actions
from partner_center.support.queries import (
    QUEUE,
    QueueFilter,
    TicketRow,
    messages,
    notes,
    queue,
    queue_counts,
    queue_tabs,
    ticket,
)
from partner_center.support.rules import OPEN, OVER, TICKET, categories

TABS = {
    "open": gettext_noop("To answer"),
    "mine": gettext_noop("Mine"),
    "nobody": gettext_noop("Nobody's yet"),
    "waiting": gettext_noop("With the opener"),
    "over": gettext_noop("Over"),
}
DUE = {"overdue": gettext_noop("Overdue"), "soon": gettext_noop("Due within a day")}


# The queue -----------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_TICKET_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Tickets that wait for the vendor, what is due first. Rules: L-250, L-251."""
    actor, listing = request.actor, Listing.of(request, "tab", "state", "category", "due", "q")
    tab = listing.value("tab") if listing.value("tab") in TABS else "open"
    states = QUEUE[tab]
    wanted = _wanted(listing, tab, states)
    tabs, counts = queue_tabs(actor, _wanted(listing, tab, ())), queue_counts(actor, wanted)
    found = queue(actor, wanted, listing.after)
    known = names(row.organisation_id for row in found.rows)
    people = user_names(row.assignee_id for row in found.rows)
    chips = [(each, gettext(STATES[each]), counts.get(each, 0)) for each in states]
    return render(
        request,
        "vendor/tickets/index.html",
        page=Page(gettext("Ticket queue"), count=tabs["open"]),
        tabs=[Tab(gettext(w), listing.href(tab=each, state=""), tabs[each], each == tab) for each, w in TABS.items()],
        chips=listing.chips("state", chips, sum(counts.get(each, 0) for each in states)),
        filter=listing.filter(gettext("Number or subject"), *_selects(listing), keep=("tab", "state")),
        columns=_columns(),
        rows=[_line(row, actor, known, people) for row in found.rows],
        pager=listing.pager(found),
        narrowed=bool({"q", "category", "due", "state"} & set(listing.params)),
        clear=listing.href(q="", category="", due="", state=""),
    )


def _wanted(listing: Listing, tab: str, states: tuple[str, ...]) -> QueueFilter:
    state = listing.value("state")
    return QueueFilter(
        tab=tab,
        category=listing.value("category"),
        state=state if state in states else "",
        due=listing.value("due") if listing.value("due") in DUE else "",
        text=listing.value("q"),
    )


def _selects(listing: Listing) -> tuple[Select, ...]:
    every = Option("", gettext("All"))
    kinds = (every, *(Option(each.code, name(each)) for each in categories().values()))
    terms = (every, *(Option(each, gettext(word)) for each, word in DUE.items()))
    return (
        Select("category", gettext("Category"), kinds, listing.value("category")),
        Select("due", gettext("Due time"), terms, listing.value("due")),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Subject / number"), "main"),
        Column(gettext("Opened by")),
        Column(gettext("Category")),
        Column(gettext("State"), "state"),
        Column(gettext("Due time")),
        Column(gettext("Answered by")),
        Column(gettext("Unread"), "amount"),
    )


def _line(
    row: TicketRow, actor: Actor, known: Mapping[UUID, Name], people: Mapping[UUID, tuple[str, str]]
) -> tuple[object, ...]:
    when, rest = due_words(row, actor.at)
    org = known.get(row.organisation_id)
    urged = gettext("urged %(num)s times") % {"num": row.urges} if row.urges else ""
    return (
        Cell(row.subject, row.number, href=reverse("vendor-ticket", args=[row.id]), user_text=True),
        Cell(local((org.zh, org.en)) if org else "—", moment(row.opened_at), user_text=True),
        Cell(category_name(row.category), urged),
        badge(row, vendor=True),
        Cell(when, rest),
        Cell(local(people.get(row.assignee_id or NOBODY, ("—", "—"))), user_text=True),
        str(row.unread_vendor or "—"),
    )


# One of them ---------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_TICKET_VIEW, methods=("GET",))
def show(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """A ticket with its talk, its notes and what can be done. Rules: L-250, L-251, S-477."""
    row = ticket(request.actor, ticket_id)
    if row.unread_vendor and row.assignee_id == request.actor.user_id:
        actions.seen(request.actor, ticket_id=ticket_id)
    return _shown(request, row)


def _shown(request: PageRequest, row: TicketRow, **forms: Form) -> HttpResponse:
    actor = request.actor
    talk, own = messages(actor, row.id), notes(actor, row.id)
    people = names_of(row, talk, own)
    answers, mine = may(actor, Can.VENDOR_TICKET_ANSWER), row.assignee_id == actor.user_id
    return render(
        request,
        "vendor/tickets/show.html",
        page=Page(
            row.subject, badge=badge(row, vendor=True), tags=(row.number, category_name(row.category)), user_text=True
        ),
        row=row,
        state=now_state(row, actor.at, people.parts, vendor=True),
        said=[said(each, people, row) for each in talk],
        notes=[noted(each, people) for each in own],
        facts=facts(row, people),
        returns=return_facts(row),
        actions=_able(row, actor) if answers else (),
        say=forms.get("say", SayForm()) if answers and mine and TICKET.may("answer", row.state) else forms.get("say"),
        may_ask=TICKET.may("ask", row.state),
        note=forms.get("note", NoteForm()) if answers else None,
        returning=_returning(row, forms, answers and mine),
    )


def _returning(row: TicketRow, forms: Mapping[str, Form], able: bool) -> Form | None:
    if "returning" in forms or not (able and row.wants_return and row.state in OPEN):
        return forms.get("returning")
    start = {"address": row.return_address, "addressee": row.return_addressee, "phone": row.return_phone}
    return ReturnForm(initial=start)


def _able(row: TicketRow, actor: Actor) -> tuple[Action, ...]:
    href = reverse("vendor-ticket-take", args=[row.id])
    if row.state in (*OVER, "resolved") or row.assignee_id == actor.user_id:
        return ()
    if row.assignee_id is None:
        return (Action(gettext("Take it"), href, "primary", "post", "hand-stop"),)
    return (Action(gettext("Take over from the colleague"), href, method="post", field=("over", "yes")),)


@page(Can.VENDOR_TICKET_ANSWER, methods=("POST",))
def take(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """Become who answers it. Rules: L-250."""
    actions.take(request.actor, ticket_id=ticket_id, over=request.POST.get("over") == "yes")
    return redirect_with_message(request, "vendor-ticket", gettext("It is yours to answer."), ticket_id=ticket_id)


SAYS: Mapping[str, tuple[Callable[..., None], str]] = {
    "answer": (actions.answer, gettext_noop("The answer is sent.")),
    "ask": (actions.ask, gettext_noop("The question is sent; the due time stands still.")),
    "resolve": (actions.resolve, gettext_noop("It is resolved; its opener is asked to confirm.")),
}


@page(Can.VENDOR_TICKET_ANSWER, methods=("POST",))
def say(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """Answer, ask back or resolve: the same words, another move. Rules: L-250, L-251, S-477."""
    form = SayForm(request.POST, request.FILES)
    if request.POST.get("do", "") not in SAYS:
        raise NotFound("ticket")
    act, text = SAYS[request.POST["do"]]
    if form.is_valid():
        data = form.cleaned_data
        try:
            act(request.actor, ticket_id=ticket_id, text=data["text"], uploads=attached(request, form), key=data["key"])
            return redirect_with_message(request, "vendor-ticket", gettext(text), ticket_id=ticket_id)
        except Refused as refused:
            form.add_refusal(refused)
    return _shown(request, ticket(request.actor, ticket_id), say=form)


@page(Can.VENDOR_TICKET_ANSWER, methods=("POST",))
def note(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """Note something for colleagues. Rules: L-250."""
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.note(request.actor, ticket_id=ticket_id, text=form.cleaned_data["text"])
            return redirect_with_message(request, "vendor-ticket", gettext("Noted."), ticket_id=ticket_id)
        except Refused as refused:
            form.add_refusal(refused)
    return _shown(request, ticket(request.actor, ticket_id), note=form)


@page(Can.VENDOR_TICKET_ANSWER, methods=("POST",))
def name_return(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """Name where papers go back to. Rules: S-477."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        try:
            actions.name_return(request.actor, ticket_id=ticket_id, **form.cleaned_data)
            return redirect_with_message(
                request, "vendor-ticket", gettext("The opener sees where it goes back to."), ticket_id=ticket_id
            )
        except Refused as refused:
            form.add_refusal(refused)
    return _shown(request, ticket(request.actor, ticket_id), returning=form)


urlpatterns = [
    path("vendor/tickets/", index, name="vendor-tickets"),
    path("vendor/tickets/<uuid:ticket_id>/", show, name="vendor-ticket"),
    path("vendor/tickets/<uuid:ticket_id>/take/", take, name="vendor-ticket-take"),
    path("vendor/tickets/<uuid:ticket_id>/say/", say, name="vendor-ticket-say"),
    path("vendor/tickets/<uuid:ticket_id>/note/", note, name="vendor-ticket-note"),
    path("vendor/tickets/<uuid:ticket_id>/return/", name_return, name="vendor-ticket-return"),
]
