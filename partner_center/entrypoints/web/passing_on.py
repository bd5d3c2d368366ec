"""Passing parts of a distributor's quota on to its resellers: the same form beside the same rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.vouchers import PassOnForm
from partner_center.entrypoints.web.issue_checks import Checked, checked_passing
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.picking import Typed, typed
from partner_center.entrypoints.web.quota_shown import badge, in_short
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.partners.queries import PartnerAccount, accounts, resellers
from partner_center.vouchers.actions import PassedOn, pass_on, pass_on_outcomes
from partner_center.vouchers.queries import QuotaDetail, quota_detail

SETTABLE = ("amount",)
MOST_FOUND = 12


@dataclass(frozen=True)
class Receiver:
    """A reseller picked to get a part, and why it cannot get one."""

    id: UUID
    name: str
    account: str
    type: str
    usable: int
    left: Money
    why_not: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Work:
    """One filling-in of the form: the quota, what was typed, who was picked, and what the rules say."""

    detail: QuotaDetail
    form: PassOnForm
    typed: Typed
    known: Mapping[UUID, PartnerAccount]
    check: Checked


@page(Can.QUOTA_PASS_ON, code_for="vouchers.pass_on")
def passing(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """The form; posted, it passes on, unless a button only changed it. Rules: S-351, S-362 to S-365."""
    asked, detail = typed(request, SETTABLE), _held(request, quota_id)
    form = _form(request, detail, asked)
    submitted = request.method == "POST" and asked.submits
    if submitted and (passed := _passed(request, detail, form, asked)):
        return _said(request, passed)
    context = _context(request, _work(request, detail, form, asked), submitted)
    subtitle = gettext("Validity and limits go with the quota. The rules shown are those that submitting asks again.")
    head = Page(gettext("Pass quota on to resellers"), subtitle=subtitle)
    status = 422 if submitted else 200
    return render(request, "quotas/pass_on.html", status=status, page=head, **context, live=False)


@page(Can.QUOTA_PASS_ON, code_for="vouchers.pass_on", methods=("POST",))
def check(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """What the rules say of the form as it stands, for the parts of the page that show it; writes nothing."""
    asked, detail = typed(request, SETTABLE), _held(request, quota_id)
    work = _work(request, detail, _form(request, detail, asked), asked)
    return render(request, "vouchers/_checked.html", **_context(request, work, False), live=True)


def _held(request: PageRequest, quota_id: UUID) -> QuotaDetail:
    detail = quota_detail(request.actor, quota_id)
    if detail.row.partner_id != request.actor.seat:
        raise NotFound("quota")
    return detail


def _form(request: PageRequest, detail: QuotaDetail, asked: Typed) -> PassOnForm:
    return PassOnForm(asked.data if request.method == "POST" else None, currency=detail.row.value.currency)


def _passed(request: PageRequest, detail: QuotaDetail, form: PassOnForm, asked: Typed) -> PassedOn | None:
    """What was passed on; nothing when the form or the rules say no, which the form then holds."""
    if not form.is_valid():
        return None
    try:
        return pass_on(
            request.actor,
            quota_id=detail.row.id,
            reseller_ids=asked.picked,
            amount=form.money("amount"),
            remark=form.cleaned_data["remark"],
            key=form.cleaned_data["key"],
        )
    except Refused as refused:
        form.add_refusal(refused, request.code)
    except Conflict as conflict:
        form.begin_again(conflict)
    return None


def _work(request: PageRequest, detail: QuotaDetail, form: PassOnForm, asked: Typed) -> Work:
    each, actor = form.money("amount"), request.actor
    known = accounts(actor, asked.picked) if asked.picked else {}
    names = {id_: local((account.name_zh, account.name_en)) for id_, account in known.items()}
    answers = pass_on_outcomes(actor, quota_id=detail.row.id, reseller_ids=asked.picked, amount=each)
    return Work(detail, form, asked, known, checked_passing(answers, each, detail.row, names, "checked-form"))


def _context(request: PageRequest, work: Work, submitted: bool) -> dict[str, Any]:
    row, many = work.detail.row, len(work.typed.picked)
    submit = ngettext("Pass on to %(num)s reseller", "Pass on to %(num)s resellers", many) % {"num": many}
    return {
        "work": work,
        "row": row,
        "badge": badge(row, request.actor.at),
        "in_short": in_short(work.detail),
        "check": work.check,
        "recipients": _receivers(work),
        "whom": gettext("Reseller"),
        "holds": "",
        "query": work.typed.text("q"),
        "found": _found(request, work),
        "said": work.form.said(work.check, submitted),
        "check_href": reverse("check-pass-on", args=[row.id]),
        "cancel": reverse("quotas"),
        "submit": submit if many else gettext("Pass on"),
        "submitted": submitted,
    }


def _receivers(work: Work) -> list[Receiver]:
    nothing = Money.zero(work.detail.row.value.currency)
    rows = []
    for id_ in work.typed.picked:
        known = work.known.get(id_)
        name = local((known.name_zh, known.name_en)) if known else gettext("not a reseller of yours")
        rows.append(Receiver(id_, name, known.account_name if known else "", "", 0, nothing, work.check.against(id_)))
    return rows


def _found(request: PageRequest, work: Work) -> list[tuple[UUID, str, str]]:
    """Resellers that the search finds and that are not picked yet."""
    page_ = resellers(request.actor, text=work.typed.text("q"), limit=MOST_FOUND + len(work.typed.picked))
    free = [row for row in page_.rows if row.organisation_id not in work.typed.picked]
    return [(row.organisation_id, local((row.name_zh, row.name_en)), row.account_name) for row in free[:MOST_FOUND]]


def _said(request: PageRequest, passed: PassedOn) -> HttpResponse:
    many = len(passed.quotas)
    text = ngettext(
        "Passed on to %(num)s reseller, %(amount)s in all.", "Passed on to %(num)s resellers, %(amount)s in all.", many
    )
    return redirect_with_message(request, "issued-quotas", text % {"num": many, "amount": formats.money(passed.total)})


urlpatterns = [
    path("vouchers/quotas/<uuid:quota_id>/pass-on/", passing, name="pass-on-quota"),
    path("vouchers/quotas/<uuid:quota_id>/pass-on/check/", check, name="check-pass-on"),
]
