"""The vendor's reviewers, and a noun of the tests' own whose verbs call the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pytest

from partner_center.access import actions as access
from partner_center.audit.action import action
from partner_center.kernel.actor import Actor
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.partners.rules import COMPANY_CHANGE
from partner_center.reviews import actions as reviews
from partner_center.reviews.actions import Decided, Opened
from partner_center.reviews.rules import Decision, ReviewKind, Step, Terms
from tests.cast import PASSWORD, Cast, Person, _person

KIND: ReviewKind = replace(COMPANY_CHANGE, code="thing")
ONE = Terms((Step("check", "operations", 3, escalates_to="vendor_administrator"),), 10)


@action
def ask(actor: Actor, *, terms: Terms, subject_id: UUID, decider_id: UUID | None = None) -> Opened:
    """A noun's verb that asks.

    Records: review.opened
    """
    return reviews.open_review(
        actor,
        kind=KIND,
        subject_kind="thing",
        subject_id=subject_id,
        facts={"title": {"zh": "事", "en": "Thing"}},
        site="cloud-cn",
        asker_id=actor.seat,
        decider_id=decider_id,
        amount=Money.of("120", "CNY"),
        terms=terms,
    )


@action
def decide(actor: Actor, *, review_id: UUID, decision: Decision) -> Decided:
    """A noun's verb that decides.

    Records: review.approved
    """
    return reviews.decide(actor, review_id=review_id, kind=KIND, decision=decision)


@action
def supplement(actor: Actor, *, review_id: UUID) -> None:
    """A noun's verb that hands back.

    Records: review.supplemented
    """
    reviews.supplement(actor, review_id=review_id, facts={"title": {"zh": "改", "en": "Mended"}}, text="done")


@action
def withdraw(actor: Actor, *, review_id: UUID) -> None:
    """A noun's verb that gives up.

    Records: review.withdrawn
    """
    reviews.withdraw(actor, review_id=review_id)


@action
def expire(actor: Actor) -> tuple[UUID, ...]:
    """A noun's verb that ends what is over.

    Records: review.expired
    """
    return reviews.expire_due(actor, kind=KIND, limit=50)


@dataclass
class Desk:
    """The cast with reviewers: Gu and Gina manage ecosystems, Lin and Lars are of operations."""

    cast: Cast
    gu: Person
    gina: Person
    lin: Person
    lars: Person

    def ask(self, terms: Terms = ONE, at: datetime | None = None, decider_id: UUID | None = None) -> UUID:
        asking = self.cast.sol(at)
        return ask(asking, terms=terms, subject_id=new_id(), decider_id=decider_id).review_id


def staff(cast: Cast, login: str, role: str) -> Person:
    user = access.add_member(cast.vera(), login=login, display_name=login, roles=[role], password=PASSWORD)
    return _person(user, cast.at)


def build_desk(cast: Cast) -> Desk:
    roles = {"gu": "ecosystem_manager", "gina": "ecosystem_manager", "lin": "operations", "lars": "operations"}
    return Desk(cast, **{login: staff(cast, login, role) for login, role in roles.items()})


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return build_desk(cast)
