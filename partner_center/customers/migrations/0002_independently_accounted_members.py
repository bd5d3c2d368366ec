from django.db import migrations, models


class Migration(migrations.Migration):
    """Which customers are independently accounted members of a master account; the column fills itself."""

    dependencies = [
        ("customers", "0001_accounts_and_associations"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="is_independent_member",
            field=models.BooleanField(db_default=False),
        ),
    ]
