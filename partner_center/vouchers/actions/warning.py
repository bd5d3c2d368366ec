"""What ends soon is noted, so that its holder can be told in time. The system's own verbs, once a day."""

from __future__ import annotations

from partner_center.access.permissions import require_system
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.vouchers import queries


@action(keyed=True)
def warn_quota_ending(actor: Actor, *, currency: str, days: int, key: str | None = None) -> int:
    """Note the quota that ends in so many days with something left to issue; once for each key.

    Returns how many. A run a day finds each once.
    Rules:   S-361, S-905.
    Money:   what is free of each, in its currency; nothing moves.
    Raises:  NotAllowed for anybody but the system.
    Records: quota.end_announced
    """
    require_system(actor)
    found = queries.quota_ending(actor, currency, days)
    for each in found:
        record(
            actor,
            "quota.end_announced",
            subject_kind="quota",
            subject_id=each.id,
            partner_id=each.partner_id,
            upline_id=each.upline_id,
            amount=each.free,
            days=days,
        )
    return len(found)


@action(keyed=True)
def warn_vouchers_ending(actor: Actor, *, currency: str, days: int, key: str | None = None) -> int:
    """Note the customers whose vouchers end in so many days, one event a customer; once for each key.

    Returns how many customers.
    Rules:   S-401, S-905.
    Money:   what is left of the vouchers of each customer, in their currency; nothing moves.
    Raises:  NotAllowed for anybody but the system.
    Records: voucher.end_announced
    """
    require_system(actor)
    found = queries.vouchers_ending(actor, currency, days)
    for each in found:
        record(
            actor,
            "voucher.end_announced",
            subject_kind="customer",
            subject_id=each.customer_id,
            customer_id=each.customer_id,
            amount=each.left,
            count=each.count,
            days=days,
        )
    return len(found)
