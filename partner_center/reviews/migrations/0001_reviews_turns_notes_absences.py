import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import append_only_sql, fence_sql

NUMBERS = ("CREATE SEQUENCE reviews_review_number;", "DROP SEQUENCE reviews_review_number;")


class Migration(migrations.Migration):
    """The one review engine: what waits for whom until when, what both sides did, what stays inside, who is away."""

    initial = True

    dependencies = [
        ("access", "0001_organisations_users_roles_keys_codes"),
        # The function that refuses to change what is append-only is the record's.
        ("audit", "0001_events_outbox_feed_operations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("kind", models.CharField(max_length=32)),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_id", models.UUIDField()),
                ("asker_id", models.UUIDField(null=True)),
                ("asker_kind", models.CharField(default="partner", max_length=8)),
                ("decider_id", models.UUIDField(null=True)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("site", models.CharField(max_length=16)),
                ("amount_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("facts", models.JSONField(default=dict)),
                ("state", models.CharField(default="open", max_length=12)),
                ("steps", models.JSONField()),
                ("supplement_days", models.PositiveSmallIntegerField()),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("role", models.CharField(max_length=40)),
                ("escalates_to", models.CharField(blank=True, max_length=40)),
                ("first_by_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("days_left", models.PositiveSmallIntegerField(null=True)),
                ("supplement_due_at", models.DateTimeField(null=True)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("escalated_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.user"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("decider_id", models.UUIDField(null=True)),
                ("what", models.CharField(max_length=16)),
                ("user_id", models.UUIDField(null=True)),
                ("to_id", models.UUIDField(null=True)),
                ("said", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.review"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("asker_id", models.UUIDField(null=True)),
                ("decider_id", models.UUIDField(null=True)),
                ("move", models.CharField(max_length=16)),
                ("step", models.CharField(max_length=40)),
                ("user_id", models.UUIDField(null=True)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("said", models.CharField(blank=True, max_length=1000)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reviews.review"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "stand_in",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.user"),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.user"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["stand_in", "ends_at"], name="reviews_absence_stand_in")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_at__lte", models.F("ends_at"))), name="reviews_absence_forwards"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("stand_in")), _negated=True), name="reviews_absence_other"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("state__in", ("open", "returned"))),
                fields=["due_at", "id"],
                name="reviews_review_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["asker_id", "-opened_at"], name="reviews_review_asker"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["subject_id", "-opened_at"], name="reviews_review_subject"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "returned"))),
                fields=("kind", "subject_id"),
                name="reviews_review_one_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("open", "returned", "approved", "rejected", "withdrawn", "expired"))),
                name="reviews_review_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("site__in", ("cloud-cn", "cloud-intl"))), name="reviews_review_site"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("state__in", ("open", "returned"))),
                    models.Q(
                        models.Q(("state__in", ("open", "returned")), _negated=True), ("closed_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="reviews_review_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "open"), _negated=True), ("due_at__isnull", False), _connector="OR"
                ),
                name="reviews_review_due",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["review", "id"], name="reviews_note_review"),
        ),
        migrations.AddIndex(
            model_name="turn",
            index=models.Index(fields=["review", "id"], name="reviews_turn_review"),
        ),
        migrations.RunSQL(*NUMBERS),
        migrations.RunSQL(*fence_sql("reviews_review", "asker_id", "decider_id")),
        migrations.RunSQL(*fence_sql("reviews_turn", "asker_id", "decider_id")),
        # The asker reads what is written for it, never what the deciding side keeps to itself.
        migrations.RunSQL(*fence_sql("reviews_note", "decider_id")),
        migrations.RunSQL(*fence_sql("reviews_absence", "organisation_id")),
        migrations.RunSQL(*append_only_sql("reviews_turn")),
        migrations.RunSQL(*append_only_sql("reviews_note")),
    ]
