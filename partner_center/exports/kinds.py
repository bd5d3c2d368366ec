"""What can be exported, and by whom: each kind is a list of the console, and asks for what that list asks for."""

from __future__ import annotations

from collections.abc import Mapping

from partner_center.access.permissions import Can, may, require
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound

# Any one of the items will do. Rules: S-254, S-581: customers are the administrator's to export.
KINDS: Mapping[str, tuple[Can, ...]] = {
    "voucher_records": (Can.VOUCHER_RECORD_VIEW,),
    "quota_records": (Can.VOUCHER_RECORD_VIEW,),
    "vouchers": (Can.VOUCHER_VIEW,),
    "quotas": (Can.VOUCHER_QUOTA_VIEW,),
    "issued_quotas": (Can.QUOTA_PASS_ON, Can.QUOTA_RECLAIM),
    "customers": (Can.CUSTOMER_EXPORT,),
    "vendor_quotas": (Can.VENDOR_QUOTA_VIEW,),
    "audit": (Can.AUDIT_VIEW,),
}
# Whoever holds any of these may have exports to look at.
CANS: tuple[Can, ...] = tuple(dict.fromkeys(can for cans in KINDS.values() for can in cans))


def kinds_of(actor: Actor) -> tuple[str, ...]:
    """The kinds the actor may export, and whose files it may fetch."""
    return tuple(kind for kind, cans in KINDS.items() if may(actor, *cans))


def may_unmask(actor: Actor) -> bool:
    """Whether names and contacts may stand in the actor's files as they are."""
    return may(actor, Can.EXPORT_UNMASKED)


def may_export(actor: Actor, kind: str, *, masked: bool) -> bool:
    return kind in kinds_of(actor) and (masked or may_unmask(actor))


def require_export(actor: Actor, kind: str, *, masked: bool) -> None:
    """Raises: NotFound for what is no kind; NotAllowed."""
    if kind not in KINDS:
        raise NotFound("kind")
    require(actor, *KINDS[kind])
    if not masked:
        require(actor, Can.EXPORT_UNMASKED)
