"""Sending what is queued: at least once, under an id that stays; what is refused for good is not tried again."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage

from partner_center.access.throttle import count
from partner_center.entrypoints.jobs import mails, sms
from partner_center.entrypoints.notice_words import Said, frame, known, said
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.notices import actions, queries
from partner_center.notices.queries import DeliveryRow, NoticeRow
from partner_center.notices.rules import SMS
from partner_center.policy.queries import pack

HOUR, DAY = 3600, 86_400
PERMANENT = 500


class TryAgain(Exception):
    """The server is away or busy; the queue calls again after a pause."""


def send(actor: Actor, delivery_id: UUID) -> None:
    """Send one delivery that is still queued. Raises: TryAgain."""
    with seated(actor):
        row = queries.delivery(actor, delivery_id)
        notice = queries.notices_of(actor, [row.notice_id])[row.notice_id]
        to = mails.contact(row.user_id)
        words = said(notice, to.language, to.site, known([notice])) if to else None
    if row.state != "queued":
        return
    if to is None or words is None or not (to.phone if row.channel == SMS else to.email):
        actions.settle(actor, delivery_ids=[row.id], move="skip", reason="no_address")
    elif row.channel == SMS:
        _text(actor, row, words, to)
    else:
        _post(actor, [row], mails.written(row, notice, words, to))


def send_digest(actor: Actor, user_id: UUID) -> int:
    """Send a reader all that waits for the daily mail, as one. Returns how many messages. Raises: TryAgain."""
    with seated(actor):
        rows = queries.waiting_for_digest(actor, user_id)
        found = queries.notices_of(actor, [row.notice_id for row in rows])
        to, called = mails.contact(user_id), known(found.values())
    if not rows:
        return 0
    if to is None or not to.email:
        return actions.settle(actor, delivery_ids=[row.id for row in rows], move="skip", reason="no_address")
    lines: list[tuple[NoticeRow, Said]] = [
        (found[row.notice_id], said(found[row.notice_id], to.language, to.site, called)) for row in rows
    ]
    # Of the same first and last message it is the same mail.
    _post(actor, rows, mails.digest(lines, to, f"{rows[0].id.hex}.{rows[-1].id.hex}"))
    return len(rows)


def _post(actor: Actor, rows: Sequence[DeliveryRow], mail: EmailMessage) -> None:
    ids, name = [row.id for row in rows], str(mail.extra_headers["Message-ID"])
    try:
        mail.send()
    except (OSError, smtplib.SMTPException) as error:
        code = _code(error)
        if code >= PERMANENT:
            actions.settle(
                actor, delivery_ids=ids, move="bounce", reason="refused", answer=f"SMTP {code}", message_id=name
            )
            return
        _again(actor, ids, f"SMTP {code}" if code else type(error).__name__)
        return
    actions.settle(actor, delivery_ids=ids, move="send", message_id=name)


def _code(error: Exception) -> int:
    """The SMTP code of a refusal; 0 where no server answered. One recipient a mail, so its answer is the mail's."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    # A sign-in that is refused is our setting's fault, not the reader's address: it is tried again once mended.
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return 0
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _again(actor: Actor, ids: Sequence[UUID], answer: str) -> None:
    left = [actions.tried(actor, delivery_id=each, answer=answer) for each in ids]
    if any(left):
        raise TryAgain(answer)


def _text(actor: Actor, row: DeliveryRow, words: Said, to: mails.Contact) -> None:
    """By SMS, at most so many an hour and a day to one number."""
    limits = pack(to.site, actor.at)
    hour, day = count(f"sms-hour:{to.phone}", HOUR), count(f"sms-day:{to.phone}", DAY)
    if hour.exceeds(limits.number("notices.sms_per_hour")) or day.exceeds(limits.number("notices.sms_per_day")):
        actions.settle(actor, delivery_ids=[row.id], move="skip", reason="too_many")
        return
    signature = frame()[to.language]["sms_signature"].format(vendor=settings.VENDOR[to.language])
    try:
        sent = sms.provider().send(sms.Text(to.phone, signature, f"{row.kind}.{to.language}", words.sms))
    except ValueError:
        actions.settle(actor, delivery_ids=[row.id], move="bounce", reason="refused")
    except OSError as error:
        _again(actor, [row.id], type(error).__name__)
    else:
        actions.settle(actor, delivery_ids=[row.id], move="send", message_id=sent)
