"""The vendor's agreements: every version, how far each has come, who has not signed, and publishing the next."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can, may
from partner_center.agreements.actions import publish
from partner_center.agreements.queries import Progress, VersionRow, progress, version, versions
from partner_center.agreements.rules import GOVERNED
from partner_center.entrypoints.web import sites
from partner_center.entrypoints.web.agreements import badge
from partner_center.entrypoints.web.dates import moment, start_day
from partner_center.entrypoints.web.forms.agreements import PublishForm
from partner_center.entrypoints.web.jinja import language, local, zone
from partner_center.entrypoints.web.markdown import html
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.standing_words import identity
from partner_center.entrypoints.web.view_models import Cell, Column, Fact, Page
from partner_center.kernel.errors import Conflict, Refused
from partner_center.partners.queries import PartnerAccount, main_accounts
from partner_center.policy.queries import NoPack, text, texts


@page(Can.VENDOR_AGREEMENT_VIEW, methods=("GET",))
def index(request: PageRequest) -> HttpResponse:
    """Every version of every agreement; of the latest ones how many have signed. Rules: L-039."""
    found, partners = versions(), main_accounts(request.actor)
    return render(
        request,
        "vendor/agreements/index.html",
        page=Page(gettext("Agreements"), count=len(found)),
        columns=_columns(),
        rows=[_row(each, _came(request, each, partners)) for each in found],
        may_publish=may(request.actor, Can.VENDOR_AGREEMENT_PUBLISH),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Agreement / version"), "main"),
        Column(gettext("Site")),
        Column(gettext("State"), "state"),
        Column(gettext("In force from")),
        Column(gettext("Grace")),
        Column(gettext("Signed")),
    )


def _came(request: PageRequest, each: VersionRow, partners: tuple[PartnerAccount, ...]) -> Progress:
    return progress(request.actor, each, (one for one in partners if one.site == each.site))


def _row(each: VersionRow, came: Progress) -> tuple[object, ...]:
    return (
        Cell(each.title(language()), f"v{each.number}", href=reverse("vendor-agreement", args=[each.id])),
        sites.name(each.site),
        badge(each),
        start_day(each.effective_at),
        gettext("%(num)s days") % {"num": each.grace_days},
        Cell(f"{came.signed} / {came.bound}", gettext("companies")) if each.level == "company" else "—",
    )


@page(Can.VENDOR_AGREEMENT_VIEW, methods=("GET",))
def show(request: PageRequest, version_id: UUID) -> HttpResponse:
    """A version: its text, what it governs, and who has not signed yet. Rules: L-030, L-040."""
    each = version(version_id)
    came = _came(request, each, main_accounts(request.actor))
    return render(
        request,
        "vendor/agreements/show.html",
        page=Page(each.title(language()), badge=badge(each), tags=(f"v{each.number}", sites.name(each.site))),
        text=html(each.text(language())),
        facts=_facts(each),
        came=came,
        columns=(Column(gettext("Partner"), "main"), Column(gettext("Identity")), Column(gettext("Partner since"))),
        rows=[_missing(one) for one in came.missing],
    )


def _facts(each: VersionRow) -> tuple[Fact, ...]:
    governed = [local(GOVERNED[name]) for name in each.governs if name in GOVERNED]
    join = "、" if language() == "zh" else ", "
    return (
        Fact(gettext("Binds"), join.join(map(identity, each.binds)) or gettext("every partner")),
        Fact(gettext("Signed by"), gettext("the company") if each.level == "company" else gettext("each person")),
        Fact(gettext("In force from"), start_day(each.effective_at)),
        Fact(gettext("Grace"), gettext("%(num)s days") % {"num": each.grace_days}),
        Fact(gettext("Barred without it"), join.join(governed) or gettext("nothing")),
        Fact(gettext("Published at"), moment(each.published_at)),
    )


def _missing(one: PartnerAccount) -> tuple[object, ...]:
    href = reverse("vendor-partner", args=[one.organisation_id])
    name = local((one.name_zh, one.name_en))
    return (Cell(name, one.account_name, href=href, user_text=True), identity(one.identity), start_day(one.opened_at))


@page(Can.VENDOR_AGREEMENT_PUBLISH)
def publishing(request: PageRequest) -> HttpResponse:
    """Publish a version; the pack's texts and the latest version are there to start from. Rules: L-039, L-040."""
    form = PublishForm(request.POST if request.method == "POST" else None, initial=_start(request))
    if request.method == "POST" and form.is_valid() and (done := _published(request, form)):
        return redirect_with_message(
            request, "vendor-agreement", gettext("Published: everyone it binds is asked."), version_id=done
        )
    head = Page(gettext("Publish a version"))
    drafts = [(site, name) for site in ("cloud-cn", "cloud-intl") for name in texts(site)]
    return render(request, "vendor/agreements/publish.html", page=head, form=form, drafts=drafts)


def _start(request: PageRequest) -> dict[str, Any]:
    """What the form begins with: a text of the pack that the address names, as `site/code-number`."""
    site, _, name = request.GET.get("like", "").partition("/")
    code, _, number = name.rpartition("-")
    try:
        zh, en = text(site, name)
    except NoPack:
        return {"grace_days": 30}
    latest = next((each for each in versions(site, latest=True) if each.code == code), None)
    start = {"site": site, "code": code, "number": number, "text_zh": zh, "text_en": en, "grace_days": 30}
    start |= {"title_zh": _title(zh), "title_en": _title(en)}
    return start | ({"binds": latest.binds, "governs": latest.governs, "level": latest.level} if latest else {})


def _title(markdown: str) -> str:
    return markdown.splitlines()[0].lstrip("# ")


def _published(request: PageRequest, form: PublishForm) -> UUID | None:
    given = dict(form.cleaned_data)
    from_day = given.pop("effective_on") or request.actor.at.astimezone(zone()).date()
    titles, both = (given.pop("title_zh"), given.pop("title_en")), (given.pop("text_zh"), given.pop("text_en"))
    try:
        return publish(
            request.actor,
            titles=titles,
            texts=both,
            effective_at=datetime.combine(from_day, time(), zone()),
            mandatory=given.pop("mandatory"),
            **given,
        )
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.add_conflict(conflict)
    return None


urlpatterns = [
    path("vendor/agreements/", index, name="vendor-agreements"),
    path("vendor/agreements/publish/", publishing, name="publish-agreement"),
    path("vendor/agreements/<uuid:version_id>/", show, name="vendor-agreement"),
]
