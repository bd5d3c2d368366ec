"""Permission items as a vocabulary, and the one question asked of them."""

from __future__ import annotations

from enum import Enum

from partner_center.access.rules import Item, items
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotAllowed


class Can(Enum):
    """One member an item of permissions.toml; a test keeps the two the same."""

    HOME_VIEW = "HOME_VIEW"
    CUSTOMER_VIEW = "CUSTOMER_VIEW"
    CUSTOMER_VIEW_RESELLERS = "CUSTOMER_VIEW_RESELLERS"
    CUSTOMER_DISASSOCIATE = "CUSTOMER_DISASSOCIATE"
    CUSTOMER_EXPORT = "CUSTOMER_EXPORT"
    VOUCHER_QUOTA_VIEW = "VOUCHER_QUOTA_VIEW"
    VOUCHER_RECORD_VIEW = "VOUCHER_RECORD_VIEW"
    VOUCHER_ISSUE = "VOUCHER_ISSUE"
    VOUCHER_VIEW = "VOUCHER_VIEW"
    VOUCHER_RECLAIM = "VOUCHER_RECLAIM"
    VOUCHER_WHITELIST = "VOUCHER_WHITELIST"
    QUOTA_PASS_ON = "QUOTA_PASS_ON"
    QUOTA_PASS_ON_HELD = "QUOTA_PASS_ON_HELD"
    ISSUED_QUOTA_VIEW = "ISSUED_QUOTA_VIEW"
    QUOTA_RECLAIM = "QUOTA_RECLAIM"
    QUOTA_RECLAIM_SEVERAL = "QUOTA_RECLAIM_SEVERAL"
    OWN_VOUCHER_LIST = "OWN_VOUCHER_LIST"
    CUSTOMER_ORDER_PAY = "CUSTOMER_ORDER_PAY"
    RESELLER_VIEW = "RESELLER_VIEW"
    MEMBER_VIEW = "MEMBER_VIEW"
    MEMBER_MANAGE = "MEMBER_MANAGE"
    KEY_MANAGE = "KEY_MANAGE"
    ACCOUNT_VIEW = "ACCOUNT_VIEW"
    VERIFICATION_SWITCH = "VERIFICATION_SWITCH"
    AGREEMENT_VIEW = "AGREEMENT_VIEW"
    AGREEMENT_SIGN = "AGREEMENT_SIGN"
    COMPANY_CHANGE = "COMPANY_CHANGE"
    CUSTOMER_CONTACT_MANAGE = "CUSTOMER_CONTACT_MANAGE"
    AUDIT_VIEW = "AUDIT_VIEW"
    EXPORT_UNMASKED = "EXPORT_UNMASKED"
    MY_VOUCHER_VIEW = "MY_VOUCHER_VIEW"
    CHECKOUT_PAY = "CHECKOUT_PAY"
    MY_PARTNER_VIEW = "MY_PARTNER_VIEW"
    VENDOR_PARTNER_VIEW = "VENDOR_PARTNER_VIEW"
    VENDOR_PARTNER_MANAGE = "VENDOR_PARTNER_MANAGE"
    VENDOR_CUSTOMER_VIEW = "VENDOR_CUSTOMER_VIEW"
    VENDOR_CUSTOMER_MANAGE = "VENDOR_CUSTOMER_MANAGE"
    VENDOR_QUOTA_VIEW = "VENDOR_QUOTA_VIEW"
    VENDOR_QUOTA_GRANT = "VENDOR_QUOTA_GRANT"
    VENDOR_QUOTA_FREEZE = "VENDOR_QUOTA_FREEZE"
    VENDOR_QUOTA_ADJUST = "VENDOR_QUOTA_ADJUST"
    VENDOR_REVERSE = "VENDOR_REVERSE"
    VENDOR_AGREEMENT_VIEW = "VENDOR_AGREEMENT_VIEW"
    VENDOR_AGREEMENT_PUBLISH = "VENDOR_AGREEMENT_PUBLISH"
    VENDOR_CHARGE = "VENDOR_CHARGE"
    VENDOR_REVIEW = "VENDOR_REVIEW"
    VENDOR_TICKET_VIEW = "VENDOR_TICKET_VIEW"
    VENDOR_TICKET_ANSWER = "VENDOR_TICKET_ANSWER"
    VENDOR_NOTICE_VIEW = "VENDOR_NOTICE_VIEW"


def item_of(can: Can) -> Item:
    return items()[can.value]


def may(actor: Actor, *cans: Can) -> bool:
    """Whether the actor holds any one of the items; the system needs none.

    Rules: S-590.
    """
    return actor.audience == "system" or any(item_of(can).code in actor.permissions for can in cans)


def require_system(actor: Actor) -> None:
    """What nobody may do by hand. Raises: NotAllowed to anybody but the system."""
    if actor.audience != "system":
        raise NotAllowed("system")


def require(actor: Actor, *cans: Can) -> None:
    """Raises: NotAllowed naming the first of the items, when the actor holds none of them."""
    if not may(actor, *cans):
        raise NotAllowed(item_of(cans[0]).code)
