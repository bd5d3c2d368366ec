from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql

NUMBERS = ("CREATE SEQUENCE programmes_application_number;", "DROP SEQUENCE programmes_application_number;")


class Migration(migrations.Migration):
    """Companies apply to join. Such a row is nobody's until an account is opened: its applicant comes by a signed link."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True)),
                ("site", models.CharField(max_length=16)),
                ("state", models.CharField(default="draft", max_length=12)),
                ("identity", models.CharField(max_length=40)),
                ("uscc", models.CharField(blank=True, max_length=18)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("registered_address", models.CharField(blank=True, max_length=200)),
                ("account_name", models.CharField(blank=True, max_length=64)),
                ("display_name", models.CharField(max_length=80)),
                ("login", models.CharField(max_length=64)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("language", models.CharField(max_length=8)),
                ("agreements", models.JSONField(default=list)),
                ("checks", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("link_ends_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("review_id", models.UUIDField(null=True)),
                ("organisation_id", models.UUIDField(null=True)),
                ("user_id", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "link_ends_at"], name="programmes_application_due"),
                    models.Index(fields=["-asked_at", "-id"], name="programmes_application_new"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("draft", "joined", "in_review", "lapsed", "rejected", "withdrawn", "expired"),
                            )
                        ),
                        name="programmes_application_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_review"), models.Q(("uscc", ""), _negated=True)),
                        fields=("site", "uscc"),
                        name="programmes_application_one_in_review",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*NUMBERS),
        migrations.RunSQL(*fence_sql("programmes_application", "organisation_id")),
    ]
