"""Roles an organisation makes for itself, wishes for permission items, and the director above an account manager.

Safe while the code before it runs: two new tables and a column that may be empty.
"""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql


class Migration(migrations.Migration):
    dependencies = [("access", "0001_organisations_users_roles_keys_codes")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="director",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.user"
            ),
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=40)),
                (
                    "grants",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=48), default=list, size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("organisation_id", "name"),
                        name="access_role_name_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessRequest",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("item", models.CharField(max_length=48)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("state", models.CharField(default="open", max_length=12)),
                ("asked_at", models.DateTimeField()),
                ("role", models.CharField(blank=True, max_length=40)),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("answered_by", models.UUIDField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.user"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation_id", "state", "-asked_at"], name="access_request_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "granted", "declined"))),
                        name="access_request_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("user", "item"),
                        name="access_request_one_open",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*fence_sql("access_role", "organisation_id")),
        migrations.RunSQL(*fence_sql("access_accessrequest", "organisation_id")),
    ]
