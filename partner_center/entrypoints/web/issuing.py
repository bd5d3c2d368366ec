"""Issuing vouchers: form left, the verb's own rules right, the same before and at submitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from partner_center.access.permissions import Can
from partner_center.catalogue.queries import products, regions, service_types
from partner_center.customers.queries import AssociationFacts, associations, customers_page
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.forms.limits import LIMITS
from partner_center.entrypoints.web.forms.vouchers import IssueForm, last_day
from partner_center.entrypoints.web.issue_checks import Checked, checked
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.picking import Typed, typed
from partner_center.entrypoints.web.quota_shown import badge, in_short
from partner_center.entrypoints.web.view_models import Page
from partner_center.entrypoints.web.voucher_shown import type_word
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.vouchers.actions import Issued, issue, preflight
from partner_center.vouchers.queries import QuotaDetail, QuotaRow, quota_detail, usable_left
from partner_center.vouchers.rules import CASH_KIND, SUBSIDY

SETTABLE = ("face_value", "min_order_amount", "starts_at", "ends_at", "service_types", "product_codes", *LIMITS)
MOST_FOUND = 8


@dataclass(frozen=True)
class Recipient:
    """A customer picked to get a voucher: what it holds already, and why it cannot get one."""

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
    form: IssueForm
    typed: Typed
    found: Mapping[UUID, AssociationFacts]
    held: Mapping[UUID, tuple[int, int]]
    check: Checked

    @property
    def row(self) -> QuotaRow:
        return self.detail.row


@page(Can.VOUCHER_ISSUE, code_for="vouchers.issue")
def issuing(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """The form; posted, it issues, unless a button only changed it. Rules: S-362, S-370 to S-378."""
    asked = typed(request, SETTABLE)
    detail = _held(request, quota_id)
    form = _form(request, detail.row, asked)
    submitted = request.method == "POST" and asked.submits
    if submitted and (issued := _issued(request, detail, form, asked)):
        return _said(request, issued)
    return _page(request, _work(request, detail, form, asked), submitted)


@page(Can.VOUCHER_ISSUE, code_for="vouchers.issue", methods=("POST",))
def check(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """What the rules say of the form as it stands, for the parts of the page that show it; writes nothing."""
    asked, detail = typed(request, SETTABLE), _held(request, quota_id)
    work = _work(request, detail, _form(request, detail.row, asked), asked)
    return render(request, "vouchers/_checked.html", **_context(request, work, False), live=True)


def _held(request: PageRequest, quota_id: UUID) -> QuotaDetail:
    """The seat's own quota; nobody issues from another's, also not from its reseller's."""
    detail = quota_detail(request.actor, quota_id)
    if detail.row.partner_id != request.actor.seat:
        raise NotFound("quota")
    return detail


def _form(request: PageRequest, row: QuotaRow, asked: Typed) -> IssueForm:
    initial = {"ends_at": last_day(row.window.end)}
    posted = asked.data if request.method == "POST" else None
    form = IssueForm(posted, currency=row.value.currency, initial=initial)
    inner = row.scope
    types = [(t.code, local(t)) for t in service_types() if not inner.service_types or t.code in inner.service_types]
    known = products(row.value.currency)
    fit = [p for p in known if not inner.product_codes or p.code in inner.product_codes]
    if inner.service_types:
        fit = [p for p in fit if p.service_type in inner.service_types]
    form.offer(types, [(p.code, local(p)) for p in fit])
    form.offer_limits(inner, types, [(r.code, local(r)) for r in regions(request.actor.site)])
    return form


def _terms(detail: QuotaDetail, form: IssueForm, asked: Typed) -> dict[str, Any]:
    return {
        "quota_id": detail.row.id,
        "customer_ids": asked.picked,
        "face_value": form.money("face_value"),
        "min_order": form.money("min_order_amount"),
        "window": form.window(detail.row.window),
        "service_types": form.typed("service_types") or (),
        "product_codes": form.typed("product_codes") or (),
        "limits": form.limits(),
        "remark": form.typed("remark") or "",
    }


def _issued(request: PageRequest, detail: QuotaDetail, form: IssueForm, asked: Typed) -> Issued | None:
    """What was issued; nothing when the form or the rules say no, which the form then holds."""
    if not form.is_valid():
        return None
    try:
        return issue(request.actor, **_terms(detail, form, asked), key=form.cleaned_data["key"])
    except Refused as refused:
        form.add_refusal(refused, request.code)
    except Conflict as conflict:
        form.begin_again(conflict)
    return None


def _work(request: PageRequest, detail: QuotaDetail, form: IssueForm, asked: Typed) -> Work:
    actor = request.actor
    answer = preflight(actor, **_terms(detail, form, asked))
    found = associations(actor, asked.picked)
    names = {id_: local((facts.name_zh, facts.name_en)) for id_, facts in found.items()}
    return Work(
        detail, form, asked, found, usable_left(actor, asked.picked), checked(answer, detail.row, names, "checked-form")
    )


def _page(request: PageRequest, work: Work, submitted: bool) -> HttpResponse:
    subtitle = gettext("Customers can use a voucher at once. The rules shown are those that submitting asks again.")
    title = gettext("Issue cash coupons") if work.row.kind == CASH_KIND else gettext("Issue vouchers")
    status = 422 if submitted else 200
    context = _context(request, work, submitted)
    head = Page(title, subtitle=subtitle)
    return render(request, "vouchers/issue.html", status=status, page=head, **context, live=False)


def _context(request: PageRequest, work: Work, submitted: bool) -> dict[str, Any]:
    row, actor = work.row, request.actor
    return {
        # Inside `work` an incomplete form is no error: it is being filled in.
        "work": work,
        "row": row,
        "badge": badge(row, actor.at),
        "in_short": in_short(work.detail),
        "check": work.check,
        "recipients": _recipients(work),
        "whom": gettext("Customer"),
        "holds": gettext("Usable vouchers now"),
        "most": work.check.most,
        "query": work.typed.text("q"),
        "found": _found(request, work),
        "said": work.form.said(work.check, submitted),
        "check_href": reverse("check-issue", args=[row.id]),
        "cancel": reverse("quotas"),
        "submit": _submit_text(len(work.typed.picked), row.kind == CASH_KIND),
        "submitted": submitted,
        "cash": row.kind == CASH_KIND,
        "whitelist_href": reverse("whitelist") if request.identity == SUBSIDY else "",
    }


def _submit_text(many: int, cash: bool) -> str:
    if cash and many:
        return ngettext("Issue %(num)s cash coupon", "Issue %(num)s cash coupons", many) % {"num": many}
    if cash:
        return gettext("Issue cash coupons")
    if not many:
        return gettext("Issue vouchers")
    return ngettext("Issue %(num)s voucher", "Issue %(num)s vouchers", many) % {"num": many}


def _recipients(work: Work) -> list[Recipient]:
    currency = work.row.value.currency
    rows = []
    for id_ in work.typed.picked:
        facts, (many, left) = work.found.get(id_), work.held.get(id_, (0, 0))
        rows.append(
            Recipient(
                id_,
                local((facts.name_zh, facts.name_en)) if facts else gettext("not a customer of yours"),
                facts.account_name if facts else "",
                type_word(facts.type) if facts else "",
                many,
                Money(left, currency),
                work.check.against(id_),
            )
        )
    return rows


def _found(request: PageRequest, work: Work) -> list[tuple[UUID, str, str]]:
    """Customers that the search finds and that are not picked yet; the newest without a search."""
    page_ = customers_page(request.actor, text=work.typed.text("q"), limit=MOST_FOUND + len(work.typed.picked))
    free = [row for row in page_.rows if row.customer_id not in work.typed.picked]
    return [(row.customer_id, local((row.name_zh, row.name_en)), row.account_name) for row in free[:MOST_FOUND]]


def _said(request: PageRequest, issued: Issued) -> HttpResponse:
    many = len(issued.vouchers)
    text = ngettext("%(num)s voucher issued, %(amount)s in all.", "%(num)s vouchers issued, %(amount)s in all.", many)
    to = f"{reverse('vouchers')}?issue={issued.issue_id}"
    return redirect_with_message(request, to, text % {"num": many, "amount": formats.money(issued.total)})


urlpatterns = [
    path("vouchers/quotas/<uuid:quota_id>/issue/", issuing, name="issue-vouchers"),
    path("vouchers/quotas/<uuid:quota_id>/issue/check/", check, name="check-issue"),
]
