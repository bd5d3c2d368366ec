"""Joining the network: applied for, confirmed by mail, checked by itself, else reviewed; and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.actions import login_taken, set_first_password
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.kernel.rules import Outcome, check_all
from partner_center.partners import actions as partners
from partner_center.partners.rules import NEWCOMER, NewcomerFacts
from partner_center.policy.queries import pack
from partner_center.programmes import queries, rules
from partner_center.programmes.models import Application
from partner_center.programmes.rules import APPLICATION, JOINING, MENDABLE
from partner_center.reviews import actions as reviews
from partner_center.reviews.actions import Decided
from partner_center.reviews.rules import Decision

KIND = "joining"


@dataclass(frozen=True)
class Applied:
    """An application that waits for its address to be confirmed."""

    application_id: UUID
    number: str


@dataclass(frozen=True)
class Confirmed:
    """What confirming came to: `joined` at once, or `in_review`."""

    application_id: UUID
    state: str


@action(keyed=True)
def apply(
    actor: Actor,
    *,
    identity: str,
    name_zh: str,
    uscc: str,
    display_name: str,
    login: str,
    email: str,
    accepts: bool,
    name_en: str = "",
    registered_address: str = "",
    account_name: str = "",
    phone: str = "",
    key: str | None = None,
) -> Applied:
    """Apply for a company to join; nothing is looked at before the address in it is confirmed by a mailed link.

    Rules:   S-001, S-573, L-011, L-021, L-039.
    Raises:  Refused; Conflict on a reused key.
    Records: application.submitted
    """
    check_all(_applying(actor, identity=identity, uscc=uscc, login=login, accepts=accepts))
    terms = pack(actor.site, actor.at)
    row = Application.objects.create(
        number=queries.next_number(actor.at),
        site=actor.site,
        identity=identity,
        uscc=uscc,
        name_zh=name_zh,
        name_en=name_en,
        registered_address=registered_address,
        account_name=account_name,
        display_name=display_name,
        login=login,
        email=email,
        phone=phone,
        language=actor.language,
        agreements=terms.value("joining.agreements").value,
        asked_at=actor.at,
        link_ends_at=actor.at + timedelta(hours=terms.number("joining.confirm_hours")),
    )
    record(actor, "application.submitted", subject_kind="application", subject_id=row.pk, identity=identity)
    return Applied(row.pk, row.number)


def apply_check(actor: Actor, *, identity: str, uscc: str, login: str, accepts: bool) -> tuple[Outcome, ...]:
    """The rules an application would break; nothing is written."""
    return _applying(actor, identity=identity, uscc=uscc, login=login, accepts=accepts)


def _applying(actor: Actor, *, identity: str, uscc: str, login: str, accepts: bool) -> tuple[Outcome, ...]:
    facts = queries.apply_facts(actor, uscc=uscc, taken=bool(login) and login_taken(login), accepts=accepts)
    return NEWCOMER.broken(NewcomerFacts(actor.site, identity, uscc)) + rules.APPLY.broken(facts)


@action
def confirm(actor: Actor, *, application_id: UUID) -> Confirmed:
    """Confirm the address of an application, by its link; what passes every check is opened at once, else reviewed.

    Rules:   L-001 to L-003, L-020, L-021.
    Raises:  NotFound; Refused; Conflict when it was confirmed already.
    Records: application.confirmed, and application.joined and partner.opened, or review.opened
    """
    row = queries.locked(actor, pk=application_id)
    if row.state != APPLICATION.start:
        raise Conflict("application_confirmed", state=row.state)
    rules.LINK.check(rules.LinkFacts(actor.at, row.link_ends_at))
    _still_free(actor, row)
    outcomes = rules.AUTO.evaluate(queries.join_facts(actor, row))
    row.confirmed_at, row.checks = actor.at, [_told(outcome) for outcome in outcomes]
    record(actor, "application.confirmed", subject_kind="application", subject_id=row.pk)
    if all(outcome.passed for outcome in outcomes):
        _open(actor, row, "open_at_once")
    else:
        _hand_to_review(actor, row)
    return Confirmed(row.pk, row.state)


@action(keyed=True)
def decide_joining(actor: Actor, *, review_id: UUID, decision: Decision, key: str | None = None) -> Decided:
    """Decide an application; agreed on, company and main account are opened in the same transaction.

    Rules:   L-020, L-021.
    Raises:  NotAllowed; NotFound; Refused; Conflict when somebody decided meanwhile, or the login name was taken.
    Records: review.approved, application.joined and partner.opened; or review.returned and application.returned; or
             review.rejected and application.rejected
    """
    require(actor, Can.VENDOR_REVIEW)
    decided = reviews.decide(actor, review_id=review_id, kind=JOINING, decision=decision)
    row = queries.locked(actor, review_id=review_id)
    if decided.state == "approved":
        _open(actor, row, "approve")
    elif decided.state == "rejected":
        _end(actor, row, "reject")
        record(actor, "application.rejected", subject_kind="application", subject_id=row.pk, reason=decision.reason)
    elif decided.state == "returned":
        record(actor, "application.returned", subject_kind="application", subject_id=row.pk, reason=decision.reason)
    return decided


@action
def supplement_joining(actor: Actor, *, application_id: UUID, mended: Mapping[str, str], text: str = "") -> None:
    """Hand a returned application back, by its link: only reopened fields may differ; the checks are made anew.

    Rules:   L-020.
    Raises:  NotFound; Refused; Conflict when it is not returned.
    Records: application.supplemented, review.supplemented
    """
    row = queries.locked(actor, pk=application_id)
    waiting = queries.review_of(actor, row)
    wanted = {field: mended.get(field, getattr(row, field)).strip() for field in MENDABLE}
    touched = frozenset(field for field in MENDABLE if wanted[field] != getattr(row, field))
    rules.MEND.check(rules.MendFacts(touched, frozenset(waiting.fields), wanted["name_zh"]))
    for field in touched:
        setattr(row, field, wanted[field])
    row.checks = [_told(outcome) for outcome in rules.AUTO.evaluate(queries.join_facts(actor, row))]
    reviews.supplement(actor, review_id=waiting.id, facts=_snapshot(row), text=text)
    row.save()
    record(actor, "application.supplemented", subject_kind="application", subject_id=row.pk, fields=sorted(touched))


@action
def withdraw_joining(actor: Actor, *, application_id: UUID) -> None:
    """Take an application back that is under review, by its link.

    Rules:   L-020.
    Raises:  NotFound; Conflict when it is over.
    Records: application.withdrawn, review.withdrawn
    """
    row = queries.locked(actor, pk=application_id)
    reviews.withdraw(actor, review_id=queries.review_of(actor, row).id)
    _end(actor, row, "withdraw")
    record(actor, "application.withdrawn", subject_kind="application", subject_id=row.pk)


@action
def choose_password(actor: Actor, *, application_id: UUID, password: str) -> UUID:
    """Choose the first password of the main user that joining opened, by the application's link; it works once.

    Raises:  NotFound; Conflict when one was chosen already, or nothing is open yet.
    Records: user.password_chosen
    """
    row = queries.locked(actor, pk=application_id)
    if row.user_id is None:
        raise Conflict("application_not_joined", state=row.state)
    set_first_password(actor, user_id=row.user_id, password=password)
    return row.user_id


@action
def expire_joining(actor: Actor, *, limit: int) -> int:
    """End applications that were returned and not supplemented in time, and drafts nobody confirmed.

    Rules:   L-020.
    Records: review.expired and application.expired, or application.lapsed; one an application
    """
    ended = reviews.expire_due(actor, kind=JOINING, limit=limit)
    for application_id in ended:
        _end(actor, queries.locked(actor, pk=application_id), "expire")
        record(actor, "application.expired", subject_kind="application", subject_id=application_id)
    lapsed = queries.due_to_lapse(actor, limit - len(ended))
    for application_id in lapsed:
        _end(actor, queries.locked(actor, pk=application_id), "lapse")
        record(actor, "application.lapsed", subject_kind="application", subject_id=application_id)
    return len(ended) + len(lapsed)


def _still_free(actor: Actor, row: Application) -> None:
    """Whether the company may still join: it, or its login name, may have been taken since it applied."""
    accepts = bool(row.agreements)
    check_all(_applying(actor, identity=row.identity, uscc=row.uscc, login=row.login, accepts=accepts))


def _open(actor: Actor, row: Application, move: str) -> None:
    """Open company, account and main user. Its password is chosen by the link, so nobody hands one over."""
    opened = partners.open_partner(
        actor.for_system("L-020: a company joins"),
        site=row.site,
        identity=row.identity,
        name_zh=row.name_zh,
        name_en=row.name_en,
        uscc=row.uscc,
        login=row.login,
        display_name=row.display_name,
        registered_address=row.registered_address,
        email=row.email,
        phone=row.phone,
        language=row.language,
    )
    row.organisation_id, row.user_id = opened.organisation_id, opened.user_id
    _end(actor, row, move)
    record(
        actor,
        "application.joined",
        subject_kind="application",
        subject_id=row.pk,
        partner_id=opened.organisation_id,
        at_once=move == "open_at_once",
    )


def _hand_to_review(actor: Actor, row: Application) -> None:
    row.state = APPLICATION.target("hand_to_review")
    opened = reviews.open_review(
        actor,
        kind=JOINING,
        subject_kind="application",
        subject_id=row.pk,
        facts=_snapshot(row),
        site=row.site,
    )
    row.review_id = opened.review_id
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # Two applications of one company were confirmed at once; the first is looked at.
        raise Refused([rules.BOOK.broken("L-021.pending", "joining_pending")]) from error


def _end(actor: Actor, row: Application, move: str) -> None:
    if row.state not in APPLICATION.sources(move):
        raise Conflict("application_in_other_state", state=row.state)
    row.state, row.closed_at = APPLICATION.target(move), actor.at
    row.save()


def _snapshot(row: Application) -> dict[str, object]:
    """What the reviewer sees: who applies, with what, and what the checks found."""
    title = {"zh": row.name_zh, "en": row.name_en or row.name_zh}
    return {"title": title, "rows": [_line(*each) for each in _lines(row)], "checks": row.checks}


def _lines(row: Application) -> tuple[tuple[str, str, str], ...]:
    return (
        ("公司名称", "Company name", row.name_zh),
        ("英文名称", "Company name in Latin letters", row.name_en),
        ("统一社会信用代码", "Unified social credit code", row.uscc),
        ("注册地址", "Registered address", row.registered_address),
        ("云账号", "Cloud account", row.account_name),
        ("管理员", "Administrator", row.display_name),
        ("登录名", "Login name", row.login),
        ("邮箱（已确认）", "E-mail (confirmed)", row.email),
        ("电话", "Phone", row.phone),
    )


def _line(zh: str, en: str, value: str) -> dict[str, str]:
    return {"zh": zh, "en": en, "value": value}


def _told(outcome: Outcome) -> dict[str, Any]:
    """A check as it was found then, in both languages: rules and facts may have changed when it is read."""
    parts: tuple[Any, ...] = ("name", "message", "remedy")
    languages: tuple[Any, ...] = ("zh", "en")
    words = {language: {part: outcome.text(part, language) for part in parts} for language in languages}
    return {"id": outcome.id, "code": outcome.code, "passed": outcome.passed, **words}
