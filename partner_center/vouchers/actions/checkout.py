"""Spending at checkout: hold value for an order, then take it or give it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError

from partner_center.access.permissions import Can, require
from partner_center.audit.action import action
from partner_center.audit.actions import record
from partner_center.kernel.actor import Actor
from partner_center.kernel.codec import to_json
from partner_center.kernel.errors import Conflict, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.ledger import actions as ledger
from partner_center.ledger.queries import balances
from partner_center.ledger.rules import Move, NewAccount
from partner_center.policy.queries import pack
from partner_center.vouchers import rules
from partner_center.vouchers.models import Authorisation, AuthorisationPart, Voucher
from partner_center.vouchers.queries.checkout import (
    OrderInput,
    lock_authorisation,
    order_facts,
    order_lines,
    quote,
    spendables,
)
from partner_center.vouchers.queries.voucher import lock_vouchers

LONGEST_REFERENCE = 64


@dataclass(frozen=True)
class PartPaid:
    """What one voucher pays."""

    voucher_id: UUID
    number: str
    amount: Money


@dataclass(frozen=True)
class Authorised:
    """Value held for an order."""

    authorisation_id: UUID
    order_reference: str
    state: str
    order: Money
    held: Money
    parts: tuple[PartPaid, ...]


@action(keyed=True)
def authorise(
    actor: Actor,
    *,
    order_reference: str,
    lines: Sequence[OrderInput],
    voucher_ids: Sequence[UUID] | None = None,
    api: bool = False,
    key: str | None = None,
) -> Authorised:
    """Hold what the customer's vouchers pay of an order; until it ends, only that order may use them.

    Without `voucher_ids` the vouchers that checkout would use first are taken.
    Rules:   S-381, S-390, S-392 to S-397, S-415, S-902.
    Money:   per voucher, minor units of the order's currency; voucher → the order's hold.
    Raises:  NotAllowed; NotFound; Refused; Conflict on a reused key, or an order that is held for or paid already.
    Records: voucher.authorised
    """
    require(actor, Can.CHECKOUT_PAY)
    if not order_reference.strip() or len(order_reference) > LONGEST_REFERENCE:
        raise Conflict("order_reference_malformed", longest=LONGEST_REFERENCE)
    known, unknown = order_lines(lines)
    chosen = tuple(dict.fromkeys(voucher_ids)) if voucher_ids is not None else _first_choice(actor, lines, api)
    facts = order_facts(actor, known, unknown, len(chosen), api)
    vouchers = lock_vouchers(Voucher.objects.visible_to(actor, as_="customer").filter(pk__in=chosen))
    if {voucher.pk for voucher in vouchers} != set(chosen) or not chosen:
        raise NotFound("voucher")
    usable = _check_use(actor, facts, vouchers, chosen, order_reference)
    payments = rules.pay(usable, known, facts.most_vouchers)
    if not payments:
        raise Refused([rules.BOOK.broken("S-393", "nothing_left")])
    return _hold(actor, order_reference, known, vouchers, payments)


def _first_choice(actor: Actor, lines: Sequence[OrderInput], api: bool) -> tuple[UUID, ...]:
    """The vouchers checkout would use; when none pays, every reason why. Raises: Refused."""
    known, unknown = order_lines(lines)
    rules.ORDER.check(order_facts(actor, known, unknown, 0, api))
    quoted = quote(actor, lines, api=api)
    chosen = tuple(voucher.id for voucher in quoted.vouchers if voucher.pays.minor > 0)
    if not chosen:
        reasons = [outcome for voucher in quoted.vouchers for outcome in voucher.unmet]
        raise Refused(reasons or [rules.BOOK.broken("S-393", "nothing_left", actual=quoted.pays)])
    return chosen


def _check_use(
    actor: Actor, facts: rules.OrderFacts, vouchers: Sequence[Voucher], chosen: Sequence[UUID], order_reference: str
) -> tuple[rules.Spendable, ...]:
    """The vouchers in the order in which they were named, when every rule of every one of them holds."""
    found = {one.id: one for one in spendables(actor, vouchers)}
    broken = list(rules.ORDER.broken(facts))
    for id_ in chosen:
        broken += rules.USE.broken(rules.UseFacts(found[id_], facts.lines, order_reference, actor.at), id_)
    if broken:
        raise Refused(broken)
    return tuple(found[id_] for id_ in chosen)


def _hold(
    actor: Actor,
    order_reference: str,
    lines: Sequence[rules.OrderLine],
    vouchers: Sequence[Voucher],
    payments: Sequence[rules.Payment],
) -> Authorised:
    by_id = {voucher.pk: voucher for voucher in vouchers}
    one, currency = vouchers[0], vouchers[0].currency
    held = Money.total((each.amount for each in payments), currency)
    minutes = int(pack(actor.site, actor.at).value("vouchers.authorisation_minutes").value)
    hold = Authorisation(
        id=new_id(),
        customer_id=one.customer_id,
        partner_id=one.partner_id,
        upline_id=one.upline_id,
        order_reference=order_reference,
        order_lines=to_json(list(lines)),
        order_minor=Money.total((line.amount for line in lines), currency).minor,
        held_minor=held.minor,
        currency=currency,
        authorised_at=actor.at,
        expires_at=actor.at + timedelta(minutes=minutes),
    )
    try:
        hold.save(force_insert=True)
    except IntegrityError as error:  # another authorisation of the same order was quicker
        raise Conflict("order_authorised_already", order_reference=order_reference) from error
    # Asked after the row is written: a capture of the same order that was under way has ended by now.
    if Authorisation.objects.visible_to(actor, as_="customer").filter(
        order_reference=order_reference, state="captured"
    ):
        raise Conflict("order_paid_already", order_reference=order_reference)
    parties = {"customer_id": one.customer_id, "partner_id": one.partner_id, "upline_id": one.upline_id}
    ledger.fund(
        actor,
        kind="voucher.authorise",
        accounts=[NewAccount(hold.pk, "order.hold", currency, 0, **parties)],
        amounts=held,
        sources=[Move(each.voucher_id, -each.amount) for each in payments],
    )
    AuthorisationPart.objects.bulk_create(_part(hold, by_id[each.voucher_id], each.amount) for each in payments)
    Voucher.objects.filter(pk__in=[each.voucher_id for each in payments]).update(lock_order=order_reference)
    _note(actor, "voucher.authorised", hold, [each.voucher_id for each in payments])
    parts = tuple(PartPaid(each.voucher_id, by_id[each.voucher_id].number, each.amount) for each in payments)
    return Authorised(hold.pk, order_reference, hold.state, Money(hold.order_minor, currency), held, parts)


def _part(hold: Authorisation, voucher: Voucher, amount: Money) -> AuthorisationPart:
    return AuthorisationPart(
        authorisation=hold,
        voucher=voucher,
        quota_id=voucher.quota_id,
        customer_id=voucher.customer_id,
        partner_id=voucher.partner_id,
        upline_id=voucher.upline_id,
        amount_minor=amount.minor,
    )


def _note(
    actor: Actor, event: str, hold: Authorisation, vouchers: Sequence[UUID], performance: Money | None = None
) -> None:
    more = {} if performance is None else {"performance": performance}
    record(
        actor,
        event,
        subject_kind="authorisation",
        subject_id=hold.pk,
        customer_id=hold.customer_id,
        partner_id=hold.partner_id,
        upline_id=hold.upline_id,
        amount=Money(hold.held_minor, hold.currency),
        order=hold.order_reference,
        vouchers=list(vouchers),
        **more,
    )


@action(keyed=True)
def capture(actor: Actor, *, authorisation_id: UUID, key: str | None = None) -> Authorised:
    """The order is paid: what was held is spent.

    Rules:   S-390, S-393, S-417.
    Money:   what was held, minor units; the order's hold → spent, of each voucher's quota.
    Raises:  NotAllowed; NotFound; Conflict when the hold has ended.
    Records: voucher.spent
    """
    require(actor, Can.CHECKOUT_PAY)
    hold, parts = _live(actor, authorisation_id)
    into = [Move(part.voucher.spent_account, Money(part.amount_minor, hold.currency)) for part in parts]
    out = Move(hold.pk, -Money(hold.held_minor, hold.currency))
    ledger.post(actor, kind="voucher.spend", moves=[out, *into])
    mark_spent(actor, [part.voucher for part in parts])
    return _end(actor, hold, parts, "capture", "voucher.spent")


def mark_spent(actor: Actor, vouchers: Sequence[Voucher]) -> None:
    """Locked vouchers that have just paid: free for other orders, and used where nothing is left. Rules: S-390."""
    left = balances(each.pk for each in vouchers)
    rows = Voucher.objects.filter(pk__in=left)
    rows.update(lock_order="", last_used_at=actor.at)
    used_up = [id_ for id_, money in left.items() if not money]
    rows.filter(pk__in=used_up).update(state=rules.VOUCHER.target("spend_up"), ended_at=actor.at)


def performance_of(amounts: Iterable[tuple[Voucher, Money]], currency: str) -> Money:
    """How much of what was spent counts as the partner's performance. Rules: S-417."""
    return Money.total((amount for voucher, amount in amounts if voucher.counts_as_performance), currency)


@action(keyed=True)
def release(actor: Actor, *, authorisation_id: UUID, key: str | None = None) -> Authorised:
    """The order is given up: what was held goes back to the vouchers.

    Rules:   S-390.
    Money:   what was held, minor units; the order's hold → each voucher.
    Raises:  NotAllowed; NotFound; Conflict when the hold has ended.
    Records: voucher.released
    """
    require(actor, Can.CHECKOUT_PAY)
    hold, parts = _live(actor, authorisation_id)
    return _give_back(actor, hold, parts)


def _give_back(actor: Actor, hold: Authorisation, parts: Sequence[AuthorisationPart]) -> Authorised:
    into = [Move(part.voucher_id, Money(part.amount_minor, hold.currency)) for part in parts]
    out = Move(hold.pk, -Money(hold.held_minor, hold.currency))
    ledger.post(actor, kind="voucher.release", moves=[out, *into])
    Voucher.objects.filter(pk__in=[part.voucher_id for part in parts]).update(lock_order="")
    return _end(actor, hold, parts, "release", "voucher.released")


def _live(actor: Actor, authorisation_id: UUID) -> tuple[Authorisation, list[AuthorisationPart]]:
    hold = lock_authorisation(actor, authorisation_id)
    if hold.state != "authorised":
        raise Conflict("authorisation_ended", state=hold.state)
    parts = list(AuthorisationPart.objects.filter(authorisation=hold).order_by("voucher_id"))
    locked = {each.pk: each for each in lock_vouchers(Voucher.objects.filter(pk__in=[p.voucher_id for p in parts]))}
    for part in parts:
        part.voucher = locked[part.voucher_id]
    return hold, parts


def _end(actor: Actor, hold: Authorisation, parts: Sequence[AuthorisationPart], move: str, event: str) -> Authorised:
    hold.state, hold.ended_at = rules.AUTHORISATION.target(move), actor.at
    Authorisation.objects.filter(pk=hold.pk).update(state=hold.state, ended_at=hold.ended_at)
    spent = [(part.voucher, Money(part.amount_minor, hold.currency)) for part in parts]
    performance = performance_of(spent, hold.currency) if move == "capture" else None
    _note(actor, event, hold, [part.voucher_id for part in parts], performance)
    return Authorised(
        hold.pk,
        hold.order_reference,
        hold.state,
        Money(hold.order_minor, hold.currency),
        Money(hold.held_minor, hold.currency),
        tuple(
            PartPaid(part.voucher_id, part.voucher.number, Money(part.amount_minor, hold.currency)) for part in parts
        ),
    )


@action
def time_out_due(actor: Actor, *, limit: int = 500) -> int:
    """Give back what orders hold whose time to be paid is over.

    Rules:   S-390, S-442.
    Money:   what was held; the order's hold → each voucher.
    Returns: how many ended.
    Records: voucher.released
    """
    due = Authorisation.objects.visible_to(actor).filter(state="authorised", expires_at__lte=actor.at)
    found = list(due.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    # All their vouchers at once and in one order: hold by hold, two verbs could each wait for the other's.
    held = AuthorisationPart.objects.filter(authorisation__in=found).values("voucher_id")
    lock_vouchers(Voucher.objects.filter(pk__in=held))
    for id_ in found:
        _give_back(actor, *_live(actor, id_))
    return len(found)
