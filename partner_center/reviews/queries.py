"""Reading reviews: what waits for whom, and what was done with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from partner_center.access.models import RoleAssignment, User
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.working_days import WorkCalendar
from partner_center.policy.queries import calendar, pack
from partner_center.reviews.models import Absence, Note, Review, Turn
from partner_center.reviews.rules import ESCALATE, EXPIRE, LIVE, Step, Terms, read_terms


@dataclass(frozen=True)
class ReviewRow:
    """A review as pages and programs show it."""

    id: UUID
    number: str
    kind: str
    subject_kind: str
    subject_id: UUID
    asker_id: UUID | None
    decider_id: UUID | None
    asked_by_id: UUID | None
    site: str
    amount: Money | None
    facts: Mapping[str, Any]
    state: str
    steps: tuple[Step, ...]
    place: int
    role: str
    escalates_to: str
    first_by_id: UUID | None
    assignee_id: UUID | None
    opened_at: datetime
    due_at: datetime | None
    supplement_due_at: datetime | None
    days_left: int | None
    fields: tuple[str, ...]
    escalated_at: datetime | None
    closed_at: datetime | None
    version: int

    @property
    def step(self) -> Step:
        return self.steps[self.place]

    @property
    def waits_until(self) -> datetime | None:
        """The deadline of whoever it waits for now."""
        return self.supplement_due_at if self.state == "returned" else self.due_at


@dataclass(frozen=True)
class TurnRow:
    """What a side did with a review."""

    move: str
    step: str
    user_id: UUID | None
    reason: str
    text: str
    fields: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class NoteRow:
    """What stays inside the deciding side."""

    what: str
    user_id: UUID | None
    to_id: UUID | None
    text: str
    at: datetime


@dataclass(frozen=True)
class Colleague:
    """Somebody of the deciding side."""

    id: UUID
    name_zh: str
    name_en: str
    roles: tuple[str, ...]

    def in_language(self, language: str) -> str:
        return self.name_zh if language == "zh" else self.name_en or self.name_zh


# Terms and calendar -------------------------------------------------------------------------------------------------


def terms(kind: str, site: str, at: datetime) -> Terms:
    """The steps and terms that the site's policy in force at an instant gives a kind."""
    return read_terms(pack(site, at).value(f"reviews.{kind}").value)


def days(site: str) -> WorkCalendar:
    return calendar(site)


def next_number(at: datetime) -> str:
    """A fresh number, given once and never again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('reviews_review_number')")
        return f"RV{at:%y%m}-{cursor.fetchone()[0]:04d}"


# Whose turn it is ---------------------------------------------------------------------------------------------------


def _side(actor: Actor) -> Q:
    """Reviews that the actor's organisation decides."""
    return Q(decider_id=None) if actor.audience in ("vendor", "system") else Q(decider_id=actor.seat_id)


def _absent(actor: Actor, **about: Any) -> QuerySet[Absence]:
    return Absence.objects.visible_to(actor).filter(starts_at__lte=actor.at, ends_at__gt=actor.at, **about)


def stands_in_for(actor: Actor) -> tuple[UUID, ...]:
    """Whose place the actor takes today."""
    return tuple(_absent(actor, stand_in_id=actor.person_id).values_list("user_id", flat=True))


def _is_mine(actor: Actor) -> Q:
    """Assigned to the actor, or to somebody the actor stands in for; or nobody's, and of a role the actor holds.

    Whoever has left is nobody: what was assigned to them is the role's again. Escalated ones are the higher role's too.
    """
    active = User.objects.filter(pk=OuterRef("assignee_id"), is_active=True)
    mine = Q(assignee_id__in=(actor.person_id, *stands_in_for(actor)))
    of_role = Q(role__in=actor.roles) & (Q(assignee_id=None) | ~Exists(active))
    escalated = Q(escalated_at__isnull=False, escalates_to__in=actor.roles)
    # The second person is not the first, and nobody decides what they asked for themselves.
    free = ~Q(first_by_id=actor.person_id, first_by_id__isnull=False)
    return (mine | of_role | escalated) & free & ~Q(asked_by_id=actor.person_id, asked_by_id__isnull=False)


def _asked(actor: Actor) -> Q:
    """Reviews that the actor's organisation asked for."""
    return Q(asker_id=actor.seat_id)


def for_me(actor: Actor, kind: str = "") -> QuerySet[Review]:
    """What waits for the actor: to be decided, or returned to the actor's organisation to be supplemented."""
    decide = _side(actor) & Q(state="open") & _is_mine(actor)
    rows = Review.objects.visible_to(actor).filter(decide | (_asked(actor) & Q(state="returned")))
    return rows.filter(kind=kind) if kind else rows


def for_others(actor: Actor, kind: str = "") -> QuerySet[Review]:
    """What waits for somebody else: colleagues, the other side, or a guest."""
    rows = Review.objects.visible_to(actor).filter(state__in=LIVE).filter(_side(actor) | _asked(actor))
    rows = rows.exclude(pk__in=for_me(actor).values("pk"))
    return rows.filter(kind=kind) if kind else rows


def waiting(rows: QuerySet[Review], limit: int = 200) -> tuple[ReviewRow, ...]:
    """Overdue first, then soonest; what is returned counts by the asker's own deadline."""
    ordered = rows.annotate(until=_until()).order_by("until", "opened_at", "pk")
    return tuple(map(as_row, ordered[:limit]))


def _until() -> Any:
    return Coalesce(F("due_at"), F("supplement_due_at"))


def may_decide(actor: Actor, review: Review | ReviewRow) -> bool:
    """Whether the actor may decide now: its role's turn, assigned, standing in, or of the role it would escalate to."""
    if actor.audience == "system":
        return True
    is_side = actor.audience == "vendor" if review.decider_id is None else actor.seat == review.decider_id
    if not is_side:
        return False
    if {review.role, review.escalates_to} & set(actor.roles) or review.assignee_id == actor.user_id:
        return True
    return review.assignee_id in stands_in_for(actor)


# One review ---------------------------------------------------------------------------------------------------------


def as_row(row: Review) -> ReviewRow:
    """The row that pages show."""
    plain = {
        name: getattr(row, name) for name in ReviewRow.__dataclass_fields__ if name not in ("amount", "steps", "fields")
    }
    amount = None if row.amount_minor is None else Money(row.amount_minor, row.currency)
    return ReviewRow(**plain, amount=amount, steps=tuple(Step(**s) for s in row.steps), fields=tuple(row.fields))


def review(actor: Actor, review_id: UUID) -> ReviewRow:
    """A review the actor may see. Raises: NotFound."""
    found = Review.objects.visible_to(actor).filter(pk=review_id).first()
    if found is None:
        raise NotFound("review")
    return as_row(found)


def locked(actor: Actor, review_id: UUID) -> Review:
    """A review to be moved; who comes second waits here and then finds what the first has left. Raises: NotFound."""
    found = Review.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=review_id).first()
    if found is None:
        raise NotFound("review")
    return found


def live_of(actor: Actor, kind: str, subject_id: UUID) -> ReviewRow | None:
    """The review of a subject that is not over."""
    found = Review.objects.visible_to(actor).filter(kind=kind, subject_id=subject_id, state__in=LIVE).first()
    return as_row(found) if found else None


def reviews(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, ReviewRow]:
    """Those of the reviews that the actor may see."""
    return {row.pk: as_row(row) for row in Review.objects.visible_to(actor).filter(pk__in=set(ids))}


def reviews_page(actor: Actor, *, state: str = "", kind: str = "") -> QuerySet[Review]:
    """Every review the actor may see, to be paged."""
    rows = Review.objects.visible_to(actor)
    wanted = {"state": state, "kind": kind}
    return rows.filter(**{field: value for field, value in wanted.items() if value})


def earlier(actor: Actor, row: ReviewRow, limit: int = 5) -> tuple[ReviewRow, ...]:
    """What the same asker asked for before of the same kind, newest first: to be looked at before one decides."""
    if row.asker_id is None:
        return ()
    rows = Review.objects.visible_to(actor).filter(kind=row.kind, asker_id=row.asker_id, opened_at__lt=row.opened_at)
    return tuple(map(as_row, rows.order_by("-opened_at")[:limit]))


def turns(actor: Actor, review_id: UUID) -> tuple[TurnRow, ...]:
    """What both sides did with a review, newest first."""
    rows = Turn.objects.visible_to(actor).filter(review_id=review_id).order_by("-id")
    return tuple(TurnRow(r.move, r.step, r.user_id, r.reason, r.said, tuple(r.fields), r.at) for r in rows)


def last_turn(actor: Actor, review_id: UUID, *moves: str) -> TurnRow | None:
    """The last of these moves."""
    return next((row for row in turns(actor, review_id) if row.move in moves), None)


def notes(actor: Actor, review_id: UUID) -> tuple[NoteRow, ...]:
    """What the deciding side keeps to itself, newest first."""
    rows = Note.objects.visible_to(actor).filter(review_id=review_id).order_by("-id")
    return tuple(NoteRow(r.what, r.user_id, r.to_id, r.said, r.at) for r in rows)


# Colleagues ---------------------------------------------------------------------------------------------------------


def colleagues(actor: Actor, *roles: str) -> tuple[Colleague, ...]:
    """Who of the actor's organisation is here and holds one of the roles; without roles, everybody."""
    held: dict[UUID, list[str]] = {}
    live = RoleAssignment.objects.visible_to(actor).filter(organisation_id=actor.seat_id, valid_from__lte=actor.at)
    live = live.filter(Q(valid_to=None) | Q(valid_to__gt=actor.at))
    for user_id, role in live.values_list("user_id", "role"):
        held.setdefault(user_id, []).append(role)
    wanted = {user for user, its in held.items() if not roles or set(its) & set(roles)}
    users = User.objects.visible_to(actor).filter(pk__in=wanted, is_active=True).order_by("login")
    return tuple(Colleague(u.pk, u.display_name, u.display_name_en, tuple(sorted(held[u.pk]))) for u in users)


def is_absent(actor: Actor, user_id: UUID) -> bool:
    return _absent(actor, user_id=user_id).exists()


def absences(actor: Actor) -> tuple[Absence, ...]:
    """Who of the organisation is away, now or later."""
    rows = Absence.objects.visible_to(actor).filter(organisation_id=actor.seat_id, ends_at__gt=actor.at)
    return tuple(rows.select_related("user", "stand_in").order_by("starts_at"))


def overlapping(actor: Actor, starts_at: datetime, ends_at: datetime) -> bool:
    own = Absence.objects.visible_to(actor).filter(user_id=actor.person_id)
    return own.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists()


# What is due --------------------------------------------------------------------------------------------------------


def due_to_escalate(actor: Actor, limit: int) -> tuple[UUID, ...]:
    """Open reviews whose term is over and whose step hands them up, not yet handed up."""
    rows = Review.objects.visible_to(actor).filter(state="open", due_at__lte=actor.at, escalated_at=None)
    rows = rows.exclude(escalates_to="")
    found = [row for row in map(as_row, rows.order_by("due_at", "pk")[:limit]) if row.step.otherwise == ESCALATE]
    return tuple(row.id for row in found)


def due_to_expire(actor: Actor, kind: str, limit: int) -> tuple[UUID, ...]:
    """Reviews of a kind that end by themselves: never supplemented in time, or of a step that expires."""
    rows = Review.objects.visible_to(actor).filter(kind=kind)
    over = Q(state="returned", supplement_due_at__lte=actor.at) | Q(state="open", due_at__lte=actor.at)
    found = map(as_row, rows.filter(over).order_by("opened_at", "pk")[:limit])
    return tuple(row.id for row in found if row.state == "returned" or row.step.otherwise == EXPIRE)
