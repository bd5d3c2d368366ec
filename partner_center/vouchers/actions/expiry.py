"""What ends by itself: vouchers at their end, quota at theirs. The system's own verbs, in chunks."""

from __future__ import annotations

from partner_center.access.permissions import require_system
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.vouchers import rules
from partner_center.vouchers.actions.reclaiming import bring_home
from partner_center.vouchers.models import Quota, Voucher

CHUNK = 10_000
# What bringing home asks of a voucher: of ten thousand, reading their dates would be half of the work.
NEEDED = ("number", "kind", "quota_id", "partner_id", "upline_id", "customer_id", "currency")


@action
def expire_due(actor: Actor, *, limit: int = CHUNK) -> int:
    """End vouchers whose time is over and bring what is left of them home; those held by an order wait for it.

    Rules:   S-401, S-402, S-410.
    Money:   each voucher's whole balance; voucher → the quota it came from (lost there after its own end).
    Returns: how many ended; call again while it is `limit`.
    Records: voucher.expired, one a quota
    """
    require_system(actor)
    due = Voucher.objects.visible_to(actor).filter(state="usable", ends_at__lte=actor.at, lock_order="")
    # Rows somebody else is working on are left for the next round.
    found = list(due.only(*NEEDED).order_by("pk").select_for_update(skip_locked=True)[:limit])
    bring_home(actor, found, rules.EXPIRED)
    return len(found)


@action
def lapse_due(actor: Actor, *, limit: int = CHUNK) -> int:
    """End quota whose time is over; what was not issued is lost, customers' vouchers keep their own time.

    Rules:   S-361, S-366, S-402.
    Money:   each quota's free balance; free → lost, of the same quota.
    Returns: how many ended.
    Records: quota.lapsed
    """
    require_system(actor)
    live = rules.QUOTA.sources("lapse")
    due = Quota.objects.visible_to(actor).filter(state__in=live, ends_at__lte=actor.at)
    found = list(due.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:limit])
    accounts, into = [quota.pk for quota in found], [quota.lost_account for quota in found]
    _, given = ledger.sweep(actor, kind="quota.lapse", accounts=accounts, into=into)
    Quota.objects.filter(pk__in=accounts).update(
        state=rules.QUOTA.target("lapse"), state_reason="", changed_at=actor.at
    )
    for quota in found:
        record(
            actor,
            "quota.lapsed",
            subject_kind="quota",
            subject_id=quota.pk,
            partner_id=quota.partner_id,
            upline_id=quota.upline_id,
            before=quota.state,
            after="invalid",
            amount=Money(given.get(quota.pk, 0), quota.currency),
        )
    return len(found)
