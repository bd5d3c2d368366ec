from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The log of vouchers is asked for one customer's lines, or one quota's, out of a partner's many.

    Made beside what is written meanwhile; code before it does not notice.
    """

    atomic = False

    dependencies = [("vouchers", "0001_quota_vouchers_records_authorisations")]

    operations = [
        AddIndexConcurrently(
            model_name="voucherrecord",
            index=models.Index(fields=["customer_id", "-at", "-id"], name="vouchers_record_customer"),
        ),
        AddIndexConcurrently(
            model_name="voucherrecord",
            index=models.Index(fields=["quota_id", "-at", "-id"], name="vouchers_record_quota"),
        ),
    ]
