import django.db.models.deletion
from django.db import migrations, models

from partner_center.fence.sql import fence_sql

_KEY = "quota_id, partner_id, upline_id, starts_at, ends_at, state, currency"
_SUMS = f"{_KEY}, sum(vouchers)::int, sum(face_minor)::bigint"
_LINES = f"INSERT INTO vouchers_tally ({_KEY}, vouchers, face_minor)"
_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
# A line a change, never one that is changed: nobody waits for another's, and no order of locks is broken. What counts
# is their sum; folding puts lines that say the same together. Whoever writes a voucher need not see its lines.
TALLY = (
    f"""
    CREATE FUNCTION vouchers_tally_made() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
        {_LINES} SELECT {_KEY}, count(*), sum(face_minor) FROM made GROUP BY {_KEY};
        RETURN NULL;
    END $$;
    CREATE FUNCTION vouchers_tally_changed() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
    BEGIN
        {_LINES} SELECT {_SUMS} FROM (
            SELECT {_KEY}, 1 AS vouchers, face_minor FROM after
            UNION ALL SELECT {_KEY}, -1, -face_minor FROM before
        ) AS each GROUP BY {_KEY} HAVING sum(vouchers) <> 0 OR sum(face_minor) <> 0;
        RETURN NULL;
    END $$;
    CREATE FUNCTION vouchers_tally_fold(p_most int) RETURNS int LANGUAGE plpgsql {_DEFINER} AS $$
    DECLARE
        v_taken int;
    BEGIN
        IF NOT pg_try_advisory_xact_lock(7310004) THEN
            RETURN 0;
        END IF;
        WITH several AS (
            SELECT array_agg(id) AS ids FROM vouchers_tally GROUP BY {_KEY} HAVING count(*) > 1 LIMIT p_most
        ), taken AS (
            DELETE FROM vouchers_tally WHERE id IN (SELECT unnest(ids) FROM several) RETURNING *
        ), folded AS (
            {_LINES} SELECT {_SUMS} FROM taken GROUP BY {_KEY} HAVING sum(vouchers) <> 0 OR sum(face_minor) <> 0
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM taken) - (SELECT count(*) FROM folded) INTO v_taken;
        RETURN v_taken;
    END $$;
    CREATE TRIGGER tally_made AFTER INSERT ON vouchers_voucher REFERENCING NEW TABLE AS made
        FOR EACH STATEMENT EXECUTE FUNCTION vouchers_tally_made();
    CREATE TRIGGER tally_changed AFTER UPDATE ON vouchers_voucher REFERENCING OLD TABLE AS before NEW TABLE AS after
        FOR EACH STATEMENT EXECUTE FUNCTION vouchers_tally_changed();
    -- From here on every voucher is told; those that were there are told once. Nobody writes one meanwhile.
    {_LINES} SELECT {_KEY}, count(*), sum(face_minor) FROM vouchers_voucher GROUP BY {_KEY};
    """,
    """
    DROP TRIGGER tally_changed ON vouchers_voucher;
    DROP TRIGGER tally_made ON vouchers_voucher;
    DROP FUNCTION vouchers_tally_fold(int);
    DROP FUNCTION vouchers_tally_changed();
    DROP FUNCTION vouchers_tally_made();
    """,
)
# Made by Django for LIKE on a text key; numbers are found by the unique index, whose collation is C where we run.
PATTERNS = (
    """
    DROP INDEX IF EXISTS vouchers_voucher_number_c2c8e4b5_like;
    """,
    """
    CREATE INDEX IF NOT EXISTS vouchers_voucher_number_c2c8e4b5_like ON vouchers_voucher (number varchar_pattern_ops);
    """,
)


class Migration(migrations.Migration):
    """What is counted on every page is tallied when it changes, and indexes that say what another says are gone.

    A voucher's key to its quota was checked for each voucher, at commit. Every voucher is in a line of the tally, and
    that line has the key: PostgreSQL checks it once an issue, and refuses to delete a quota of which there are any.
    Safe while old code runs: triggers tally its writes too, it reads nothing of the new, and what it reads by keeps an
    index. Creating the triggers waits for writers of vouchers and makes them wait until the tally is begun.
    """

    dependencies = [("vouchers", "0002_log_by_customer_and_quota")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "quota",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vouchers.quota",
                    ),
                ),
                ("partner_id", models.UUIDField()),
                ("upline_id", models.UUIDField(null=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("state", models.CharField(max_length=12)),
                ("currency", models.CharField(max_length=3)),
                ("vouchers", models.IntegerField()),
                ("face_minor", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["partner_id", "ends_at"], name="vouchers_tally_partner"),
                    models.Index(
                        fields=["upline_id", "ends_at"],
                        condition=models.Q(("upline_id__isnull", False)),
                        name="vouchers_tally_upline",
                    ),
                    models.Index(fields=["quota"], name="vouchers_tally_quota"),
                ],
            },
        ),
        migrations.RunSQL(*fence_sql("vouchers_tally", "partner_id", "upline_id")),
        migrations.RunSQL(*TALLY),
        migrations.RunSQL(*PATTERNS),
        migrations.AlterField(
            model_name="voucher",
            name="quota",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vouchers.quota",
            ),
        ),
        migrations.AlterField(
            model_name="quota",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="vouchers.quota",
            ),
        ),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(
                fields=["partner_id"],
                condition=models.Q(
                    models.Q(("lock_order", ""), _negated=True), ("last_used_at__isnull", False), _connector="OR"
                )
                & models.Q(("state", "usable")),
                name="vouchers_voucher_touched",
            ),
        ),
        migrations.RemoveIndex(model_name="voucher", name="vouchers_voucher_upline"),
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(
                fields=["upline_id", "-issued_at", "-id"],
                condition=models.Q(("upline_id__isnull", False)),
                name="vouchers_voucher_resold",
            ),
        ),
        migrations.RemoveIndex(model_name="voucherrecord", name="vouchers_record_upline"),
        migrations.AddIndex(
            model_name="voucherrecord",
            index=models.Index(
                fields=["upline_id", "-at", "-id"],
                condition=models.Q(("upline_id__isnull", False)),
                name="vouchers_record_resold",
            ),
        ),
    ]
