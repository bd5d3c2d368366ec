"""Tickets over the months, in every state; each moves by the verbs its people would use, at hours of its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from partner_center.demo.world import ZONE, World
from partner_center.kernel.actor import Actor
from partner_center.support import actions as support
from partner_center.support.actions.opener import About


@dataclass(frozen=True)
class Asked:
    """A ticket so many days ago: who opened it, about what, who answers with which words, how it stands or ended."""

    who: str
    days: float
    category: str
    subject: str
    text: str
    by: str
    said: str = ""
    ends: str = "closed"
    marks: int = 0
    words: str = ""
    quota: str = ""
    more: dict[str, str] = field(default_factory=dict)


@cache
def tickets() -> tuple[Asked, ...]:
    rows = tomllib.loads(Path(__file__).with_name("tickets.toml").read_text(encoding="utf-8"))["ticket"]
    return tuple(Asked(**row) for row in rows)


def plan(world: World) -> None:
    """Each ticket is opened on its day; what follows is written into the diary from there."""
    for turn, each in enumerate(tickets()):
        world.plan(_hour(world, each.days, turn), partial(open_one, each=each))


def _hour(world: World, days: float, turn: int) -> datetime:
    """A working hour that draws no lots: the rest of the world stays as it was."""
    if days < 1:
        return world.now - timedelta(hours=24 * days)
    day = (world.now - timedelta(days=days)).astimezone(ZONE)
    day -= timedelta(days=max(0, day.weekday() - 4))
    return day.replace(hour=9 + turn * 5 % 7, minute=turn * 17 % 60, second=turn, microsecond=0)


def open_one(world: World, at: datetime, each: Asked) -> None:
    about = About("quota", world.quotas[each.quota], "代金券额度") if each.quota in world.quotas else None
    opened = support.open_ticket(
        _who(world, each.who, at),
        category=each.category,
        severity="system_fault" if each.category == "usage_dispute" else "guidance",
        subject=each.subject,
        text=each.text,
        contact=f"{each.who}@demo.example",
        particulars=each.more,
        regarding=about,
    )
    for hours, deed in _following(each):
        world.plan(at + timedelta(hours=hours), partial(deed, id_=opened.ticket_id, each=each))


def _who(world: World, key: str, at: datetime) -> Actor:
    if key not in world.people:
        world.meet(key, world.clients[key].user_id)
    return replace(world.people[key], at=at, request_id=f"demo-ticket-{at:%y%m%d%H%M%S}")


def _following(each: Asked) -> tuple[tuple[float, Any], ...]:
    """What happens after it was opened, and how many hours later."""
    take = (1.2, _take)
    ways: dict[str, tuple[tuple[float, Any], ...]] = {
        "submitted": (),
        "urged": ((30, _urge),),
        "cancelled": ((0.3, _cancel),),
        "accepted": (take,),
        "in_progress": (take, (3, _answer)),
        "waiting_user": (take, (3, _ask)),
        "returning": (take, (2, _return), (2.1, _ask)),
        "resolved": (take, (26, _resolve)),
        "resolved_by_time": (take, (26, _resolve)),
        "closed": (take, (26, _resolve), (50, _confirm)),
    }
    return ways[each.ends]


def _take(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.take(_who(world, each.by, at), ticket_id=id_)


def _answer(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.answer(_who(world, each.by, at), ticket_id=id_, text=each.said)


def _ask(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.ask(_who(world, each.by, at), ticket_id=id_, text=each.said)


def _return(world: World, at: datetime, id_: Any, each: Asked) -> None:
    where = {
        "address": "示例省示例市云路 1 号示例云大厦 6 层",
        "addressee": "财务共享中心 周岚",
        "phone": "0100-8880001",
    }
    support.name_return(_who(world, each.by, at), ticket_id=id_, **where)


def _resolve(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.resolve(_who(world, each.by, at), ticket_id=id_, text=each.said)
    if each.ends == "resolved_by_time":
        world.plan(at + timedelta(days=7, hours=1), _close)


def _close(world: World, at: datetime) -> None:
    support.close_due(world.system("L-251: resolved some days ago", at))


def _confirm(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.confirm(_who(world, each.who, at), ticket_id=id_)
    if each.marks:
        support.rate(_who(world, each.who, at), ticket_id=id_, marks=each.marks, words=each.words)


def _urge(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.urge(_who(world, each.who, at), ticket_id=id_)


def _cancel(world: World, at: datetime, id_: Any, each: Asked) -> None:
    support.cancel(_who(world, each.who, at), ticket_id=id_)
