"""Where something is given out of quota when no quota is named: from the one that can, else the list to choose in."""

from __future__ import annotations

from django.urls import reverse

from partner_center.access.permissions import Can, may
from partner_center.kernel.actor import Actor
from partner_center.vouchers.queries import QuotaFilter, quotas

MOST_LOOKED_AT = 50


def address(actor: Actor, can: Can, name: str) -> str:
    """The address of the page `name` of the one quota that can be given out of; nothing where there is none."""
    if not may(actor, can):
        return ""
    held = quotas(actor, QuotaFilter(states=("normal",)), limit=MOST_LOOKED_AT).rows
    able = [each for each in held if each.may_issue(actor.at)]
    if len(able) == 1:
        return reverse(name, args=[able[0].id])
    return reverse("quotas") if able and may(actor, Can.VOUCHER_QUOTA_VIEW) else ""
