"""The verbs of the schedule: each does what is due at a business time and returns how much that was."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from partner_center.access import throttle
from partner_center.agreements import actions as agreements
from partner_center.exports import actions as exports
from partner_center.exports import files
from partner_center.exports.queries import due as exports_due
from partner_center.fence.seat import seated
from partner_center.inbox import actions as inbox
from partner_center.kernel.actor import Actor, system_actor
from partner_center.ledger import seals
from partner_center.ledger.verify import verify
from partner_center.notices.queries import digest_readers
from partner_center.policy.queries import pack, sites
from partner_center.reviews import actions as reviews
from partner_center.support import actions as support
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.queries import batches_to_carry_on

BATCH = 2000
FILES = 200
CARRY_ON = "S-370: vouchers of a long file"
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


def carry_on_batches(at: datetime) -> int:
    """Go on with every file of vouchers that is being issued, also with those whose worker died.

    Rules: S-366, S-402.
    """
    actor = system_actor(CARRY_ON, at)
    with seated(actor):
        running = batches_to_carry_on(actor)
    return sum(carry_on_batch(each, at) for each in running)


def carry_on_batch(batch_id: UUID, at: datetime) -> int:
    """The same for one: chunk by chunk, each a transaction of its own, until nothing is left."""
    actor, total = system_actor(CARRY_ON, at), 0
    while done := vouchers.carry_on(actor, batch_id=batch_id):
        total += done
    return total


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


def expire_exports(at: datetime) -> int:
    """Delete the files whose days are over, and end what no worker will finish any more.

    Rules: S-254.
    """
    actor = system_actor("S-254: exports are kept for some days", at)
    exports.give_up(actor)
    done = 0
    while True:
        with seated(actor):
            found = exports_due(actor, FILES)
        for row in found:
            files.drop(row.file_name)
        done += exports.expire(actor, export_ids=[row.id for row in found]) if found else 0
        if len(found) < FILES:
            return done


def fold_tally(at: datetime) -> int:
    """What is counted on every page stays quick to count."""
    return vouchers.fold_tally(system_actor("fold the tally", at))


def close_tickets(at: datetime) -> int:
    """Close tickets that were resolved and heard nothing more.

    Rules: L-251.
    """
    return _until_done(system_actor("L-251: resolved some days ago", at), support.close_due)


def forget_ticket_files(at: datetime) -> int:
    """Delete what was attached to tickets that ended long ago, site by site.

    Rules: L-251.
    """
    actor = system_actor("L-251: attachments are kept for some time", at)
    return sum(_until_done(actor, partial(support.forget_files, site=site)) for site in sites())


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


def tell_what_ends(at: datetime) -> int:
    """Note what ends or is due soon, so many days before as each site's policy says; once a day.

    Rules: S-905, L-040.
    """
    actor, done = system_actor("S-905: what ends soon", at), 0
    for site in sites():
        known = pack(site, at)
        day = at.astimezone(known.zone).date()
        for days in known.value("vouchers.warn_days_before_end").value:
            said = {"currency": known.currency, "days": days, "key": f"{known.currency}:{days}:{day}"}
            done += vouchers.warn_quota_ending(actor, **said) + vouchers.warn_vouchers_ending(actor, **said)
    known = pack(actor.site, at)
    for days in known.value("notices.agreement_due_days").value:
        done += agreements.warn_due(actor, days=days, key=f"{days}:{at.astimezone(known.zone).date()}")
    return done


def send_digests(at: datetime) -> int:
    """Queue each reader's daily mail, where something waits for it."""
    actor = system_actor("daily mails", at)
    with seated(actor):
        readers = digest_readers(actor)
        for each in readers:
            # By name, since the module of the tasks imports this one; one at a time for each, so that none goes twice.
            app.configure_task("send_digest", lock=f"digest:{each}").defer(user_id=str(each))
    return len(readers)
