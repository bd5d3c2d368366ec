"""As whom a command acts, and when: a named user of the vendor, or the product itself."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Literal

from django.utils import timezone

from partner_center.access.queries import actor_of, user_by_login
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.ids import new_id


def add_person(parser: argparse.ArgumentParser) -> None:
    """Options of a verb that a person answers for."""
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="the user who answers for it")
    parser.add_argument("--key", help="an idempotency key: the same call with it acts once")
    add_language(parser)


def add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="of messages (default: zh)")


def person(login: str, language: Literal["zh", "en"] = "zh") -> Actor:
    """The actor a user is, seated at home. Whoever holds the database's password may act as anybody, so every record
    says that it was done on the command line.

    Raises: NotFound for an unknown or inactive user.
    """
    user = user_by_login(login)
    if user is None:
        raise NotFound("user")
    with whole("command line: the roles of the user it acts as"):
        actor = actor_of(user, at=timezone.now(), language=language, request_id=f"cli:{new_id()}", program=True)
    return replace(actor, system="command line")


def of_options(options: argparse.Namespace) -> Actor:
    """The person that the options of `add_person` name."""
    return person(options.login, options.language)


def product(reason: str) -> Actor:
    """The product itself, now."""
    return system_actor(reason, timezone.now())
