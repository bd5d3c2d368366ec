"""What the vendor does to quota that exists: stop it, let it go, adjust it, name its customers, end it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from partner_center.entrypoints.api.v1 import schemas, shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.schemas import Key, ProblemOut, ReasonIn
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.vouchers import actions, queries

router = Router(tags=["quotas"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}


def _now(actor: Actor, quota_id: UUID) -> schemas.QuotaOut:
    """The quota as it stands after the verb."""
    with seated(actor):
        return shapes.quota(queries.quota_detail(actor, quota_id).row)


@router.post("/{quota_id}/freeze", response={200: schemas.QuotaOut, **NO}, operation_id="freeze_quota")
def freeze(request: HttpRequest, quota_id: UUID, body: ReasonIn, key: Key) -> schemas.QuotaOut:
    """The vendor stops a quota from being issued from or passed on."""
    actor = caller(request)
    actions.freeze(actor, quota_id=quota_id, reason=body.reason, key=key)
    return _now(actor, quota_id)


@router.post("/{quota_id}/unfreeze", response={200: schemas.QuotaOut, **NO}, operation_id="unfreeze_quota")
def unfreeze(request: HttpRequest, quota_id: UUID, body: ReasonIn, key: Key) -> schemas.QuotaOut:
    """The vendor lets a frozen quota be used again."""
    actor = caller(request)
    actions.unfreeze(actor, quota_id=quota_id, reason=body.reason, key=key)
    return _now(actor, quota_id)


@router.post("/{quota_id}/begin-adjusting", response={200: schemas.QuotaOut, **NO}, operation_id="begin_adjusting")
def begin_adjusting(request: HttpRequest, quota_id: UUID, body: ReasonIn, key: Key) -> schemas.QuotaOut:
    """The vendor puts a quota aside: nothing leaves it until its new terms are set."""
    actor = caller(request)
    actions.begin_adjusting(actor, quota_id=quota_id, reason=body.reason, key=key)
    return _now(actor, quota_id)


@router.post("/{quota_id}/end-adjusting", response={200: schemas.QuotaOut, **NO}, operation_id="end_adjusting")
def end_adjusting(request: HttpRequest, quota_id: UUID, body: ReasonIn, key: Key) -> schemas.QuotaOut:
    """The vendor lets a quota that was put aside be used again as it was."""
    actor = caller(request)
    actions.end_adjusting(actor, quota_id=quota_id, reason=body.reason, key=key)
    return _now(actor, quota_id)


@router.post("/{quota_id}/adjust", response={200: schemas.QuotaOut, **NO}, operation_id="adjust_quota")
def adjust(request: HttpRequest, quota_id: UUID, body: schemas.AdjustIn, key: Key) -> schemas.QuotaOut:
    """The vendor sets the new terms of a quota that it put aside; what is left out stays as it is."""
    actor = caller(request)
    actions.adjust(
        actor,
        quota_id=quota_id,
        value=body.value.money if body.value else None,
        ends_at=body.ends_at,
        service_types=body.service_types,
        product_codes=body.product_codes,
        reason=body.reason,
        key=key,
    )
    return _now(actor, quota_id)


@router.post("/{quota_id}/customers", response={200: schemas.QuotaOut, **NO}, operation_id="designate_customers")
def designate(request: HttpRequest, quota_id: UUID, body: schemas.DesignateIn, key: Key) -> schemas.QuotaOut:
    """The vendor names the customers that may get vouchers of a quota; with none, all of its partner's may."""
    actor = caller(request)
    actions.designate(actor, quota_id=quota_id, customer_ids=body.customer_ids, reason=body.reason, key=key)
    return _now(actor, quota_id)


@router.post("/{quota_id}/invalidate", response={200: schemas.QuotaOut, **NO}, operation_id="invalidate_quota")
def invalidate(request: HttpRequest, quota_id: UUID, body: schemas.InvalidateIn, key: Key) -> schemas.QuotaOut:
    """The vendor takes a quota out of use for good: what is free of it is lost."""
    actor = caller(request)
    actions.invalidate(actor, quota_id=quota_id, reason=body.reason, with_parts=body.with_parts, key=key)
    return _now(actor, quota_id)
