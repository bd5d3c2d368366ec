"""A remark on quota taken back may be as long as the partner API lets it be: 256 signs.

The column only grows, which rewrites nothing; code that cuts at 200 goes on writing what fits.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0006_vouchers_issued_from_files")]

    operations = [
        migrations.AlterField(
            model_name="quotarecord", name="remark", field=models.CharField(blank=True, max_length=256)
        ),
    ]
