"""ListSubCustomers, and the account list that region-style clients ask for."""

from __future__ import annotations

from partner_center.access.queries import names
from partner_center.customers.queries import CustomerPage, CustomerRow, sub_customers
from partner_center.entrypoints.api.open_v2.call import Call, account_id

NOBODY = CustomerPage((), 0)
NOT_FROZEN = 0


def list_sub_customers(call: Call) -> dict[str, object]:
    """The seat's customers in both models. Rules: S-251."""
    page = _page(call)
    return {"customer_infos": [_customer(row, call.actor.language) for row in page.rows], "count": page.count}


def _page(call: Call) -> CustomerPage:
    wanted = account_id(call["customer_id"]) if call["customer_id"] else None
    if call["customer_id"] and wanted is None:
        return NOBODY
    return sub_customers(
        call.actor,
        account_name=call["account_name"] or "",
        customer=call["customer"] or "",
        label=call["label"] or "",
        association_type=int(call["association_type"]) if call["association_type"] else None,
        associated_after=call["associated_on_begin"],
        associated_before=call["associated_on_end"],
        customer_ids=(wanted,) if wanted else (),
        offset=call["offset"],
        limit=call["limit"],
    )


def _customer(row: CustomerRow, language: str) -> dict[str, object]:
    return {
        "customer": row.in_language(language),
        "account_name": row.account_name,
        "customer_id": row.number,
        "associated_on": row.associated_at,
        "association_type": str(row.type),
        "label": row.label or None,
        "telephone": row.phone or None,
        "verified_status": str(row.verified_status),
        "country_code": row.country_code,
        "customer_type": row.customer_type,
        "is_frozen": NOT_FROZEN,
        "account_managers": [],
        "xaccount_id": row.xaccount_id or None,
        "xaccount_type": row.xaccount_type or None,
        "customer_level": row.level,
        "email": row.email or None,
    }


def list_auth_domains(call: Call) -> dict[str, object]:
    """The caller's own account, which a client built with a region takes its account id from."""
    home = call.actor.home
    assert home is not None
    name = names([home])[home].in_language(call.actor.language)
    return {"domains": [{"id": call.account, "name": name, "enabled": True}], "links": {}}
