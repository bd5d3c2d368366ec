"""Tables of the ledger. The application reads them; only functions of the database write (see the migrations)."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from partner_center.fence.scope import SYSTEM, Parties, Scoped


class Account(models.Model):
    """What somebody holds, in one currency; a quota and a voucher are accounts, and their value is this balance.

    It cannot fall below `floor`; without one it may fall without limit. `partner`, `upline` and `customer` see it.
    """

    SCOPE = Parties("partner_id", "upline_id", "customer_id")
    WRITES = ()

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    balance = models.BigIntegerField(db_default=0)
    floor = models.BigIntegerField(null=True)
    partner_id = models.UUIDField(null=True)
    upline_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()


class Transfer(models.Model):
    """One movement of value: who, when, why. Its entries sum to zero in each currency; it is never changed."""

    SCOPE = Parties("partner_id", "upline_id", "customer_id")
    WRITES = ()

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=80)
    operation_id = models.UUIDField(null=True)
    reason = models.TextField()
    actor_user_id = models.UUIDField(null=True)
    home_id = models.UUIDField(null=True)
    seat_id = models.UUIDField(null=True)
    approved_by_id = models.UUIDField(null=True)
    reverses_id = models.UUIDField(null=True)
    partner_id = models.UUIDField(null=True)
    upline_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)
    entry_count = models.IntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [
            # One line of the digest's text.
            models.CheckConstraint(condition=models.Q(kind__regex=r"^[a-z0-9_.-]+$"), name="ledger_transfer_kind"),
            models.CheckConstraint(
                condition=models.Q(reverses_id=None)
                | (
                    models.Q(approved_by_id__isnull=False, actor_user_id__isnull=False)
                    & ~models.Q(reason="")
                    & ~models.Q(approved_by_id=models.F("actor_user_id"))
                ),
                name="ledger_transfer_two_persons",
            ),
            models.UniqueConstraint(
                fields=["reverses_id"], condition=~models.Q(reverses_id=None), name="ledger_transfer_reversed_once"
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"], name="ledger_transfer_recorded")]


class Entry(models.Model):
    """What a transfer adds to an account (positive) or takes from it; the parties are the account's at that time."""

    SCOPE = Parties("partner_id", "upline_id", "customer_id")
    WRITES = ()

    # No constraint in the database: it would lock the hot account's row once more for every entry, while accounts and
    # transfers cannot be deleted and the ledger's functions join the account to write the entry.
    pk = models.CompositePrimaryKey("transfer_id", "account_id")
    transfer = models.ForeignKey(
        Transfer, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="entries"
    )
    account = models.ForeignKey(
        Account, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="entries"
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    partner_id = models.UUIDField(null=True)
    upline_id = models.UUIDField(null=True)
    customer_id = models.UUIDField(null=True)

    objects = Scoped.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(amount_minor=0), name="ledger_entry_not_zero")]
        indexes = [models.Index(fields=["account", "transfer"], name="ledger_entry_account")]


class Seal(models.Model):
    """A signed root over an hour's transfers and the root before: what was there cannot be changed unnoticed."""

    SCOPE = SYSTEM
    WRITES = ()

    hour = models.DateTimeField(primary_key=True)
    transfer_count = models.IntegerField()
    sums = models.JSONField()
    previous_root = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField(db_default=Now())

    objects = Scoped.as_manager()
