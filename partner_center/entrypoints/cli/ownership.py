"""What is done as the database's owner: migrating, granting; and stepping down to the application's role."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from partner_center.config import environment
from partner_center.fence.grants import grant_all


def migrate() -> None:
    """Bring the database's tables and functions up to date."""
    call_command("migrate", verbosity=0, interactive=False)


def grant() -> str:
    """Give the application's role what the models state; returns its name.

    Nothing is done where the application signs in as the owner: the fence does not bind it there.
    """
    role = str(environment.database(_application_url())["USER"])
    if role and role != connections["default"].settings_dict["USER"]:
        grant_all(role)
    return role


def become_application() -> None:
    """From here on the process is the application's role, which the fence binds."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict.update(environment.database(_application_url()))


def _application_url() -> str:
    return environment.text("DATABASE_APP_URL", settings.OWNER_DATABASE_URL)
