"""Quota: granted by the vendor, passed on by a distributor, issued as vouchers by a partner."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from partner_center.access.permissions import Can, require
from partner_center.entrypoints.api.v1 import schemas, shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.schemas import Cursor, Key, Limit, ProblemOut
from partner_center.fence.seat import seated
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions, queries
from partner_center.vouchers.rules import CASH_KIND, VOUCHER_KIND

router = Router(tags=["quotas"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}


@router.get("", response={200: schemas.QuotaPage, **NO}, operation_id="quotas")
def several(
    request: HttpRequest,
    tab: Annotated[Literal["held", "passed_on"], Query()] = "held",
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Limit = 50,
) -> schemas.QuotaPage:
    """The quota a partner holds, or what it passed on, newest first."""
    actor = caller(request)
    require(actor, Can.VOUCHER_QUOTA_VIEW, Can.VENDOR_QUOTA_VIEW)
    with seated(actor):
        found = queries.quotas(actor, queries.QuotaFilter(tab=tab), cursor, limit)
    return schemas.QuotaPage(items=[shapes.quota(row) for row in found.rows], next=found.next)


@router.get("/{quota_id}", response={200: schemas.QuotaOut, **NO}, operation_id="quota")
def one(request: HttpRequest, quota_id: UUID) -> schemas.QuotaOut:
    """One quota."""
    actor = caller(request)
    require(actor, Can.VOUCHER_QUOTA_VIEW, Can.VENDOR_QUOTA_VIEW)
    with seated(actor):
        return shapes.quota(queries.quota_detail(actor, quota_id).row)


@router.post("", response={201: schemas.GrantedOut, **NO}, operation_id="grant_quota")
def grant(request: HttpRequest, body: schemas.GrantIn, key: Key) -> Status[schemas.GrantedOut]:
    """The vendor grants a partner quota out of which it may issue vouchers."""
    made = actions.grant(
        caller(request),
        partner_id=body.partner_id,
        value=body.value.money,
        window=Window(body.starts_at, body.ends_at),
        service_types=tuple(body.service_types),
        product_codes=tuple(body.product_codes),
        customer_ids=tuple(body.customer_ids),
        purpose=body.purpose,
        kind=CASH_KIND if body.kind == "cash" else VOUCHER_KIND,
        limits=body.limits,
        counts_as_performance=body.counts_as_performance,
        key=key,
    )
    return Status(201, schemas.GrantedOut(id=made.quota_id, number=made.number))


@router.post("/{quota_id}/sub-quotas", response={201: schemas.PassedOnOut, **NO}, operation_id="pass_on_quota")
def pass_on(request: HttpRequest, quota_id: UUID, body: schemas.PassOnIn, key: Key) -> Status[schemas.PassedOnOut]:
    """A distributor passes equal parts of its quota on to its resellers."""
    made = actions.pass_on(
        caller(request),
        quota_id=quota_id,
        reseller_ids=tuple(body.reseller_ids),
        amount=body.amount.money,
        remark=body.remark,
        key=key,
    )
    granted = [schemas.GrantedOut(id=each.quota_id, number=each.number) for each in made.quotas]
    return Status(201, schemas.PassedOnOut(quotas=granted, total=shapes.money(made.total)))


@router.post("/{quota_id}/reclaim", response={200: schemas.ReclaimedOut, **NO}, operation_id="reclaim_quota")
def reclaim(request: HttpRequest, quota_id: UUID, body: schemas.ReclaimIn, key: Key) -> schemas.ReclaimedOut:
    """A distributor takes back all that a reseller has not yet issued of a sub-quota."""
    actor = caller(request)
    back = actions.reclaim_quota(actor, quota_id=quota_id, remark=body.remark, key=key)
    return schemas.ReclaimedOut(id=back.quota_id, amount=shapes.money(back.amount))


@router.post("/{quota_id}/vouchers", response={201: schemas.IssuedOut, **NO}, operation_id="issue_vouchers")
def issue(request: HttpRequest, quota_id: UUID, body: schemas.IssueIn, key: Key) -> Status[schemas.IssuedOut]:
    """Give each customer a voucher, or a cash coupon out of quota of that kind."""
    actor = caller(request)
    issued = actions.issue(
        actor,
        quota_id=quota_id,
        customer_ids=tuple(body.customer_ids),
        face_value=body.face_value.money,
        window=Window(body.starts_at, body.ends_at) if body.starts_at and body.ends_at else None,
        min_order=body.min_order.money if body.min_order else None,
        service_types=tuple(body.service_types),
        product_codes=tuple(body.product_codes),
        limits=body.limits,
        remark=body.remark,
        partial=body.partial,
        key=key,
    )
    return Status(201, shapes.issued(issued))
