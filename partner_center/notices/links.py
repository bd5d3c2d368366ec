"""Signed links of messages: each is for one purpose, one reader and some days, and acts once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

# How long a link of a message acts.
GOOD_FOR = timedelta(days=7)
UNSUBSCRIBE, ANSWER_REQUEST = "unsubscribe", "answer-request"
PURPOSES = (UNSUBSCRIBE, ANSWER_REQUEST)


@dataclass(frozen=True)
class Link:
    """What a link is for: `subject` is the category, or the id of the wish, that it acts on."""

    purpose: str
    id: UUID
    user_id: UUID
    subject: str
    until: datetime


def _signer(purpose: str) -> Signer:
    # The key is the environment's secret key; the salt binds a signature to its purpose. Compared in constant time.
    return Signer(salt=f"partner_center.notices.link.{purpose}")


def token(link: Link) -> str:
    """The link as text: the same for the same link, so that a mail that is sent again is the same mail."""
    said = [link.id.hex, link.user_id.hex, link.subject, int(link.until.timestamp())]
    return _signer(link.purpose).sign_object(said, compress=True)


def read(purpose: str, text: str) -> Link | None:
    """The link behind a text; nothing when it was changed, or made for another purpose."""
    try:
        id_, user, subject, until = _signer(purpose).unsign_object(text)
    except (BadSignature, ValueError):
        return None
    return Link(purpose, UUID(id_), UUID(user), str(subject), datetime.fromtimestamp(until, UTC))
