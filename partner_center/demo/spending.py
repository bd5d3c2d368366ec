"""Customers pay orders with their vouchers: all of them, a part, or they give the order up."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from string import ascii_uppercase

from partner_center.demo import offers
from partner_center.demo.world import Client, Held, World
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.queries.checkout import OrderInput

GIVES_UP, USES_PART, MOST = 0.05, 0.5, 3
# How likely a voucher of so much brings its customer to order.
USES = ((500_00, 0.062), (300_00, 0.018), (0, 0.005))


def plan(world: World, at: datetime, client: Client, held: Held) -> None:
    """Some use a voucher in its first weeks, the larger ones most."""
    likely = next(share for least, share in USES if held.balance.minor >= least)
    if world.dice.random() < likely:
        life = min(held.ends_at, world.now) - at
        world.plan(at + life * world.dice.uniform(0.05, 0.85), partial(order, client=client, first=held))


def order(world: World, at: datetime, client: Client, first: Held) -> None:
    """An order through the interface, on which up to three vouchers are put."""
    chosen = choose(client, at, first)
    if not chosen:
        return
    if client.account not in world.people:
        world.meet(client.account, client.user_id)
    with seated(world.act(client.account, at)):
        buy(world, at, client, first, chosen)


def buy(world: World, at: datetime, client: Client, first: Held, chosen: list[Held]) -> None:
    """The order is paid minutes after it was placed, or given up."""
    lines = [basket(world, first, chosen)]
    reference = f"CS{at:%y%m%d%H%M}{''.join(world.dice.choices(ascii_uppercase, k=3))}"
    hold = vouchers.authorise(
        world.act(client.account, at),
        order_reference=reference,
        lines=lines,
        voucher_ids=[each.id for each in chosen],
        api=True,
    )
    later = world.act(client.account, min(at + timedelta(minutes=world.dice.randrange(1, 6)), world.now))
    if world.dice.random() < GIVES_UP:
        vouchers.release(later, authorisation_id=hold.authorisation_id)
        return
    vouchers.capture(later, authorisation_id=hold.authorisation_id)
    paid = {part.voucher_id: part.amount for part in hold.parts}
    for each in chosen:
        each.balance -= paid.get(each.id, Money.zero(each.balance.currency))


def choose(client: Client, at: datetime, first: Held) -> list[Held]:
    """The voucher that made them buy, and others that pay the same product."""
    if not first.is_good(at) or first not in client.held:
        return []
    kind = offers.a_product_of(first.kinds, first.balance.currency).split(".")[0]
    others = [each for each in client.held if each is not first and each.is_good(at)]
    return [first, *[each for each in others if not each.kinds or kind in each.kinds][: MOST - 1]]


def basket(world: World, first: Held, chosen: list[Held]) -> OrderInput:
    """A product and how much of it: what the vouchers pay, or less, but what each of them asks for."""
    currency = first.balance.currency
    total = Money.total((each.balance for each in chosen), currency)
    if world.dice.random() < USES_PART:
        total = Money(total.minor * world.dice.randrange(35, 80) // 100, currency)
    amount = max(total, *(each.minimum for each in chosen))
    return OrderInput(offers.a_product_of(first.kinds, currency), amount)
