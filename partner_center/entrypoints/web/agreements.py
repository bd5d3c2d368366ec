"""A partner's agreements: what waits for a signature, what is signed, and the yearly declaration of relationships."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import user_names
from partner_center.agreements.actions import declare_relationships, sign
from partner_center.agreements.queries import (
    SignatureRow,
    ToSign,
    VersionRow,
    declaration_holds_until,
    declarations,
    signatures,
    to_sign,
    version,
)
from partner_center.agreements.queries import signature as signature_of
from partner_center.agreements.rules import GOVERNED, RELATIONS
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.formats import due
from partner_center.entrypoints.web.forms.agreements import DeclareForm, SignForm
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.markdown import html
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.view_models import Badge, Cell, Column, Fact, NowState, Page
from partner_center.kernel.errors import NotAllowed, NotFound, Refused
from partner_center.partners.queries import account


@page(Can.AGREEMENT_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What waits for a signature, what is signed, and until when the declaration holds. Rules: L-034, L-035, L-040."""
    waiting, done = to_sign(request.actor), signatures(request.actor)
    people = user_names(each.user_id for each in done)
    return render(
        request,
        "agreements/index.html",
        page=Page(gettext("Commitments and agreements"), count=len(done)),
        waiting=[(each, state(each, request.actor.at)) for each in waiting],
        columns=_columns(),
        rows=[_row(each, local(people.get(each.user_id, ("—", "—")))) for each in done],
        declaration=_declaration(request),
        may_sign=may(request.actor, Can.AGREEMENT_SIGN),
    )


def state(each: ToSign, at: datetime) -> NowState:
    """What happens with an unsigned version, who acts, and what happens otherwise. Rules: L-040, L-041."""
    governed = _list([local(GOVERNED[name]) for name in each.version.governs if name in GOVERNED])
    term = due(each.due_at, at, zone(), language())
    who = gettext("the main account's administrator") if each.version.level == "company" else gettext("you")
    barred = gettext("barred until it is signed: %(what)s") % {"what": governed}
    later = gettext("from then on barred: %(what)s") % {"what": governed} if governed else gettext("nothing is barred")
    return NowState(
        kind="no" if each.barred else "act",
        now=gettext("waits for a signature"),
        who=who,
        by=f"{term.when} · {term.rest}" if governed else "",
        otherwise=barred if each.barred else later,
    )


def _list(words: list[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(words)


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Agreement / version"), "main"),
        Column(gettext("Signed by")),
        Column(gettext("Signed at")),
        Column(gettext("State"), "state"),
    )


def _row(each: SignatureRow, who: str) -> tuple[object, ...]:
    href = reverse("signed-agreement", args=[each.id])
    return (
        Cell(each.version.title(language()), f"v{each.version.number}", href=href),
        Cell(who, user_text=True),
        moment(each.signed_at),
        badge(each.version),
    )


def badge(each: VersionRow) -> Badge:
    if each.superseded_at is None:
        return Badge("ok", gettext("Latest version"))
    return Badge("end", gettext("Superseded"))


def _declaration(request: PageRequest) -> dict[str, Any]:
    own = account(request.actor, request.actor.seat_id)
    until, newest = declaration_holds_until(own.company_id), next(iter(declarations(request.actor)), None)
    holds = until is not None and until > request.actor.at
    return {"until": start_day(until) if until else "", "holds": holds, "newest": newest}


@page(Can.AGREEMENT_VIEW)
def read(request: PageRequest, version_id: UUID) -> HttpResponse:
    """The text, and its signing. Rules: L-030, L-039, L-041."""
    each = version(version_id)
    own = account(request.actor, request.actor.seat_id) if request.actor.audience == "partner" else None
    if own is None or own.site != each.site:
        raise NotFound("agreement")
    form = SignForm(request.POST if request.method == "POST" else None, initial={"sha256": each.sha256(language())})
    if form.is_valid():
        try:
            sign(request.actor, version_id=version_id, language=language(), text_sha256=form.cleaned_data["sha256"])
            text = gettext("%(title)s is signed.") % {"title": each.title(language())}
            return redirect_with_message(request, "agreements", text)
        except Refused as refused:
            form.add_refusal(refused)
    waiting = next((one for one in to_sign(request.actor) if one.version.id == version_id), None)
    return render(request, "agreements/read.html", **_text(each), **_signing(request, waiting, form))


def _text(each: VersionRow) -> dict[str, Any]:
    badge = (
        Badge("ok", gettext("Latest version")) if each.superseded_at is None else Badge("end", gettext("Superseded"))
    )
    return {
        "page": Page(each.title(language()), badge=badge, tags=(f"v{each.number}",)),
        "text": html(each.text(language())),
        "facts": (
            Fact(gettext("In force from"), start_day(each.effective_at)),
            Fact(gettext("Published at"), moment(each.published_at)),
            Fact(gettext("Digest of the text"), each.sha256(language())[:16] + "…"),
        ),
    }


def _signing(request: PageRequest, waiting: ToSign | None, form: SignForm) -> dict[str, Any]:
    return {
        "form": form,
        "state": state(waiting, request.actor.at) if waiting else None,
        "may_sign": bool(waiting) and may(request.actor, Can.AGREEMENT_SIGN),
        "before": waiting.signed_before if waiting else "",
    }


@page(Can.AGREEMENT_VIEW, methods=("GET",))
def signed(request: PageRequest, signature_id: UUID) -> HttpResponse:
    """A signature with the text that was signed. Rules: L-034."""
    if request.actor.audience != "partner":
        raise NotAllowed("partner")
    found = signature_of(request.actor, signature_id)
    return render(request, "agreements/signed.html", **_text(found.version), record=signature_facts(found), id=found.id)


def signature_facts(found: SignatureRow) -> tuple[Fact, ...]:
    who = user_names([found.user_id]).get(found.user_id, ("—", "—"))
    return (
        Fact(gettext("Signed by"), local(who), user_text=True),
        Fact(gettext("Signed at"), moment(found.signed_at)),
        Fact(gettext("From the address"), found.address or "—"),
        Fact(gettext("Language"), {"zh": "中文", "en": "English"}[found.language]),
        Fact(gettext("Digest of the text"), found.sha256),
    )


@page(Can.AGREEMENT_SIGN)
def relationships(request: PageRequest) -> HttpResponse:
    """Declare sensitive relationships, or that there are none. Rules: L-035, L-041, L-042."""
    form = DeclareForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            declare_relationships(request.actor, **form.declared(), key=form.cleaned_data["key"])
            return redirect_with_message(request, "agreements", gettext("The declaration is filed."))
        except Refused as refused:
            form.add_refusal(refused)
    history = [(each, _told(each.none_to_declare, len(each.relations))) for each in declarations(request.actor)]
    kinds = [(code, local(words)) for code, words in RELATIONS.items()]
    head = Page(gettext("Relationship declaration"), gettext("Once a year, and again whenever something changes."))
    return render(request, "agreements/relationships.html", page=head, form=form, history=history, kinds=kinds)


def _told(none: bool, many: int) -> str:
    return gettext("none") if none else ngettext("%(num)s relationship", "%(num)s relationships", many) % {"num": many}


urlpatterns = [
    path("agreements/", index, name="agreements"),
    path("agreements/relationships/", relationships, name="relationships"),
    path("agreements/<uuid:version_id>/", read, name="agreement"),
    path("agreements/signed/<uuid:signature_id>/", signed, name="signed-agreement"),
]
