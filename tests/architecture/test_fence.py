"""Tenancy fails closed: each table says whose rows it holds, and PostgreSQL repeats exactly that."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from partner_center.fence.scope import SHARED, SYSTEM, Company, Parties
from tests.conftest import APP_ROLE

# Machinery that no person reads by seat. A new one needs a reason to be here rather than parties of its own.
SYSTEM_TABLES = {
    "audit_outbox": "events on their way to the feed, without their contents",
    "audit_feed": "the order of events, without their contents",
    "audit_cursor": "how far each follower has come",
    "ledger_seal": "signatures over everybody's transfers",
    "vouchers_reversalrequest": "what the vendor's own staff ask of each other; no partner is a party to it",
    "access_throttle": "counts of tries before anybody is let in",
}
SHARED_TABLES = {
    "agreements_version": "whoever an agreement binds reads its text, and it binds every partner",
    "catalogue_servicetype": "what the vendor sells is everybody's to know",
    "catalogue_product": "what the vendor sells is everybody's to know",
    "catalogue_region": "where the vendor sells is everybody's to know",
}


def ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("partner_center.")]


def rows(query: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.db_table)
def test_every_model_says_whose_rows_it_holds(model: type[Model]) -> None:
    """Law: a model states SCOPE as Parties, Company, SHARED or SYSTEM, and columns named in it exist.

    Why: a table whose rows are nobody's is a table that everybody reads. Instead of leaving it out, name the columns
    that hold the row's parties; SHARED and SYSTEM stand in this file's lists with a reason.
    """
    scope = getattr(model, "SCOPE", None)
    table, columns = model._meta.db_table, {field.column for field in model._meta.concrete_fields}
    match scope:
        case Parties():
            assert scope.columns and set(scope.columns) <= columns
        case Company():
            assert scope.column in columns
        case _ if scope == SHARED:
            assert table in SHARED_TABLES
        case _ if scope == SYSTEM:
            assert table in SYSTEM_TABLES
        case _:
            pytest.fail(f"{table} states no SCOPE")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "model", [each for each in ours() if isinstance(getattr(each, "SCOPE", None), Parties | Company)], ids=str
)
def test_postgresql_repeats_the_scope(model: type[Model]) -> None:
    """Law: a table with parties has row-level security on and one policy, `fence`, over exactly the columns of SCOPE.

    Why: a query that forgets `visible_to` must find nothing rather than everything. Instead of a policy of another
    shape use `fence_sql(table, *columns)` in the migration, with the columns in SCOPE.
    """
    table, scope = model._meta.db_table, model.SCOPE  # type: ignore[attr-defined]
    assert rows("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", table) == [(True,)]
    policies = rows("SELECT policyname, permissive, cmd, qual FROM pg_policies WHERE tablename = %s", table)
    assert [policy[:3] for policy in policies] == [("fence", "PERMISSIVE", "ALL")]
    columns = {field.column for field in model._meta.concrete_fields}
    named = columns & set(re.findall(r"\w+", re.sub(r"\w+\(\w+\.?\w*\)", "", policies[0][3])))
    if isinstance(scope, Parties):
        assert named == set(scope.columns)
    else:
        assert scope.column in re.findall(r"\w+", policies[0][3])


@pytest.mark.usefixtures("db")
def test_every_table_belongs_to_a_model() -> None:
    """Law: there is no table beside the models', the framework's and the task queue's.

    Why: a table made in SQL has neither SCOPE nor grants. Instead give it a model.
    """
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}
    present = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert {name for name in present - known if not name.startswith("procrastinate_")} == set()


@pytest.mark.usefixtures("db")
def test_the_applications_role_cannot_step_over_the_fence() -> None:
    """Law: the application's login is no superuser, owns nothing, is a member of no role, and is bound by policies.

    Why: policies do not apply to owners. Instead of granting it more, write a SECURITY DEFINER function or run the
    command as the owner.
    """
    assert rows("SELECT current_user") == [(APP_ROLE,)]
    role = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert rows(role) == [(False, False, False, False)]
    assert rows("SELECT relname FROM pg_class WHERE relowner = current_user::regrole") == []
    assert rows("SELECT roleid::regrole FROM pg_auth_members WHERE member = current_user::regrole") == []


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.db_table)
def test_the_applications_role_has_only_the_verbs_of_the_model(model: type[Model]) -> None:
    """Law: on each table the application has SELECT and the verbs of the model's WRITES, nothing else.

    Why: what is append-only, or written by functions alone, stays so however the code is wrong. Instead of a grant in
    a migration state WRITES on the model; grants are made from it after each migration.
    """
    found = rows(
        "SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = %s AND grantee = %s",
        model._meta.db_table,
        APP_ROLE,
    )
    assert {verb for (verb,) in found} == {"SELECT", *getattr(model, "WRITES", ("INSERT", "UPDATE"))}


@pytest.mark.usefixtures("db")
def test_functions_with_the_owners_rights_pin_their_search_path() -> None:
    """Law: every SECURITY DEFINER function sets search_path, with pg_temp last, and PUBLIC may not run it.

    Why: otherwise a caller's temporary table stands in for ours and is read or written with the owner's rights.
    Instead: `SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp`.
    """
    found = rows(
        "SELECT p.proname, p.proconfig, has_function_privilege('public', p.oid, 'EXECUTE') FROM pg_proc p "
        "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.prosecdef"
    )
    assert found
    for name, settings, by_everybody in found:
        path = next((one for one in settings or () if one.startswith("search_path=")), "")
        assert path.endswith("pg_temp"), name
        assert not by_everybody, name
