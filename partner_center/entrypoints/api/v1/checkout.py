"""Checkout: what a customer's vouchers pay of an order, and holding, taking or giving back that value."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from partner_center.access.permissions import Can, require
from partner_center.entrypoints.api.v1 import shapes
from partner_center.entrypoints.api.v1.callers import caller
from partner_center.entrypoints.api.v1.checkout_schemas import AuthorisationOut, AuthoriseIn, LineIn, QuoteIn, QuoteOut
from partner_center.entrypoints.api.v1.problems import language_of
from partner_center.entrypoints.api.v1.schemas import Key, ProblemOut
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.vouchers import actions, queries
from partner_center.vouchers.queries.checkout import OrderInput, order_facts, order_lines
from partner_center.vouchers.rules import ORDER

router = Router(tags=["checkout"])
NO = {(401, 403, 404, 409, 422, 429): ProblemOut}


def _lines(lines: list[LineIn]) -> tuple[OrderInput, ...]:
    return tuple(
        OrderInput(
            line.product_code,
            line.amount.money,
            order_type=line.order_type or "",
            region=line.region or "",
            billing_mode=line.billing_mode or "",
            enterprise_project=line.enterprise_project or "",
            discount=Decimal(line.discount),
            arrears=line.arrears,
        )
        for line in lines
    )


@router.post("/quotes", response={200: QuoteOut, **NO}, operation_id="quote")
def quote(request: HttpRequest, body: QuoteIn) -> QuoteOut:
    """Every voucher of the customer at checkout: usable ones in the order they would pay, each with what it pays; the
    others with every limit they do not meet. Writes nothing.
    """
    actor = caller(request)
    require(actor, Can.CHECKOUT_PAY)
    with seated(actor):
        _check_order(actor, _lines(body.lines))
        found = queries.quote(
            actor, _lines(body.lines), order_reference=body.order_reference or "", api=body.channel == "api"
        )
    return shapes.quote(found, language_of(request))


def _check_order(actor: Actor, lines: tuple[OrderInput, ...]) -> None:
    """A quote of products that do not exist would be one of nothing. Raises: Refused."""
    known, unknown = order_lines(lines)
    ORDER.check(order_facts(actor, known, unknown, 0, api=True))


@router.post("/authorisations", response={201: AuthorisationOut, **NO}, operation_id="authorise")
def authorise(request: HttpRequest, body: AuthoriseIn, key: Key) -> Status[AuthorisationOut]:
    """Hold what vouchers pay of an order, chosen ones or those that would pay first, until it is captured, released or
    its time is over.
    """
    actor = caller(request)
    made = actions.authorise(
        actor,
        order_reference=body.order_reference,
        lines=_lines(body.lines),
        voucher_ids=None if body.voucher_ids is None else tuple(body.voucher_ids),
        api=body.channel == "api",
        key=key,
    )
    return Status(201, _shown(actor, made.authorisation_id))


@router.get("/authorisations/{authorisation_id}", response={200: AuthorisationOut, **NO}, operation_id="authorisation")
def one(request: HttpRequest, authorisation_id: UUID) -> AuthorisationOut:
    """An authorisation and how it ended."""
    actor = caller(request)
    require(actor, Can.CHECKOUT_PAY)
    return _shown(actor, authorisation_id)


@router.post(
    "/authorisations/{authorisation_id}/capture", response={200: AuthorisationOut, **NO}, operation_id="capture"
)
def capture(request: HttpRequest, authorisation_id: UUID, key: Key) -> AuthorisationOut:
    """The order is paid: what was held is spent."""
    actor = caller(request)
    actions.capture(actor, authorisation_id=authorisation_id, key=key)
    return _shown(actor, authorisation_id)


@router.post(
    "/authorisations/{authorisation_id}/release", response={200: AuthorisationOut, **NO}, operation_id="release"
)
def release(request: HttpRequest, authorisation_id: UUID, key: Key) -> AuthorisationOut:
    """The order is given up: what was held goes back to the vouchers."""
    actor = caller(request)
    actions.release(actor, authorisation_id=authorisation_id, key=key)
    return _shown(actor, authorisation_id)


def _shown(actor: Actor, authorisation_id: UUID) -> AuthorisationOut:
    with seated(actor):
        return shapes.authorisation(queries.authorisation(actor, authorisation_id))
