"""Stopping one voucher, and letting it go again: the vendor's own verbs."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import NotFound
from partner_center.kernel.rules import Outcome, check_all
from partner_center.vouchers import rules
from partner_center.vouchers.models import Voucher
from partner_center.vouchers.queries.quota import window_of
from partner_center.vouchers.queries.voucher import lock_vouchers

Asked = Callable[[rules.FreezeFacts], tuple[Outcome, ...]]


@action(keyed=True)
def freeze_voucher(actor: Actor, *, voucher_id: UUID, reason: str, key: str | None = None) -> None:
    """Stop a voucher: its customer can use it no more, its issuer cannot take it back; its end stays.

    What an unpaid order holds of it already is the order's, and may still be paid with.
    Rules:   S-361, S-390.
    Raises:  NotAllowed; NotFound; Refused.
    Records: voucher.frozen
    """
    require(actor, Can.VENDOR_QUOTA_FREEZE)
    voucher = _checked(actor, voucher_id, rules.FREEZE.evaluate, reason)
    Voucher.objects.filter(pk=voucher.pk).update(is_frozen=True, frozen_reason=reason)
    _note(actor, "voucher.frozen", voucher)


@action(keyed=True)
def unfreeze_voucher(actor: Actor, *, voucher_id: UUID, reason: str, key: str | None = None) -> None:
    """Let a frozen voucher be used again.

    Rules:   S-361, S-390.
    Raises:  NotAllowed; NotFound; Refused.
    Records: voucher.unfrozen
    """
    require(actor, Can.VENDOR_QUOTA_FREEZE)
    voucher = _checked(actor, voucher_id, rules.UNFREEZE.evaluate, reason)
    Voucher.objects.filter(pk=voucher.pk).update(is_frozen=False, frozen_reason="")
    _note(actor, "voucher.unfrozen", voucher)


def _checked(actor: Actor, voucher_id: UUID, asked: Asked, reason: str) -> Voucher:
    found = lock_vouchers(Voucher.objects.visible_to(actor).filter(pk=voucher_id))
    if not found:
        raise NotFound("voucher")
    voucher = found[0]
    facts = rules.FreezeFacts(voucher.state, voucher.is_frozen, window_of(voucher), actor.at)
    check_all(rules.REASON.evaluate(rules.ReasonFacts(reason)), asked(facts))
    return voucher


def _note(actor: Actor, event: str, voucher: Voucher) -> None:
    record(
        actor,
        event,
        subject_kind="voucher",
        subject_id=voucher.pk,
        partner_id=voucher.partner_id,
        upline_id=voucher.upline_id,
        customer_id=voucher.customer_id,
    )
