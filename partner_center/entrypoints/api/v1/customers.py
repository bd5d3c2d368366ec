"""A partner's customers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from partner_center.entrypoints.api.v1 import schemas, shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.schemas import Key, ProblemOut
from partner_center.relationships import actions

router = Router(tags=["customers"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}


@router.post("/{customer_id}/disassociate", response={200: schemas.DisassociatedOut, **NO}, operation_id="disassociate")
def disassociate(
    request: HttpRequest, customer_id: UUID, body: schemas.DisassociateIn, key: Key
) -> schemas.DisassociatedOut:
    """Leave a customer; what it has left of the partner's vouchers comes back at once."""
    actor = caller(request)
    ended = actions.disassociate(actor, customer_id=customer_id, reason=body.reason, key=key)
    return schemas.DisassociatedOut(
        customer_id=ended.customer_id, vouchers=ended.vouchers, returned=shapes.money(ended.returned)
    )
