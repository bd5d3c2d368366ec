"""A partner's own quota: the list of what it holds, and one quota with the sum that closes."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can, may
from partner_center.access.queries import names
from partner_center.entrypoints.web import nav
from partner_center.entrypoints.web.exports_asked import export_href
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.limits_shown import KIND_VALUES, kind_select, with_kind
from partner_center.entrypoints.web.listing import PAGE, Listing
from partner_center.entrypoints.web.page import PageRequest, page, render
from partner_center.entrypoints.web.quota_adjustments import adjusted
from partner_center.entrypoints.web.quota_history import history
from partner_center.entrypoints.web.quota_shown import (
    ENDING,
    STATES,
    Onlooker,
    badge,
    days_left,
    limit_facts,
    named,
    now_state,
    validity,
    why_not_issue,
)
from partner_center.entrypoints.web.quota_whereabouts import whereabouts
from partner_center.entrypoints.web.record_filters import listed_since
from partner_center.entrypoints.web.ticket_links import wrong_here
from partner_center.entrypoints.web.view_models import (
    Action,
    Cell,
    Column,
    Crumb,
    Fact,
    Filter,
    Option,
    Page,
    Select,
    Tab,
)
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.vouchers.queries import (
    BatchFilter,
    QuotaDetail,
    QuotaFilter,
    QuotaRow,
    RecordFilter,
    adjustments,
    batch_counts,
    quota_counts,
    quota_detail,
    quotas,
    records_slice,
    voucher_counts,
)

VIEW = (Can.VOUCHER_QUOTA_VIEW, Can.VENDOR_QUOTA_VIEW)
EVENTS_IN_DRAWER = 8
PARAMS = ("q", "state", "ends", "kind")


def vendor_name() -> str:
    return local((settings.VENDOR["zh"], settings.VENDOR["en"]))


def tabs(request: PageRequest) -> tuple[Tab, ...]:
    """The kinds of object of this part of the console, each with how many there are."""
    actor = request.actor
    counts = {
        "quotas": sum(quota_counts(actor, "held").values()),
        "vouchers": sum(voucher_counts(actor).values()),
        "voucher-records": records_slice(actor, RecordFilter(at=(listed_since(actor), None)), 0, 0)[0],
        "voucher-batches": sum(batch_counts(actor).values()),
    }
    if request.identity == "distributor":
        counts["issued-quotas"] = sum(quota_counts(actor, "passed_on").values())
    return nav.tabs(request, nav.VOUCHER_LEAVES, counts)


def state_chips(listing: Listing, counts: dict[str, int], states: tuple[str, ...]) -> tuple[Tab, ...]:
    """All states with their counts, which add up to the first."""
    words = [(state, gettext(STATES[state][1]), counts.get(state, 0)) for state in states]
    return listing.chips("state", words, sum(counts.values()))


def ending_select(listing: Listing) -> Select:
    options = [Option("", gettext("any"))]
    for days in ENDING:
        text = ngettext("within %(num)s day", "within %(num)s days", int(days)) % {"num": days}
        options.append(Option(days, text))
    return Select("ends", gettext("Ends"), tuple(options), listing.value("ends"))


def ends_before(listing: Listing, at: datetime) -> datetime | None:
    days = listing.value("ends")
    return at + timedelta(days=int(days)) if days in ENDING else None


def chosen_states(listing: Listing) -> tuple[str, ...]:
    return (listing.value("state"),) if listing.value("state") in STATES else ()


@page(Can.VOUCHER_QUOTA_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """What the partner may issue vouchers out of. Rules: S-360, S-361, S-370."""
    actor, listing = request.actor, Listing.of(request, *PARAMS)
    found = quotas(actor, wanted(listing, actor), listing.after, PAGE)
    counts = quota_counts(actor, "held")
    givers = names(row.upline_id for row in found.rows)
    onlooker = Onlooker(actor, givers, vendor_name())
    columns = _columns(pack(actor.site, actor.at).currency)
    left = Money.total((row.balance for row in found.rows), columns[2].unit)
    return render(
        request,
        "quotas/index.html",
        page=Page(gettext("Voucher quota"), count=sum(counts.values())),
        tabs=tabs(request),
        chips=state_chips(listing, counts, ("normal", "frozen", "adjusting", "invalid", "reclaimed")),
        filter=bar(request, listing),
        columns=columns,
        rows=[_row(row, onlooker, request.identity) for row in found.rows],
        pager=listing.pager(
            found, None if listing.is_narrowed else sum(counts.values()), gettext("Balance on this page"), left
        ),
        listing=listing,
        export_href=export_href(actor, "quotas", listing.params) if found.rows else "",
    )


def wanted(listing: Listing, actor: Actor) -> QuotaFilter:
    return QuotaFilter(
        states=chosen_states(listing),
        text=listing.value("q"),
        ends_before=ends_before(listing, actor.at),
        kind=KIND_VALUES.get(listing.value("kind")),
    )


def bar(request: PageRequest, listing: Listing) -> Filter:
    return listing.filter(
        gettext("Quota number"), ending_select(listing), kind_select(listing.value("kind")), keep=("state",)
    )


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        Column(gettext("Number / from"), "main"),
        Column(gettext("Purpose"), minor=True),
        Column(gettext("Granted"), "amount", currency),
        Column(gettext("Given out"), "amount", currency, minor=True),
        Column(gettext("Balance"), "money", currency),
        Column(gettext("State"), "state"),
        Column(gettext("Valid until")),
        Column(gettext("Actions"), "actions"),
    )


def _row(row: QuotaRow, onlooker: Onlooker, identity: str) -> tuple[object, ...]:
    at = onlooker.actor.at
    source = gettext("from %(name)s") % {"name": onlooker.of(row.upline_id)}
    if row.parent_id and row.upline_id is None:
        source = gettext("kept for its customer, from %(name)s") % {"name": row.parent_number}
    return (
        Cell(row.number, with_kind(source, row.kind), _href(row), drawer=True),
        Cell(row.purpose or "—", user_text=bool(row.purpose)),
        row.value,
        row.given_out,
        Cell(row.balance, of=row.value),
        badge(row, at),
        validity(row.window, at),
        [*_row_actions(row, onlooker.actor, identity), Action(gettext("Details"), _href(row), drawer=True, minor=True)],
    )


def _href(row: QuotaRow) -> str:
    return reverse("quota", args=[row.id])


def _row_actions(row: QuotaRow, actor: Actor, identity: str) -> list[Action]:
    """What can be done with a quota; where nothing can, why not, once."""
    why_not = why_not_issue(row, actor.at)
    able = []
    if may(actor, Can.VOUCHER_ISSUE):
        able.append(Action(gettext("Issue vouchers"), reverse("issue-vouchers", args=[row.id])))
        able.append(Action(gettext("Mass issue"), reverse("mass-issue", args=[row.id]), minor=True))
    if identity == "distributor" and row.upline_id is None and may(actor, Can.QUOTA_PASS_ON):
        able.append(Action(gettext("Pass on"), reverse("pass-on-quota", args=[row.id]), minor=True))
    return [Action(able[0].label, reason=why_not)] if able and why_not else able


def in_drawer(request: HttpRequest) -> bool:
    """Whether the list asked for the drawer beside it, not for the page."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx and htmx.target == "drawer" and not htmx.history_restore_request)


def came_from_list(request: PageRequest, otherwise: str) -> str:
    """The list beside which the drawer opens, as narrowed as it is now."""
    here = getattr(request, "htmx", None)
    address = here.current_url_abs_path if here else None
    return address if address and address.split("?")[0] == otherwise else otherwise


@page(*VIEW, methods=("GET",))
def show(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """One quota: what happens to it, where every unit of it is, its limits and its history. Rules: S-361, S-366, S-375.

    Also as a drawer beside the list it was opened from.
    """
    if request.actor.audience == "vendor":
        return HttpResponseRedirect(reverse("vendor-quota", args=[quota_id]))
    detail = quota_detail(request.actor, quota_id)
    return shown(request, detail, "quotas" if detail.row.partner_id == request.actor.seat else "issued-quotas")


def shown(
    request: PageRequest, detail: QuotaDetail, list_name: str, actions: tuple[Action, ...] | None = None
) -> HttpResponse:
    """The quota as a page, or as the drawer where the list asked for it."""
    actor, row = request.actor, detail.row
    onlooker = Onlooker(actor, names([row.upline_id]), vendor_name())
    drawer = in_drawer(request)
    home = reverse(list_name)
    wrong = () if drawer else wrong_here(actor, "quota", row.id, row.number)
    response = render(
        request,
        "quotas/_drawer.html" if drawer else "quotas/show.html",
        page=Page(
            row.number,
            subtitle=named(row.partner) if not onlooker.holds(row) else row.purpose,
            badge=badge(row, actor.at),
            breadcrumb=_breadcrumb(request, row.number),
            user_text=True,
        ),
        badge=badge(row, actor.at),
        row=row,
        remaining=days_left(row.window, actor.at),
        state=now_state(detail, onlooker),
        whereabouts=whereabouts(detail, onlooker),
        facts=(*limit_facts(detail), *_mass_issues(row, actor)),
        events=history(detail, onlooker),
        adjustments=adjusted(adjustments(actor, row.id), actor),
        named=tuple(named(each) for each in detail.limited_to),
        chain_href=reverse("vendor-quota-chain" if actor.audience == "vendor" else "quota-chain", args=[row.id]),
        movements_href=reverse("quota-movements", args=[row.id]) if may(actor, Can.VENDOR_REVERSE) else "",
        most_events=EVENTS_IN_DRAWER if drawer else None,
        vouchers_href=_vouchers_href(detail, actor),
        vouchers=detail.vouchers,
        actions=(*wrong, *_page_actions(request, row)) if actions is None else actions,
        close_href=came_from_list(request, home),
        page_href=request.path,
    )
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def _mass_issues(row: QuotaRow, actor: Actor) -> tuple[Fact, ...]:
    """How many files were issued from it, for who may see them."""
    if row.partner_id != actor.seat or not may(actor, Can.VOUCHER_ISSUE):
        return ()
    many = sum(batch_counts(actor, BatchFilter(quota_id=row.id)).values())
    href = f"{reverse('voucher-batches')}?quota={row.id}"
    return (Fact(gettext("Mass issues"), str(many), href=href),) if many else ()


def _breadcrumb(request: PageRequest, title: str) -> tuple[Crumb, ...]:
    reader = nav.reader_of(request)
    return nav.breadcrumb(reader, title) if reader else ()


def _vouchers_href(detail: QuotaDetail, actor: Actor) -> str:
    if actor.audience != "partner" or not detail.vouchers or not may(actor, Can.VOUCHER_VIEW):
        return ""
    return f"{reverse('vouchers')}?quota={detail.row.id}"


def _page_actions(request: PageRequest, row: QuotaRow) -> tuple[Action, ...]:
    actor = request.actor
    if row.partner_id != actor.seat:
        able = row.upline_id == actor.seat and may(actor, Can.QUOTA_RECLAIM)
        why_not = why_not_reclaim(row, actor.at)
        back = Action(gettext("Reclaim…"), f"{reverse('reclaim-quotas')}?ids={row.number}", "danger", reason=why_not)
        return (back,) if able else ()
    why_not = why_not_issue(row, actor.at)
    found = []
    if request.identity == "distributor" and may(actor, Can.QUOTA_PASS_ON) and not why_not:
        found.append(
            Action(gettext("Pass on to resellers"), reverse("pass-on-quota", args=[row.id]), icon="building-store")
        )
    if may(actor, Can.VOUCHER_ISSUE):
        if not why_not:
            found.append(Action(gettext("Mass issue"), reverse("mass-issue", args=[row.id]), icon="upload"))
        issue = reverse("issue-vouchers", args=[row.id])
        found.append(Action(gettext("Issue vouchers"), issue, "primary", icon="ticket", reason=why_not))
    return tuple(found)


def why_not_reclaim(row: QuotaRow, at: datetime) -> str:
    """Why a quota that was passed on cannot be taken back; nothing when it can. Rules: S-399."""
    if row.state == "frozen":
        return gettext("frozen, no reclaim")
    if row.state == "adjusting":
        return gettext("adjusting, no reclaim")
    if row.state in ("invalid", "reclaimed") or at >= row.window.end:
        return "—"
    return "" if row.balance.minor > 0 else gettext("nothing left")


urlpatterns = [
    path("vouchers/quotas/", index, name="quotas"),
    path("vouchers/quotas/<uuid:quota_id>/", show, name="quota"),
]
