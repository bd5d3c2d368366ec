"""Reversals by two persons: what of a quota moved, asking for one of it back, and the second person's decision."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_noop

from partner_center.access.permissions import Can
from partner_center.access.queries import user_names
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.quota_terms import DeclineForm, ReversalForm
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import named
from partner_center.entrypoints.web.refusals import conflict_text
from partner_center.entrypoints.web.view_models import Action, Badge, BadgeKind, Cell, Column, Confirm, Fact, Page
from partner_center.fence.paging import Paged
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.kernel.money import Money
from partner_center.ledger.queries import EntryRow, entries_of, reversed_among, transfer
from partner_center.vouchers import actions
from partner_center.vouchers.queries import (
    ReversalRow,
    quota_detail,
    reversal_counts,
    reversal_request,
    reversal_requests,
    waiting_reversals,
)

KINDS = {
    "quota.grant": gettext_noop("Grant of quota"),
    "quota.pass_on": gettext_noop("Passing on to resellers"),
    "quota.reclaim": gettext_noop("Reclaim from a reseller"),
    "quota.adjust": gettext_noop("Adjustment of the value"),
    "quota.invalidate": gettext_noop("Setting invalid"),
    "quota.lapse": gettext_noop("Lapse at the end"),
    "voucher.issue": gettext_noop("Issue of vouchers"),
    "voucher.reclaim": gettext_noop("Reclaim of vouchers"),
    "voucher.expire": gettext_noop("Expiry of vouchers"),
}
EFFECTS = {
    "quota.grant": gettext_noop("The quota ends and its value returns to the vendor's book"),
    "quota.pass_on": gettext_noop("The resellers' parts end and their value returns to the quota"),
    "quota.reclaim": gettext_noop("The resellers have their parts back, with the terms the quota has by now"),
    "quota.adjust": gettext_noop("The value is what it was before; end and scope stay as they are"),
    "quota.invalidate": gettext_noop("The quota is valid again, with the parts that ended with it"),
    "voucher.issue": gettext_noop("The customers' vouchers end and their value returns to the quota"),
    "voucher.reclaim": gettext_noop("The customers have their vouchers back with what was left of them"),
}
STATES: dict[str, tuple[BadgeKind, str, str]] = {
    "waiting": ("wait", gettext_noop("Waiting for a second person"), ""),
    "approved": ("ok", gettext_noop("Reversed"), ""),
    "declined": ("no", gettext_noop("Declined"), ""),
    "cancelled": ("end", gettext_noop("Taken back"), "arrow-back-up"),
}


def kind_word(kind: str) -> str:
    """What a movement is called; a reversal by what it reversed."""
    if kind.endswith(".reversed"):
        return gettext("Reversal: %(what)s") % {"what": kind_word(kind.removesuffix(".reversed"))}
    return gettext(KINDS[kind]) if kind in KINDS else kind


# What moved ----------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_REVERSE, methods=("GET",))
def movements(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """What moved in and out of a quota's free balance, each with whether it can be asked back. Rules: S-366."""
    actor, listing = request.actor, Listing.of(request)
    row = quota_detail(actor, quota_id).row
    found = entries_of(actor, quota_id, before=_uuid(listing.after), limit=PAGE + 1)
    shown = found[:PAGE]
    paged = Paged(shown, str(shown[-1].transfer_id) if len(found) > PAGE else None)
    ids = [each.transfer_id for each in shown]
    undone, waiting = reversed_among(ids), waiting_reversals(actor, ids)
    people = user_names(each.actor_user_id for each in shown)
    return render(
        request,
        "vendor/reversals/movements.html",
        page=Page(gettext("Movements of %(quota)s") % {"quota": row.number}, subtitle=named(row.partner)),
        columns=_movement_columns(row.value.currency),
        rows=[_movement(each, undone, waiting, people, actor) for each in shown],
        pager=listing.pager(paged),
        back=reverse("vendor-quota", args=[quota_id]),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _movement_columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Movement"), "main"),
        Column(gettext("Amount"), "money", currency),
        Column(gettext("Free after it"), "amount", currency),
        Column(gettext("When")),
        Column(gettext("By")),
        Column(gettext("Actions"), "actions"),
    )


def _movement(
    entry: EntryRow, undone: set[UUID], waiting: dict[UUID, UUID], people: dict[UUID, tuple[str, str]], actor: Actor
) -> tuple[object, ...]:
    who = people.get(entry.actor_user_id) if entry.actor_user_id else None
    return (
        Cell(kind_word(entry.kind), entry.reason),
        Cell(entry.amount, sign=True),
        entry.balance_after,
        formats.moment(entry.at, zone(), actor.at),
        local(who) if who else gettext("the system"),
        [_way_back(entry, undone, waiting)],
    )


def _way_back(entry: EntryRow, undone: set[UUID], waiting: dict[UUID, UUID]) -> Action:
    label = gettext("Ask for reversal")
    if entry.transfer_id in waiting:
        return Action(gettext("Reversal asked for"), reverse("reversal", args=[waiting[entry.transfer_id]]))
    if entry.transfer_id in undone or entry.reverses_id:
        return Action(label, reason=gettext("reversed") if entry.transfer_id in undone else gettext("a reversal"))
    if entry.kind not in actions.REVERSIBLE:
        return Action(label, reason="—")
    return Action(label, reverse("ask-reversal", args=[entry.transfer_id]))


# Asking --------------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_REVERSE)
def ask(request: PageRequest, transfer_id: UUID) -> HttpResponse:
    """Ask with a reason; what would stop it is said before. Rules: S-361, S-366."""
    actor = request.actor
    found = transfer(actor, transfer_id)
    came = [amount for _, amount in found.entries if amount.minor > 0]
    moved = Money.total(came, came[0].currency)
    form = ReversalForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (asked := _asked(request, form, transfer_id)):
        text = gettext("Asked for. %(amount)s is reversed when a second person agrees.")
        return redirect_with_message(request, "reversal", text % {"amount": formats.money(moved)}, request_id=asked)
    stops = actions.why_not(actor, transfer_id)
    return render(
        request,
        "vendor/reversals/ask.html",
        page=Page(gettext("Ask for a reversal")),
        form=form,
        stops=conflict_text(stops) if stops else "",
        confirm=_asking(request, found.transfer.kind, moved),
        facts=_facts_of(found.transfer.kind, moved, found.transfer.at, found.transfer.reason),
        cancel=reverse("reversals"),
    )


def _asked(request: PageRequest, form: ReversalForm, transfer_id: UUID) -> UUID | None:
    given = form.cleaned_data
    try:
        return actions.ask_reversal(request.actor, transfer_id=transfer_id, reason=given["reason"], key=given["key"])
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict)
    return None


def _asking(request: PageRequest, kind: str, moved: Money) -> Confirm:
    return Confirm(
        question=gettext("Ask to reverse: %(what)s?") % {"what": kind_word(kind)},
        effect=gettext(EFFECTS[kind]) + ("。" if language() == "zh" else ".") if kind in EFFECTS else "",
        action=request.path,
        button=gettext("Ask to reverse %(amount)s") % {"amount": formats.money(moved)},
        bullets=(
            gettext("Nothing moves before another person with this permission agrees"),
            gettext("What is used until then cannot be reversed any more"),
        ),
        cancel_href=reverse("reversals"),
    )


def _facts_of(kind: str, moved: Money, at: object, reason: str) -> tuple[Fact, ...]:
    return (
        Fact(gettext("Movement"), kind_word(kind)),
        Fact(gettext("Amount"), moved),
        Fact(gettext("When"), formats.moment(at, zone())),  # type: ignore[arg-type]
        *([Fact(gettext("Reason"), reason, user_text=True)] if reason else []),
    )


# The list ------------------------------------------------------------------------------------------------------------


@page(Can.VENDOR_REVERSE, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What waits for a second person, and what was decided. Rules: S-366."""
    actor, listing = request.actor, Listing.of(request, "state")
    state = listing.value("state") if listing.value("state") in STATES else ""
    found = reversal_requests(actor, state, listing.after, PAGE)
    counts = reversal_counts(actor)
    total = sum(counts.values())
    words = [(each, gettext(word), counts.get(each, 0)) for each, (_, word, _) in STATES.items()]
    return render(
        request,
        "vendor/reversals/index.html",
        page=Page(gettext("Reversals"), count=total),
        chips=listing.chips("state", words, total),
        columns=_columns(),
        rows=[_row(row, actor) for row in found.rows],
        pager=listing.pager(found, counts.get(state, 0) if state else total),
        listing=listing,
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Movement / quota"), "main"),
        Column(gettext("Partner")),
        Column(gettext("Amount"), "money"),
        Column(gettext("State"), "state"),
        Column(gettext("Asked by")),
        Column(gettext("Decided by")),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: ReversalRow, actor: Actor) -> tuple[object, ...]:
    href = reverse("reversal", args=[row.id])
    decided = Cell(local(row.decider), formats.moment(row.decided_at, zone(), actor.at)) if row.decided_at else "—"
    return (
        Cell(kind_word(row.kind), row.quota_number, href),
        Cell(named(row.partner), user_text=True),
        Cell(formats.money(row.amount)),
        _badge(row),
        Cell(local(row.asker), formats.moment(row.asked_at, zone(), actor.at)),
        decided,
        [Action(gettext("Decide") if _may_decide(row, actor) else gettext("Details"), href)],
    )


def _badge(row: ReversalRow) -> Badge:
    kind, word, icon = STATES[row.state]
    return Badge(kind, gettext(word), icon)


def _may_decide(row: ReversalRow, actor: Actor) -> bool:
    return row.state == "waiting" and row.asked_by != actor.user_id


# One, and the decision -----------------------------------------------------------------------------------------------


@page(Can.VENDOR_REVERSE, methods=("GET",))
def show(request: PageRequest, request_id: UUID) -> HttpResponse:
    """One request: what it would do, what would stop it, and who may decide. Rules: S-366."""
    return _shown(request, reversal_request(request.actor, request_id), DeclineForm())


def _shown(request: PageRequest, row: ReversalRow, form: DeclineForm) -> HttpResponse:
    actor = request.actor
    stops = actions.why_not(actor, row.transfer_id) if row.state == "waiting" else None
    return render(
        request,
        "vendor/reversals/show.html",
        page=Page(kind_word(f"{row.kind}.reversed"), subtitle=named(row.partner), badge=_badge(row)),
        row=row,
        facts=_facts(row),
        effect=gettext(EFFECTS.get(row.kind, "")) if row.kind in EFFECTS else "",
        stops=conflict_text(stops) if stops else "",
        form=form,
        may_decide=_may_decide(row, actor),
        is_mine=row.asked_by == actor.user_id,
        movements=reverse("quota-movements", args=[row.quota_id]),
    )


def _facts(row: ReversalRow) -> tuple[Fact, ...]:
    facts = [
        Fact(gettext("Amount"), row.amount),
        Fact(gettext("Quota"), row.quota_number, href=reverse("vendor-quota", args=[row.quota_id])),
        Fact(gettext("Partner"), named(row.partner), user_text=True),
        Fact(gettext("Reason"), row.reason, user_text=True),
        Fact(gettext("Asked by"), f"{local(row.asker)} · {formats.moment(row.asked_at, zone())}"),
    ]
    if row.decided_at:
        facts.append(Fact(gettext("Decided by"), f"{local(row.decider)} · {formats.moment(row.decided_at, zone())}"))
    if row.answer:
        facts.append(Fact(gettext("Why not"), row.answer, user_text=True))
    return tuple(facts)


@page(Can.VENDOR_REVERSE, methods=("POST",))
def approve(request: PageRequest, request_id: UUID) -> HttpResponse:
    """The second person agrees: it is reversed now. Rules: S-361, S-366."""
    row = reversal_request(request.actor, request_id)
    actions.approve_reversal(request.actor, request_id=request_id)
    text = gettext("Reversed: %(amount)s went back.") % {"amount": formats.money(row.amount)}
    return redirect_with_message(request, "reversal", text, request_id=request_id)


@page(Can.VENDOR_REVERSE, methods=("POST",))
def decline(request: PageRequest, request_id: UUID) -> HttpResponse:
    """The second person says no, and why. Rules: S-361."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _shown(request, reversal_request(request.actor, request_id), form)
    given = form.cleaned_data
    actions.decline_reversal(request.actor, request_id=request_id, answer=given["answer"], key=given["key"])
    return redirect_with_message(request, "reversal", gettext("Declined; nothing moved."), request_id=request_id)


@page(Can.VENDOR_REVERSE, methods=("POST",))
def cancel(request: PageRequest, request_id: UUID) -> HttpResponse:
    """Who asked takes the request back. Rules: S-361."""
    actions.cancel_reversal(request.actor, request_id=request_id)
    return redirect_with_message(request, "reversals", gettext("Your request is taken back; nothing moved."))


urlpatterns = [
    path("vendor/reversals/", index, name="reversals"),
    path("vendor/reversals/ask/<uuid:transfer_id>/", ask, name="ask-reversal"),
    path("vendor/reversals/<uuid:request_id>/", show, name="reversal"),
    path("vendor/reversals/<uuid:request_id>/approve/", approve, name="approve-reversal"),
    path("vendor/reversals/<uuid:request_id>/decline/", decline, name="decline-reversal"),
    path("vendor/reversals/<uuid:request_id>/cancel/", cancel, name="cancel-reversal"),
    path("vendor/quotas/<uuid:quota_id>/movements/", movements, name="quota-movements"),
]
