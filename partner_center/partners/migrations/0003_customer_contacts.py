from django.db import migrations, models

import partner_center.kernel.ids
from partner_center.fence.sql import fence_sql


class Migration(migrations.Migration):
    """Contacts that a partner shows its customers. A table of its own that code before it does not know."""

    dependencies = [
        ("partners", "0002_changes_of_base_information"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerContact",
            fields=[
                ("id", models.UUIDField(default=partner_center.kernel.ids.new_id, primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("duty", models.CharField(blank=True, max_length=80)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["organisation_id", "made_at"], name="partners_contact_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("phone", ""), _negated=True),
                            models.Q(("email", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="partners_contact_reachable",
                    )
                ],
            },
        ),
        migrations.RunSQL(*fence_sql("partners_customercontact", "organisation_id")),
    ]
