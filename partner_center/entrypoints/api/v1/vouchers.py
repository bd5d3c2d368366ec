"""Vouchers: the customer's own, or those a partner has issued."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from partner_center.access.permissions import Can, require
from partner_center.entrypoints.api.v1 import shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.schemas import (
    Cursor,
    Key,
    Limit,
    ProblemOut,
    ReasonIn,
    ReclaimedOut,
    ReclaimIn,
    VoucherOut,
    VoucherPage,
)
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.vouchers import actions, queries

router = Router(tags=["vouchers"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}
State = Literal["usable", "used", "expired", "reclaimed"]


@router.get("", response={200: VoucherPage, **NO}, operation_id="vouchers")
def several(
    request: HttpRequest,
    state: Annotated[State | None, Query()] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Limit = 50,
) -> VoucherPage:
    """A customer's own vouchers, or those a partner has issued, newest first."""
    actor = caller(request)
    _require_view(actor)
    states = (state,) if state else ()
    with seated(actor):
        if actor.audience == "customer":
            mine = queries.my_vouchers(actor, states, cursor, limit)
            return VoucherPage(items=[shapes.voucher(row) for row in mine.rows], next=mine.next)
        issued = queries.vouchers(actor, queries.VoucherFilter(states=states), cursor, limit)
        return VoucherPage(items=[shapes.voucher(row) for row in issued.rows], next=issued.next)


@router.get("/{voucher_id}", response={200: VoucherOut, **NO}, operation_id="voucher")
def one(request: HttpRequest, voucher_id: UUID) -> VoucherOut:
    """One voucher."""
    actor = caller(request)
    _require_view(actor)
    with seated(actor):
        if actor.audience == "customer":
            return shapes.voucher(queries.my_voucher(actor, voucher_id))
        return shapes.voucher(queries.voucher_detail(actor, voucher_id))


def _require_view(actor: Actor) -> None:
    require(actor, Can.MY_VOUCHER_VIEW if actor.audience == "customer" else Can.VOUCHER_VIEW, Can.VENDOR_QUOTA_VIEW)


@router.post("/{voucher_id}/freeze", response={200: VoucherOut, **NO}, operation_id="freeze_voucher")
def freeze(request: HttpRequest, voucher_id: UUID, body: ReasonIn, key: Key) -> VoucherOut:
    """The vendor stops a voucher: its customer cannot use it, its issuer cannot take it back."""
    actor = caller(request)
    actions.freeze_voucher(actor, voucher_id=voucher_id, reason=body.reason, key=key)
    with seated(actor):
        return shapes.voucher(queries.voucher_detail(actor, voucher_id))


@router.post("/{voucher_id}/unfreeze", response={200: VoucherOut, **NO}, operation_id="unfreeze_voucher")
def unfreeze(request: HttpRequest, voucher_id: UUID, body: ReasonIn, key: Key) -> VoucherOut:
    """The vendor lets a frozen voucher be used again."""
    actor = caller(request)
    actions.unfreeze_voucher(actor, voucher_id=voucher_id, reason=body.reason, key=key)
    with seated(actor):
        return shapes.voucher(queries.voucher_detail(actor, voucher_id))


@router.post("/{voucher_id}/reclaim", response={200: ReclaimedOut, **NO}, operation_id="reclaim_voucher")
def reclaim(request: HttpRequest, voucher_id: UUID, body: ReclaimIn, key: Key) -> ReclaimedOut:
    """Take back the whole balance of a voucher that the seat has issued."""
    actor = caller(request)
    back = actions.reclaim(actor, voucher_ids=(voucher_id,), remark=body.remark, key=key)
    return ReclaimedOut(id=voucher_id, amount=shapes.money(back.total))
