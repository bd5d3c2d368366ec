"""Tickets of a partner or customer: the list, a new one from its category's template, and the talk with the vendor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.entrypoints.web import session
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.forms.tickets import RateForm, SayForm, TicketForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.places import asked
from partner_center.entrypoints.web.ticket_shown import facts, names_of, return_facts, said
from partner_center.entrypoints.web.ticket_words import badge, category_name, due_words, name, now_state
from partner_center.entrypoints.web.uploads import attached
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Crumb, Page, Tab
from partner_center.kernel.errors import NotFound, Refused
from partner_center.policy.queries import pack
from partner_center.support import actions, files
from partner_center.support.actions.opener import Opened
from partner_center.support.queries import TicketRow, messages, ticket, ticket_counts, tickets
from partner_center.support.rules import OVER, TICKET, WITH_VENDOR, Category, offered
from partner_center.support.sniffing import KINDS, ending

TABS = {"open": gettext_noop("Open tickets"), "waiting": gettext_noop("Waiting for me"), "over": gettext_noop("Closed")}
# A file of somebody else's is saved and never shown: no page of ours is the place it runs in.
SANDBOX = "default-src 'none'; sandbox"


def _of_openers(request: PageRequest) -> None:
    """Raises: NotFound for the vendor, whose people find tickets in the queue."""
    if request.actor.audience not in ("partner", "customer"):
        raise NotFound("ticket")


def _head(title: str, **more: Any) -> Page:
    """A page below the list, which stands in nobody's menu but the reader's own."""
    steps = (Crumb(gettext("Home"), "/"), Crumb(gettext("My tickets"), reverse("tickets")), Crumb(title))
    return Page(title, breadcrumb=steps, **more)


# The list ------------------------------------------------------------------------------------------------------------


@page(methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The reader's tickets: open, waiting for the reader, closed. Rules: L-215, L-250."""
    _of_openers(request)
    actor, listing = request.actor, Listing.of(request, "tab", "q")
    tab = listing.value("tab") if listing.value("tab") in TABS else "open"
    counts = ticket_counts(actor, listing.value("q"))
    found = tickets(actor, tab, listing.value("q"), listing.after)
    return render(
        request,
        "tickets/index.html",
        page=Page(gettext("My tickets"), count=counts["open"] + counts["over"]),
        tabs=[Tab(gettext(word), listing.href(tab=each), counts[each], each == tab) for each, word in TABS.items()],
        filter=listing.filter(gettext("Number or subject"), keep=("tab",)),
        columns=_columns(),
        rows=[_line(row, request) for row in found.rows],
        pager=listing.pager(found, counts[tab]),
        narrowed=bool(listing.value("q")),
        clear=listing.href(q=""),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Subject / number"), "main"),
        Column(gettext("Category")),
        Column(gettext("State"), "state"),
        Column(gettext("Unread"), "amount"),
        Column(gettext("Due time")),
        Column(gettext("Last changed")),
    )


def _line(row: TicketRow, request: PageRequest) -> tuple[object, ...]:
    when, rest = due_words(row, request.actor.at)
    return (
        Cell(row.subject, row.number, href=reverse("ticket", args=[row.id]), user_text=True),
        category_name(row.category),
        badge(row, vendor=False),
        str(row.unread_opener or "—"),
        Cell(when, rest),
        moment(row.changed_at),
    )


# A new one -----------------------------------------------------------------------------------------------------------


@page()
def new(request: PageRequest) -> HttpResponse:
    """Choose what it is about, then fill in that category's template. Rules: L-215, L-252, L-255, L-256."""
    _of_openers(request)
    sent = request.method == "POST"
    code = request.POST.get("category", "") if sent else asked(request, "category")
    chosen = next((each for each in offered(request.actor.audience) if each.code == code), None)
    if chosen is None:
        choices = [(each, _again(request, each)) for each in offered(request.actor.audience)]
        return render(request, "tickets/choose.html", page=_head(gettext("New ticket")), choices=choices)
    form = (
        TicketForm(chosen, request.POST, request.FILES) if sent else TicketForm(chosen, initial=_start(request, chosen))
    )
    if form.is_valid() and (opened := _open(request, form)):
        text = gettext("Ticket %(number)s is with the vendor.") % {"number": opened.number}
        return redirect_with_message(request, "ticket", text, ticket_id=opened.ticket_id)
    about = form["label"].value() or ""
    return render(
        request,
        "tickets/new.html",
        page=_head(gettext("New ticket: %(category)s") % {"category": name(chosen)}),
        form=form,
        hint=local((chosen.zh_hint, chosen.en_hint)),
        about=about,
        rule=form["rule"].value() or "",
        days=chosen.due_days,
        limits=_limits(request),
    )


def _again(request: PageRequest, category: Category) -> str:
    """The same address with a category chosen; what it is about comes along."""
    said = request.GET.copy()
    said["category"] = category.code
    return f"{reverse('new-ticket')}?{said.urlencode()}"


def _start(request: PageRequest, category: Category) -> dict[str, Any]:
    user, label = session.user(request), asked(request, "label")[:120]
    rule = asked(request, "rule")[:24]
    return {
        "category": category.code,
        "subject": " ".join(each for each in (label, rule) if each)[:120],
        "text": local((category.zh_template, category.en_template)),
        "contact": (user.phone or user.email) if user else "",
        "rule": rule,
        "subject_kind": asked(request, "subject_kind")[:24],
        "subject_id": asked(request, "subject_id")[:36],
        "label": label,
    }


def _limits(request: PageRequest) -> dict[str, int]:
    limits = pack(request.actor.site, request.actor.at)
    return {"files": limits.number("support.files_per_message"), "mb": limits.number("support.file_bytes") >> 20}


def _open(request: PageRequest, form: TicketForm) -> Opened | None:
    data = form.cleaned_data
    try:
        return actions.open_ticket(
            request.actor,
            category=data["category"],
            severity=data["severity"],
            subject=data["subject"],
            text=data["text"],
            contact=data["contact"],
            particulars=form.particulars(),
            regarding=form.regarding(),
            uploads=attached(request, form),
            key=data["key"],
        )
    except Refused as refused:
        form.add_refusal(refused)
        return None


# One of them ---------------------------------------------------------------------------------------------------------


@page(methods=("GET",))
def show(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """A ticket: what happens now, the talk, and what can be done. Rules: L-250, L-251, S-477."""
    return _shown(request, ticket_id)


def _shown(
    request: PageRequest, ticket_id: UUID, say: SayForm | None = None, rating: RateForm | None = None
) -> HttpResponse:
    _of_openers(request)
    actor = request.actor
    row = ticket(actor, ticket_id)
    talk = messages(actor, ticket_id)
    people = names_of(row, talk)
    if row.unread_opener and say is None:
        actions.seen(actor, ticket_id=ticket_id)
    return render(
        request,
        "tickets/show.html",
        page=_head(
            row.subject,
            badge=badge(row, vendor=False),
            tags=(row.number, category_name(row.category)),
            user_text=True,
        ),
        row=row,
        state=now_state(row, actor.at, people.parts, vendor=False),
        said=[said(each, people, row) for each in talk],
        facts=facts(row, people),
        returns=return_facts(row),
        actions=_able(row, actor.user_id),
        say=(say or SayForm()) if row.state not in OVER else None,
        rating=(rating or RateForm()) if row.state == "closed" and row.marks is None else None,
        limits=_limits(request),
    )


def _able(row: TicketRow, user_id: UUID | None) -> tuple[Action, ...]:
    """What its opener can do beside writing."""
    found = []
    if TICKET.may("cancel", row.state) and row.opened_by == user_id:
        found.append(Action(gettext("Cancel the ticket"), _move(row, "cancel"), "danger", "post"))
    if row.state in WITH_VENDOR:
        found.append(Action(gettext("Urge"), _move(row, "urge"), method="post", icon="bell"))
    if row.state == "resolved":
        found.append(Action(gettext("It is solved"), _move(row, "confirm"), "primary", "post", "check"))
    return tuple(found)


def _move(row: TicketRow, move: str) -> str:
    return reverse("ticket-move", args=[row.id, move])


@page(methods=("POST",))
def reply(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """Write to the vendor. Rules: L-251."""
    form = SayForm(request.POST, request.FILES)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.reply(
                request.actor, ticket_id=ticket_id, text=data["text"], uploads=attached(request, form), key=data["key"]
            )
            return redirect_with_message(request, "ticket", gettext("Your message is sent."), ticket_id=ticket_id)
        except Refused as refused:
            form.add_refusal(refused)
    return _shown(request, ticket_id, say=form)


MOVES: Mapping[str, tuple[Callable[..., None], str]] = {
    "urge": (actions.urge, gettext_noop("The vendor is asked to hurry.")),
    "cancel": (actions.cancel, gettext_noop("The ticket is cancelled.")),
    "confirm": (actions.confirm, gettext_noop("The ticket is closed. How was it solved?")),
}


@page(methods=("POST",))
def move(request: PageRequest, ticket_id: UUID, verb: str) -> HttpResponse:
    """Urge, cancel, confirm. Rules: L-251."""
    if verb not in MOVES:
        raise NotFound("ticket")
    act, text = MOVES[verb]
    act(request.actor, ticket_id=ticket_id)
    return redirect_with_message(request, "ticket", gettext(text), ticket_id=ticket_id)


@page(methods=("POST",))
def rate(request: PageRequest, ticket_id: UUID) -> HttpResponse:
    """Say how it was solved. Rules: L-251."""
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            actions.rate(request.actor, ticket_id=ticket_id, **form.cleaned_data)
            return redirect_with_message(request, "ticket", gettext("Thank you."), ticket_id=ticket_id)
        except Refused as refused:
            form.add_refusal(refused)
    return _shown(request, ticket_id, rating=form)


@page(methods=("GET",))
def file(request: PageRequest, ticket_id: UUID, attachment_id: UUID) -> HttpResponse:
    """A file of a ticket, to be saved and never shown. Rules: L-251."""
    found = actions.fetch(request.actor, ticket_id=ticket_id, attachment_id=attachment_id)
    endings, kind = KINDS[found.kind]
    kept = found.name if ending(found.name) in endings else f"{found.name}.{endings[0]}"
    response: Any = FileResponse(
        files.opened(found.id), as_attachment=True, filename=kept.replace("/", "_"), content_type=kind
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return cast(HttpResponse, response)


urlpatterns = [
    path("tickets/", index, name="tickets"),
    path("tickets/new/", new, name="new-ticket"),
    path("tickets/<uuid:ticket_id>/", show, name="ticket"),
    path("tickets/<uuid:ticket_id>/reply/", reply, name="ticket-reply"),
    path("tickets/<uuid:ticket_id>/rate/", rate, name="ticket-rate"),
    path("tickets/<uuid:ticket_id>/<slug:verb>/", move, name="ticket-move"),
    path("tickets/<uuid:ticket_id>/files/<uuid:attachment_id>/", file, name="ticket-file"),
]
