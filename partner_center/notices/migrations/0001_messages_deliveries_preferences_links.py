import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql


class Migration(migrations.Migration):
    """Messages: what each person was told, how it went out, what accounts want, and which links did their work.

    Tables of their own that code before them does not know. A preference is of the account, or of one person.
    """

    initial = True

    dependencies = [("audit", "0001_events_outbox_feed_operations")]

    operations = [
        migrations.CreateModel(
            name="LinkUse",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("user_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=24)),
                ("link_id", models.UUIDField()),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("link_id", "purpose"), name="notices_link_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("user_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("category", models.CharField(max_length=16)),
                ("event_id", models.UUIDField()),
                ("about", models.UUIDField()),
                ("values", models.JSONField(default=dict)),
                ("shown", models.BooleanField(default=True)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user_id", "-at", "-id"], name="notices_notice_newest"),
                    models.Index(
                        condition=models.Q(("read_at", None), ("shown", True)),
                        fields=["user_id"],
                        name="notices_notice_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("event_id", "kind", "about", "user_id"), name="notices_notice_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("user_id", models.UUIDField(null=True)),
                ("category", models.CharField(max_length=16)),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4), default=list, size=None
                    ),
                ),
                (
                    "user_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user_id", None)),
                        fields=("organisation_id", "category"),
                        name="notices_preference_account_once",
                    ),
                    models.UniqueConstraint(fields=("user_id", "category"), name="notices_preference_user_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("user_id", models.UUIDField()),
                ("kind", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=4)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("reason", models.CharField(blank=True, max_length=24)),
                ("answer", models.CharField(blank=True, max_length=200)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("digest", models.BooleanField(default=False)),
                ("message_id", models.CharField(blank=True, max_length=160)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.notice"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="notices_delivery_newest"),
                    models.Index(
                        condition=models.Q(("digest", True), ("state", "queued")),
                        fields=["user_id", "at"],
                        name="notices_delivery_digest",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("queued", "sent", "bounced", "failed", "skipped"))),
                        name="notices_delivery_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("mail", "sms"))), name="notices_delivery_channel"
                    ),
                    models.UniqueConstraint(fields=("notice", "channel"), name="notices_delivery_once"),
                ],
            },
        ),
        migrations.RunSQL(*fence_sql("notices_notice", "organisation_id")),
        migrations.RunSQL(*fence_sql("notices_delivery", "organisation_id")),
        migrations.RunSQL(*fence_sql("notices_preference", "organisation_id")),
        migrations.RunSQL(*fence_sql("notices_linkuse", "organisation_id")),
    ]
