"""Mass issue, its beginning: the template, and the upload that is checked row by row and issues nothing yet."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from partner_center.access.permissions import Can
from partner_center.entrypoints.refusals import said
from partner_center.entrypoints.sheets import BadFile
from partner_center.entrypoints.sheets.uploads import limits_of, rows_in
from partner_center.entrypoints.web import batch_files
from partner_center.entrypoints.web.forms.vouchers import MassIssueForm, last_day
from partner_center.entrypoints.web.issuing import held, offer_scope
from partner_center.entrypoints.web.jinja import language
from partner_center.entrypoints.web.page import PageRequest, page, redirect_with_message, render
from partner_center.entrypoints.web.quota_shown import badge, in_short
from partner_center.entrypoints.web.view_models import Page
from partner_center.kernel.errors import Conflict, Refused
from partner_center.vouchers.actions import Batch, upload_batch
from partner_center.vouchers.queries import QuotaDetail


@page(Can.VOUCHER_ISSUE)
def upload(request: PageRequest, quota_id: UUID) -> HttpResponse:
    """A file of vouchers is kept and checked; what it would come to is shown on its own page. Rules: S-370 to S-377."""
    detail = held(request, quota_id)
    form = MassIssueForm(request.POST if request.method == "POST" else None, currency=detail.row.value.currency)
    offer_scope(form, detail.row)
    if request.method == "POST" and (batch := _uploaded(request, detail, form)):
        return redirect_with_message(
            request, "voucher-batch", gettext("Checked; nothing is issued yet."), batch_id=batch.batch_id
        )
    limits = limits_of(request.actor)
    return render(
        request,
        "vouchers/mass_issue.html",
        page=Page(
            gettext("Mass issue"),
            subtitle=gettext(
                "One voucher a row, out of a file. Nothing is issued before you have seen what it comes to."
            ),
        ),
        form=form,
        said={name: form.field_errors(name) for name in (*form.fields, "scope")},
        row=detail.row,
        badge=badge(detail.row, request.actor.at),
        in_short=in_short(detail),
        columns=list(zip(batch_files.heads(), batch_files.explained(), strict=True)),
        most_rows=limits.most_rows,
        megabytes=round(limits.most_bytes / 2**20),
        cancel=reverse("quotas"),
        live=False,
    )


def _uploaded(request: PageRequest, detail: QuotaDetail, form: MassIssueForm) -> Batch | None:
    """What was kept; nothing where the file or the rules say no, which the form then holds."""
    if not form.is_valid():
        return None
    file = request.FILES.get("file")
    try:
        return upload_batch(
            request.actor,
            quota_id=detail.row.id,
            rows=rows_in(request, request.actor),
            file_name=str(getattr(file, "name", "") or ""),
            service_types=form.cleaned_data["service_types"],
            product_codes=form.cleaned_data["product_codes"],
            key=form.cleaned_data["key"],
        )
    except BadFile as bad:
        problem = said(bad.code, language(), values=bad.values)
        form.add_error("file", f"{problem.message}{'；' if language() == 'zh' else '. '}{problem.remedy}")
    except Refused as refused:
        form.add_refusal(refused)
    except Conflict as conflict:
        form.begin_again(conflict)
    return None


@page(Can.VOUCHER_ISSUE, methods=("GET",))
def template(request: PageRequest, quota_id: UUID, kind: str) -> HttpResponse:
    """The template to fill in, in the reader's language."""
    until = last_day(held(request, quota_id).row.window.end)
    if kind == "csv":
        return batch_files.template_csv(until)
    return batch_files.template_xlsx(until, limits_of(request.actor).most_rows)


urlpatterns = [
    path("vouchers/quotas/<uuid:quota_id>/mass-issue/", upload, name="mass-issue"),
    path("vouchers/quotas/<uuid:quota_id>/mass-issue/template.csv", template, {"kind": "csv"}, name="mass-issue-csv"),
    path(
        "vouchers/quotas/<uuid:quota_id>/mass-issue/template.xlsx", template, {"kind": "xlsx"}, name="mass-issue-xlsx"
    ),
]
