"""Mails to whoever applies to join: the link that confirms the address, and how the application stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from partner_center.audit.queries import EventRow
from partner_center.entrypoints.jobs.mails import Contact, Notice, Told
from partner_center.kernel.actor import Actor
from partner_center.programmes import links
from partner_center.programmes.queries import application
from partner_center.programmes.rules import JOINING
from partner_center.reviews.queries import last_turn


def _subject(fact: EventRow) -> Iterable[UUID]:
    return (fact.subject_id,)


def _opened_for_joining(fact: EventRow) -> Iterable[UUID]:
    return (UUID(fact.data["of"]),) if fact.data["kind_of_review"] == JOINING.code else ()


def _to_confirm(actor: Actor, fact: EventRow, about: UUID) -> Told:
    return _told(actor, about, "confirm")


def _how_it_stands(actor: Actor, fact: EventRow, about: UUID) -> Told:
    return _told(actor, about, "state")


def _told(actor: Actor, about: UUID, purpose: links.Purpose) -> Told:
    row = application(actor, about)
    last = last_turn(actor, row.review_id, "return", "reject") if row.review_id else None
    reason = JOINING.reasons.get(last.reason) if last else None
    address = settings.SITE_ADDRESSES[row.site]
    values = {
        "number": row.number,
        "company": row.name_zh,
        "login": row.login,
        "link": address + reverse(f"join-{purpose}", args=[links.sign(row.id, purpose)]),
        "until": row.link_ends_at,
        "reason_zh": reason.zh if reason else "",
        "reason_en": reason.en if reason else "",
        "text": last.text if last else "",
    }
    language: Literal["zh", "en"] = "zh" if row.language == "zh" else "en"
    return Told(None, values, Contact(row.email, language, row.display_name, row.site))


NOTICES: Mapping[str, Notice] = {
    "application_confirm": Notice(_subject, _to_confirm),
    "application_in_review": Notice(_opened_for_joining, _how_it_stands),
    "application_joined": Notice(_subject, _how_it_stands),
    "application_returned": Notice(_subject, _how_it_stands),
    "application_rejected": Notice(_subject, _how_it_stands),
}
