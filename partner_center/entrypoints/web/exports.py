"""Exports: asking for a list as a file, the record of those asked for, and fetching the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core import signing
from django.http import FileResponse, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from partner_center.access.queries import names, user_names
from partner_center.entrypoints.export_words import KINDS, file_name
from partner_center.entrypoints.masks import mask
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.codes import Code
from partner_center.entrypoints.web.export_kinds import LISTS, Asked, asked
from partner_center.entrypoints.web.forms.base import CodeField, KeyedForm
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.refusals import rule_view
from partner_center.entrypoints.web.view_models import Action, Badge, BadgeKind, Choice, Column, Fact, Page, RuleView
from partner_center.exports import files
from partner_center.exports.actions import UNMASKED, download
from partner_center.exports.actions import request as request_export
from partner_center.exports.kinds import CANS, may_unmask, require_export
from partner_center.exports.queries import ExportRow, exports, exports_count
from partner_center.exports.rules import FORMATS, IN_FLIGHT
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound, Refused
from partner_center.policy.queries import pack

STATES: Mapping[str, tuple[BadgeKind, str, str]] = {
    "queued": ("wait", gettext_noop("Waiting"), ""),
    "running": ("wait", gettext_noop("Being made"), "loader-2"),
    "done": ("ok", gettext_noop("Done"), ""),
    "failed": ("no", gettext_noop("Failed"), ""),
    "expired": ("end", gettext_noop("Deleted"), "clock-off"),
}
REASONS = {
    "not_allowed": gettext_noop("Who asked for it may no longer read this list."),
    "too_many_rows": gettext_noop("The list grew beyond what a file holds; narrow it."),
    "tried_too_often": gettext_noop("It could not be made; ask for it again."),
}
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
SALT = "exports.asked"
# A question may lie open for a day; then the list is asked for anew.
OPEN_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Line:
    """An export as a row of the record."""

    id: UUID
    kind: str
    filters: str
    asked_at: str
    by: str
    badge: Badge
    note: str
    done: int | None
    of: int
    rows: str
    size: str
    masked: Badge
    expires: str
    actions: tuple[Action, ...]


class ExportForm(KeyedForm):
    """What the asker decides; what the list was narrowed to comes along, signed."""

    asked = forms.CharField(widget=forms.HiddenInput)
    masked = forms.ChoiceField(choices=(("yes", "yes"), ("no", "no")), initial="yes", label=gettext_lazy("Names"))
    file_format = forms.ChoiceField(
        choices=tuple((each, f".{each}") for each in FORMATS), initial="xlsx", label=gettext_lazy("File")
    )
    code = CodeField()


# The record ----------------------------------------------------------------------------------------------------------


@page(*CANS, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The exports of this account that the reader may fetch, newest first. Rules: S-254."""
    actor, listing = request.actor, Listing.of(request)
    found = exports(actor, listing.after, PAGE)
    people = user_names(row.user_id for row in found.rows)
    total = exports_count(actor)
    return render(
        request,
        "exports/index.html",
        page=Page(gettext("Exports"), count=total),
        lines=[_line(row, actor, people) for row in found.rows],
        columns=_columns(),
        pager=listing.pager(found, total),
        moving=any(row.state in IN_FLIGHT for row in found.rows),
        here=request.get_full_path(),
        days=pack(actor.site, actor.at).number("exports.kept_days"),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("List / narrowed to"), "main"),
        Column(gettext("Asked for at / by")),
        Column(gettext("State"), "state"),
        Column(gettext("Rows"), "amount"),
        Column(gettext("Size"), "amount"),
        Column(gettext("Names and contacts")),
        Column(gettext("Kept until")),
        Column(gettext("Actions"), "actions"),
    )


def _line(row: ExportRow, actor: Actor, people: Mapping[UUID, tuple[str, str]]) -> Line:
    state = "expired" if row.state == "done" and not row.is_kept(actor.at) else row.state
    kind, word, icon = STATES[state]
    ended = state in ("done", "expired")
    return Line(
        id=row.id,
        kind=gettext(KINDS[row.kind]),
        filters=in_words(row.parameters["words"][language()]),
        asked_at=formats.moment(row.asked_at, zone()),
        by=local(people.get(row.user_id, ("—", "—"))),
        badge=Badge(kind, gettext(word), icon),
        note=gettext(REASONS[row.reason]) if row.reason in REASONS else "",
        done=row.rows if state == "running" else None,
        of=max(row.expected_rows, row.rows, 1),
        rows=f"{row.rows:,}" if ended else f"≈ {row.expected_rows:,}",
        size=_size(row.size) if ended else "—",
        masked=Badge("end", gettext("Masked"), "eye-off") if row.masked else Badge("act", gettext("Unmasked"), "eye"),
        expires=formats.moment(row.expires_at, zone()),
        actions=_actions(row, state),
    )


def in_words(words: list[tuple[str, str, bool]]) -> str:
    """What a list is narrowed to, in one line."""
    colon, comma = ("：", "；") if language() == "zh" else (": ", "; ")
    return comma.join(f"{label}{colon}{value}" for label, value, _ in words) or gettext("the whole list")


def _size(size: int) -> str:
    return (
        f"{size:,} B" if size < 1024 else f"{size / 1024:,.1f} KB" if size < 1 << 20 else f"{size / (1 << 20):,.1f} MB"
    )


def _actions(row: ExportRow, state: str) -> tuple[Action, ...]:
    fetch = Action(gettext("Download"), reverse("export-file", args=[row.id]))
    narrowed = urlencode(row.parameters["address"])
    again = reverse("new-export", args=[row.kind]) + (f"?{narrowed}" if narrowed else "")
    return (*((fetch,) if state == "done" else ()), Action(gettext("Export again"), again))


@page(*CANS, methods=("GET",), seat=False)
def file(request: PageRequest, export_id: UUID) -> HttpResponse:
    """The file, to be saved and never shown; that it was fetched is kept before it goes. Rules: S-254, S-904."""
    row = download(request.actor, export_id=export_id)
    local_time = row.asked_at.astimezone(zone())
    response: Any = FileResponse(
        files.opened(row.file_name),
        as_attachment=True,
        filename=file_name(row.kind, local_time, row.file_format),
        content_type=TYPES[row.file_format],
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, response)


# Asking for one ------------------------------------------------------------------------------------------------------


@page(*CANS, code_for=UNMASKED, seat=False)
def new(request: PageRequest, kind: str) -> HttpResponse:
    """What is about to be exported, and whether names stay masked; then the worker is asked. Rules: S-254, S-412."""
    if kind not in LISTS:
        raise NotFound("kind")
    require_export(request.actor, kind, masked=True)
    if request.method != "POST":
        with seated(request.actor):
            what = asked(request, kind)
            form = ExportForm(initial={"asked": signing.dumps(asdict(what), salt=SALT, compress=True)})
            return _question(request, form, what)
    form = ExportForm(request.POST)
    what = _signed(request.POST.get("asked", ""), kind)
    refused: tuple[RuleView, ...] = ()
    if form.is_valid():
        try:
            return _ask(request, what, form.cleaned_data)
        except Refused as error:
            form.add_refusal(error, request.code)
            refused = tuple(rule_view(each) for each in error.outcomes if each.field != "code")
    with seated(request.actor):
        return _question(request, form, what, refused)


def _signed(text: str, kind: str) -> Asked:
    """The question as it was put; one that is not ours, or of yesterday, is none. Raises: NotFound."""
    try:
        found = Asked(**signing.loads(text, salt=SALT, max_age=OPEN_SECONDS))
    except (signing.BadSignature, TypeError):
        raise NotFound("export") from None
    if found.kind != kind:
        raise NotFound("export")
    return found


def _ask(request: PageRequest, what: Asked, said: Mapping[str, Any]) -> HttpResponse:
    request_export(
        request.actor,
        kind=what.kind,
        parameters={"filter": what.filter, "words": what.words, "address": what.address},
        expected_rows=what.rows,
        masked=said["masked"] == "yes",
        file_format=said["file_format"],
        key=said["key"],
    )
    return redirect_with_message(
        request, "exports", gettext("The file is being made. You can leave this page; it stays here when it is done.")
    )


def _question(request: PageRequest, form: ExportForm, what: Asked, refused: tuple[RuleView, ...] = ()) -> HttpResponse:
    actor, kind = request.actor, gettext(KINDS[what.kind])
    narrowed = urlencode(what.address)
    back = reverse(LISTS[what.kind].page) + (f"?{narrowed}" if narrowed else "")
    return render(
        request,
        "exports/new.html",
        page=Page(gettext("Export: %(list)s") % {"list": kind}),
        form=form,
        facts=_facts(actor, what),
        refused=refused,
        choices=_choices(actor, str(form["masked"].value() or "yes")),
        unmasks=may_unmask(actor),
        back=back,
        days=pack(actor.site, actor.at).number("exports.kept_days"),
        code=request.code,
        code_errors=_code_errors(form, request.code),
    )


def _code_errors(form: ExportForm, code: Code) -> tuple[Any, ...]:
    return form.field_errors("code") or code.errors


def _facts(actor: Actor, what: Asked) -> tuple[Fact, ...]:
    known = names([actor.seat])
    account = known.get(actor.seat_id)
    return (
        Fact(gettext("List"), gettext(KINDS[what.kind])),
        Fact(gettext("Narrowed to"), in_words(what.words[language()]), user_text=bool(what.words[language()])),
        Fact(gettext("Rows"), gettext("%(num)s as of now") % {"num": f"{what.rows:,}"}),
        Fact(gettext("Account"), local((account.zh, account.en)) if account else "—", user_text=True),
    )


def _choices(actor: Actor, chosen: str) -> tuple[Choice, ...]:
    masked = Choice(
        "yes",
        gettext("Masked"),
        gettext("Names, phone numbers and e-mail addresses as %(example)s; account numbers stay.")
        % {"example": mask("13912344471")},
        checked=chosen != "no" or not may_unmask(actor),
    )
    if not may_unmask(actor):
        return (masked,)
    effect = gettext("As they are. Who asked is kept in the audit, and nobody else can fetch the file.")
    return (masked, Choice("no", gettext("Unmasked"), effect, checked=chosen == "no"))


urlpatterns = [
    path("exports/", index, name="exports"),
    path("exports/new/<slug:kind>/", new, name="new-export"),
    path("exports/<uuid:export_id>/file/", file, name="export-file"),
]
