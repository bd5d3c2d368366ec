"""Making the demo world: once, by the product's own verbs, in one transaction."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.contrib.auth import hashers
from django.utils import timezone

from partner_center.access.queries import user_by_login
from partner_center.demo import (
    asking,
    buying,
    commitments,
    endings,
    exporting,
    filing,
    founding,
    issuing,
    quotas,
    reviewing,
    subsidies,
    telling,
    terms,
    today,
)
from partner_center.demo.cast import FOUNDER
from partner_center.demo.world import World
from partner_center.fence.seat import as_one, seated
from partner_center.kernel.actor import system_actor

log = logging.getLogger("partner_center.demo")


class NotADemo(RuntimeError):
    """The demo world is made in demo mode only."""


def load_once(at: datetime | None = None) -> bool:
    """Make the demo world relative to now, or to `at`; where it is already, nothing happens.

    One transaction holds it all, and its founder is the mark: a load that is killed leaves nothing.
    Returns whether it was made.
    Raises:  NotADemo.
    """
    if not settings.DEMO:
        raise NotADemo("set PARTNER_CENTER_DEMO=1")
    if user_by_login(FOUNDER.login) is not None:
        return False
    now = at or timezone.now()
    # The verbs log a line each; two thousand of them tell nobody anything.
    verbs = logging.getLogger("partner_center.action")
    before, verbs.disabled = verbs.disabled, True
    # Nothing made here is thrown away before the end: looking for it costs a tenth of the time.
    gc.disable()
    try:
        with quick_hashes(), seated(system_actor("demo: the world is made", now)), as_one():
            build(World(now))
    finally:
        gc.enable()
        verbs.disabled = before
    return True


load = load_once


class _QuickHasher(hashers.Argon2PasswordHasher):
    """Argon2 at its least: what it hides is printed at every start."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@contextmanager
def quick_hashes() -> Iterator[None]:
    """The demo's passwords are published; hashing them slowly would only keep the reader waiting."""
    before = settings.PASSWORD_HASHERS
    _use([f"{__name__}.{_QuickHasher.__name__}", *before])
    try:
        yield
    finally:
        _use(before)


def _use(names: list[str]) -> None:
    settings.PASSWORD_HASHERS = names
    hashers.reset_hashers(setting="PASSWORD_HASHERS")


def build(world: World) -> World:
    """Eighteen months and today."""
    founding.plan(world)
    commitments.plan(world)
    buying.plan(world)
    quotas.plan(world, issuing.plan)
    endings.plan(world)
    exporting.plan(world)
    subsidies.plan(world)
    terms.plan(world)
    filing.plan(world)
    reviewing.plan(world)
    asking.plan(world)
    telling.plan(world)
    world.live()
    today.live(world)
    return world
