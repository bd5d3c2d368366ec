"""A subsidy partner's customer whitelist: the version in force, those before it, and importing the next."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.customers.queries import customers_of_accounts
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.whitelist import WhitelistForm
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.listing import Listing
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quotas import tabs
from partner_center.entrypoints.web.refusals import rule_views
from partner_center.entrypoints.web.view_models import Cell, Column, Page
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.vouchers.actions import Imported, import_whitelist, whitelist_outcomes
from partner_center.vouchers.queries import WhitelistRow, whitelist_accounts, whitelists
from partner_center.vouchers.rules import SUBSIDY

MOST_WRONG = 200


@page(Can.VOUCHER_WHITELIST, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """One version with its accounts, the one in force first; all versions beside it. Rules: S-382."""
    _only_subsidy(request)
    actor, listing = request.actor, Listing.of(request, "q", "version")
    versions = whitelists(actor)
    shown = _chosen(versions, listing.value("version"))
    found = whitelist_accounts(actor, shown.number, listing.value("q"), listing.after) if shown else None
    return render(
        request,
        "whitelist/index.html",
        page=Page(gettext("Customer whitelist"), count=shown.accounts if shown else 0, subtitle=_about()),
        tabs=tabs(request),
        shown=shown,
        in_force=bool(shown and shown.number == versions[0].number),
        filter=listing.filter(gettext("Customer account"), keep=("version",)),
        columns=(Column(gettext("Customer account"), "main"), Column(gettext("Customer"))),
        rows=_rows(actor, found.rows) if found else [],
        pager=listing.pager(found, None if listing.value("q") else shown.accounts) if found and shown else None,
        versions=[_version(each, listing, shown) for each in versions],
        version_columns=_version_columns(),
        listing=listing,
    )


def _only_subsidy(request: PageRequest) -> None:
    """Other partners have no such list. Raises: NotFound."""
    if request.identity != SUBSIDY:
        raise NotFound("whitelist")


def _about() -> str:
    return gettext("You issue to these customers only. An import replaces the list; earlier versions are kept.")


def _chosen(versions: tuple[WhitelistRow, ...], number: str) -> WhitelistRow | None:
    wanted = next((each for each in versions if str(each.number) == number), None)
    return wanted or (versions[0] if versions else None)


def _rows(actor: Actor, accounts: tuple[str, ...]) -> list[tuple[object, ...]]:
    names = customers_of_accounts(actor, accounts)
    return [(each, _customer(names.get(each))) for each in accounts]


def _customer(name: tuple[str, str] | None) -> Cell:
    return Cell(local(name), user_text=True) if name else Cell(gettext("not yet"))


def _version_columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Version / from"), "main"),
        Column(gettext("Accounts"), "amount"),
        Column(gettext("Imported at")),
    )


def _version(row: WhitelistRow, listing: Listing, shown: WhitelistRow | None) -> tuple[object, ...]:
    word = gettext("version %(number)s") % {"number": row.number}
    if shown and row.number == shown.number:
        word = gettext("%(version)s (shown)") % {"version": word}
    return (
        Cell(word, row.source or gettext("pasted"), listing.href(version=str(row.number), q=""), user_text=True),
        row.accounts,
        Cell(formats.start_day(row.imported_at, zone()), row.operator(language()), user_text=True),
    )


@page(Can.VOUCHER_WHITELIST)
def importing(request: PageRequest) -> HttpResponse:
    """Look at what was pasted or read, with every line that is wrong; then import it. Rules: S-382."""
    _only_subsidy(request)
    form = WhitelistForm(request.POST or None, request.FILES or None) if request.method == "POST" else WhitelistForm()
    readable = form.is_valid()
    lines = form.lines() if readable else []
    if readable and "import" in request.POST and (done := _imported(request, form, lines)):
        return _said(request, done)
    asked = request.method == "POST"
    outcomes = whitelist_outcomes(request.actor, accounts=lines) if asked and readable else ()
    names = customers_of_accounts(request.actor, lines)
    return render(
        request,
        "whitelist/import.html",
        status=422 if asked and (outcomes or form.errors) else 200,
        page=Page(gettext("Import a whitelist"), subtitle=_about()),
        form=form,
        text="\n".join(lines),
        source=form.cleaned_data.get("source", "") if readable else "",
        looked=asked and readable,
        many=len(lines),
        known=len(names),
        rules=rule_views(outcomes[:MOST_WRONG]),
        broken=len(outcomes),
    )


def _imported(request: PageRequest, form: WhitelistForm, lines: list[str]) -> Imported | None:
    try:
        return import_whitelist(
            request.actor, accounts=lines, source=form.cleaned_data["source"], key=form.cleaned_data["key"]
        )
    except Refused:
        return None  # the page names every line that is wrong
    except Conflict as conflict:
        form.add_conflict(conflict)
        return None


def _said(request: PageRequest, done: Imported) -> HttpResponse:
    text = ngettext(
        "Version %(version)s is in force: %(num)s account.",
        "Version %(version)s is in force: %(num)s accounts.",
        done.accounts,
    )
    return redirect_with_message(request, reverse("whitelist"), text % {"version": done.number, "num": done.accounts})


urlpatterns = [
    path("vouchers/whitelist/", index, name="whitelist"),
    path("vouchers/whitelist/import/", importing, name="import-whitelist"),
]
