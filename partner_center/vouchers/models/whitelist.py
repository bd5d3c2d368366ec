"""Whom a subsidy partner may issue to."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import Parties, Scoped
from partner_center.kernel.ids import new_id
from partner_center.vouchers.rules import LONGEST_ACCOUNT


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
