"""The inbox: what waits for me, what waits for others; looked at and decided in place, one or several at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.web import inbox_shown as shown
from partner_center.entrypoints.web.forms.reviews import AbsenceForm, DecisionForm, HandOverForm, SeveralForm
from partner_center.entrypoints.web.inbox_elsewhere import elsewhere
from partner_center.entrypoints.web.inbox_shown import Desk
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import conflict_text, sentence
from partner_center.entrypoints.web.view_models import Crumb, Page
from partner_center.inbox import actions
from partner_center.inbox.kinds import KINDS
from partner_center.kernel.errors import Conflict, DomainError, NotFound, Refused
from partner_center.reviews import actions as reviews
from partner_center.reviews import queries


@page(Can.HOME_VIEW, methods=("GET",))
def index(request: PageRequest, review_id: UUID | None = None) -> HttpResponse:
    """The queue and the first item of it, or the one asked for; a fragment is the item alone. Rules: L-007, L-020."""
    return _shown(request, Desk.of(request, review_id))


def _shown(request: PageRequest, desk: Desk, form: DecisionForm | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "desk": desk,
        "item": shown.item(request.actor, desk, form),
        "filter": shown.filter_bar(desk),
        "elsewhere": () if desk.is_fragment else elsewhere(request.actor),
    }
    if desk.is_fragment:
        return render(request, "inbox/_item.html", **context)
    head = Page(
        gettext("Inbox"), count=len(desk.mine), breadcrumb=(Crumb(gettext("Home"), "/"), Crumb(gettext("Inbox")))
    )
    tabs, chips, late = shown.tabs(desk), shown.chips(desk), shown.late(request.actor, desk)
    rows = shown.queue(request.actor, desk)
    return render(
        request, "inbox/index.html", page=head, tabs=tabs, chips=chips, late=late, rows=rows, status=status, **context
    )


@page(Can.HOME_VIEW, methods=("POST",))
def decide(request: PageRequest, review_id: UUID) -> HttpResponse:
    """Decide by the noun's own verb, then on to the next item; every reason against it at once."""
    desk = Desk.of(request, review_id)
    kind = KINDS.get(queries.review(request.actor, review_id).kind)
    if kind is None:
        raise NotFound("review")
    form, status = DecisionForm(request.POST, kind=kind.about), 422
    try:
        if form.is_valid():
            decided = actions.decide(request.actor, review_id=review_id, decision=form.decision)
            return redirect_with_message(request, desk.after(review_id), _said(decided.number, decided.state))
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict)
        status = 409
    return _shown(request, desk, form, status)


def _said(number: str, state: str) -> str:
    words = {
        "approved": gettext("%(number)s is approved."),
        "rejected": gettext("%(number)s is rejected; whoever asked reads your reason."),
        "returned": gettext("%(number)s is returned; its clock stands still until it is supplemented."),
        "open": gettext("You agreed to %(number)s; it now waits for the next person."),
    }
    return words[state] % {"number": number}


@page(Can.VENDOR_REVIEW, methods=("POST",))
def approve(request: PageRequest) -> HttpResponse:
    """Approve several at once: first the question with all of them, then each by its own verb."""
    chosen = shown.chosen(request)
    if not chosen:
        text = gettext("Nothing was selected.")
        return redirect_with_message(request, "inbox", text, level=messages.WARNING)
    form = SeveralForm(request.POST if "sure" in request.POST else None, kinds=[KINDS[r.kind].about for r in chosen])
    if not form.is_bound or not form.is_valid():
        head = Page(
            gettext("Approve several"),
            breadcrumb=(Crumb(gettext("Inbox"), reverse("inbox")), Crumb(gettext("Approve several"))),
        )
        return render(request, "inbox/several.html", page=head, chosen=chosen, form=form)
    done = actions.approve_several(request.actor, review_ids=[row.id for row in chosen], **form.cleaned_data)
    for number, error in done.refused.items():
        messages.warning(request, gettext("%(number)s: %(why)s") % {"number": number, "why": _why(error)})
    count = len(done.done)
    text = ngettext("%(num)s is approved or agreed to.", "%(num)s are approved or agreed to.", count) % {"num": count}
    return redirect_with_message(request, "inbox", text, level=messages.SUCCESS if count else messages.WARNING)


def _why(error: DomainError) -> str:
    if isinstance(error, Refused):
        return gettext("; ").join(sentence(outcome) for outcome in error.outcomes)
    if isinstance(error, Conflict):
        return conflict_text(error)
    return gettext("this kind is decided one by one")


@page(Can.HOME_VIEW, methods=("POST",))
def take(request: PageRequest, review_id: UUID) -> HttpResponse:
    """Take what waits for one's role."""
    reviews.take(request.actor, review_id=review_id)
    return redirect_with_message(request, "inbox-item", gettext("It is yours now."), review_id=review_id)


@page(Can.HOME_VIEW)
def hand_over(request: PageRequest, review_id: UUID) -> HttpResponse:
    """Give it to a colleague of the same role."""
    row = queries.review(request.actor, review_id)
    form = HandOverForm(
        request.POST if request.method == "POST" else None, colleagues=shown.others_who_may(request.actor, row)
    )
    try:
        if form.is_valid():
            to, note = UUID(form.cleaned_data["to"]), form.cleaned_data["note"]
            reviews.hand_over(request.actor, review_id=review_id, to=to, note=note)
            return redirect_with_message(
                request, "inbox", gettext("%(number)s is handed over.") % {"number": row.number}
            )
    except Refused as refused:
        form.add_refusal(refused)
    crumbs = (Crumb(gettext("Inbox"), reverse("inbox")), Crumb(row.number, reverse("inbox-item", args=[review_id])))
    title = gettext("Hand over %(number)s") % {"number": row.number}
    head = Page(title, breadcrumb=(*crumbs, Crumb(gettext("Hand over"))))
    about = local(row.facts.get("title", {"zh": row.number, "en": row.number}))
    return render(request, "inbox/hand_over.html", page=head, form=form, row=row, about=about)


@page(Can.VENDOR_REVIEW)
def absence(request: PageRequest) -> HttpResponse:
    """Who is away, and who stands in."""
    actor = request.actor
    everybody = tuple(each for each in queries.colleagues(actor) if each.id != actor.user_id)
    form = AbsenceForm(request.POST if request.method == "POST" else None, colleagues=everybody)
    try:
        if form.is_valid():
            stand_in = UUID(form.cleaned_data["stand_in"])
            reviews.be_absent(actor, starts_at=form.starts_at, ends_at=form.ends_at, stand_in=stand_in)
            return redirect_with_message(request, "absence", gettext("Noted; your stand-in finds what waits for you."))
    except Refused as refused:
        form.add_refusal(refused)
    head = Page(
        gettext("Absence and stand-in"),
        breadcrumb=(Crumb(gettext("Inbox"), reverse("inbox")), Crumb(gettext("Absence and stand-in"))),
    )
    return render(request, "inbox/absence.html", page=head, form=form, absences=shown.absences(actor))


@page(Can.VENDOR_REVIEW, methods=("POST",))
def back(request: PageRequest, absence_id: UUID) -> HttpResponse:
    reviews.be_back(request.actor, absence_id=absence_id)
    return redirect_with_message(request, "absence", gettext("Your absence is over."))


urlpatterns = [
    path("inbox/", index, name="inbox"),
    path("inbox/approve/", approve, name="approve-several"),
    path("inbox/absence/", absence, name="absence"),
    path("inbox/absence/<uuid:absence_id>/end/", back, name="end-absence"),
    path("inbox/<uuid:review_id>/", index, name="inbox-item"),
    path("inbox/<uuid:review_id>/decide/", decide, name="decide"),
    path("inbox/<uuid:review_id>/take/", take, name="take"),
    path("inbox/<uuid:review_id>/hand-over/", hand_over, name="hand-over"),
]
