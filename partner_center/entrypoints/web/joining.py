"""Joining the partner network: the public form, the mailed links, the applicant's own page. Nobody signs in before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext

from partner_center.access import throttle
from partner_center.access.actions import needs_password
from partner_center.entrypoints.web import review_words
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.forms.base import Form
from partner_center.entrypoints.web.forms.joining import ApplyForm, MendForm, PasswordForm
from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.page import public_page, redirect_with_message, render
from partner_center.entrypoints.web.places import address_of, request_id_of, site_of
from partner_center.entrypoints.web.standing_words import identity
from partner_center.entrypoints.web.view_models import Fact, NowState, Page
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, DomainError, Refused
from partner_center.policy.queries import pack
from partner_center.programmes import actions, links, queries
from partner_center.programmes.queries import ApplicationRow
from partner_center.programmes.rules import JOINING
from partner_center.reviews.queries import ReviewRow, last_turn, review, turns

HOUR = 3600


def guest(request: HttpRequest) -> Actor:
    """Whoever applies has no account and no seat: the product acts for them, on what their link names."""
    return Actor(
        audience="system",
        system="L-020: an applicant without an account",
        at=timezone.now(),
        site=site_of(request),
        language=language(),
        request_id=request_id_of(request),
        address=address_of(request),
    )


@public_page()
def apply(request: HttpRequest) -> HttpResponse:
    """Apply to join; every error at once. So many an hour from one address. Rules: L-011, L-020, L-021, L-039."""
    actor = guest(request)
    form, status = ApplyForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422
        if _too_many(actor, request.POST.get("email", "")):
            form.add_error(None, gettext("Too many applications from your address; try again in an hour."))
            status = 429
        elif number := _applied(actor, form):
            return HttpResponseRedirect(f"{reverse('join-sent')}?number={number}")
    return render(
        request, "joining/apply.html", page=Page(gettext("Join the partner network")), form=form, status=status
    )


def _too_many(actor: Actor, email: str) -> bool:
    """By the sender's address, and by the mailbox that the links would fill."""
    most = pack(actor.site, actor.at).number("joining.applications_per_hour")
    mailbox = "".join(sign for sign in email.strip().lower() if sign.isprintable())
    buckets = [f"join:{actor.address}", *([f"join:mail:{mailbox}"] if mailbox else [])]
    return any(throttle.count(bucket, HOUR).exceeds(most) for bucket in buckets)


def _applied(actor: Actor, form: ApplyForm) -> str:
    """The application's number. What the rules say is told together with what is wrong in the fields."""
    try:
        if form.is_valid():
            return actions.apply(actor, **form.cleaned_data).number
        with seated(actor):
            given = {name: str(form.data.get(name, "")).strip()[:64] for name in ("identity", "uscc", "login")}
            if all(text.isprintable() for text in given.values()):
                for outcome in actions.apply_check(actor, accepts=bool(form.data.get("accepts")), **given):
                    form.add_broken(outcome)
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict)
    return ""


@public_page(methods=("GET",))
def sent(request: HttpRequest) -> HttpResponse:
    """What happens next; it says the same whatever number is asked for."""
    number = "".join(sign for sign in request.GET.get("number", "")[:20] if sign.isalnum() or sign == "-")
    hours = pack(site_of(request), timezone.now()).number("joining.confirm_hours")
    page = Page(gettext("Confirm your e-mail address"))
    return render(request, "joining/sent.html", page=page, number=number, hours=hours)


@public_page()
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: it asks before it acts, since programs follow links in mails; pressed, it works once."""
    actor = guest(request)
    row = _of_link(actor, token, "confirm")
    state_href = reverse("join-state", args=[links.sign(row.id, "state")])
    if row.state != "draft":
        return HttpResponseRedirect(state_href)
    refused: DomainError | None = None
    if request.method == "POST":
        try:
            actions.confirm(actor, application_id=row.id)
            return redirect_with_message(request, state_href, gettext("Your e-mail address is confirmed."))
        except (Refused, Conflict) as error:
            refused = error
    form = _told(refused)
    page = Page(gettext("Confirm your e-mail address"))
    return render(request, "joining/confirm.html", page=page, row=row, form=form, status=422 if refused else 200)


def _told(refused: DomainError | None) -> Form:
    """A form without fields that says why not."""
    form = Form({} if refused else None)
    if isinstance(refused, Refused):
        form.add_refusal(refused)
    elif isinstance(refused, Conflict):
        form.add_conflict(refused)
    return form


def _of_link(actor: Actor, token: str, purpose: links.Purpose) -> ApplicationRow:
    """The application a link names, on the site whose address was called. Raises: NotFound."""
    life = timedelta(days=pack(actor.site, actor.at).number("joining.link_days"))
    with seated(actor):
        return queries.application(actor, links.read(token, purpose, life))


@public_page()
def state(request: HttpRequest, token: str) -> HttpResponse:
    """How the application stands; what was returned is mended here, and the first password chosen. Rules: L-020."""
    actor = guest(request)
    row = _of_link(actor, token, "state")
    with seated(actor):
        waiting = review(actor, row.review_id) if row.review_id else None
        choosing = bool(row.user_id and needs_password(actor, row.user_id))
    form = _form(request, row, waiting, choosing)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            return _did(request, actor, row, form)
        except Refused as refused:
            form.add_refusal(refused)
        except Conflict as conflict:
            form.add_conflict(conflict)
    return _shown(request, actor, row, waiting, form, token)


def _form(request: HttpRequest, row: ApplicationRow, waiting: ReviewRow | None, choosing: bool) -> Form | None:
    sent_ = request.POST if request.method == "POST" else None
    if choosing:
        return PasswordForm(sent_)
    if waiting is not None and waiting.state == "returned":
        initial = {name: getattr(row, name) for name in JOINING.fields}
        return MendForm(sent_, initial=initial, reopened=waiting.fields)
    return None


def _did(request: HttpRequest, actor: Actor, row: ApplicationRow, form: Form) -> HttpResponse:
    if isinstance(form, PasswordForm):
        actions.choose_password(actor, application_id=row.id, password=form.cleaned_data["password"])
        return redirect_with_message(
            request, "login", gettext("Your password is set; sign in as %(login)s.") % {"login": row.login}
        )
    mended = {name: form.cleaned_data[name] for name in JOINING.fields}
    actions.supplement_joining(actor, application_id=row.id, mended=mended, text=form.cleaned_data["text"])
    return redirect_with_message(request, request.path, gettext("Handed back; the reviewer's clock goes on."))


@public_page(methods=("POST",))
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take the application back."""
    actor = guest(request)
    row = _of_link(actor, token, "state")
    actions.withdraw_joining(actor, application_id=row.id)
    return redirect_with_message(request, "join-state", gettext("The application is withdrawn."), token=token)


def _shown(
    request: HttpRequest,
    actor: Actor,
    row: ApplicationRow,
    waiting: ReviewRow | None,
    form: Form | None,
    token: str,
) -> HttpResponse:
    said: dict[str, Any] = {"events": (), "back": None}
    if waiting is not None:
        with seated(actor):
            said["events"] = review_words.timeline(waiting, JOINING, turns(actor, waiting.id))
            said["back"] = last_turn(actor, waiting.id, "return", "reject")
            now = review_words.now_state(actor, waiting, JOINING, waiting.state == "returned")
    else:
        now = _own_state(row)
    return render(
        request,
        "joining/state.html",
        page=Page(gettext("Application %(number)s") % {"number": row.number}),
        row=row,
        now=now,
        facts=_facts(row),
        form=form,
        is_password=isinstance(form, PasswordForm),
        may_withdraw=waiting is not None and waiting.state in ("open", "returned"),
        token=token,
        reasons=JOINING.reasons,
        **said,
    )


def _own_state(row: ApplicationRow) -> NowState:
    """How an application stands that was in no review."""
    if row.state == "draft":
        return NowState(
            "act",
            gettext("Waits for the e-mail address to be confirmed"),
            gettext("you"),
            moment(row.link_ends_at),
            gettext("it lapses, and you may apply again"),
        )
    if row.state == "joined":
        return NowState("ok", gettext("Joined on %(at)s") % {"at": moment(row.closed_at)})
    return NowState("end", gettext("Lapsed: the address was not confirmed in time; you may apply again"))


def _facts(row: ApplicationRow) -> tuple[Fact, ...]:
    return (
        Fact(gettext("Company name"), row.name_zh, user_text=True),
        Fact(gettext("Unified social credit code"), row.uscc or "—"),
        Fact(gettext("Identity"), identity(row.identity)),
        Fact(gettext("Cloud account"), row.account_name or "—", user_text=True),
        Fact(gettext("Login name"), row.login),
        Fact(gettext("E-mail"), row.email),
        Fact(gettext("Applied on"), moment(row.asked_at)),
    )


urlpatterns = [
    path("join/", apply, name="join"),
    path("join/sent/", sent, name="join-sent"),
    path("join/confirm/<str:token>/", confirm, name="join-confirm"),
    path("join/state/<str:token>/", state, name="join-state"),
    path("join/state/<str:token>/withdraw/", withdraw, name="join-withdraw"),
]
