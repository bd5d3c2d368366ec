"""Charging usage: what is billed by use is paid by vouchers without anybody choosing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json
from partner_center.kernel.errors import Conflict
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.ledger.rules import Move
from partner_center.vouchers import rules
from partner_center.vouchers.actions.checkout import LONGEST_REFERENCE, PartPaid, mark_spent, performance_of
from partner_center.vouchers.models import Authorisation, AuthorisationPart, Voucher
from partner_center.vouchers.queries.checkout import OrderInput, order_facts, order_lines, spendables
from partner_center.vouchers.queries.voucher import lock_vouchers

USAGE = "usage"


@dataclass(frozen=True)
class Charged:
    """What vouchers paid of a customer's usage, each in the order of its use, and what is left to pay otherwise."""

    usage_reference: str
    usage: Money
    paid: Money
    left: Money
    parts: tuple[PartPaid, ...]


@action(keyed=True)
def charge(
    actor: Actor, *, customer_id: UUID, usage_reference: str, lines: Sequence[OrderInput], key: str | None = None
) -> Charged:
    """Pay what a customer used by its vouchers: restricted ones first, then those that end first, as many as it takes.

    Arrears and marketplace goods are left; so is what an order holds. No voucher is no refusal: all is left to pay.
    Rules:   S-390, S-393 to S-397, S-415, S-417, S-902.
    Money:   per voucher, minor units of the usage's currency; voucher → spent, of its quota.
    Raises:  NotAllowed; Refused; Conflict on a reused key, or usage that was charged already.
    Records: voucher.charged, one a partner whose vouchers pay
    """
    require(actor, Can.VENDOR_CHARGE)
    if not usage_reference.strip() or len(usage_reference) > LONGEST_REFERENCE:
        raise Conflict("order_reference_malformed", longest=LONGEST_REFERENCE)
    known, unknown = order_lines([replace(line, billing_mode=rules.PAY_PER_USE) for line in lines])
    rules.ORDER.check(order_facts(actor, known, unknown, 0, api=True))
    # Locked before anything is judged: what another order, a reclaim or an expiry does meanwhile is waited for.
    rows = Voucher.objects.visible_to(actor).filter(customer_id=customer_id, state="usable", lock_order="")
    vouchers = lock_vouchers(rows.filter(starts_at__lte=actor.at, ends_at__gt=actor.at))
    _unless_charged(actor, customer_id, usage_reference)
    payments = _payments(actor, vouchers, known)
    by_id = {voucher.pk: voucher for voucher in vouchers}
    paying = [by_id[each.voucher_id] for each in payments]
    if payments:
        moves = [Move(each.voucher_id, -each.amount) for each in payments]
        into = [Move(by_id[each.voucher_id].spent_account, each.amount) for each in payments]
        ledger.post(actor, kind="voucher.charge", moves=[*moves, *into])
        mark_spent(actor, paying)
    for partner in dict.fromkeys(voucher.partner_id for voucher in paying):
        own = [each for each in payments if by_id[each.voucher_id].partner_id == partner]
        _write(actor, usage_reference, known, own, by_id)
    usage = Money.total((line.amount for line in known), known[0].amount.currency)
    paid = Money.total((each.amount for each in payments), usage.currency)
    parts = tuple(PartPaid(each.voucher_id, by_id[each.voucher_id].number, each.amount) for each in payments)
    return Charged(usage_reference, usage, paid, usage - paid, parts)


def _unless_charged(actor: Actor, customer_id: UUID, usage_reference: str) -> None:
    found = Authorisation.objects.visible_to(actor).filter(customer_id=customer_id, order_reference=usage_reference)
    if found.exclude(state="released").exists():
        raise Conflict("order_paid_already", order_reference=usage_reference)


def _payments(actor: Actor, vouchers: Sequence[Voucher], lines: Sequence[rules.OrderLine]) -> tuple[rules.Payment, ...]:
    """What each voucher that meets its limits pays, in the order of use. Rules: S-395, S-396, S-397."""
    found = [replace(one, is_own=True) for one in spendables(actor, vouchers)]
    usable = [one for one in found if not rules.USE.broken(rules.UseFacts(one, tuple(lines), "", actor.at), one.id)]
    return rules.pay(rules.in_order_of_use(usable), lines, most=len(usable))


def _write(
    actor: Actor,
    usage_reference: str,
    lines: Sequence[rules.OrderLine],
    payments: Sequence[rules.Payment],
    by_id: dict[UUID, Voucher],
) -> None:
    """What one partner's vouchers paid, as the customer's history and the partner's record know it."""
    one = by_id[payments[0].voucher_id]
    paid = Money.total((each.amount for each in payments), one.currency)
    parties = {"customer_id": one.customer_id, "partner_id": one.partner_id, "upline_id": one.upline_id}
    made = Authorisation.objects.create(
        id=new_id(),
        **parties,
        order_reference=usage_reference,
        source=USAGE,
        order_lines=to_json(list(lines)),
        order_minor=sum(line.amount.minor for line in lines),
        held_minor=paid.minor,
        currency=one.currency,
        state=rules.AUTHORISATION.target("capture"),
        authorised_at=actor.at,
        expires_at=actor.at,
        ended_at=actor.at,
    )
    AuthorisationPart.objects.bulk_create(
        AuthorisationPart(
            authorisation=made,
            voucher_id=each.voucher_id,
            quota_id=by_id[each.voucher_id].quota_id,
            amount_minor=each.amount.minor,
            **parties,
        )
        for each in payments
    )
    amounts = [(by_id[each.voucher_id], each.amount) for each in payments]
    record(
        actor,
        "voucher.charged",
        subject_kind="authorisation",
        subject_id=made.pk,
        **parties,
        amount=paid,
        performance=performance_of(amounts, one.currency),
        usage=usage_reference,
        vouchers=[each.voucher_id for each in payments],
    )
