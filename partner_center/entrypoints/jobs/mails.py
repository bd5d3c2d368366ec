"""Mails of messages: the words in the reader's language, the address of the reader of now, an id that stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from partner_center.access import queries as access
from partner_center.entrypoints.notice_words import Said, frame, path_of
from partner_center.entrypoints.refusals import Language
from partner_center.notices import links
from partner_center.notices.catalogue import CATEGORIES, kinds
from partner_center.notices.queries import DeliveryRow, NoticeRow

# The wish for a permission can be answered by a link of the mail that tells of it.
ANSWERABLE = "access_asked"


@dataclass(frozen=True)
class Contact:
    """How a reader is reached, and in which language."""

    email: str
    phone: str
    language: Language
    name: str
    site: str


def contact(user_id: UUID) -> Contact | None:
    """A reader as they are now; nobody who has left is mailed any more."""
    user = access.user_by_id(user_id)
    if user is None:
        return None
    language: Language = "zh" if user.language == "zh" else "en"
    name = user.display_name if language == "zh" else user.display_name_en or user.display_name
    return Contact(user.email, user.phone, language, name, user.organisation.site)


def written(row: DeliveryRow, notice: NoticeRow, said: Said, to: Contact) -> EmailMessage:
    """The mail of one message. Written again it is the same mail."""
    lines = [said.text, *_links(row, notice, to)]
    return letter(said.subject, "\n\n".join(lines), to, row.id.hex)


def digest(rows: Sequence[tuple[NoticeRow, Said]], to: Contact, name: str) -> EmailMessage:
    """One mail of several messages, a line each."""
    words = frame()[to.language]
    lines = [f"- {said.subject}\n  {_address(to, path_of(notice))}".rstrip() for notice, said in rows]
    text = words["digest_text"].format(many=len(rows)) + "\n\n" + "\n".join(lines)
    return letter(words["digest_subject"].format(many=len(rows)), text, to, name)


def message_id(name: str) -> str:
    return f"<{name}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"


def letter(subject: str, text: str, to: Contact, name: str) -> EmailMessage:
    """A text with the greeting and the closing of every mail."""
    words = frame()[to.language]
    closing = words["closing"].format(vendor=settings.VENDOR[to.language], address=settings.SITE_ADDRESSES[to.site])
    return EmailMessage(
        subject=subject,
        body=f"{words['greeting'].format(name=to.name)}\n\n{text.strip()}\n\n-- \n{closing}\n",
        to=[to.email],
        headers={
            "Message-ID": message_id(name),
            "Auto-Submitted": "auto-generated",
            "Content-Language": "zh-CN" if to.language == "zh" else "en",
        },
    )


def _address(to: Contact, path: str) -> str:
    return f"{settings.SITE_ADDRESSES[to.site].rstrip('/')}{path}" if path else ""


def _links(row: DeliveryRow, notice: NoticeRow, to: Contact) -> list[str]:
    """Where the message leads, and what can be done from the mail itself."""
    words, kind = frame()[to.language], kinds()[notice.kind]
    lines = []
    if page := path_of(notice):
        lines.append(words["see"].format(link=_address(to, page)))
    if notice.kind == ANSWERABLE:
        lines.append(words["grant"].format(link=_acting(row, to, links.ANSWER_REQUEST, str(notice.about))))
    if not kind.mandatory:
        category = CATEGORIES[kind.category][to.language == "en"]
        link = _acting(row, to, links.UNSUBSCRIBE, kind.category)
        lines.append(words["unsubscribe"].format(category=category, link=link))
    return lines


def _acting(row: DeliveryRow, to: Contact, purpose: str, subject: str) -> str:
    link = links.Link(purpose, row.id, row.user_id, subject, row.at + links.GOOD_FOR)
    return _address(to, reverse("message-link", args=[purpose, links.token(link)]))
