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
    link_reseller,
    open_partner,
    opening_check,
    set_standing,
)

__all__ = [
    "RESELLER_SCOPE",
    "AskedChange",
    "OpenedPartner",
    "ask_for_change",
    "change_check",
    "decide_change",
    "expire_changes",
    "link_reseller",
    "open_partner",
    "opening_check",
    "set_standing",
    "supplement_change",
    "withdraw_change",
]
