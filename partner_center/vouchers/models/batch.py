"""Vouchers issued from a file: the file, and its rows."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.vouchers.models.limited import codes, in_states
from partner_center.vouchers.models.quota import Quota
from partner_center.vouchers.rules import BATCH, ROW_STATES


class IssueBatch(models.Model):
    """Vouchers issued from a file. Its id is the issue that its vouchers name, and the ledger account of a long file's
    hold: what it took from the quota and has not handed out yet.

    The counts and the total say what the rows said when they were looked at last.
    """

    SCOPE = Parties("partner_id", "upline_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="+")
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    site = models.CharField(max_length=16)
    currency = models.CharField(max_length=3)
    file_name = models.CharField(max_length=200, blank=True)
    service_types = codes()
    product_codes = codes()
    state = models.CharField(max_length=12, default=BATCH.start)
    row_count = models.PositiveIntegerField()
    bad_count = models.PositiveIntegerField(default=0)
    warned_count = models.PositiveIntegerField(default=0)
    issued_count = models.PositiveIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    committed_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=in_states("state", BATCH.states), name="vouchers_batch_state"),
            models.CheckConstraint(condition=models.Q(row_count__gt=0), name="vouchers_batch_rows"),
        ]
        indexes = [
            models.Index(fields=["partner_id", "-uploaded_at", "-id"], name="vouchers_batch_partner"),
            models.Index(fields=["quota"], name="vouchers_batch_quota"),
            models.Index(fields=["id"], condition=models.Q(state="issuing"), name="vouchers_batch_running"),
        ]


class IssueBatchRow(models.Model):
    """A row of such a file as it was uploaded, and what became of it. Its remark is the issuing partner's own."""

    SCOPE = Parties("partner_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    batch = models.ForeignKey(IssueBatch, on_delete=models.PROTECT, related_name="rows")
    partner_id = models.UUIDField()
    number = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    state = models.CharField(max_length=12, default="ready")
    problems = models.JSONField(default=list)
    named_before = models.PositiveIntegerField(null=True)
    customer_id = models.UUIDField(null=True)
    face_minor = models.BigIntegerField(null=True)
    voucher_id = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="vouchers_batchrow_once"),
            models.CheckConstraint(condition=in_states("state", ROW_STATES), name="vouchers_batchrow_state"),
        ]
        indexes = [models.Index(fields=["batch", "state", "number"], name="vouchers_batchrow_todo")]
