"""Asking for a reversal, and what the second person says to it. Both are the vendor's own staff."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from partner_center.access.permissions import Can, item_of, require
from partner_center.access.queries import actor_of, user_by_id
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.kernel.money import Money
from partner_center.ledger.errors import SecondPersonRequired
from partner_center.ledger.queries import TransferPage, transfer
from partner_center.vouchers import rules
from partner_center.vouchers.actions.reversal import turn_back, why_not
from partner_center.vouchers.models import Quota, ReversalRequest, Voucher


@dataclass(frozen=True)
class Decided:
    """A request for a reversal with its answer."""

    request_id: UUID
    state: str
    reversal_id: UUID | None


@action(keyed=True)
def ask_reversal(actor: Actor, *, transfer_id: UUID, reason: str, key: str | None = None) -> UUID:
    """Ask a second person to take a movement back; nothing moves before they agree. Returns the request.

    Rules:   S-361, S-366.
    Raises:  NotAllowed; NotFound; Refused without a reason; Conflict: it could not be reversed as things stand, or is
             asked for already.
    Records: reversal.requested
    """
    require(actor, Can.VENDOR_REVERSE)
    rules.REASON.check(rules.ReasonFacts(reason))
    if conflict := why_not(actor, transfer_id):
        raise conflict
    page = transfer(actor, transfer_id)
    came = [amount for _, amount in page.entries if amount.minor > 0]
    moved = Money.total(came, came[0].currency)
    row = ReversalRequest(
        transfer_id=transfer_id,
        kind=page.transfer.kind,
        amount_minor=moved.minor,
        currency=moved.currency,
        quota_id=_quota_of(page),
        reason=reason,
        asked_by=actor.person_id,
        asked_at=actor.at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("reversal_asked_already") from error
    _note(actor, "reversal.requested", row)
    return row.pk


def _quota_of(page: TransferPage) -> UUID:
    """The quota that the request is told under: the one that gave or took, or that of the first voucher."""
    ids = [account for account, _ in page.entries]
    quotas = list(Quota.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)[:1])
    found = quotas or list(Voucher.objects.filter(pk__in=ids).order_by("pk").values_list("quota_id", flat=True)[:1])
    return found[0]


@action(keyed=True)
def approve_reversal(actor: Actor, *, request_id: UUID, key: str | None = None) -> Decided:
    """Agree, as the second person: the movement is taken back now, on the word of both.

    Rules:   S-361, S-365, S-366, S-390, S-410, S-411.
    Money:   the whole transfer, minor units, the other way round.
    Raises:  NotAllowed, also when who asked may no longer ask; NotFound; Conflict: the same person, decided already,
             or something of it used or ended meanwhile, which is named.
    Records: reversal.approved, transfer.reversed, and what the reversal itself records
    """
    row = _held(actor, request_id, other=True)
    asker = user_by_id(row.asked_by)
    if asker is None:
        raise NotAllowed(item_of(Can.VENDOR_REVERSE).code)
    asking = actor_of(asker, at=actor.at, request_id=actor.request_id)
    require(asking, Can.VENDOR_REVERSE)
    made = turn_back(asking, row.transfer_id, row.reason, actor.person_id)
    return _decide(actor, row, "approve", "reversal.approved", reversal_id=made.reversal_id)


@action(keyed=True)
def decline_reversal(actor: Actor, *, request_id: UUID, answer: str, key: str | None = None) -> Decided:
    """Say no, as the second person, and why: nothing moves.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound; Refused without a reason; Conflict: the same person, or decided already.
    Records: reversal.declined
    """
    rules.REASON.check(rules.ReasonFacts(answer))
    return _decide(actor, _held(actor, request_id, other=True), "decline", "reversal.declined", answer)


@action(keyed=True)
def cancel_reversal(actor: Actor, *, request_id: UUID, key: str | None = None) -> Decided:
    """Take one's own request back.

    Rules:   S-361.
    Raises:  NotAllowed; NotFound (another's request too); Conflict when it is decided already.
    Records: reversal.cancelled
    """
    return _decide(actor, _held(actor, request_id, other=False), "cancel", "reversal.cancelled")


def _held(actor: Actor, request_id: UUID, *, other: bool) -> ReversalRequest:
    """A request that waits, locked, for the second person or for who asked."""
    require(actor, Can.VENDOR_REVERSE)
    row = ReversalRequest.objects.filter(pk=request_id).select_for_update().first()
    if row is None or (not other and row.asked_by != actor.user_id):
        raise NotFound("reversal")
    if row.state != "waiting":
        raise Conflict("reversal_decided", state=row.state)
    if other and row.asked_by == actor.user_id:
        raise SecondPersonRequired
    return row


def _decide(
    actor: Actor, row: ReversalRequest, move: str, event: str, answer: str = "", reversal_id: UUID | None = None
) -> Decided:
    row.state, row.reversal_id = rules.REVERSAL.target(move), reversal_id
    ReversalRequest.objects.filter(pk=row.pk).update(
        state=row.state, decided_by=actor.user_id, decided_at=actor.at, answer=answer, reversal_id=reversal_id
    )
    _note(actor, event, row)
    return Decided(row.pk, row.state, reversal_id)


def _note(actor: Actor, event: str, row: ReversalRequest) -> None:
    record(
        actor,
        event,
        subject_kind="reversal",
        subject_id=row.pk,
        transfer=row.transfer_id,
        amount=Money(row.amount_minor, row.currency),
    )
