"""How vouchers end: time passes, partners take some back, a customer leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from partner_center.demo.cast import LEFT
from partner_center.demo.world import World
from partner_center.relationships import actions as relationships
from partner_center.vouchers import actions as vouchers

RECLAIMERS = ("qingwu", "haichuan", "jianglan", "chengshi", "qiyun", "moke")
LEFT_DAYS_AGO = 64


def plan(world: World) -> None:
    """Every other month some vouchers are taken back; one customer leaves."""
    for month in range(15, -1, -2):
        for key in RECLAIMERS:
            days = month * 30 + 4 + world.dice.random() * 50
            world.plan(world.working_hour(days), partial(reclaim, key=key))
    world.plan(world.working_hour(LEFT_DAYS_AGO), leave)


def watch(world: World, end: datetime) -> None:
    """The schedule is there a few minutes after something has ended."""
    world.plan_once(end + timedelta(minutes=5), pass_time)


def pass_time(world: World, at: datetime) -> None:
    """What the schedule does: vouchers and quota whose time is over end."""
    vouchers.expire_due(world.system("S-401: what has ended", at))
    vouchers.lapse_due(world.system("S-361: what has ended", at))


def reclaim(world: World, at: datetime, key: str) -> None:
    """A handful of vouchers that nobody used come back."""
    found = [(client, held) for client in world.clients_of(key, at) for held in client.held if held.is_good(at)]
    chosen = world.dice.sample(found, min(len(found), world.dice.randrange(3, 9)))
    if chosen:
        actor = world.act(key, at)
        vouchers.reclaim(actor, voucher_ids=[held.id for _, held in chosen], remark="客户未使用")
    for client, held in chosen:
        client.held.remove(held)


def leave(world: World, at: datetime) -> None:
    """A partner and its customer part; what the customer had left comes back."""
    client = world.clients.pop(LEFT)
    relationships.disassociate(world.act(client.partner, at), customer_id=client.id, reason="客户业务关停")
    client.held.clear()
