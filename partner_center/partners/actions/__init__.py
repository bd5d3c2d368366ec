"""Every verb of partners, one module a noun."""

from partner_center.partners.actions.change import (
    AskedChange,
    ask_for_change,
    change_check,
    decide_change,
    expire_changes,
    supplement_change,
    withdraw_change,
)
from partner_center.partners.actions.partner import (
    RESELLER_SCOPE,
    OpenedPartner,
    add_contact,
    change_contact,
    link_reseller,
    open_partner,
    opening_check,
    remove_contact,
    set_standing,
)

__all__ = [
    "RESELLER_SCOPE",
    "AskedChange",
    "OpenedPartner",
    "add_contact",
    "ask_for_change",
    "change_check",
    "change_contact",
    "decide_change",
    "expire_changes",
    "link_reseller",
    "open_partner",
    "opening_check",
    "remove_contact",
    "set_standing",
    "supplement_change",
    "withdraw_change",
]
