import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql

NUMBERS = ("CREATE SEQUENCE support_ticket_number;", "DROP SEQUENCE support_ticket_number;")


class Migration(migrations.Migration):
    """Tickets, what both sides wrote, what the vendor noted for itself, and what was attached.

    Tables of their own that code before them does not know. Notes name the vendor as their only party.
    """

    initial = True

    dependencies = [("audit", "0001_events_outbox_feed_operations")]

    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("site", models.CharField(max_length=16)),
                ("organisation_id", models.UUIDField()),
                ("audience", models.CharField(max_length=8)),
                ("opened_by", models.UUIDField()),
                ("category", models.CharField(max_length=32)),
                ("severity", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=120)),
                ("contact", models.CharField(max_length=200)),
                ("particulars", models.JSONField(default=dict)),
                ("rule", models.CharField(blank=True, max_length=24)),
                ("subject_kind", models.CharField(blank=True, max_length=24)),
                ("subject_id", models.UUIDField(null=True)),
                ("subject_label", models.CharField(blank=True, max_length=120)),
                ("state", models.CharField(default="submitted", max_length=16)),
                ("assignee_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("paused_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("closes_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("urged_at", models.DateTimeField(null=True)),
                ("urges", models.PositiveSmallIntegerField(default=0)),
                ("unread_opener", models.PositiveSmallIntegerField(default=0)),
                ("unread_vendor", models.PositiveSmallIntegerField(default=0)),
                ("return_address", models.CharField(blank=True, max_length=200)),
                ("return_addressee", models.CharField(blank=True, max_length=60)),
                ("return_phone", models.CharField(blank=True, max_length=32)),
                ("marks", models.PositiveSmallIntegerField(null=True)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("rated_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation_id", "-changed_at", "-id"], name="support_ticket_newest"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("submitted", "accepted", "in_progress", "waiting_user", "resolved"))
                        ),
                        fields=["due_at"],
                        name="support_ticket_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state", "resolved")), fields=["closes_at"], name="support_ticket_closing"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "submitted",
                                    "accepted",
                                    "in_progress",
                                    "waiting_user",
                                    "resolved",
                                    "closed",
                                    "cancelled",
                                ),
                            )
                        ),
                        name="support_ticket_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "severity__in",
                                ("core_down", "production_down", "production_fault", "system_fault", "guidance"),
                            )
                        ),
                        name="support_ticket_severity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("marks", None), ("marks__range", (1, 5)), _connector="OR"),
                        name="support_ticket_marks",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("kind", models.CharField(max_length=8)),
                ("from_vendor", models.BooleanField()),
                ("user_id", models.UUIDField()),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("name", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=4)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.message"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("vendor_id", models.UUIDField()),
                ("user_id", models.UUIDField()),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="support.ticket"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ticket", "at"], name="support_note_of_ticket")],
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["ticket", "at"], name="support_message_of_ticket"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["ticket"], name="support_attachment_of_ticket"),
        ),
        migrations.RunSQL(*NUMBERS),
        migrations.RunSQL(*fence_sql("support_ticket", "organisation_id")),
        migrations.RunSQL(*fence_sql("support_message", "organisation_id")),
        migrations.RunSQL(*fence_sql("support_note", "vendor_id")),
        migrations.RunSQL(*fence_sql("support_attachment", "organisation_id")),
    ]
