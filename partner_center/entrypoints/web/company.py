"""The company's base information: what it is, who its main account is, the change that waits, and those before."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import names
from partner_center.entrypoints.web import review_words
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.forms.company import CompanyForm
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Event, Fact, Page
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.partners import actions
from partner_center.partners.queries import ChangeRow, changes, company_facts, main_account, seat_company
from partner_center.partners.queries.change import SeatCompany
from partner_center.partners.rules import COMPANY_CHANGE
from partner_center.reviews.queries import last_turn, turns


@page(Can.ACCOUNT_VIEW)
def show(request: PageRequest) -> HttpResponse:
    """Ask for a change, or hand a returned one back; every reason against it at once. Rules: L-005 to L-008."""
    own = seat_company(request.actor)
    asked = changes(request.actor, own.company_id)
    waiting = next((each for each in asked if each.review.state in ("open", "returned")), None)
    form = _form(request, own, waiting)
    if form is not None and request.method == "POST" and (told := _sent(request, form, waiting)):
        return redirect_with_message(request, "company", told)
    return _shown(request, own, asked, waiting, form)


def _form(request: PageRequest, own: SeatCompany, waiting: ChangeRow | None) -> CompanyForm | None:
    """None while a change is under review: it is not typed over."""
    if waiting is not None and waiting.review.state == "open" and request.method != "POST":
        return None
    reopened = waiting.review.fields if waiting and waiting.review.state == "returned" else None
    before = waiting.after if reopened is not None and waiting else own.facts
    return CompanyForm(request.POST if request.method == "POST" else None, initial=dict(before), reopened=reopened)


def _sent(request: PageRequest, form: CompanyForm, waiting: ChangeRow | None) -> str:
    """What was done; nothing where the form or a rule says no, which then stands in the form."""
    if not form.is_valid():
        return ""
    try:
        if waiting is not None and waiting.review.state == "returned":
            actions.supplement_change(
                request.actor, review_id=waiting.review_id, after=form.changes, text=form.cleaned_data["text"]
            )
            return gettext("%(number)s is handed back; its clock goes on.") % {"number": waiting.review.number}
        asked = actions.ask_for_change(request.actor, after=form.wanted(request.POST), key=form.cleaned_data["key"])
        return gettext("%(number)s waits for the vendor; nothing changes before it agrees.") % {"number": asked.number}
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict)
    return ""


def _shown(
    request: PageRequest,
    own: SeatCompany,
    asked: tuple[ChangeRow, ...],
    waiting: ChangeRow | None,
    form: CompanyForm | None,
) -> HttpResponse:
    actor, may_ask = request.actor, own.is_main and may(request.actor, Can.COMPANY_CHANGE)
    review, back = waiting.review if waiting else None, None
    if review is not None and review.state == "returned":
        back = last_turn(actor, review.id, "return")
    return render(
        request,
        "company/show.html",
        page=Page(gettext("Company information")),
        facts=_facts(own),
        main=_main(actor, own),
        is_main=own.is_main,
        waiting=waiting,
        state=review_words.now_state(actor, review, COMPANY_CHANGE, review.state == "returned") if review else None,
        back_text=back.text if back else "",
        back_reason=local(COMPANY_CHANGE.reasons[back.reason]) if back and back.reason else "",
        diff=review.facts["diff"] if review else (),
        events=review_words.timeline(review, COMPANY_CHANGE, turns(actor, review.id)) if review else (),
        form=form if may_ask else None,
        may_ask=may_ask,
        asked=[_before(actor, each) for each in asked if each.review.closed_at],
        dated=_dated(actor, own),
    )


def _facts(own: SeatCompany) -> tuple[Fact, ...]:
    words = COMPANY_CHANGE.fields
    facts = [Fact(local(words[field]), value or "—", user_text=True) for field, value in own.facts.items()]
    code = Fact(gettext("Unified social credit code"), own.uscc or "—")
    return (
        facts[0],
        code,
        *facts[1:],
        Fact(gettext("Contracting entity"), own.contracting_entity or "—", user_text=True),
    )


def _main(actor: Actor, own: SeatCompany) -> str:
    found = main_account(own.company_id)
    known = names([found])
    return local((known[found].zh, known[found].en)) if found in known else "—"


def _before(actor: Actor, change: ChangeRow) -> dict[str, object]:
    """A change that is over: what it was about and how it ended."""
    last = last_turn(actor, change.review_id, "approve", "reject", "withdraw", "expire")
    return {
        "number": change.review.number,
        "asked": start_day(change.asked_at),
        "ended": moment(change.review.closed_at),
        "badge": review_words.badge(change.review, False),
        "diff": change.review.facts["diff"],
        "reason": local(COMPANY_CHANGE.reasons[last.reason]) if last and last.reason else "",
        "text": last.text if last else "",
    }


def _dated(actor: Actor, own: SeatCompany) -> tuple[Event, ...]:
    """What the company was called, and where it sat, from when to when."""
    words = COMPANY_CHANGE.fields
    return tuple(
        Event(
            f"{local(words[row.field])}: {row.value or '—'}",
            f"{start_day(row.valid_from)} – {start_day(row.valid_to)}"
            if row.valid_to
            else gettext("since %(day)s") % {"day": start_day(row.valid_from)},
        )
        for row in company_facts(actor, own.company_id)
    )


@page(Can.COMPANY_CHANGE, methods=("POST",))
def withdraw(request: PageRequest, review_id: UUID) -> HttpResponse:
    """Take a change back that is not decided."""
    actions.withdraw_change(request.actor, review_id=review_id)
    return redirect_with_message(request, "company", gettext("The change is withdrawn; the company stays as it is."))


urlpatterns = [
    path("account/company/", show, name="company"),
    path("account/company/<uuid:review_id>/withdraw/", withdraw, name="withdraw-change"),
]
