"""Files of vouchers: the list of them, one with its rows and buttons, its result file, undoing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.web import batch_files, batch_shown, formats
from partner_center.entrypoints.web.batch_shown import ROW_STATES, STATES
from partner_center.entrypoints.web.forms.base import NEEDS_CODE, KeyedForm
from partner_center.entrypoints.web.forms.vouchers import ReclaimForm
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.limits_shown import scope_facts
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import from_number
from partner_center.entrypoints.web.quotas import tabs
from partner_center.entrypoints.web.refusals import conflict_text, rule_views
from partner_center.entrypoints.web.view_models import Action, Cell, Column, Confirm, Fact, Page, Pager, Tab
from partner_center.kernel.errors import Conflict, Refused
from partner_center.kernel.rules import Outcome
from partner_center.policy.queries import pack
from partner_center.vouchers.actions import check_batch, discard_batch, issue_batch, undo_batch
from partner_center.vouchers.queries import (
    BatchFilter,
    BatchRow,
    QuotaFilter,
    batch_counts,
    batch_detail,
    batch_lines,
    batch_lines_all,
    batches,
    quotas,
)

LINES = 50


@page(Can.VOUCHER_ISSUE, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """The partner's files, newest first; also those of one quota only. Rules: S-370."""
    actor, listing = request.actor, Listing.of(request, "q", "state", "quota")
    quota = _uuid(listing.value("quota"))
    state = listing.value("state")
    wanted = BatchFilter((state,) if state in STATES else (), listing.value("q"), quota)
    found = batches(actor, wanted, listing.after, PAGE)
    counts = batch_counts(actor, BatchFilter(quota_id=quota))
    total = sum(counts.values())
    words = [(name, gettext(word), counts.get(name, 0)) for name, (_, word, _) in STATES.items()]
    return render(
        request,
        "vouchers/batches.html",
        page=Page(gettext("Mass issues"), count=total),
        tabs=tabs(request),
        chips=listing.chips("state", words, total),
        filter=listing.filter(gettext("Batch number or file name"), keep=("state", "quota")),
        columns=_columns(pack(actor.site, actor.at).currency),
        rows=[_row(row, actor.at) for row in found.rows],
        pager=listing.pager(found, None if listing.is_narrowed else total),
        listing=listing,
        only=_only(found.rows, quota),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _only(rows: tuple[BatchRow, ...], quota: UUID | None) -> str:
    if quota is None:
        return ""
    return gettext("Only those from %(quota)s.") % {"quota": rows[0].quota_number if rows else str(quota)}


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / from"), "main"),
        Column(gettext("File")),
        Column(gettext("Rows"), "amount", minor=True),
        Column(gettext("Good"), "amount"),
        Column(gettext("Bad"), "amount"),
        Column(gettext("Total"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Uploaded"), minor=True),
    )


def _row(row: BatchRow, at: Any) -> tuple[object, ...]:
    href = reverse("voucher-batch", args=[row.id])
    done = gettext("%(done)s of %(rows)s") % {"done": f"{row.done:,}", "rows": f"{row.rows:,}"}
    return (
        Cell(row.number, from_number(row.quota_number), href),
        Cell(row.file_name or "—", user_text=bool(row.file_name)),
        row.rows,
        row.good,
        row.bad,
        Cell(row.total, done if row.state == "issuing" else ""),
        batch_shown.badge(row),
        Cell(formats.moment(row.uploaded_at, zone(), at), local(row.uploaded_by), user_text=True),
    )


# One file --------------------------------------------------------------------------------------------------------


@page(Can.VOUCHER_ISSUE, code_for="vouchers.issue")
def show(request: PageRequest, batch_id: UUID) -> HttpResponse:
    """One file with what its rows would come to, or came to; posted, it is issued. Rules: S-366, S-371 to S-378."""
    form = KeyedForm(request.POST if request.method == "POST" else None)
    broken: tuple[Outcome, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            done = issue_batch(request.actor, batch_id=batch_id, key=form.cleaned_data["key"])
        except Refused as refused:
            broken = _with_code(request, refused)
        except Conflict as conflict:
            return redirect_with_message(request, "voucher-batch", conflict_text(conflict), level=30, batch_id=batch_id)
        else:
            return redirect_with_message(request, "voucher-batch", _said(done.state, done.issued), batch_id=batch_id)
    return _page(request, batch_detail(request.actor, batch_id), form, broken)


def _with_code(request: PageRequest, refused: Refused) -> tuple[Outcome, ...]:
    """Of a code entered wrongly what is wrong with it, not also that one is needed."""
    tried = request.code.refusal
    return (*(each for each in refused.outcomes if not (tried and each.code == NEEDS_CODE)), *tried)


def _said(state: str, issued: int) -> str:
    if state == "issuing":
        return gettext("Issuing has begun; it goes on when you leave this page.")
    return ngettext("%(num)s voucher issued.", "%(num)s vouchers issued.", issued) % {"num": f"{issued:,}"}


def _page(request: PageRequest, row: BatchRow, form: KeyedForm, broken: tuple[Outcome, ...]) -> HttpResponse:
    actor, listing = request.actor, Listing.of(request, "status")
    balance = quotas(actor, QuotaFilter(numbers=(row.quota_number,))).rows[0].balance
    status = listing.value("status") or ("refused" if row.bad and row.state == "checked" else "all")
    after = int(listing.after) if listing.after.isdecimal() and len(listing.after) < 9 else 0
    found = batch_lines(actor, row.id, status="" if status == "all" else status, after=after, limit=LINES)
    return render(
        request,
        "vouchers/batch.html",
        status=422 if broken else 200,
        page=Page(row.number, subtitle=row.file_name, badge=batch_shown.badge(row), user_text=True),
        row=row,
        form=form,
        state=batch_shown.now_state(row, actor),
        job=batch_shown.job(row) if row.state == "issuing" else None,
        refused=rule_views(broken),
        balance=balance,
        after=balance - row.total,
        facts=_facts(row),
        chips=_chips(listing, row, status),
        lines=batch_shown.lines(found[:LINES]),
        pager=_pager(listing, found, status),
        events=batch_shown.events(row, actor),
        submit=ngettext("Issue %(num)s voucher", "Issue %(num)s vouchers", row.good) % {"num": f"{row.good:,}"},
        actions=_actions(row),
    )


def _facts(row: BatchRow) -> tuple[Fact, ...]:
    facts = [
        Fact(gettext("From quota"), row.quota_number, href=reverse("quota", args=[row.quota_id])),
        *scope_facts(row.scope),
        Fact(gettext("Uploaded by"), local(row.uploaded_by) or "—", user_text=True),
        Fact(gettext("Uploaded"), formats.moment(row.uploaded_at, zone())),
        Fact(gettext("Last checked"), formats.moment(row.checked_at, zone())),
    ]
    if row.committed_at:
        facts.append(Fact(gettext("Issued by"), local(row.committed_by) or "—", user_text=True))
        facts.append(Fact(gettext("Issued at"), formats.moment(row.committed_at, zone())))
    if row.held.minor:
        facts.append(Fact(gettext("Taken out of the quota at once"), formats.money(row.held)))
    return tuple(facts)


def _chips(listing: Listing, row: BatchRow, status: str) -> tuple[Tab, ...]:
    """The statuses that rows of the file can have now, with how many have each."""
    words = {name: gettext(word) for name, (_, word) in ROW_STATES.items()}
    last = "undone" if row.state == "undone" else "issued"
    known = [
        ("refused", words["refused"], row.bad),
        ("warned", gettext("Worth a look"), row.warned),
        ("ready", words["ready"], row.rows - row.bad - row.issued),
        (last, words[last], row.issued),
    ]
    every = Tab(gettext("All"), listing.href(status="all"), row.rows, status == "all")
    return (every, *(Tab(word, listing.href(status=name), many, status == name) for name, word, many in known if many))


def _pager(listing: Listing, found: tuple[Any, ...], status: str) -> Pager:
    shown = found[:LINES]
    text = gettext("%(num)s on this page") % {"num": len(shown)}
    here = Listing(listing.path, {"status": status}, listing.after, listing.trail)
    return Pager(
        text, previous=here.previous_href(), next=here.next_href(str(shown[-1].number) if len(found) > LINES else None)
    )


def _actions(row: BatchRow) -> tuple[Action, ...]:
    result = Action(gettext("Result file"), reverse("voucher-batch-result", args=[row.id]), icon="download")
    if row.state == "checked":
        again = Action(
            gettext("Check again"), reverse("check-voucher-batch", args=[row.id]), method="post", icon="refresh"
        )
        away = Action(gettext("Discard"), reverse("discard-voucher-batch", args=[row.id]), method="post", icon="trash")
        return (away, again, result)
    if row.state == "issued":
        undo_ = Action(gettext("Undo…"), reverse("undo-voucher-batch", args=[row.id]), "danger", icon="arrow-back-up")
        issued = Action(gettext("Its vouchers"), f"{reverse('vouchers')}?issue={row.id}", icon="ticket")
        return (undo_, issued, result)
    return (result,)


@page(Can.VOUCHER_ISSUE, methods=("GET",))
def progress(request: PageRequest, batch_id: UUID) -> HttpResponse:
    """How far a file that is being issued has come, for the part of its page that shows it."""
    row = batch_detail(request.actor, batch_id)
    response = render(request, "vouchers/_progress.html", row=row, job=batch_shown.job(row))
    if row.state != "issuing":
        response["HX-Refresh"] = "true"
    return response


@page(Can.VOUCHER_ISSUE, methods=("GET",))
def result(request: PageRequest, batch_id: UUID) -> HttpResponse:
    """Every row with its one status, as a workbook."""
    row = batch_detail(request.actor, batch_id)
    return batch_files.result_xlsx(row.number, map(batch_shown.line, batch_lines_all(request.actor, batch_id)))


@page(Can.VOUCHER_ISSUE, methods=("POST",))
def check(request: PageRequest, batch_id: UUID) -> HttpResponse:
    """Look at the rows again, as things stand now."""
    check_batch(request.actor, batch_id=batch_id)
    return redirect_with_message(
        request, "voucher-batch", gettext("Checked; nothing is issued yet."), batch_id=batch_id
    )


@page(Can.VOUCHER_ISSUE, methods=("POST",))
def discard(request: PageRequest, batch_id: UUID) -> HttpResponse:
    """Give the file up."""
    done = discard_batch(request.actor, batch_id=batch_id)
    text = gettext("%(number)s is discarded; nothing was issued.") % {"number": done.number}
    return redirect_with_message(request, "voucher-batches", text)


# Undoing -----------------------------------------------------------------------------------------------------------


@page(Can.VOUCHER_ISSUE, code_for="vouchers.issue")
def undo(request: PageRequest, batch_id: UUID) -> HttpResponse:
    """Ask, then take every voucher of the file back at once. Rules: S-378, S-399, S-402."""
    row, broken = batch_detail(request.actor, batch_id), tuple[Outcome, ...]()
    form = ReclaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            undo_batch(
                request.actor, batch_id=batch_id, remark=form.cleaned_data["remark"], key=form.cleaned_data["key"]
            )
        except Refused as refused:
            broken = _with_code(request, refused)
        else:
            text = gettext("Undone: %(amount)s is back in the quota.") % {"amount": formats.money(row.total)}
            return redirect_with_message(request, "voucher-batch", text, batch_id=batch_id)
    return render(
        request,
        "vouchers/reclaim.html",
        status=422 if broken else 200,
        page=Page(gettext("Undo %(number)s") % {"number": row.number}),
        form=form,
        confirm=_confirm(request, row, form) if row.state == "issued" else None,
        refused=rule_views(broken),
        left_out=(),
        cancel=reverse("voucher-batch", args=[batch_id]),
    )


def _confirm(request: PageRequest, row: BatchRow, form: ReclaimForm) -> Confirm:
    code, amount = request.code, formats.money(row.total)
    return Confirm(
        question=ngettext("Take back %(num)s voucher?", "Take back all %(num)s vouchers?", row.issued)
        % {"num": f"{row.issued:,}"},
        effect=gettext("%(amount)s returns to %(home)s in one go. It cannot be undone.")
        % {"amount": amount, "home": row.quota_number},
        action=reverse("undo-voucher-batch", args=[row.id]),
        button=gettext("Take back %(amount)s") % {"amount": amount},
        bullets=(
            gettext("Only while no voucher was used, is held by an order, or has ended"),
            gettext("The customers no longer see these vouchers; you keep the record"),
        ),
        code_sent_to=code.sent_to if code.needed else "",
        code_send_action=code.send_action if code.needed else "",
        code_errors=code.errors,
        fields=(("key", str(form["key"].value())),),
        cancel_href=reverse("voucher-batch", args=[row.id]),
    )


urlpatterns = [
    path("vouchers/batches/", index, name="voucher-batches"),
    path("vouchers/batches/<uuid:batch_id>/", show, name="voucher-batch"),
    path("vouchers/batches/<uuid:batch_id>/progress/", progress, name="voucher-batch-progress"),
    path("vouchers/batches/<uuid:batch_id>/result.xlsx", result, name="voucher-batch-result"),
    path("vouchers/batches/<uuid:batch_id>/check/", check, name="check-voucher-batch"),
    path("vouchers/batches/<uuid:batch_id>/discard/", discard, name="discard-voucher-batch"),
    path("vouchers/batches/<uuid:batch_id>/undo/", undo, name="undo-voucher-batch"),
]
