"""The queue's tasks: messages, what goes out of them, and the schedule's verbs. Their arguments are ids, no names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from partner_center.entrypoints.jobs import applicant_mails, due, exporting, notices, outgoing
from partner_center.entrypoints.jobs.schedule import SCHEDULE, Entry
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.notices.rules import MOST_TRIES

# Pauses of 3, 9, 27 … seconds, a day in all: a mail server that is down for a night loses nothing.
MAIL_RETRY = RetryStrategy(max_attempts=MOST_TRIES, exponential_wait=3)
# What goes wrong by chance is tried again soon; the export itself counts its attempts, and ends as failed.
EXPORT_RETRY = RetryStrategy(max_attempts=5, linear_wait=10)
KEPT_HOURS = 72


@app.task(name="send_notice", queue="mail", retry=MAIL_RETRY)
def send_notice(event_id: str, notice: str, about: str) -> None:
    """Write one message of one event about one thing, and queue what goes out of it, in one transaction."""
    actor = system_actor(f"notice: {notice}", timezone.now())
    with seated(actor):
        told = notices.deliver(actor, event_id=UUID(event_id), notice=notice, about=UUID(about))
        for each in told.deliveries:
            # One at a time for each: a second job finds it sent.
            send_delivery.configure(lock=str(each)).defer(delivery_id=str(each))


@app.task(name="send_delivery", queue="mail", retry=MAIL_RETRY)
def send_delivery(delivery_id: str) -> None:
    """Send one message by mail or SMS."""
    outgoing.send(system_actor("a message goes out", timezone.now()), UUID(delivery_id))


@app.task(name="send_digest", queue="mail", retry=MAIL_RETRY)
def send_digest(user_id: str) -> None:
    """Send one reader's daily mail."""
    outgoing.send_digest(system_actor("a daily mail goes out", timezone.now()), UUID(user_id))


@app.task(name="mail_applicant", queue="mail", retry=MAIL_RETRY)
def mail_applicant(event_id: str, mail: str, application_id: str) -> None:
    """Mail whoever applied to join, who has no account yet."""
    applicant_mails.send(
        system_actor(f"mail: {mail}", timezone.now()),
        event_id=UUID(event_id),
        mail=mail,
        application_id=UUID(application_id),
        key=f"{event_id}:{mail}",
    )


@app.task(name="make_export", queue="exports", retry=EXPORT_RETRY)
def make_export(export_id: str) -> None:
    """Make the file of one export."""
    exporting.make(UUID(export_id))


# Before the mails of the chunks that it has done already.
@app.task(name="carry_on_batch", queue="bulk", priority=10)
def carry_on_batch(batch_id: str) -> None:
    """Issue a long file from its hold, now; what is interrupted the schedule takes up."""
    due.carry_on_batch(UUID(batch_id), timezone.now())


def _runner(entry: Entry) -> Callable[[int], int]:
    def run(timestamp: int) -> int:
        return entry.verb(timezone.now())

    run.__doc__ = entry.en
    return run


for _entry in SCHEDULE:
    app.periodic(cron=_entry.cron)(
        app.task(name=f"schedule:{_entry.name}", queueing_lock=_entry.name, lock=_entry.name)(_runner(_entry))
    )


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to another."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job, retry_at=datetime.now(UTC) + timedelta(seconds=1))


@app.periodic(cron="40 19 * * *")
@app.task(name="remove_old_jobs", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Forget jobs that were done three days ago; failed ones stay to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
