"""Twelve quotas of the vendor, what became of them, and the parts that distributors passed on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from partner_center.demo.cast import BUYERS, LEFT_OUT
from partner_center.demo.world import World
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions as vouchers


@dataclass(frozen=True)
class Part:
    """Equal parts for some resellers, so many days after the quota was granted."""

    resellers: tuple[str, ...]
    amount: int
    after: int
    rounds: int = 3
    taken_back: int = 0
    frozen: int = 0


@dataclass(frozen=True)
class Grant:
    """A quota: in whole units of the currency, granted and ending so many days from today (before is negative).

    `rounds` is how often its holder issues to all it may; `face` the values it chooses from.
    """

    key: str
    partner: str
    value: int
    granted: int
    ends: int
    purpose: str
    rounds: int
    faces: tuple[int, ...]
    kinds: tuple[str, ...] = ()
    limited_to: int = 0
    parts: tuple[Part, ...] = ()
    currency: str = "CNY"


SMALL, MIDDLE, LARGE = (50, 100, 100, 200), (100, 200, 300, 500), (300, 500, 800, 1000)
FIRST_HALF = (Part(("chengshi", "qiyun"), 50_000, 11, 5), Part(("yunshan",), 30_000, 11, 3, taken_back=90))
SECOND_HALF = (
    Part(("chengshi",), 120_000, 2, 7),
    Part(("nanping",), 98_000, 2, 5),
    Part(("qiyun",), 80_000, 10, 5),
    Part(("yunshan",), 20_000, 35, 2),
    Part(("heguang", "langyue"), 10_000, 35, 1),
)
YEARS_END = (
    Part(("chengshi",), 60_000, 1, 0),
    Part(("nanping",), 45_000, 1, 1),
    Part(("qiyun",), 30_000, 13, 0, frozen=40),
)
GRANTS = (
    Grant("a", "qingwu", 120_000, -530, -330, "上年度老客户续费支持", 8, MIDDLE),
    Grant(
        "b",
        "jianglan",
        260_000,
        -525,
        -240,
        "渠道启动支持",
        4,
        MIDDLE,
        parts=(Part(("chengshi", "nanping", "qiyun"), 40_000, 3, 6), Part(("yunshan", "heguang"), 18_000, 150, 3)),
    ),
    Grant("c", "haichuan", 150_000, -420, 75, "行业客户上云", 9, MIDDLE),
    Grant("d", "qingwu", 200_000, -320, -60, "上半年拓展支持", 7, MIDDLE),
    Grant("e", "jianglan", 200_000, -236, -55, "上半年渠道支持", 4, SMALL, parts=FIRST_HALF),
    Grant("f", "qingwu", 80_000, -190, 3, "存量客户扩容", 4, SMALL),
    Grant(
        "g",
        "beichen",
        120_000,
        -170,
        70,
        "渠道数据库推广",
        5,
        SMALL,
        kinds=("rds", "dcs", "ecs"),
        parts=(Part(("moke", "haiyu"), 35_000, 5, 6),),
    ),
    Grant(
        "h", "jianglan", 500_000, -145, 38, "下半年拓展支持", 5, LARGE, kinds=("ecs", "rds", "obs"), parts=SECOND_HALF
    ),
    Grant("i", "qingwu", 150_000, -131, 38, "重点客户续费（限 12 家）", 9, LARGE, kinds=("ecs", "rds"), limited_to=12),
    Grant("j", "jianglan", 180_000, -69, 128, "年末冲刺", 2, MIDDLE, parts=YEARS_END),
    Grant("k", "qingwu", 180_000, -46, 160, "年末拓展支持", 3, MIDDLE),
    Grant("l", "northlight", 40_000, -150, 200, "Regional launch", 8, (20, 50, 100), currency="USD"),
)


@dataclass
class Quota:
    """A quota that exists, as who issues out of it remembers it."""

    key: str
    holder: str
    grant: Grant
    rounds: int
    window: Window
    limited: tuple[str, ...] = field(default=())


Then = Callable[[World, datetime, Quota], None]


def plan(world: World, then: Then) -> None:
    """Write each quota into the diary; `then` plans what its holder does with it."""
    for granted in GRANTS:
        world.plan(world.working_hour(-granted.granted), partial(grant, granted=granted, then=then))


def grant(world: World, at: datetime, granted: Grant, then: Then) -> None:
    """The ecosystem manager grants a quota; it begins the same day."""
    window = Window(world.midnight(at) - timedelta(days=1), world.midnight(world.now + timedelta(days=granted.ends)))
    limited = _chosen(world, at, granted)
    made = vouchers.grant(
        world.act("gu.yan", at),
        partner_id=world.ids[granted.partner],
        value=Money.of(granted.value, granted.currency),
        window=window,
        service_types=granted.kinds,
        customer_ids=[world.clients[each].id for each in limited],
        purpose=granted.purpose,
    )
    world.quotas[granted.key] = made.quota_id
    then(world, at, Quota(granted.key, granted.partner, granted, granted.rounds, window, limited))
    for part in granted.parts:
        passing = world.working_hour((world.now - at).days - part.after)
        world.plan(
            max(passing, at + timedelta(hours=1)),
            partial(pass_on, granted=granted, part=part, window=window, then=then),
        )


def _chosen(world: World, at: datetime, granted: Grant) -> tuple[str, ...]:
    """The first customers of the partner, those of the story among them, but for one who is left out."""
    story = {each.account for each in BUYERS}
    found = [each for each in world.clients_of(granted.partner, at) if each.account != LEFT_OUT]
    found.sort(key=lambda each: (each.account not in story, each.since))
    return tuple(each.account for each in found[: granted.limited_to])


def pass_on(world: World, at: datetime, granted: Grant, part: Part, window: Window, then: Then) -> None:
    """The distributor's finance passes parts on, and later perhaps takes one back, or the vendor freezes one."""
    finance = "tang.xu" if granted.partner == "jianglan" else granted.partner
    made = vouchers.pass_on(
        world.act(finance, at),
        quota_id=world.quotas[granted.key],
        reseller_ids=[world.ids[each] for each in part.resellers],
        amount=Money.of(part.amount, granted.currency),
        remark=granted.purpose,
    )
    for reseller, given in zip(part.resellers, made.quotas, strict=True):
        quota = Quota(f"{granted.key}.{reseller}", reseller, granted, part.rounds, window)
        world.quotas[quota.key] = given.quota_id
        then(world, at, quota)
        if part.taken_back:
            back = world.working_hour((world.now - at).days - part.taken_back)
            world.plan(back, partial(_take_back, finance=finance, quota_id=given.quota_id))
        if part.frozen:
            cold = world.working_hour((world.now - at).days - part.frozen)
            world.plan(cold, partial(_freeze, quota_id=given.quota_id))


def _take_back(world: World, at: datetime, finance: str, quota_id: UUID) -> None:
    vouchers.reclaim_quota(world.act(finance, at), quota_id=quota_id, remark="季度调整")


def _freeze(world: World, at: datetime, quota_id: UUID) -> None:
    vouchers.freeze(world.act("lin.qiao", at), quota_id=quota_id, reason="资料复核中")
