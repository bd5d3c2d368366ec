"""Charging usage: the vendor's charging system has vouchers pay what is billed by use."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from ninja import Router

from partner_center.entrypoints.api.v1 import shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.checkout_schemas import AuthorisationPart, ChargedOut, ChargeIn
from partner_center.entrypoints.api.v1.schemas import Key, ProblemOut
from partner_center.vouchers import actions
from partner_center.vouchers.queries.checkout import OrderInput

router = Router(tags=["charging"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}


@router.post("/usage", response={200: ChargedOut, **NO}, operation_id="charge")
def charge(request: HttpRequest, body: ChargeIn, key: Key) -> ChargedOut:
    """Pay what a customer used by its vouchers: restricted ones first, then those that end first. For the vendor's own
    charging system; without a voucher that may pay, all is left to pay.
    """
    lines = tuple(
        OrderInput(
            line.product_code,
            line.amount.money,
            region=line.region or "",
            enterprise_project=line.enterprise_project or "",
            discount=Decimal(line.discount),
            arrears=line.arrears,
        )
        for line in body.lines
    )
    charged = actions.charge(
        caller(request), customer_id=body.customer_id, usage_reference=body.usage_reference, lines=lines, key=key
    )
    return ChargedOut(
        usage_reference=charged.usage_reference,
        usage=shapes.money(charged.usage),
        paid=shapes.money(charged.paid),
        left=shapes.money(charged.left),
        parts=[AuthorisationPart(voucher=each.number, amount=shapes.money(each.amount)) for each in charged.parts],
    )
