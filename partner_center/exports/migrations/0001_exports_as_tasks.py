from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql


class Migration(migrations.Migration):
    """Exports: what was asked for and how far it is stands here, the file lies beside the database.

    A table of its own that code before it does not know.
    """

    initial = True

    dependencies = [("audit", "0001_events_outbox_feed_operations")]

    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("audience", models.CharField(max_length=8)),
                ("site", models.CharField(max_length=16)),
                ("user_id", models.UUIDField()),
                ("kind", models.CharField(max_length=32)),
                ("parameters", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=2)),
                ("file_format", models.CharField(max_length=4)),
                ("masked", models.BooleanField(default=True)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("expected_rows", models.PositiveIntegerField()),
                ("rows", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation_id", "-asked_at", "-id"], name="exports_export_newest"),
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=["organisation_id"],
                        name="exports_export_in_flight",
                    ),
                    models.Index(
                        condition=models.Q(("state", "done")), fields=["expires_at"], name="exports_export_due"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("queued", "running", "done", "failed", "expired"))),
                        name="exports_export_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("file_format__in", ("xlsx", "csv"))), name="exports_export_format"
                    ),
                ],
            },
        ),
        migrations.RunSQL(*fence_sql("exports_export", "organisation_id")),
    ]
