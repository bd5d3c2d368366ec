"""What the application's role may do: said by the models, granted after every migration and every restore."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from psycopg import sql

OURS = "partner_center."
EVERYTHING = ("INSERT", "UPDATE", "DELETE")
DEFAULT_WRITES = ("INSERT", "UPDATE")


def grant_all(role: str) -> None:
    """Give the application's role exactly what the models state, and nothing it had before.

    Runs as the owner.
    """
    statements = [
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        for table, verbs in sorted(_tables().items()):
            cursor.execute(_grant(table, verbs, role))


def _tables() -> dict[str, tuple[str, ...]]:
    stated = {model._meta.db_table: ("SELECT", *_writes(model)) for model in apps.get_models(include_auto_created=True)}
    present = set(connection.introspection.table_names())
    others = {table: ("SELECT", *EVERYTHING) for table in present if table.startswith("procrastinate_")}
    return {table: verbs for table, verbs in {**stated, **others}.items() if table in present}


def _writes(model: type) -> tuple[str, ...]:
    if not model.__module__.startswith(OURS):
        return EVERYTHING
    return tuple(getattr(model, "WRITES", DEFAULT_WRITES))


def _grant(table: str, verbs: tuple[str, ...], role: str) -> sql.Composed:
    return sql.SQL("GRANT {verbs} ON {table} TO {role}").format(
        verbs=sql.SQL(", ").join(sql.SQL(verb) for verb in verbs),
        table=sql.Identifier(table),
        role=sql.Identifier(role),
    )
