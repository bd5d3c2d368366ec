"""A company's base information: asked to be changed by its main account, reviewed by the vendor, dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.rules import Outcome
from partner_center.partners import rules
from partner_center.partners.models import Company, CompanyChange, CompanyFact
from partner_center.partners.queries import change as queries
from partner_center.partners.queries.change import SeatCompany
from partner_center.partners.rules import COMPANY_CHANGE, EDITABLE
from partner_center.reviews import actions as reviews
from partner_center.reviews.actions import Decided
from partner_center.reviews.rules import Decision

KIND = "company_change"


@dataclass(frozen=True)
class AskedChange:
    """A change that now waits for the vendor."""

    change_id: UUID
    review_id: UUID
    number: str


@action(keyed=True)
def ask_for_change(actor: Actor, *, after: Mapping[str, str], key: str | None = None) -> AskedChange:
    """Ask the vendor to change what the company is called and where it sits; nothing changes before it agrees.

    Rules:   L-005 to L-008.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key.
    Records: company_change.asked, review.opened
    """
    require(actor, Can.COMPANY_CHANGE)
    own = queries.seat_company(actor)
    rules.CHANGE.check(_facts(actor, own, after))
    before, wanted = dict(own.facts), _wanted(own, after)
    try:
        opened = reviews.open_review(
            actor,
            kind=COMPANY_CHANGE,
            subject_kind="company",
            subject_id=own.company_id,
            facts=_snapshot(before, wanted),
            site=own.site,
            asker_id=own.partner_id,
        )
    except Conflict as conflict:
        if conflict.code != "review_waits_already":
            raise
        raise Refused([rules.BOOK.broken("L-007.pending", "change_pending", actual="—")]) from conflict
    row = CompanyChange.objects.create(
        company_id=own.company_id,
        partner_id=own.partner_id,
        review_id=opened.review_id,
        before=before,
        after=wanted,
        asked_at=actor.at,
    )
    _record_asked(actor, row)
    return AskedChange(row.pk, opened.review_id, opened.number)


def change_check(actor: Actor, *, after: Mapping[str, str]) -> tuple[Outcome, ...]:
    """What the rules say of a change, before it is asked for."""
    return rules.CHANGE.evaluate(_facts(actor, queries.seat_company(actor), after))


@action
def supplement_change(actor: Actor, *, review_id: UUID, after: Mapping[str, str], text: str = "") -> None:
    """Hand a returned change back: only the fields the reviewer reopened may differ.

    Rules:   L-007, L-008.
    Raises:  NotAllowed; NotFound; Refused; Conflict when it is not returned.
    Records: company_change.supplemented, review.supplemented
    """
    require(actor, Can.COMPANY_CHANGE)
    change, own = queries.change_of_review(actor, review_id), queries.seat_company(actor)
    wanted = {**change.after, **{field: value.strip() for field, value in after.items()}}
    touched = {field for field in wanted if wanted[field] != change.after.get(field)}
    rules.SUPPLEMENT.check(
        rules.SupplementFacts(
            is_main=own.is_main,
            touched=frozenset(touched),
            reopened=frozenset(change.review.fields),
            name_zh=wanted["name_zh"],
            differs=wanted != dict(own.facts),
        )
    )
    reviews.supplement(actor, review_id=review_id, facts=_snapshot(change.before, wanted), text=text)
    CompanyChange.objects.visible_to(actor).filter(pk=change.id).update(after=wanted)
    record(
        actor,
        "company_change.supplemented",
        subject_kind="company_change",
        subject_id=change.id,
        partner_id=change.partner_id,
        fields=sorted(touched),
    )


@action
def withdraw_change(actor: Actor, *, review_id: UUID) -> None:
    """Take back a change that was asked for and is not decided.

    Rules:   L-007.
    Raises:  NotAllowed; NotFound; Conflict when it is over.
    Records: company_change.withdrawn, review.withdrawn
    """
    require(actor, Can.COMPANY_CHANGE)
    change = queries.change_of_review(actor, review_id)
    reviews.withdraw(actor, review_id=review_id)
    record(
        actor,
        "company_change.withdrawn",
        subject_kind="company_change",
        subject_id=change.id,
        partner_id=change.partner_id,
    )


@action(keyed=True)
def decide_change(actor: Actor, *, review_id: UUID, decision: Decision, key: str | None = None) -> Decided:
    """Decide a change of a company's base information; agreed on, it holds for all accounts of the company at once.

    Rules:   L-006, L-007, L-010, L-020.
    Raises:  NotAllowed; NotFound; Refused; Conflict when somebody decided meanwhile.
    Records: review.approved and company.changed; or review.agreed, review.returned, review.rejected
    """
    require(actor, Can.VENDOR_REVIEW)
    decided = reviews.decide(actor, review_id=review_id, kind=COMPANY_CHANGE, decision=decision)
    if decided.state == "approved":
        _apply(actor, review_id)
    return decided


@action
def expire_changes(actor: Actor, *, limit: int) -> int:
    """End changes that were returned and not supplemented in time; the company stays what it is.

    Rules:   L-007.
    Records: review.expired, one a change
    """
    return len(reviews.expire_due(actor, kind=COMPANY_CHANGE, limit=limit))


def _facts(actor: Actor, own: SeatCompany, after: Mapping[str, str]) -> rules.ChangeFacts:
    wanted, waiting = _wanted(own, after), queries.pending(actor, own.company_id)
    return rules.ChangeFacts(
        is_main=own.is_main,
        uscc=own.uscc,
        uscc_wanted=after.get("uscc", own.uscc).strip(),
        name_zh=wanted["name_zh"],
        differs=wanted != own.facts,
        pending=waiting.number if waiting else "",
    )


def _wanted(own: SeatCompany, after: Mapping[str, str]) -> dict[str, str]:
    return {field: after.get(field, own.facts[field]).strip() for field in EDITABLE}


def _snapshot(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, object]:
    """What the reviewer sees: the company's name, and each field that differs."""
    words = COMPANY_CHANGE.fields
    return {
        "title": {"zh": before["name_zh"], "en": before["name_en"] or before["name_zh"]},
        "diff": [
            {"field": f, "zh": words[f].zh, "en": words[f].en, "before": before[f], "after": after[f]}
            for f in EDITABLE
            if before[f] != after[f]
        ],
    }


def _record_asked(actor: Actor, row: CompanyChange) -> None:
    fields = [field for field in EDITABLE if row.before[field] != row.after[field]]
    record(
        actor,
        "company_change.asked",
        subject_kind="company_change",
        subject_id=row.pk,
        partner_id=row.partner_id,
        company=row.company_id,
        fields=fields,
    )


def _apply(actor: Actor, review_id: UUID) -> None:
    """Write what was agreed on: today's values on the company, and each value with its days."""
    change = queries.change_of_review(actor, review_id)
    company = queries.lock_company(actor, change.company_id)
    changed = {f: v for f, v in change.after.items() if v != getattr(company, f)}
    _date(actor, company, changed)
    for field, value in changed.items():
        setattr(company, field, value)
    company.save(update_fields=list(changed) or None)
    CompanyChange.objects.visible_to(actor).filter(pk=change.id).update(applied_at=actor.at)
    record(
        actor,
        "company.changed",
        subject_kind="company",
        subject_id=company.pk,
        partner_id=change.partner_id,
        change=change.id,
        fields=sorted(changed),
    )


def _date(actor: Actor, company: Company, changed: Mapping[str, str]) -> None:
    dated = CompanyFact.objects.visible_to(actor).filter(company_id=company.pk, field__in=changed, valid_to=None)
    known = set(dated.values_list("field", flat=True))
    dated.update(valid_to=actor.at)
    since = queries.opened_at(actor, company.pk)
    if since is None:
        raise NotFound("company")
    before = [
        CompanyFact(company_id=company.pk, field=f, value=getattr(company, f), valid_from=since, valid_to=actor.at)
        for f in changed
        if f not in known
    ]
    after = [CompanyFact(company_id=company.pk, field=f, value=v, valid_from=actor.at) for f, v in changed.items()]
    CompanyFact.objects.bulk_create([*before, *after])
