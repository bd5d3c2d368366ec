"""Mails about reviews: to the organisation that asked, when something was said to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from partner_center.audit.queries import EventRow
from partner_center.entrypoints.jobs.mails import Notice, Told
from partner_center.inbox.kinds import KINDS
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.reviews.queries import last_turn, review


def _asked(fact: EventRow) -> Iterable[UUID]:
    """Where an organisation asked; somebody without an account is mailed about the application itself."""
    return (fact.subject_id,) if fact.partner_id or fact.customer_id else ()


def _of_review(actor: Actor, fact: EventRow, about: UUID) -> Told:
    row = review(actor, about)
    if row.asker_id is None:
        raise NotFound("organisation")
    kind, last = KINDS[row.kind].about, last_turn(actor, about, "return", "reject", "approve", "expire")
    reason = kind.reasons.get(last.reason) if last else None
    values = {
        "number": row.number,
        "kind_zh": kind.words.zh,
        "kind_en": kind.words.en,
        "reason_zh": reason.zh if reason else "",
        "reason_en": reason.en if reason else "",
        "text": last.text if last else "",
        "until": row.supplement_due_at,
    }
    return Told(row.asker_id, values)


NOTICES: Mapping[str, Notice] = {
    "review_returned": Notice(_asked, _of_review),
    "review_approved": Notice(_asked, _of_review),
    "review_rejected": Notice(_asked, _of_review),
    "review_expired": Notice(_asked, _of_review),
}
