"""The fence in PostgreSQL's words, for migrations."""

from __future__ import annotations

ACCESS_SEAT = (
    # On a reused connection an unset setting comes back as '', and a bare cast of that raises.
    """
    CREATE OR REPLACE FUNCTION access_seat() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = pg_catalog AS
    $$ SELECT nullif(current_setting('app.seat', true), '')::uuid $$;
    """,
    "DROP FUNCTION IF EXISTS access_seat();",
)

SEES_ALL = "(SELECT current_setting('app.all', true)) = 'on'"

APPEND_ONLY_FUNCTION = (
    """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
    """,
    "DROP FUNCTION IF EXISTS refuse_change();",
)


def fence_sql(table: str, *columns: str) -> tuple[str, str]:
    """Row-level security: a row is there for the seats in its party columns, and for those who see all."""
    return policy_sql(table, f"(SELECT access_seat()) IN ({', '.join(columns)})")


def policy_sql(table: str, condition: str) -> tuple[str, str]:
    """Row-level security with a condition of one's own; who sees all is always added."""
    return (
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY fence ON {table} USING ({condition} OR {SEES_ALL});
        """,
        f"DROP POLICY fence ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def append_only_sql(table: str) -> tuple[str, str]:
    """Rows are written once: changing, deleting and truncating raise, for the owner too."""
    return (
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        """,
        f"DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_whole ON {table};",
    )
