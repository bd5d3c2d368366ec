from django.db import migrations

_FACT = (
    "id uuid, name text, subject_kind text, subject_id uuid, partner_id uuid, upline_id uuid, customer_id uuid, "
    "user_id uuid, home_id uuid, seat_id uuid, system text, roles text[], site text, data jsonb, request_id text, "
    "operation_id uuid, at timestamptz"
)
_NAMES = ", ".join(column.split()[0] for column in _FACT.split(", "))
# The caller's rights and the caller's seat: the fence holds inside as it does outside.
CLAIM = (
    """
    CREATE FUNCTION audit_claim(p_id uuid, p_organisation uuid, p_verb text, p_key text, p_digest bytea)
    RETURNS boolean LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO audit_operation (id, organisation_id, verb, key, digest)
        VALUES (p_id, p_organisation, p_verb, p_key, p_digest) ON CONFLICT (organisation_id, verb, key) DO NOTHING;
        RETURN FOUND;
    END $$;
    """,
    "DROP FUNCTION audit_claim(uuid, uuid, text, text, bytea);",
)
RECORD = (
    f"""
    CREATE FUNCTION audit_record(p_facts jsonb, p_operation uuid, p_result jsonb)
    RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF p_facts IS NOT NULL THEN
            WITH facts AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(p_facts) AS fact({_FACT})),
            events AS (INSERT INTO audit_event ({_NAMES}) SELECT {_NAMES} FROM facts)
            INSERT INTO audit_outbox (event_id) SELECT id FROM facts ORDER BY id;
        END IF;
        IF p_operation IS NOT NULL THEN
            UPDATE audit_operation SET result = p_result WHERE id = p_operation;
        END IF;
    END $$;
    """,
    "DROP FUNCTION audit_record(jsonb, uuid, jsonb);",
)


class Migration(migrations.Migration):
    """Every action claims its key and writes its record: as functions their plans are kept, not made anew each time.

    Only adds: code from before goes on writing the tables itself.
    """

    dependencies = [("audit", "0001_events_outbox_feed_operations")]
    operations = [migrations.RunSQL(*CLAIM), migrations.RunSQL(*RECORD)]
