"""Partners issue vouchers round by round: ten customers at a time by hand, more through the interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from partner_center.demo import endings, spending
from partner_center.demo.quotas import Quota
from partner_center.demo.world import Client, Held, World
from partner_center.fence.seat import seated
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.queries import balances
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.rules import Channel

RESALE = 2
BY_HAND, THROUGH_API = 10, 100
# What a holder keeps back, for whoever comes tomorrow.
KEPT_MINOR = 3_000_00
REMARKS = ("续费支持", "新业务试用", "季度回馈", "活动专享", "迁移补贴", "")


def plan(world: World, at: datetime, quota: Quota) -> None:
    """The holder issues in rounds spread over the quota's life as far as it has passed."""
    endings.watch(world, quota.window.end)
    last = min(quota.window.end, world.now)
    for turn in range(quota.rounds):
        share = (turn + 0.3 + world.dice.random() * 0.5) / quota.rounds
        days_ago = (world.now - (at + (last - at) * share)) / timedelta(days=1)
        world.plan(max(world.working_hour(days_ago), at + timedelta(hours=2)), partial(issue_round, quota=quota))


def issue_round(world: World, at: datetime, quota: Quota) -> None:
    """One round: the customers of either kind that the quota allows, as far as the money goes."""
    allowed = [
        each for each in world.clients_of(quota.holder, at) if not quota.limited or each.account in quota.limited
    ]
    with seated(world.act(quota.holder, at)):
        free = balances([world.quotas[quota.key]])[world.quotas[quota.key]].minor - KEPT_MINOR
        for channel, clients in _batches(allowed):
            free -= issue(world, at, quota, clients, channel, free)
            at = min(at + timedelta(minutes=world.dice.randrange(2, 9)), world.now)


def _batches(clients: Sequence[Client]) -> Iterator[tuple[Channel, Sequence[Client]]]:
    by_hand = [each for each in clients if each.type != RESALE]
    through_api = [each for each in clients if each.type == RESALE]
    for start in range(0, len(by_hand), BY_HAND):
        yield "console", by_hand[start : start + BY_HAND]
    for start in range(0, len(through_api), THROUGH_API):
        yield "api", through_api[start : start + THROUGH_API]


def issue(world: World, at: datetime, quota: Quota, clients: Sequence[Client], channel: Channel, free: int) -> int:
    """A voucher of the same make for each, as far as what is free goes; returns what they cost."""
    face = Money.of(world.dice.choice(quota.grant.faces), quota.grant.currency)
    chosen = clients[: max(0, free) // face.minor]
    if not chosen or at >= quota.window.end:
        return 0
    window, minimum, kinds = _terms(world, at, quota, face)
    issued = vouchers.issue(
        world.act(quota.holder, at),
        quota_id=world.quotas[quota.key],
        customer_ids=[each.id for each in chosen],
        face_value=face,
        window=window,
        min_order=minimum,
        service_types=sorted(kinds),
        remark=world.dice.choice(REMARKS),
        channel=channel,
    )
    endings.watch(world, window.end)
    held = {each.customer_id: each.voucher_id for each in issued.vouchers}
    receive(world, at, chosen, held, Held(UUID(int=0), face, window.start, window.end, kinds, minimum))
    return issued.total.minor


def receive(world: World, at: datetime, clients: Sequence[Client], held: dict[UUID, UUID], like: Held) -> None:
    """The customers have their vouchers, and some will use them."""
    for client in clients:
        mine = Held(held[client.id], like.balance, like.starts_at, like.ends_at, like.kinds, like.minimum)
        client.held.append(mine)
        spending.plan(world, max(at, like.starts_at), client, mine)


def _terms(world: World, at: datetime, quota: Quota, face: Money) -> tuple[Window, Money, frozenset[str]]:
    """Two months or so, one in seven begins later; one in five asks for an order, one in four names a service."""
    dice = world.dice
    starts = world.midnight(at + timedelta(days=dice.randrange(5, 25))) if dice.random() < 0.15 else at
    ends = min(quota.window.end, world.end_of_week(at + timedelta(days=dice.choice((28, 42, 56, 84)))))
    if starts >= ends:
        starts = at
    if quota.grant.currency != "CNY":
        ends = quota.window.end
    minimum = face * dice.choice((2, 3)) if dice.random() < 0.2 else Money.zero(face.currency)
    kinds = frozenset(quota.grant.kinds)
    if not kinds and dice.random() < 0.25:
        kinds = frozenset({dice.choice(("ecs", "obs", "rds", "cdn"))})
    return Window(starts, ends), minimum, kinds
