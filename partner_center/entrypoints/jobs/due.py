"""The verbs of the schedule: each does what is due at a business time and returns how much that was."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from partner_center.access import throttle
from partner_center.fence.seat import seated
from partner_center.inbox import actions as inbox
from partner_center.kernel.actor import Actor, system_actor
from partner_center.ledger import seals
from partner_center.ledger.verify import verify
from partner_center.reviews import actions as reviews
from partner_center.vouchers import actions as vouchers

BATCH = 2000
log = logging.getLogger("partner_center.jobs")


def expire_vouchers_and_quota(at: datetime) -> int:
    """End vouchers and quota whose time is over.

    Rules: S-361, S-401, S-402.
    """
    actor = system_actor("S-401: what has ended", at)
    return _until_done(actor, vouchers.expire_due) + _until_done(actor, vouchers.lapse_due)


def time_out_authorisations(at: datetime) -> int:
    """Give back what checkouts hold that were neither captured nor released in time."""
    return _until_done(system_actor("S-390: held by an order for too long", at), vouchers.time_out_due)


def escalate_reviews(at: datetime) -> int:
    """Hand up what nobody decided in time; silence never approves.

    Rules: L-020.
    """
    return _until_done(system_actor("L-020: not decided in time", at), reviews.escalate_due)


def expire_reviews(at: datetime) -> int:
    """Close what was not supplemented in time, and applications nobody confirmed.

    Rules: L-007, L-020.
    """
    return inbox.expire_due(system_actor("L-020: not supplemented in time", at), limit=BATCH)


def _until_done(actor: Actor, verb: Callable[..., int]) -> int:
    """Batch by batch, each a transaction of its own, until a batch is not full."""
    total = done = verb(actor, limit=BATCH)
    while done == BATCH:
        done = verb(actor, limit=BATCH)
        total += done
    return total


def seal_ledger(at: datetime) -> int:
    """Sign the hours that are over; without a key nothing can be sealed, and a person has to know."""
    if not settings.SEAL_KEY:
        log.error("the ledger is not sealed: PARTNER_CENTER_SEAL_KEY is not set")
        return 0
    return len(seals.seal_due(at, seals.signing_key(settings.SEAL_KEY)))


def verify_ledger(at: datetime) -> int:
    """Recompute the ledger; a finding is an error in the log, since a person must act."""
    keys = [seals.signing_key(settings.SEAL_KEY).public_key()] if settings.SEAL_KEY else []
    file = seals.seals_file()
    found = verify(system_actor("verify the ledger", at), keys, file if file.exists() else None)
    for finding in found:
        log.error("ledger finding", extra={"kind": finding.kind, "subject": finding.subject, "detail": finding.detail})
    return len(found)


def sweep_throttle(at: datetime) -> int:
    """Counters belong to record time: what is over on the server's clock goes, whatever the business time."""
    with seated(system_actor("sweep counters", at)):
        return throttle.sweep()
