"""Quota: what a partner issues out of, its log, what the vendor changed of it, and wishes to reverse."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import SYSTEM, Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.vouchers.models.limited import Limited, codes, in_states
from partner_center.vouchers.rules import KINDS, LONGEST_QUOTA_REMARK, QUOTA, REVERSAL


class Quota(Limited):
    """What a partner may issue vouchers out of: granted by the vendor, or passed on by its distributor.

    Its id is the ledger account of what is free; `spent_account` and `lost_account` hold what customers spent of it and
    what came back after its end.
    """

    SCOPE = Parties("partner_id", "upline_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    spent_account = models.UUIDField(default=new_id)
    lost_account = models.UUIDField(default=new_id)
    value_minor = models.BigIntegerField()
    given_back_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=QUOTA.start)
    state_reason = models.CharField(max_length=200, blank=True)
    customer_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=in_states("state", QUOTA.states), name="vouchers_quota_state"),
            models.CheckConstraint(condition=models.Q(value_minor__gt=0), name="vouchers_quota_value"),
            models.CheckConstraint(
                condition=models.Q(given_back_minor__gte=0) & models.Q(given_back_minor__lte=models.F("value_minor")),
                name="vouchers_quota_given_back",
            ),
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="vouchers_quota_window"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="vouchers_quota_kind"),
        ]
        indexes = [
            models.Index(fields=["partner_id", "-granted_at", "-id"], name="vouchers_quota_holder"),
            models.Index(fields=["upline_id", "-granted_at", "-id"], name="vouchers_quota_upline"),
            models.Index(fields=["parent"], name="vouchers_quota_parent"),
            models.Index(
                fields=["ends_at"],
                condition=in_states("state", ("normal", "frozen", "adjusting")),
                name="vouchers_quota_live",
            ),
        ]


class QuotaRecord(models.Model):
    """One line of the operation log of quota passed on to resellers."""

    SCOPE = Parties("partner_id", "upline_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    operation_type = models.PositiveSmallIntegerField()
    quota_id = models.UUIDField()
    parent_id = models.UUIDField()
    partner_id = models.UUIDField()
    upline_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    user_id = models.UUIDField(null=True)
    remark = models.CharField(max_length=LONGEST_QUOTA_REMARK, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["upline_id", "-at", "-id"], name="vouchers_quotarec_upline"),
            models.Index(fields=["partner_id", "-at", "-id"], name="vouchers_quotarec_partner"),
            models.Index(fields=["quota_id"], name="vouchers_quotarec_quota"),
        ]


class QuotaAdjustment(models.Model):
    """What the vendor changed of a quota: each term before and after, and why. Its partner reads it."""

    SCOPE = Parties("partner_id", "upline_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    quota_id = models.UUIDField()
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    transfer_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    value_before = models.BigIntegerField()
    value_after = models.BigIntegerField()
    ends_before = models.DateTimeField()
    ends_after = models.DateTimeField()
    service_types_before = codes()
    service_types_after = codes()
    product_codes_before = codes()
    product_codes_after = codes()
    customers_before = ArrayField(models.UUIDField(), default=list, blank=True)
    customers_after = ArrayField(models.UUIDField(), default=list, blank=True)
    reason = models.CharField(max_length=200)
    user_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["quota_id", "-at", "-id"], name="vouchers_adjustment_quota"),
            models.Index(fields=["transfer_id"], name="vouchers_adjustment_transfer"),
        ]


class ReversalRequest(models.Model):
    """That one person of the vendor's asks to take a transfer back, and what a second one decided."""

    SCOPE = SYSTEM

    id = models.UUIDField(primary_key=True, default=new_id)
    transfer_id = models.UUIDField()
    kind = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    quota_id = models.UUIDField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=12, default=REVERSAL.start)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)
    reversal_id = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=in_states("state", REVERSAL.states), name="vouchers_reversal_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "cancelled")) | ~models.Q(decided_by=models.F("asked_by")),
                name="vouchers_reversal_two_persons",
            ),
            models.UniqueConstraint(
                fields=["transfer_id"], condition=models.Q(state="waiting"), name="vouchers_reversal_one_waiting"
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="vouchers_reversal_newest")]
