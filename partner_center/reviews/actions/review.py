"""Moving reviews. Those that a noun's verb calls are part of its action; taking, handing over and absence are verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.policy.queries import pack
from partner_center.reviews import queries, rules
from partner_center.reviews.models import Note, Review, Turn
from partner_center.reviews.rules import LIFECYCLE, Decision, ReviewKind, Step, Terms


@dataclass(frozen=True)
class Opened:
    """A review that now waits."""

    review_id: UUID
    number: str
    due_at: datetime


@dataclass(frozen=True)
class Decided:
    """What a decision came to. `is_final`: the noun acts now; otherwise a further step or person follows."""

    review_id: UUID
    number: str
    subject_id: UUID
    state: str
    is_final: bool


# Called by the nouns' verbs -----------------------------------------------------------------------------------------


def open_review(
    actor: Actor,
    *,
    kind: ReviewKind,
    subject_kind: str,
    subject_id: UUID,
    facts: Mapping[str, Any],
    site: str,
    asker_id: UUID | None = None,
    asker_kind: Literal["partner", "customer"] = "partner",
    decider_id: UUID | None = None,
    amount: Money | None = None,
    terms: Terms | None = None,
) -> Opened:
    """Let something wait for a decision, by the terms of the policy in force. Part of the noun's action.

    Raises: Conflict when one of the kind waits for that subject already.
    """
    held = terms or queries.terms(kind.code, site, actor.at)
    first = held.steps[0]
    row = Review(
        id=new_id(),
        number=queries.next_number(actor.at),
        kind=kind.code,
        subject_kind=subject_kind,
        subject_id=subject_id,
        asker_id=asker_id,
        asker_kind=asker_kind,
        decider_id=decider_id,
        asked_by_id=actor.user_id,
        site=site,
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else "",
        facts=dict(facts),
        steps=[asdict(step) for step in held.steps],
        supplement_days=held.supplement_days,
        opened_at=actor.at,
        due_at=_due(site, actor.at, first.days),
        **_turn_of(first),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("review_waits_already", kind=kind.code) from error
    _note_turn(actor, row, "open")
    record(actor, "review.opened", kind_of_review=kind.code, **_about(row))
    assert row.due_at is not None
    return Opened(row.pk, row.number, row.due_at)


def decide(actor: Actor, *, review_id: UUID, kind: ReviewKind, decision: Decision) -> Decided:
    """Take the decision that is the actor's to take. Part of the noun's action, which acts if it `is_final`.

    Rules:  L-007, L-020.
    Raises: NotFound; Refused; Conflict when somebody moved the review meanwhile.
    """
    row = queries.locked(actor, review_id)
    if row.kind != kind.code:
        raise NotFound("review")
    _expect(row, LIFECYCLE.sources(decision.move), decision.version)
    rules.DECIDE.check(_decide_facts(actor, row, kind, decision))
    before = row.step_name
    if decision.move == "approve":
        _approve(actor, row)
    elif decision.move == "return":
        _return(actor, row, decision)
    else:
        _close(actor, row, "reject")
    row.version += 1
    row.save()
    _note_turn(actor, row, _said(row, decision), decision, before)
    if decision.note.strip():
        _note(actor, row, "note", text=decision.note.strip())
    _record_decision(actor, row, decision)
    return Decided(row.pk, row.number, row.subject_id, row.state, row.state in ("approved", "rejected"))


def supplement(actor: Actor, *, review_id: UUID, facts: Mapping[str, Any], text: str = "") -> Review:
    """Hand a returned review back with what was asked for; its clock goes on. Part of the noun's action.

    Raises: NotFound; Conflict when it is not returned.
    """
    row = queries.locked(actor, review_id)
    _expect(row, LIFECYCLE.sources("supplement"))
    row.state, row.facts, row.fields = "open", dict(facts), []
    row.due_at, row.days_left = _due(row.site, actor.at, max(1, row.days_left or 0)), None
    row.supplement_due_at, row.version = None, row.version + 1
    row.save()
    _note_turn(actor, row, "supplement", Decision("return", text=text))
    record(actor, "review.supplemented", **_about(row))
    return row


def withdraw(actor: Actor, *, review_id: UUID) -> Review:
    """End a review that its asker no longer wants. Part of the noun's action.

    Raises: NotFound; Conflict when it is over.
    """
    row = queries.locked(actor, review_id)
    _expect(row, LIFECYCLE.sources("withdraw"))
    _close(actor, row, "withdraw")
    row.version += 1
    row.save()
    _note_turn(actor, row, "withdraw")
    record(actor, "review.withdrawn", **_about(row))
    return row


def expire_due(actor: Actor, *, kind: ReviewKind, limit: int) -> tuple[UUID, ...]:
    """End what ends by itself; gives the subjects, for the noun to end too. Part of the noun's action.

    Rules: L-020.
    """
    ended = []
    for review_id in queries.due_to_expire(actor, kind.code, limit):
        row = queries.locked(actor, review_id)
        if row.state not in LIFECYCLE.sources("expire"):
            continue
        _close(actor, row, "expire")
        row.version += 1
        row.save()
        _note_turn(actor, row, "expire")
        record(actor, "review.expired", **_about(row))
        ended.append(row.subject_id)
    return tuple(ended)


# Verbs of the engine itself -----------------------------------------------------------------------------------------


@action
def take(actor: Actor, *, review_id: UUID) -> None:
    """Take a review that waits for one's role, so that others see who looks at it.

    Rules:   L-020.
    Raises:  NotFound; Refused; Conflict when it does not wait any more.
    Records: review.taken
    """
    row = queries.locked(actor, review_id)
    _expect(row, ("open",))
    rules.HAND_OVER.check(rules.HandOverFacts(True, queries.may_decide(actor, row), row.role, True))
    _assign(actor, row, actor.person_id, "taken")
    record(actor, "review.taken", **_about(row))


@action
def hand_over(actor: Actor, *, review_id: UUID, to: UUID, note: str = "") -> None:
    """Give a review to a colleague who holds its role.

    Rules:   L-020.
    Raises:  NotFound; Refused; Conflict when it does not wait any more.
    Records: review.handed_over
    """
    row = queries.locked(actor, review_id)
    _expect(row, ("open",))
    if not queries.may_decide(actor, row):
        raise Refused([rules.BOOK.broken("L-020.role", "review_not_yours", required=row.role)])
    colleague = next((each for each in queries.colleagues(actor) if each.id == to), None)
    rules.HAND_OVER.check(
        rules.HandOverFacts(
            is_colleague=colleague is not None,
            holds_role=bool(colleague and {row.role, row.escalates_to} & set(colleague.roles)),
            role=row.role,
            is_present=not queries.is_absent(actor, to),
        )
    )
    _assign(actor, row, to, "handed_over", note)
    record(actor, "review.handed_over", to=to, **_about(row))


@action
def escalate_due(actor: Actor, *, limit: int) -> int:
    """Hand up what nobody has decided in time: on the first working day after its term. Silence never approves.

    Rules:   L-020.
    Records: review.escalated, one a review
    """
    done = 0
    for review_id in queries.due_to_escalate(actor, limit):
        row = queries.locked(actor, review_id)
        if row.state != "open" or not queries.days(row.site).is_working(_today(row.site, actor.at)):
            continue
        row.escalated_at, row.version = actor.at, row.version + 1
        row.save()
        _note_turn(actor, row, "escalate")
        record(actor, "review.escalated", to=row.escalates_to, **_about(row))
        done += 1
    return done


# The moves ----------------------------------------------------------------------------------------------------------


def _expect(row: Review, states: tuple[str, ...], version: int | None = None) -> None:
    if row.state not in states:
        raise Conflict("review_in_other_state", state=row.state, number=row.number)
    if version is not None and row.version != version:
        raise Conflict("review_moved", number=row.number)


def _decide_facts(actor: Actor, row: Review, kind: ReviewKind, decision: Decision) -> rules.DecideFacts:
    return rules.DecideFacts(
        move=decision.move,
        reason=decision.reason,
        known_reasons=tuple(each.code for each in kind.reasons_for(decision.move)),
        text=decision.text,
        fields=decision.fields,
        known_fields=tuple(kind.fields),
        role=row.role,
        may_decide=queries.may_decide(actor, row),
        person=actor.person_id,
        asked_by=row.asked_by_id,
        first=row.first_by_id,
    )


def _approve(actor: Actor, row: Review) -> None:
    """On to the second person, to the next step, or to the end."""
    step = Step(**row.steps[row.place])
    if step.second and row.first_by_id is None:
        row.first_by_id, row.role = actor.user_id, step.second
        _begin_clock(actor, row, step)
    elif row.place + 1 < len(row.steps):
        row.place, row.first_by_id = row.place + 1, None
        step = Step(**row.steps[row.place])
        row.role = step.role
        _begin_clock(actor, row, step)
    else:
        _close(actor, row, "approve")


def _begin_clock(actor: Actor, row: Review, step: Step) -> None:
    row.assignee_id, row.escalated_at, row.escalates_to = None, None, step.escalates_to
    row.due_at = _due(row.site, actor.at, step.days)


def _return(actor: Actor, row: Review, decision: Decision) -> None:
    """Back to the asker; the reviewer's clock stands still, and what it had left is kept."""
    calendar, zone = queries.days(row.site), pack(row.site, actor.at).zone
    assert row.due_at is not None
    row.days_left = calendar.left(actor.at, row.due_at, zone)
    row.state, row.due_at, row.fields = "returned", None, list(decision.fields)
    row.supplement_due_at = _due(row.site, actor.at, row.supplement_days)
    row.escalated_at = None


def _close(actor: Actor, row: Review, move: str) -> None:
    row.state, row.closed_at = LIFECYCLE.target(move), actor.at


def _turn_of(step: Step) -> dict[str, str]:
    return {"role": step.role, "escalates_to": step.escalates_to}


def _due(site: str, at: datetime, working_days: int) -> datetime:
    return queries.days(site).due(at, working_days, pack(site, at).zone)


def _today(site: str, at: datetime) -> Any:
    return at.astimezone(pack(site, at).zone).date()


# What is noted ------------------------------------------------------------------------------------------------------


def _said(row: Review, decision: Decision) -> str:
    """An approval that is not the last one is told apart."""
    return "agree" if decision.move == "approve" and row.state == "open" else decision.move


def _note_turn(actor: Actor, row: Review, move: str, said: Decision | None = None, step: str = "") -> None:
    Turn.objects.create(
        review=row,
        asker_id=row.asker_id,
        decider_id=row.decider_id,
        move=move,
        step=step or row.step_name,
        user_id=actor.user_id if not actor.system else None,
        reason=said.reason if said else "",
        said=said.text.strip() if said else "",
        fields=list(said.fields) if said else [],
        at=actor.at,
    )


def _note(actor: Actor, row: Review, what: str, *, to: UUID | None = None, text: str = "") -> None:
    Note.objects.create(
        review=row, decider_id=row.decider_id, what=what, user_id=actor.user_id, to_id=to, said=text, at=actor.at
    )


def _assign(actor: Actor, row: Review, to: UUID, what: str, note: str = "") -> None:
    row.assignee_id, row.version = to, row.version + 1
    row.save()
    _note(actor, row, what, to=to, text=note.strip())


def _about(row: Review) -> dict[str, Any]:
    """The event's subject, and its parties: who asked, and who decides where that is not the vendor."""
    asker, decider = ("partner_id", "customer_id") if row.asker_kind == "partner" else ("customer_id", "partner_id")
    return {
        "subject_kind": "review",
        "subject_id": row.pk,
        asker: row.asker_id,
        decider: row.decider_id,
        "of": row.subject_id,
        "number": row.number,
    }


def _record_decision(actor: Actor, row: Review, decision: Decision) -> None:
    about = {**_about(row), "reason": decision.reason}
    if row.state == "approved":
        record(actor, "review.approved", **about)
    elif row.state == "rejected":
        record(actor, "review.rejected", **about)
    elif row.state == "returned":
        record(actor, "review.returned", fields=list(decision.fields), **about)
    else:
        record(actor, "review.agreed", **about)
