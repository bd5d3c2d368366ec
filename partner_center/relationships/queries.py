"""What the verbs of relations would find, gathered from the apps below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from partner_center.access.codes import is_needed
from partner_center.customers.queries import (
    AssociationFacts,
    association_of,
    customer,
    customers,
    ended_since,
    with_partner,
)
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.money import Money
from partner_center.kernel.rules import Outcome
from partner_center.partners.queries import account, accounts, companies_of_partners, standings
from partner_center.policy.queries import pack
from partner_center.relationships import rules
from partner_center.vouchers.queries import orders_holding, usable_left


@dataclass(frozen=True)
class DisassociationCheck:
    """What stands in the way of leaving a customer, and what would come back with it (S-195, S-221)."""

    association: AssociationFacts
    outcomes: tuple[Outcome, ...]
    vouchers: int
    returns: Money
    needs_code: bool

    @property
    def passed(self) -> bool:
        return all(outcome.passed for outcome in self.outcomes)


@dataclass(frozen=True)
class Wanted:
    """An account that is to become a partner's customer, in one of the two models."""

    customer_id: UUID
    partner_id: UUID
    type: int


@dataclass(frozen=True)
class SwitchCheck:
    """What stands in the way of switching a customer's model, and what would come back with it (S-197, S-221)."""

    association: AssociationFacts
    to: int
    outcomes: tuple[Outcome, ...]
    vouchers: int
    returns: Money

    @property
    def passed(self) -> bool:
        return all(outcome.passed for outcome in self.outcomes)


def associate_facts(actor: Actor, customer_id: UUID, partner_id: UUID, type_: int) -> rules.AssociateFacts:
    """Raises: NotFound for either account."""
    return associate_all_facts(actor, [Wanted(customer_id, partner_id, type_)])[customer_id]


def associate_all_facts(actor: Actor, wanted: Sequence[Wanted]) -> dict[UUID, rules.AssociateFacts]:
    """The same of many, by customer. Raises: NotFound for any account."""
    asked = customers(actor, {each.customer_id for each in wanted})
    partners = accounts(actor, {each.partner_id for each in wanted})
    if not partners.keys() >= {each.partner_id for each in wanted}:
        raise NotFound("partner")
    somebodys, companies = with_partner(asked), companies_of_partners([row.uscc for row in asked.values()])
    locked = orders_holding(actor, asked)
    return {
        each.customer_id: rules.AssociateFacts(
            type=each.type,
            models=pack(partners[each.partner_id].site, actor.at).models,
            customer_site=asked[each.customer_id].site,
            partner_site=partners[each.partner_id].site,
            has_partner=each.customer_id in somebodys,
            is_partners_company=(asked[each.customer_id].uscc, asked[each.customer_id].site) in companies,
            may_resell=partners[each.partner_id].may_resell,
            locked_orders=locked.get(each.customer_id, ()),
        )
        for each in wanted
    }


def switch_facts(actor: Actor, association: AssociationFacts, to: int) -> rules.SwitchFacts:
    """Raises: NotFound."""
    asked, partner = customer(actor, association.customer_id), account(actor, association.partner_id)
    return rules.SwitchFacts(
        type=association.type,
        to=to,
        models=pack(partner.site, actor.at).models,
        may_resell=partner.may_resell,
        is_independent_member=asked.is_independent_member,
        is_finance_managed=asked.is_finance_managed,
        locked_orders=_locked(actor, association),
    )


def _locked(actor: Actor, association: AssociationFacts) -> tuple[str, ...]:
    """Orders that still hold the customer's vouchers of this partner. Rules: S-201."""
    customer_id = association.customer_id
    return orders_holding(actor, [customer_id], association.partner_id).get(customer_id, ())


def switch_check(actor: Actor, customer_id: UUID) -> SwitchCheck:
    """What switching this customer to the other model would run into, and what would come back; nothing is changed.

    Rules:  S-020, S-168, S-197, S-198, S-201, S-206, S-221.
    Raises: NotFound.
    """
    association = association_of(actor, customer_id)
    if association is None:
        raise NotFound("customer")
    to = rules.RESALE if association.type == rules.CONSULTING else rules.CONSULTING
    count, minor = usable_left(actor.in_seat(association.partner_id), [customer_id]).get(customer_id, (0, 0))
    return SwitchCheck(
        association=association,
        to=to,
        outcomes=rules.SWITCH.evaluate(switch_facts(actor, association, to)),
        vouchers=count,
        returns=Money(minor, pack(association.customer_site, actor.at).currency),
    )


def disassociation_facts(actor: Actor, association: AssociationFacts) -> rules.DisassociateFacts:
    policy = pack(association.customer_site, actor.at)
    months = policy.number("relationships.months_between_requests")
    most = policy.number("relationships.requests_per_3_months")
    since = rules.shift_months(actor.at, -months, policy.zone)
    asked = ended_since(actor, association.customer_id, association.partner_id, since)
    # The oldest request that still counts makes room again when it is so many months old.
    oldest = asked[-most] if len(asked) >= most else actor.at
    return rules.DisassociateFacts(
        is_administrator=actor.audience == "system" or actor.is_main,
        in_own_seat=actor.audience == "system" or actor.home == association.partner_id,
        type=association.type,
        is_finance_managed=customer(actor, association.customer_id).is_finance_managed,
        requests=len(asked),
        most_requests=most,
        next_request_at=rules.shift_months(oldest, months, policy.zone),
        locked_orders=_locked(actor, association),
        partner_state=standings([association.partner_id], actor.at).get((association.partner_id, "state"), ""),
    )


def disassociation_check(actor: Actor, customer_id: UUID) -> DisassociationCheck:
    """What leaving this customer would run into, and which vouchers would be taken back; nothing is changed.

    Rules:  S-190, S-191, S-195, S-201, S-206, S-215, S-221.
    Raises: NotFound.
    """
    association = association_of(actor, customer_id)
    if association is None:
        raise NotFound("customer")
    facts = disassociation_facts(actor, association)
    left = usable_left(actor.in_seat(association.partner_id), [customer_id])
    count, minor = left.get(customer_id, (0, 0))
    return DisassociationCheck(
        association=association,
        outcomes=rules.DISASSOCIATE.evaluate(facts),
        vouchers=count,
        returns=Money(minor, pack(association.customer_site, actor.at).currency),
        needs_code=is_needed(actor),
    )
