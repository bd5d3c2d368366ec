"""What vouchers are held for at checkout."""

from __future__ import annotations

from django.db import models

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.vouchers.models.limited import in_states
from partner_center.vouchers.models.quota import Quota
from partner_center.vouchers.models.voucher import Voucher
from partner_center.vouchers.rules import AUTHORISATION


class Authorisation(models.Model):
    """Value of vouchers held for one order until it is paid or given up. Its id is the ledger account of the hold.

    What was charged for usage (`source` "usage") stands here as captured at once and was never held.
    """

    SCOPE = Parties("partner_id", "upline_id", "customer_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    customer_id = models.UUIDField()
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    order_reference = models.CharField(max_length=64)
    source = models.CharField(max_length=8, default="order", db_default="order")
    order_lines = models.JSONField(default=list)
    order_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=AUTHORISATION.start)
    authorised_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=in_states("state", AUTHORISATION.states), name="vouchers_authorisation_state"
            ),
            models.UniqueConstraint(
                fields=["customer_id", "order_reference"],
                condition=models.Q(state="authorised"),
                name="vouchers_authorisation_one_live",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=models.Q(state="authorised"), name="vouchers_authorisation_due"
            )
        ]


class AuthorisationPart(models.Model):
    """What one voucher pays of an authorised order."""

    SCOPE = Parties("partner_id", "upline_id", "customer_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="parts")
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="+")
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="+")
    customer_id = models.UUIDField()
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "voucher"], name="vouchers_part_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="vouchers_part_amount"),
        ]
