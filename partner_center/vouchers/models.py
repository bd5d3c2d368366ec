"""Tables of quota and vouchers. No amount here changes: what is left of either is a ledger account's balance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import SYSTEM, Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.vouchers.rules import (
    AUTHORISATION,
    KINDS,
    LONGEST_ACCOUNT,
    LONGEST_QUOTA_REMARK,
    QUOTA,
    REVERSAL,
    VOUCHER,
    VOUCHER_KIND,
)


def _in(field: str, states: tuple[str, ...]) -> models.Q:
    return models.Q(**{f"{field}__in": states})


def _codes() -> Any:
    return ArrayField(models.CharField(max_length=64), default=list, blank=True)


_RESOLD = models.Q(upline_id__isnull=False)


def _more_codes() -> Any:
    return ArrayField(models.CharField(max_length=64), default=list, db_default=[], blank=True)


def _share(whole: int) -> Any:
    return models.DecimalField(max_digits=5, decimal_places=4, default=Decimal(whole), db_default=Decimal(whole))


class Limited(models.Model):
    """The limits of a quota or voucher, by the names of `Scope`, and what of its kind goes with it. Rules: S-395."""

    kind = models.PositiveSmallIntegerField(default=VOUCHER_KIND, db_default=VOUCHER_KIND)
    counts_as_performance = models.BooleanField(default=False, db_default=False)
    service_types = _codes()
    product_codes = _codes()
    service_types_excluded = _more_codes()
    order_types = _more_codes()
    regions = _more_codes()
    billing_modes = _more_codes()
    enterprise_projects = _more_codes()
    with_discounts = models.BooleanField(default=True, db_default=True)
    min_discount = _share(0)
    use_ratio = _share(1)

    class Meta:
        abstract = True


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
            models.CheckConstraint(condition=_in("state", QUOTA.states), name="vouchers_quota_state"),
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
                condition=_in("state", ("normal", "frozen", "adjusting")),
                name="vouchers_quota_live",
            ),
        ]


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
            models.CheckConstraint(condition=_in("state", VOUCHER.states), name="vouchers_voucher_state"),
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
    service_types_before = _codes()
    service_types_after = _codes()
    product_codes_before = _codes()
    product_codes_after = _codes()
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
            models.CheckConstraint(condition=_in("state", REVERSAL.states), name="vouchers_reversal_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=("waiting", "cancelled")) | ~models.Q(decided_by=models.F("asked_by")),
                name="vouchers_reversal_two_persons",
            ),
            models.UniqueConstraint(
                fields=["transfer_id"], condition=models.Q(state="waiting"), name="vouchers_reversal_one_waiting"
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="vouchers_reversal_newest")]


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
            models.CheckConstraint(condition=_in("state", AUTHORISATION.states), name="vouchers_authorisation_state"),
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


class WhitelistVersion(models.Model):
    """A subsidy partner's list of customers, as it was imported; the last one is in force. Rules: S-382."""

    SCOPE = Parties("partner_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    partner_id = models.UUIDField()
    number = models.PositiveIntegerField()
    accounts = models.PositiveIntegerField()
    source = models.CharField(max_length=120, blank=True)
    imported_at = models.DateTimeField()
    imported_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner_id", "number"], name="vouchers_whitelist_number")]


class WhitelistEntry(models.Model):
    """A customer's account on one version of a whitelist."""

    SCOPE = Parties("partner_id")
    WRITES = ("INSERT",)

    id = models.UUIDField(primary_key=True, default=new_id)
    version = models.ForeignKey(WhitelistVersion, on_delete=models.PROTECT, related_name="+")
    partner_id = models.UUIDField()
    account_name = models.CharField(max_length=LONGEST_ACCOUNT)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "account_name"], name="vouchers_whitelist_account_once")
        ]
