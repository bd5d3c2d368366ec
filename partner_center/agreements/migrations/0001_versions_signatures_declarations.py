"""Versions of agreements, signatures under them, declarations of relationships, and the question what is barred.

The question is a function of its own: it is asked beside rows of other tables in one round trip, and whether a company
has signed is a fact about rows of all its accounts, of which only the answer leaves.
"""

from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import append_only_sql, fence_sql

UNSIGNED = (
    """
    CREATE OR REPLACE FUNCTION agreements_unsigned(partner uuid, verb text, at timestamptz)
    RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT coalesce(array_agg(v.code::text ORDER BY v.code), '{}')
        FROM partners_account AS p
        JOIN agreements_version AS v ON v.site = p.site AND v.superseded_at IS NULL
        LEFT JOIN partners_standing AS s ON s.organisation_id = p.organisation_id AND s.aspect = 'identity'
            AND s.valid_from <= at AND (s.valid_to IS NULL OR s.valid_to > at)
        WHERE p.organisation_id = partner AND v.mandatory AND v.level = 'company' AND verb = ANY (v.governs)
            AND (v.binds = '{}' OR s.value = ANY (v.binds))
            AND greatest(v.effective_at, p.opened_at) + make_interval(days => v.grace_days) <= at
            AND NOT EXISTS (
                SELECT FROM agreements_signature AS signed
                WHERE signed.version_id = v.id AND signed.company_id = p.company_id
            )
    $$;
    """,
    "DROP FUNCTION IF EXISTS agreements_unsigned(uuid, text, timestamptz);",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0002_own_roles_requests_directors"),
        ("partners", "0001_companies_accounts_standing_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("site", models.CharField(max_length=16)),
                ("code", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=16)),
                ("title_zh", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
                ("text_zh", models.TextField()),
                ("text_en", models.TextField()),
                ("sha256_zh", models.CharField(max_length=64)),
                ("sha256_en", models.CharField(max_length=64)),
                ("level", models.CharField(max_length=8)),
                ("mandatory", models.BooleanField()),
                (
                    "binds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), default=list, size=None
                    ),
                ),
                (
                    "governs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("grace_days", models.PositiveSmallIntegerField()),
                ("effective_at", models.DateTimeField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.UUIDField(null=True)),
                ("superseded_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("site__in", ("cloud-cn", "cloud-intl"))), name="agreements_version_site"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__in", ("code_of_conduct", "programme_agreement", "association_statement"))
                        ),
                        name="agreements_version_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ("company", "person"))), name="agreements_version_level"
                    ),
                    models.UniqueConstraint(fields=("site", "code", "number"), name="agreements_version_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("superseded_at", None)),
                        fields=("site", "code"),
                        name="agreements_version_one_latest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("company_id", models.UUIDField()),
                ("partner_id", models.UUIDField()),
                ("user_id", models.UUIDField()),
                ("level", models.CharField(max_length=8)),
                ("language", models.CharField(max_length=2)),
                ("sha256", models.CharField(max_length=64)),
                ("address", models.CharField(max_length=64)),
                ("signed_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agreements.version"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["partner_id", "-signed_at"], name="agreements_signature_partner")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("level", "company")),
                        fields=("version", "company_id"),
                        name="agreements_signature_company_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("level", "person")),
                        fields=("version", "user_id"),
                        name="agreements_signature_user_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("company_id", models.UUIDField()),
                ("partner_id", models.UUIDField()),
                ("user_id", models.UUIDField()),
                ("year", models.PositiveSmallIntegerField()),
                ("none_to_declare", models.BooleanField()),
                ("relations", models.JSONField(default=list)),
                ("address", models.CharField(max_length=64)),
                ("declared_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["company_id", "-declared_at"], name="agreements_declaration_newest")],
            },
        ),
        migrations.RunSQL(*fence_sql("agreements_signature", "partner_id")),
        migrations.RunSQL(*fence_sql("agreements_declaration", "partner_id")),
        migrations.RunSQL(*append_only_sql("agreements_signature")),
        migrations.RunSQL(*append_only_sql("agreements_declaration")),
        migrations.RunSQL(*UNSIGNED),
    ]
