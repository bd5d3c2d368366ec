import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from partner_center.fence.sql import SEES_ALL, append_only_sql, fence_sql
from partner_center.ledger.migrations import _functions_0001 as functions
from partner_center.ledger.migrations import _verbs_0001 as verbs

PARTIES = ("partner_id", "upline_id", "customer_id")
# Who sees all comes first: `ledger_touches` is a call for each row. Seals count everybody's transfers.
TRANSFER_FENCE = (
    f"""
    ALTER TABLE ledger_transfer ENABLE ROW LEVEL SECURITY;
    CREATE POLICY fence ON ledger_transfer USING (
        {SEES_ALL} OR (SELECT access_seat()) IN (partner_id, upline_id, customer_id) OR ledger_touches(id)
    );
    ALTER TABLE ledger_seal ENABLE ROW LEVEL SECURITY;
    CREATE POLICY fence ON ledger_seal USING ({SEES_ALL});
    """,
    """
    DROP POLICY fence ON ledger_seal;
    ALTER TABLE ledger_seal DISABLE ROW LEVEL SECURITY;
    DROP POLICY fence ON ledger_transfer;
    ALTER TABLE ledger_transfer DISABLE ROW LEVEL SECURITY;
    """,
)
# Balances change; accounts stay.
ACCOUNTS_STAY = (
    """
    CREATE TRIGGER never_deleted BEFORE DELETE OR TRUNCATE ON ledger_account
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """,
    "DROP TRIGGER never_deleted ON ledger_account;",
)


class Migration(migrations.Migration):
    """Value moves here and nowhere else: tables that only functions write, each of which keeps sums at zero."""

    initial = True
    dependencies = [("audit", "0001_events_outbox_feed_operations")]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("currency", models.CharField(max_length=3)),
                ("balance", models.BigIntegerField(db_default=0)),
                ("floor", models.BigIntegerField(null=True)),
                ("partner_id", models.UUIDField(null=True)),
                ("upline_id", models.UUIDField(null=True)),
                ("customer_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("hour", models.DateTimeField(primary_key=True, serialize=False)),
                ("transfer_count", models.IntegerField()),
                ("sums", models.JSONField()),
                ("previous_root", models.BinaryField(max_length=32)),
                ("root", models.BinaryField(max_length=32)),
                ("signature", models.BinaryField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("sealed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=80)),
                ("operation_id", models.UUIDField(null=True)),
                ("reason", models.TextField()),
                ("actor_user_id", models.UUIDField(null=True)),
                ("home_id", models.UUIDField(null=True)),
                ("seat_id", models.UUIDField(null=True)),
                ("approved_by_id", models.UUIDField(null=True)),
                ("reverses_id", models.UUIDField(null=True)),
                ("partner_id", models.UUIDField(null=True)),
                ("upline_id", models.UUIDField(null=True)),
                ("customer_id", models.UUIDField(null=True)),
                ("entry_count", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [models.Index(fields=["recorded_at"], name="ledger_transfer_recorded")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__regex", "^[a-z0-9_.-]+$")), name="ledger_transfer_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reverses_id", None),
                            models.Q(
                                ("actor_user_id__isnull", False),
                                ("approved_by_id__isnull", False),
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("approved_by_id", models.F("actor_user_id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_transfer_two_persons",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses_id", None), _negated=True),
                        fields=("reverses_id",),
                        name="ledger_transfer_reversed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "transfer_id", "account_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("partner_id", models.UUIDField(null=True)),
                ("upline_id", models.UUIDField(null=True)),
                ("customer_id", models.UUIDField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entries",
                        to="ledger.account",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entries",
                        to="ledger.transfer",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "transfer"], name="ledger_entry_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True), name="ledger_entry_not_zero"
                    )
                ],
            },
        ),
        *(
            migrations.RunSQL(*sql)
            for sql in (
                functions.FLOOR,
                functions.DIGEST,
                functions.STAMP,
                functions.OPEN,
                functions.WRITE,
                verbs.POST,
                verbs.FUND,
                verbs.SWEEP,
                verbs.REVERSE,
                verbs.SEAL,
                fence_sql("ledger_account", *PARTIES),
                fence_sql("ledger_entry", *PARTIES),
                TRANSFER_FENCE,
                append_only_sql("ledger_transfer"),
                append_only_sql("ledger_entry"),
                append_only_sql("ledger_seal"),
                ACCOUNTS_STAY,
            )
        ),
    ]
