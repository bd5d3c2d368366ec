"""Event → messages, as the catalogue says. A reaction only puts jobs into the queue, in the transaction that moves the
follower's cursor: the jobs of an event are there exactly once, and what they do happens after commit, at least once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from partner_center.audit.actions import advance, sequence
from partner_center.audit.queries import EventRow, follow
from partner_center.entrypoints.jobs import applicant_mails
from partner_center.entrypoints.jobs.notices import subjects
from partner_center.entrypoints.jobs.tasks import carry_on_batch, mail_applicant, make_export, send_notice
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.notices.catalogue import by_event

FOLLOWER = "reactions"
FOLLOWER_LOCK = 7_310_011
BATCH = 200
CHUNK = 1000
# What is older than this is no news to anybody: history that was loaded, or a long silence of the worker.
NEWS = timedelta(days=7)

# Exports are made as soon as they are asked for.
ASKED_FOR = ("export.requested", "export.requested_unmasked")


def _carry_on(event: EventRow) -> None:
    carry_on_batch.defer(batch_id=str(event.subject_id))


def _make(event: EventRow) -> None:
    make_export.configure(lock=str(event.subject_id)).defer(export_id=str(event.subject_id))


# What an event sets to work, beside telling people.
WORK: Mapping[str, Callable[[EventRow], None]] = {
    "voucher_batch.begun": _carry_on,
    **dict.fromkeys(ASKED_FOR, _make),
}


def react(actor: Actor) -> int:
    """Order what was recorded, then queue what follows from it. Returns how many events were looked at.

    One follower at a time: who does not get the lock has nothing to do.
    """
    with seated(actor):
        sequence()
    with seated(actor):
        if not _locked():
            return 0
        events = follow(FOLLOWER, BATCH)
        for _, event in events:
            if actor.at - event.at < NEWS:
                _queue(actor, event)
        if events:
            advance(FOLLOWER, events[-1][0])
        return len(events)


def _queue(actor: Actor, event: EventRow) -> None:
    if event.name in WORK:
        WORK[event.name](event)
    if found := applicant_mails.mail_of(event):
        mail_applicant.defer(event_id=str(event.id), mail=found[0], application_id=str(found[1]))
    jobs: list[dict[str, Any]] = [
        {"event_id": str(event.id), "notice": kind.name, "about": str(about)}
        for kind in by_event().get(event.name, ())
        for about in subjects(actor, event, kind)
    ]
    for start in range(0, len(jobs), CHUNK):
        send_notice.batch_defer(*jobs[start : start + CHUNK])


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLLOWER_LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])
