"""How a mass issue looks: its state in one word, what happens now, its figures, and each row's one status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop, ngettext

from partner_center.access.queries import user_names
from partner_center.audit.queries import timeline
from partner_center.entrypoints.event_words import event_words
from partner_center.entrypoints.web import formats
from partner_center.entrypoints.web.jinja import local, zone
from partner_center.entrypoints.web.refusals import field_error
from partner_center.entrypoints.web.view_models import Badge, BadgeKind, Event, FieldError, Job, NowState
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.vouchers.queries import BatchLine, BatchRow

STATES: Mapping[str, tuple[BadgeKind, str, str]] = {
    "checked": ("act", gettext_noop("Checked, not issued"), ""),
    "issuing": ("wait", gettext_noop("Being issued"), ""),
    "issued": ("ok", gettext_noop("Issuing done"), ""),
    "discarded": ("end", gettext_noop("Discarded"), "trash"),
    "undone": ("end", gettext_noop("Undone"), "arrow-back-up"),
}
ROW_STATES: Mapping[str, tuple[BadgeKind, str]] = {
    "ready": ("wait", gettext_noop("To be issued")),
    "refused": ("no", gettext_noop("Not issued")),
    "issued": ("ok", gettext_noop("Voucher issued")),
    "undone": ("end", gettext_noop("Undone")),
}
FIELDS = {
    "customer": gettext_noop("Customer"),
    "customer_ids": gettext_noop("Customer"),
    "face_value": gettext_noop("Face value"),
    "min_order_amount": gettext_noop("Minimum order amount"),
    "starts_at": gettext_noop("Valid from"),
    "ends_at": gettext_noop("Valid until"),
    "remark": gettext_noop("Remark"),
}


@dataclass(frozen=True)
class Told:
    """One rule that a row breaks or that is worth a look: the column, the rule, what is wrong and what to do."""

    column: str
    rule: str
    text: str


@dataclass(frozen=True)
class Line:
    """A row of the file as pages and result files show it; exactly one status."""

    number: int
    texts: tuple[str, ...]
    badge: Badge
    told: tuple[Told, ...]
    name: str
    face: Money | None

    @property
    def status(self) -> str:
        return self.badge.text


def badge(row: BatchRow) -> Badge:
    kind, word, icon = STATES[row.state]
    return Badge(kind, gettext(word), icon)


def now_state(row: BatchRow, actor: Actor) -> NowState:
    """What happens now, and what happens by itself."""
    kind = STATES[row.state][0]
    match row.state:
        case "checked":
            return NowState(
                kind,
                gettext("checked; nothing is issued yet."),
                gettext("you, or a colleague who may issue."),
                otherwise=gettext("nothing happens by itself; what counts is the moment of issuing."),
            )
        case "issuing":
            return NowState(
                kind,
                gettext("%(done)s of %(rows)s rows are worked off.") % _counts(row),
                gettext("the system; you may leave this page."),
                otherwise=gettext("what is not used of the amount held goes back to the quota."),
            )
        case "issued":
            return NowState(
                kind, _issued(row), otherwise=gettext("while no voucher is touched, the whole can be undone.")
            )
        case "undone":
            return NowState(kind, gettext("undone; every voucher was taken back."))
    return NowState(kind, gettext("discarded; nothing was issued."))


def _issued(row: BatchRow) -> str:
    text = ngettext(
        "%(num)s voucher issued, %(amount)s in all.", "%(num)s vouchers issued, %(amount)s in all.", row.issued
    )
    return text % {"num": f"{row.issued:,}", "amount": formats.money(row.total)}


def _counts(row: BatchRow) -> dict[str, str]:
    return {"done": f"{row.done:,}", "rows": f"{row.rows:,}"}


def job(row: BatchRow) -> Job:
    """How far a file that is being issued has come."""
    note = gettext("%(done)s of %(rows)s rows are worked off.") % _counts(row)
    return Job(gettext("Issuing %(number)s") % {"number": row.number}, badge(row), note, row.done, row.rows)


def lines(found: Iterable[BatchLine]) -> list[Line]:
    return [line(each) for each in found]


def line(row: BatchLine) -> Line:
    kind, word = ROW_STATES[row.state]
    told = tuple(map(_told, map(field_error, (*row.problems, *row.warnings))))
    shown = Badge("man", gettext("To be issued, look at it")) if row.warnings and row.state == "ready" else None
    cells = row.cells
    texts = (
        cells.customer,
        cells.face_value,
        cells.min_order_amount,
        cells.starts_at,
        cells.ends_at,
        cells.remark,
    )
    name = local((row.customer.zh, row.customer.en)) if row.customer else ""
    return Line(row.number, texts, shown or Badge(kind, gettext(word)), told, name, row.face)


def _told(error: FieldError) -> Told:
    return Told(
        gettext(FIELDS[error.field]) if error.field in FIELDS else gettext("Whole file"), error.rule, error.text
    )


def events(row: BatchRow, actor: Actor) -> tuple[Event, ...]:
    """What happened to the file, the latest first."""
    found = timeline(actor, [row.id])
    people = user_names(each.user_id for each in found)
    return tuple(
        Event(
            event_words(each.name),
            formats.moment(each.at, zone(), actor.at),
            actor=gettext("by %(name)s") % {"name": local(people[each.user_id])} if each.user_id in people else "",
        )
        for each in found
    )
