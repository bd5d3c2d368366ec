"""What the vendor did to quota and vouchers after giving them: one adjusted, one set invalid, one voucher frozen, and
movements that were booked by mistake and taken back by two persons.

It draws nothing from the world's dice, so that what everybody else does stays the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from partner_center.demo.world import ZONE, World
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.queries import entries_of
from partner_center.vouchers import actions as vouchers

OPERATIONS, ASKING, DECIDING = "lin.qiao", "zhou.lan", "han.xue"
# Issued twice by mistake: every so many days one, out of a quota that lives as long.
MISTAKES, FIRST, EVERY = 32, 415, 13
BY, QUOTA = "haichuan", "c"
FACES = (100, 200, 50, 300, 150)
REASONS = ("同一客户重复发放", "客户选错，应发给关联公司", "面值录入错误", "活动取消后误发")
ANSWERS = ("与客户核对过，确为两笔", "金额无误，无需冲正")


def plan(world: World) -> None:
    """Write it all into the diary."""
    world.plan(_morning(world, 30), adjust)
    world.plan(_morning(world, 200), grant_for_fair)
    for turn in range(MISTAKES):
        world.plan(_morning(world, max(1, FIRST - EVERY * turn)), partial(mistake, turn=turn))


def _morning(world: World, days_ago: int) -> datetime:
    day = (world.now - timedelta(days=days_ago)).astimezone(ZONE)
    return day.replace(hour=10, minute=15, second=0, microsecond=0)


def _act(world: World, key: str, at: datetime) -> Actor:
    return replace(world.people[key], at=at, request_id=f"demo-{at:%y%m%d%H%M}-{key.replace('.', '-')}")


def _later(world: World, at: datetime, hours: int, deed: Callable[[World, datetime], None]) -> None:
    world.plan(min(at + timedelta(hours=hours), world.now), deed)


def adjust(world: World, at: datetime) -> None:
    """A distributor's quota is worth more from now on: put aside, then given its new value."""
    who, quota = _act(world, OPERATIONS, at), world.quotas["j"]
    vouchers.begin_adjusting(who, quota_id=quota, reason="年末冲刺追加预算")
    now = replace(who, at=at + timedelta(minutes=18))
    vouchers.adjust(now, quota_id=quota, value=Money.of(220_000, "CNY"), reason="年末冲刺追加预算 40,000 元")


def grant_for_fair(world: World, at: datetime) -> None:
    """A quota for a fair that is called off seven weeks later."""
    window = Window(at, world.midnight(world.now + timedelta(days=100)))
    made = vouchers.grant(
        _act(world, "gu.yan", at),
        partner_id=world.ids[BY],
        value=Money.of(60_000, "CNY"),
        window=window,
        purpose="行业展会推广",
    )
    _later(world, at, 49 * 24, partial(_call_off, quota_id=made.quota_id))


def _call_off(world: World, at: datetime, quota_id: UUID) -> None:
    vouchers.invalidate(_act(world, OPERATIONS, at), quota_id=quota_id, reason="展会取消，额度不再使用")


def mistake(world: World, at: datetime, turn: int) -> None:
    """A voucher too many, and finance that asks for it back an hour later."""
    clients = world.clients_of(BY, at)
    client = clients[turn % len(clients)]
    quota = world.quotas[QUOTA]
    issuer, face = _act(world, BY, at), Money.of(FACES[turn % len(FACES)], "CNY")
    vouchers.issue(issuer, quota_id=quota, customer_ids=[client.id], face_value=face, remark="误发")
    _later(world, at, 1, partial(_ask, turn=turn, issued_at=at))


def _ask(world: World, at: datetime, turn: int, issued_at: datetime) -> None:
    asking, deciding = (ASKING, DECIDING) if turn % 3 else (DECIDING, ASKING)
    who = _act(world, asking, at)
    entry = next(
        each for each in entries_of(who, world.quotas[QUOTA]) if each.kind == "voucher.issue" and each.at == issued_at
    )
    asked = vouchers.ask_reversal(who, transfer_id=entry.transfer_id, reason=REASONS[turn % len(REASONS)])
    if turn < MISTAKES - 3:
        _later(world, at, 3, partial(_decide, turn=turn, asked=asked, asking=asking, deciding=deciding))


def _decide(world: World, at: datetime, turn: int, asked: UUID, asking: str, deciding: str) -> None:
    if turn % 11 == 10:
        vouchers.cancel_reversal(_act(world, asking, at), request_id=asked)
    elif turn % 6 == 5:
        answer = ANSWERS[turn % len(ANSWERS)]
        vouchers.decline_reversal(_act(world, deciding, at), request_id=asked, answer=answer)
    else:
        vouchers.approve_reversal(_act(world, deciding, at), request_id=asked)


def freeze(world: World, at: datetime, voucher_id: UUID) -> None:
    """A voucher that is looked into: its customer reads why it cannot be used."""
    vouchers.freeze_voucher(_act(world, OPERATIONS, at), voucher_id=voucher_id, reason="核实领取人信息，预计两个工作日")
