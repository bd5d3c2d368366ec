"""ListIndirectPartners: a distributor's resellers."""

from __future__ import annotations

from uuid import UUID

from partner_center.entrypoints.api.open_v2.call import Call, account_id
from partner_center.entrypoints.api.open_v2.errors import WireError
from partner_center.partners.queries import Reseller, resellers

NOT_A_RESELLER = "CBC.99000037"


def list_indirect_partners(call: Call) -> dict[str, object]:
    """The seat's resellers of today. Rules: L-285, S-006."""
    page = resellers(
        call.actor,
        account_name=call["account_name"] or "",
        reseller_id=_named(call),
        linked_after=call["associated_on_begin"],
        linked_before=call["associated_on_end"],
        offset=call["offset"],
        limit=call["limit"],
    )
    return {"count": page.count, "indirect_partners": [_reseller(row, call.actor.language) for row in page.rows]}


def _named(call: Call) -> UUID | None:
    """The reseller asked for. Raises: WireError, alike for one that is another's and one that is nobody's."""
    if call["indirect_partner_id"] is None:
        return None
    id_ = account_id(call["indirect_partner_id"])
    if id_ is None or not resellers(call.actor, reseller_id=id_, limit=1).count:
        raise WireError(NOT_A_RESELLER)
    return id_


def _reseller(row: Reseller, language: str) -> dict[str, object]:
    return {
        "indirect_partner_id": row.number,
        "mobile_phone": row.phone or None,
        "email": row.email or None,
        "account_name": row.account_name,
        "name": row.in_language(language),
        "associated_on": row.linked_at,
        "account_manager_id": None,
        "account_manager_name": None,
    }
