"""Vouchers, how many there are, and their log."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.vouchers.models.limited import Limited, in_states
from partner_center.vouchers.models.quota import Quota
from partner_center.vouchers.rules import VOUCHER

_RESOLD = models.Q(upline_id__isnull=False)


class Voucher(Limited):
    """A customer's voucher. Its id is the ledger account of what is left of it."""

    SCOPE = Parties("partner_id", "upline_id", "customer_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    # That the quota exists is checked on the line of the tally which every voucher is in: once for ten thousand.
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    customer_id = models.UUIDField()
    association_type = models.PositiveSmallIntegerField()
    issue_id = models.UUIDField()
    # The quota's account of what was spent stands here too, since a customer who pays does not see the quota.
    spent_account = models.UUIDField()
    face_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    min_order_minor = models.BigIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=VOUCHER.start)
    is_frozen = models.BooleanField(default=False)
    frozen_reason = models.CharField(max_length=200, blank=True, db_default="")
    lock_order = models.CharField(max_length=64, blank=True)
    came_back_minor = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=in_states("state", VOUCHER.states), name="vouchers_voucher_state"),
            models.CheckConstraint(condition=models.Q(face_minor__gt=0), name="vouchers_voucher_face"),
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")), name="vouchers_voucher_window"
            ),
        ]
        indexes = [
            models.Index(fields=["partner_id", "-issued_at", "-id"], name="vouchers_voucher_issuer"),
            models.Index(fields=["upline_id", "-issued_at", "-id"], condition=_RESOLD, name="vouchers_voucher_resold"),
            models.Index(fields=["customer_id", "ends_at", "id"], name="vouchers_voucher_customer"),
            models.Index(fields=["quota"], name="vouchers_voucher_quota"),
            models.Index(fields=["ends_at"], condition=models.Q(state="usable"), name="vouchers_voucher_due"),
            # Of these the balance may be less than the face value; all others that are usable have theirs whole.
            models.Index(
                fields=["partner_id"],
                condition=(~models.Q(lock_order="") | models.Q(last_used_at__isnull=False)) & models.Q(state="usable"),
                name="vouchers_voucher_touched",
            ),
        ]


class Tally(models.Model):
    """How many vouchers of one quota, window and state there are: lines to be added up, written by triggers alone."""

    SCOPE = Parties("partner_id", "upline_id")
    WRITES = ()

    id = models.BigAutoField(primary_key=True)
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="+", db_index=False)
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    currency = models.CharField(max_length=3)
    vouchers = models.IntegerField()
    face_minor = models.BigIntegerField()

    objects = Scoped.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partner_id", "ends_at"], name="vouchers_tally_partner"),
            models.Index(fields=["upline_id", "ends_at"], condition=_RESOLD, name="vouchers_tally_upline"),
            models.Index(fields=["quota"], name="vouchers_tally_quota"),
        ]


class VoucherRecord(models.Model):
    """One line of the operation log of vouchers. The remark is the issuing partner's own."""

    SCOPE = Parties("partner_id", "upline_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    operation_type = models.PositiveSmallIntegerField()
    quota_id = models.UUIDField()
    voucher_id = models.UUIDField()
    customer_id = models.UUIDField()
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    association_type = models.PositiveSmallIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    user_id = models.UUIDField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    # The file the voucher was issued from, where it was.
    batch_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["partner_id", "-at", "-id"], name="vouchers_record_partner"),
            models.Index(fields=["upline_id", "-at", "-id"], condition=_RESOLD, name="vouchers_record_resold"),
            models.Index(fields=["voucher_id"], name="vouchers_record_voucher"),
            models.Index(fields=["customer_id", "-at", "-id"], name="vouchers_record_customer"),
            models.Index(fields=["quota_id", "-at", "-id"], name="vouchers_record_quota"),
        ]
