"""What exports and what stands in them are called: the words that their page and their files share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_noop

KINDS: Mapping[str, str] = {
    "voucher_records": gettext_noop("Operation records of vouchers"),
    "quota_records": gettext_noop("Operation records of quota passed on"),
    "vouchers": gettext_noop("Issued vouchers"),
    "quotas": gettext_noop("Voucher quota"),
    "issued_quotas": gettext_noop("Issued quota"),
    "customers": gettext_noop("Customer list"),
    "vendor_quotas": gettext_noop("All quota"),
    "audit": gettext_noop("Audit"),
}
# Rules: S-410, S-411. The page of the records has the same words.
OPERATIONS: Mapping[int, str] = {
    1: gettext_noop("Issue"),
    2: gettext_noop("Reclaimed by hand"),
    3: gettext_noop("Reclaimed on disassociation"),
    4: gettext_noop("Expiry"),
    5: gettext_noop("Returned on unsubscription"),
    6: gettext_noop("Returned on a cancelled recharge"),
    7: gettext_noop("Reclaimed on association"),
    8: gettext_noop("Reclaimed on a switch of type"),
    9: gettext_noop("Moved with the reseller"),
    10: gettext_noop("Passed on"),
    11: gettext_noop("Quota reclaimed"),
}
# What goes out of a quota; seen from there all else comes back.
OUTWARD = (1, 10)
TYPES: Mapping[int, str] = {1: gettext_noop("Consulting"), 2: gettext_noop("Resale")}
VOUCHER_STATES: Mapping[str, str] = {
    "usable": gettext_noop("Usable"),
    "inactive": gettext_noop("Not yet active"),
    "used": gettext_noop("Used up"),
    "reclaimed": gettext_noop("Reclaimed"),
    "expired": gettext_noop("Expired"),
}
QUOTA_STATES: Mapping[str, str] = {
    "normal": gettext_noop("Valid"),
    "frozen": gettext_noop("Frozen"),
    "adjusting": gettext_noop("Being adjusted"),
    "invalid": gettext_noop("Lapsed"),
    "reclaimed": gettext_noop("Reclaimed"),
}


def file_name(kind: str, asked_at: datetime, file_format: str) -> str:
    """What the file is called where it is saved: from the task, in signs that every system takes."""
    return f"{kind.replace('_', '-')}-{asked_at:%Y%m%d-%H%M}.{file_format}"
