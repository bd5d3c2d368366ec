"""A ticket as both sides see it: who is who, what was written, what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from partner_center.access.queries import names, user_names
from partner_center.entrypoints.web.dates import moment
from partner_center.entrypoints.web.jinja import local
from partner_center.entrypoints.web.ticket_words import SEVERITIES, category_name, size_words
from partner_center.entrypoints.web.view_models import Fact
from partner_center.support.queries import AttachmentRow, MessageRow, NoteRow, TicketRow

# Things a ticket can be about that have a page of their own: by the name of that page.
PAGES = {"quota": "quota", "voucher": "voucher"}


@dataclass(frozen=True)
class People:
    """What those who take part are called."""

    users: Mapping[UUID, str]
    organisation: str
    parts: Mapping[str, str]

    def user(self, user_id: UUID | None) -> str:
        return self.users.get(user_id, "—") if user_id else "—"


@dataclass(frozen=True)
class FileSaid:
    name: str
    size: str
    href: str


@dataclass(frozen=True)
class Said:
    """A message or note as it is shown."""

    who: str
    side: str
    when: str
    text: str
    from_vendor: bool
    files: tuple[FileSaid, ...] = ()


def names_of(row: TicketRow, talk: Iterable[MessageRow], noted: Iterable[NoteRow] = ()) -> People:
    """Everybody's names in two questions."""
    wanted = [row.opened_by, row.assignee_id, *(each.user_id for each in talk), *(each.user_id for each in noted)]
    users = {id_: local(pair) for id_, pair in user_names(wanted).items()}
    known = names([row.organisation_id]).get(row.organisation_id)
    assignee = users.get(row.assignee_id, "") if row.assignee_id else ""
    parts = {"opener": users.get(row.opened_by, "—"), "assignee": assignee}
    return People(users, local((known.zh, known.en)) if known else "—", parts)


def said(each: MessageRow, people: People, row: TicketRow) -> Said:
    vendor = local((settings.VENDOR["zh"], settings.VENDOR["en"]))
    return Said(
        who=people.user(each.user_id),
        side=vendor if each.from_vendor else people.organisation,
        when=moment(each.at),
        text=each.text,
        from_vendor=each.from_vendor,
        files=tuple(_file(one, row.id) for one in each.files),
    )


def _file(one: AttachmentRow, ticket_id: UUID) -> FileSaid:
    gone = one.deleted_at is not None
    href = "" if gone else reverse("ticket-file", args=[ticket_id, one.id])
    return FileSaid(one.name, gettext("deleted after its days") if gone else size_words(one.size), href)


def noted(each: NoteRow, people: People) -> Said:
    return Said(people.user(each.user_id), gettext("internal"), moment(each.at), each.text, True)


def facts(row: TicketRow, people: People) -> tuple[Fact, ...]:
    """What was asked for when it was opened, and what became of it."""
    found = [
        Fact(gettext("Opened by"), f"{people.organisation} · {people.user(row.opened_by)}", user_text=True),
        Fact(gettext("Opened at"), moment(row.opened_at)),
        Fact(gettext("Category"), category_name(row.category)),
        Fact(gettext("Severity"), gettext(SEVERITIES[row.severity])),
        Fact(gettext("Contact"), row.contact, user_text=True),
        *_particulars(row),
        Fact(gettext("Answered by"), people.parts["assignee"] or "—", user_text=True),
    ]
    if row.subject_label or row.rule:
        href = _page_of(row)
        found.insert(4, Fact(gettext("About"), row.subject_label or row.rule, href=href, user_text=True))
    if row.rule and row.subject_label:
        found.insert(
            5, Fact(gettext("Rule"), row.rule, href=reverse("rule", args=[row.rule]) if _is_id(row.rule) else "")
        )
    if row.urges:
        times = gettext("%(num)s times, last %(when)s") % {"num": row.urges, "when": moment(row.urged_at)}
        found.append(Fact(gettext("Urged"), times))
    if row.marks:
        found.append(Fact(gettext("Satisfaction"), f"{row.marks} / 5 {row.words}".strip(), user_text=True))
    return tuple(found)


def _is_id(text: str) -> bool:
    return text.replace("-", "").replace(".", "").isalnum() and text.isascii()


def _page_of(row: TicketRow) -> str:
    if row.subject_kind not in PAGES or row.subject_id is None or row.audience != "partner":
        return ""
    try:
        return reverse(PAGES[row.subject_kind], args=[row.subject_id])
    except NoReverseMatch:
        return ""


def _particulars(row: TicketRow) -> tuple[Fact, ...]:
    found = []
    for each in row.about.fields:
        value = row.particulars.get(each.code, "")
        words = {code: local((zh, en)) for code, zh, en in each.choices}
        if value:
            found.append(Fact(local((each.zh, each.en)), words.get(value, value), user_text=not words))
    return tuple(found)


def return_facts(row: TicketRow) -> tuple[Fact, ...]:
    """Where papers go back to, once the vendor has named it. Rules: S-477."""
    if not row.return_address:
        return ()
    return (
        Fact(gettext("Return address"), row.return_address, user_text=True),
        Fact(gettext("Addressee"), row.return_addressee, user_text=True),
        Fact(gettext("Phone"), row.return_phone, user_text=True),
    )
