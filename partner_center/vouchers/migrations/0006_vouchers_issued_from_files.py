import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql

SEQUENCE = ("CREATE SEQUENCE vouchers_batch_number;", "DROP SEQUENCE vouchers_batch_number;")
# Rows that were only just inserted are unknown to the planner, which would look through all of them for each one.
NOTE_ROWS = (
    """
    CREATE FUNCTION vouchers_note_rows(p_batch uuid, p_rows jsonb) RETURNS void LANGUAGE plpgsql
    SET enable_nestloop = off AS $$
    BEGIN
        UPDATE vouchers_issuebatchrow AS r SET state = given.state, problems = coalesce(given.problems, '[]'),
            named_before = given.named_before, customer_id = given.customer_id, face_minor = given.face_minor,
            voucher_id = given.voucher_id
        FROM jsonb_to_recordset(p_rows) AS given(number int, state text, problems jsonb, named_before int,
            customer_id uuid, face_minor bigint, voucher_id uuid)
        WHERE r.batch_id = p_batch AND r.number = given.number;
    END $$;
    """,
    "DROP FUNCTION vouchers_note_rows(uuid, jsonb);",
)
# A distributor sees that its reseller's quota is held for a file, since its sums must close; not the file's rows, whose
# remarks are the reseller's own.
FENCED = {"vouchers_issuebatch": ("partner_id", "upline_id"), "vouchers_issuebatchrow": ("partner_id",)}


class Migration(migrations.Migration):
    """Vouchers issued from a file: the file's rows stay with what became of each, and the log names the file.

    Safe while old code runs: two tables it does not know, and a column it may leave out.
    """

    dependencies = [
        ("vouchers", "0005_adjustments_reversal_requests_and_why_frozen"),
    ]

    operations = [
        migrations.AddField(
            model_name="voucherrecord",
            name="batch_id",
            field=models.UUIDField(null=True),
        ),
        migrations.CreateModel(
            name="IssueBatch",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=24, unique=True)),
                ("partner_id", models.UUIDField()),
                ("upline_id", models.UUIDField(null=True)),
                ("site", models.CharField(max_length=16)),
                ("currency", models.CharField(max_length=3)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                (
                    "service_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list, size=None
                    ),
                ),
                (
                    "product_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list, size=None
                    ),
                ),
                ("state", models.CharField(default="checked", max_length=12)),
                ("row_count", models.PositiveIntegerField()),
                ("bad_count", models.PositiveIntegerField(default=0)),
                ("warned_count", models.PositiveIntegerField(default=0)),
                ("issued_count", models.PositiveIntegerField(default=0)),
                ("total_minor", models.BigIntegerField(default=0)),
                ("held_minor", models.BigIntegerField(default=0)),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by", models.UUIDField(null=True)),
                ("checked_at", models.DateTimeField()),
                ("committed_at", models.DateTimeField(null=True)),
                ("committed_by", models.UUIDField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "quota",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="vouchers.quota"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IssueBatchRow",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("partner_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("cells", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("state", models.CharField(default="ready", max_length=12)),
                ("problems", models.JSONField(default=list)),
                ("named_before", models.PositiveIntegerField(null=True)),
                ("customer_id", models.UUIDField(null=True)),
                ("face_minor", models.BigIntegerField(null=True)),
                ("voucher_id", models.UUIDField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="vouchers.issuebatch"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="issuebatch",
            index=models.Index(fields=["partner_id", "-uploaded_at", "-id"], name="vouchers_batch_partner"),
        ),
        migrations.AddIndex(
            model_name="issuebatch",
            index=models.Index(fields=["quota"], name="vouchers_batch_quota"),
        ),
        migrations.AddIndex(
            model_name="issuebatch",
            index=models.Index(condition=models.Q(("state", "issuing")), fields=["id"], name="vouchers_batch_running"),
        ),
        migrations.AddConstraint(
            model_name="issuebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("checked", "issued", "issuing", "discarded", "undone"))),
                name="vouchers_batch_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="issuebatch",
            constraint=models.CheckConstraint(condition=models.Q(("row_count__gt", 0)), name="vouchers_batch_rows"),
        ),
        migrations.AddIndex(
            model_name="issuebatchrow",
            index=models.Index(fields=["batch", "state", "number"], name="vouchers_batchrow_todo"),
        ),
        migrations.AddConstraint(
            model_name="issuebatchrow",
            constraint=models.UniqueConstraint(fields=("batch", "number"), name="vouchers_batchrow_once"),
        ),
        migrations.AddConstraint(
            model_name="issuebatchrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("ready", "refused", "issued", "undone"))),
                name="vouchers_batchrow_state",
            ),
        ),
        migrations.RunSQL(*SEQUENCE),
        migrations.RunSQL(*NOTE_ROWS),
        *(migrations.RunSQL(*fence_sql(table, *columns)) for table, columns in FENCED.items()),
    ]
