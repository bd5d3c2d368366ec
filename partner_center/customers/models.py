"""Tables of customers: the account, and the row that says whose customer it is."""

from __future__ import annotations

from django.db import models

from partner_center.access.models import SITES, Organisation
from partner_center.customers.rules import ASSOCIATION, LEVELS, TYPES
from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id

LIVE = models.Q(state="active")


class Account(models.Model):
    """A customer's account: an organisation of access, with its partner of today and that partner's distributor."""

    SCOPE = Parties("organisation_id", "partner_id", "upline_id")

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, primary_key=True, related_name="+")
    site = models.CharField(max_length=16)
    account_name = models.CharField(max_length=64, unique=True)
    real_name_zh = models.CharField(max_length=120)
    real_name_en = models.CharField(max_length=120)
    uscc = models.CharField(max_length=18, null=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    country_code = models.CharField(max_length=2, default="CN")
    verified_status = models.SmallIntegerField(default=-1)
    customer_type = models.SmallIntegerField(default=-1)
    level = models.CharField(max_length=2, default="V0")
    is_finance_managed = models.BooleanField(default=False)
    is_independent_member = models.BooleanField(db_default=False)
    registered_at = models.DateTimeField()
    partner_id = models.UUIDField(null=True)
    upline_id = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(site__in=SITES), name="customers_account_site"),
            models.CheckConstraint(
                condition=models.Q(verified_status__in=(-1, 0, 1, 2)), name="customers_account_verified"
            ),
            models.CheckConstraint(condition=models.Q(customer_type__in=(-1, 0, 1)), name="customers_account_type"),
            models.CheckConstraint(condition=models.Q(level__in=LEVELS), name="customers_account_level"),
            models.CheckConstraint(
                condition=models.Q(partner_id__isnull=False) | models.Q(upline_id=None),
                name="customers_account_parties",
            ),
        ]
        indexes = [
            models.Index(fields=["partner_id"], name="customers_account_partner"),
            models.Index(fields=["upline_id"], name="customers_account_upline"),
            models.Index(fields=["-registered_at", "-organisation"], name="customers_account_newest"),
        ]


class Association(models.Model):
    """That an account is a partner's customer, in one of the two models, from one day to another.

    `upline_id` is the partner's distributor when the row was written.
    """

    SCOPE = Parties("partner_id", "upline_id", "customer_id")

    id = models.UUIDField(primary_key=True, default=new_id)
    customer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    partner_id = models.UUIDField()
    upline_id = models.UUIDField(null=True)
    type = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, default=ASSOCIATION.start)
    associated_at = models.DateTimeField()
    made_reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=64, blank=True)
    xaccount_id = models.CharField(max_length=128, blank=True)
    xaccount_type = models.CharField(max_length=64, blank=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=LIVE, name="customers_association_one"),
            models.CheckConstraint(condition=models.Q(type__in=tuple(TYPES)), name="customers_association_type"),
            models.CheckConstraint(
                condition=models.Q(state__in=ASSOCIATION.states), name="customers_association_state"
            ),
            models.CheckConstraint(
                condition=models.Q(state="active", ended_at=None) | models.Q(state="ended", ended_at__isnull=False),
                name="customers_association_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["partner_id", "-associated_at", "-id"], condition=LIVE, name="customers_assoc_partner"
            ),
            models.Index(fields=["upline_id", "-associated_at", "-id"], condition=LIVE, name="customers_assoc_upline"),
            models.Index(
                fields=["partner_id", "type", "-associated_at", "-id"], condition=LIVE, name="customers_assoc_type"
            ),
            models.Index(fields=["customer", "-associated_at"], name="customers_assoc_customer"),
        ]
