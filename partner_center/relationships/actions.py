"""Founding and ending the relation between a partner and its customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from partner_center.access.codes import require_code
from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.customers.actions import (
    NewAssociation,
    associate_all_rows,
    associate_rows,
    end_association_rows,
)
from partner_center.customers.queries import customer_detail, hold_association
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.kernel.rules import check_all
from partner_center.partners.queries import distributors_of
from partner_center.relationships import rules
from partner_center.relationships.queries import (
    Wanted,
    associate_all_facts,
    associate_facts,
    disassociation_facts,
    switch_facts,
)
from partner_center.vouchers.actions import reclaim_on_association, reclaim_on_disassociation, reclaim_on_switch
from partner_center.vouchers.queries import hold_vouchers_of

DISASSOCIATE = "relationships.disassociate"


@dataclass(frozen=True)
class Associated:
    """A customer that became a partner's."""

    association_id: UUID
    customer_id: UUID
    partner_id: UUID
    upline_id: UUID | None


@dataclass(frozen=True)
class Switched:
    """A customer that is its partner's in the other model, and what came back of its vouchers."""

    association_id: UUID
    customer_id: UUID
    partner_id: UUID
    type: int
    vouchers: int
    returned: Money


@dataclass(frozen=True)
class Disassociated:
    """A customer that was left, and what came back of its vouchers."""

    association_id: UUID
    customer_id: UUID
    partner_id: UUID
    vouchers: int
    returned: Money


@action(keyed=True)
def associate(
    actor: Actor, *, customer_id: UUID, partner_id: UUID, type: int, reason: str, key: str | None = None
) -> Associated:
    """Make an account a partner's customer from the vendor's back office, as a ticket asked.

    What it still holds of a previous partner's vouchers comes back to that one in the same transaction.
    Rules:   S-020, S-140, S-141, S-142, S-168, S-181, S-195, S-201.
    Money:   each such voucher's whole balance; voucher → the quota it came from.
    Raises:  NotAllowed; NotFound (either account); Refused; Conflict when it became somebody's meanwhile.
    Records: association.made, voucher.reclaimed
    """
    require(actor, Can.VENDOR_CUSTOMER_MANAGE)
    held = hold_vouchers_of(actor, [customer_id])
    check_all(
        rules.REASON.evaluate(rules.ReasonFacts(reason)),
        rules.ASSOCIATE.evaluate(associate_facts(actor, customer_id, partner_id, type)),
    )
    return _write(actor, [Wanted(customer_id, partner_id, type)], held, reason)[0]


@action(keyed=True)
def associate_all(
    actor: Actor, *, wanted: Sequence[Wanted], reason: str, key: str | None = None
) -> tuple[Associated, ...]:
    """Associate many accounts as one ticket asked, all or none; the same rules as for one, asked of each.

    Rules:   S-020, S-140, S-141, S-142, S-168, S-181, S-195, S-201.
    Money:   what each still holds of a previous partner's vouchers; voucher → the quota it came from.
    Raises:  NotAllowed; NotFound (any account); Refused; Conflict when one became somebody's meanwhile.
    Records: association.made, voucher.reclaimed
    """
    require(actor, Can.VENDOR_CUSTOMER_MANAGE)
    held = hold_vouchers_of(actor, [each.customer_id for each in wanted])
    facts = associate_all_facts(actor, wanted)
    check_all(
        rules.REASON.evaluate(rules.ReasonFacts(reason)),
        *(rules.ASSOCIATE.broken(about, customer) for customer, about in facts.items()),
    )
    return _write(actor, wanted, held, reason)


def _write(actor: Actor, wanted: Sequence[Wanted], held: frozenset[UUID], reason: str) -> tuple[Associated, ...]:
    for each in wanted:
        if each.customer_id in held:
            reclaim_on_association(actor, customer_id=each.customer_id, partner_id=each.partner_id)
    uplines = distributors_of({each.partner_id for each in wanted}, actor.at)
    rows = [
        NewAssociation(each.customer_id, each.partner_id, uplines.get(each.partner_id), each.type) for each in wanted
    ]
    made = associate_all_rows(actor, rows, reason)
    for id_, row in zip(made, rows, strict=True):
        record(
            actor,
            "association.made",
            subject_kind="association",
            subject_id=id_,
            partner_id=row.partner_id,
            upline_id=row.upline_id,
            customer_id=row.customer_id,
            type=row.type,
        )
    return tuple(
        Associated(id_, row.customer_id, row.partner_id, row.upline_id) for id_, row in zip(made, rows, strict=True)
    )


@action(keyed=True)
def disassociate(actor: Actor, *, customer_id: UUID, reason: str, key: str | None = None) -> Disassociated:
    """Leave a customer at once; what it has left of the partner's vouchers comes back in the same transaction.

    The customer's consent (S-194) is not asked for yet: the request takes effect when it is made.
    Rules:   S-190, S-191, S-195, S-201, S-206, S-215, S-221, S-562.
    Money:   each voucher's whole balance; voucher → the quota it came from.
    Raises:  NotAllowed; NotFound; Refused; Conflict when it ended meanwhile.
    Records: association.ended, voucher.reclaimed
    """
    require(actor, Can.CUSTOMER_DISASSOCIATE)
    require_code(actor, DISASSOCIATE)
    association = hold_association(actor, customer_id)
    hold_vouchers_of(actor, [customer_id], association.partner_id)
    check_all(
        rules.REASON.evaluate(rules.ReasonFacts(reason)),
        rules.DISASSOCIATE.evaluate(disassociation_facts(actor, association)),
    )
    partner_id = association.partner_id
    reclaimed = reclaim_on_disassociation(actor, customer_id=customer_id, partner_id=partner_id)
    end_association_rows(actor, association_id=association.association_id, by=actor.audience, reason=reason)
    record(
        actor,
        "association.ended",
        subject_kind="association",
        subject_id=association.association_id,
        partner_id=partner_id,
        upline_id=association.upline_id,
        customer_id=customer_id,
        type=association.type,
        vouchers=len(reclaimed.vouchers),
        amount=reclaimed.total,
    )
    return Disassociated(association.association_id, customer_id, partner_id, len(reclaimed.vouchers), reclaimed.total)


@action(keyed=True)
def switch_type(actor: Actor, *, customer_id: UUID, type: int, reason: str, key: str | None = None) -> Switched:
    """Make a customer its partner's in the other model, from the vendor's back office, as a ticket asked.

    The association of before ends and one of the other type begins; what the customer has left of the partner's
    vouchers comes back in the same transaction.
    Rules:   S-020, S-168, S-195, S-196, S-197, S-198, S-201, S-206, S-221.
    Money:   each voucher's whole balance; voucher → the quota it came from.
    Raises:  NotAllowed; NotFound; Refused; Conflict when it ended meanwhile.
    Records: association.switched, voucher.reclaimed
    """
    require(actor, Can.VENDOR_CUSTOMER_MANAGE)
    association = hold_association(actor, customer_id)
    partner_id, upline_id = association.partner_id, association.upline_id
    hold_vouchers_of(actor, [customer_id], partner_id)
    check_all(
        rules.REASON.evaluate(rules.ReasonFacts(reason)),
        rules.SWITCH.evaluate(switch_facts(actor, association, type)),
    )
    known = customer_detail(actor, customer_id)
    reclaimed = reclaim_on_switch(actor, customer_id=customer_id, partner_id=partner_id)
    end_association_rows(actor, association_id=association.association_id, by=actor.audience, reason=reason)
    row = associate_rows(
        actor,
        customer_id=customer_id,
        partner_id=partner_id,
        upline_id=upline_id,
        type=type,
        reason=reason,
        xaccount_id=known.xaccount_id,
        xaccount_type=known.xaccount_type,
        label=known.label,
    )
    record(
        actor,
        "association.switched",
        subject_kind="association",
        subject_id=row,
        partner_id=partner_id,
        upline_id=upline_id,
        customer_id=customer_id,
        before=association.type,
        after=type,
        vouchers=len(reclaimed.vouchers),
        amount=reclaimed.total,
    )
    return Switched(row, customer_id, partner_id, type, len(reclaimed.vouchers), reclaimed.total)
