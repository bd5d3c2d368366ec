import django.db.models.deletion
from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql, policy_sql

# What a company was when is read by all its accounts, as the company itself is.
OWN_COMPANY = "company_id IN (SELECT company_id FROM partners_account WHERE organisation_id = (SELECT access_seat()))"


class Migration(migrations.Migration):
    """A company's main account asks for its base information to be changed; what it was before keeps its days.

    The new columns have defaults in the database, so that code which does not know them yet goes on inserting.
    """

    dependencies = [
        ("partners", "0001_companies_accounts_standing_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="industry",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="company",
            name="legal_representative",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.CreateModel(
            name="CompanyChange",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("partner_id", models.UUIDField()),
                ("review_id", models.UUIDField(unique=True)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("asked_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.company"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["company", "-asked_at"], name="partners_change_company")],
            },
        ),
        migrations.CreateModel(
            name="CompanyFact",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("field", models.CharField(max_length=40)),
                ("value", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(null=True)),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.company"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "field__in",
                                ("name_zh", "name_en", "legal_representative", "registered_address", "industry"),
                            )
                        ),
                        name="partners_fact_field",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("company", "field"),
                        name="partners_fact_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(*fence_sql("partners_companychange", "partner_id")),
        migrations.RunSQL(*policy_sql("partners_companyfact", OWN_COMPANY)),
    ]
