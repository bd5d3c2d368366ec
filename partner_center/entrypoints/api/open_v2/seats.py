"""Which kinds of partner may call, and from which seat."""

from __future__ import annotations

from partner_center.access.queries import seat_of
from partner_center.entrypoints.api.open_v2.call import account_id
from partner_center.entrypoints.api.open_v2.contract import Operation
from partner_center.entrypoints.api.open_v2.errors import WireError
from partner_center.kernel.actor import Actor
from partner_center.partners.actions import RESELLER_SCOPE
from partner_center.partners.queries import accounts

CALLERS = {"solution_provider": "solution_provider", "distributor": "general_distributor"}


def caller_kind(actor: Actor) -> str:
    """The contract's word for the caller; empty for whoever it does not serve: resellers, the vendor."""
    if actor.audience == "customer":
        return "customer"
    if actor.audience != "partner" or actor.home is None:
        return ""
    own = accounts(actor, [actor.home]).get(actor.home)
    return CALLERS.get(own.identity, "") if own else ""


def require_kind(actor: Actor, operation: Operation) -> None:
    """Raises: WireError when the operation names kinds of callers and this is none of them."""
    if operation.callers and caller_kind(actor) not in operation.callers:
        raise WireError("CBC.0155" if actor.audience == "partner" else operation.stranger)


def take_seat(actor: Actor, indirect_partner_id: str | None) -> Actor:
    """The caller's own seat, or that of the reseller named, which only its distributor may take.

    Raises: WireError for any other account, alike for those that exist and those that do not.
    """
    if indirect_partner_id is None:
        return actor
    reseller = account_id(indirect_partner_id)
    if reseller is None or reseller == actor.home or caller_kind(actor) != "general_distributor":
        raise WireError("CBC.99000037")
    return seat_of(actor, reseller, RESELLER_SCOPE)
