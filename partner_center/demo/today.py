"""Today: what the visitor finds waiting. Nobody is mailed about what lies before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from partner_center.access import actions as access
from partner_center.audit.actions import advance, sequence
from partner_center.audit.queries import follow
from partner_center.demo import endings, exporting, telling, terms
from partner_center.demo.world import World
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.rules import ANYTHING, Scope

# The cursor by which mails follow the record; it is moved past the eighteen months that never were.
FOLLOWER = "reactions"
EVERYTHING = 1_000_000
LABEL = "demo"
CALLERS = ("song.wei", "jianglan", "chengshi", "qingwu", "songguo_it", "xingye_agri", "luming_bio", "northlight")


@dataclass(frozen=True)
class Gift:
    """A voucher for somebody of the story: what stands in its way at checkout is in its terms."""

    quota: str
    issuer: str
    customer: str
    face: int
    begins: int = 0
    lasts: int = 30
    minimum: int = 0
    kinds: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    remark: str = ""
    limits: Scope = ANYTHING


GIFTS = (
    Gift("k", "qingwu", "songguo_it", 500, remark="通用，无门槛"),
    Gift("k", "qingwu", "songguo_it", 300, lasts=2, remark="两天后到期"),
    Gift("k", "qingwu", "songguo_it", 800, begins=10, remark="十天后生效"),
    Gift("k", "qingwu", "songguo_it", 2_000, minimum=10_000, remark="满 10,000 可用"),
    Gift("k", "qingwu", "songguo_it", 600, products=("waf.pro",), remark="仅限 WAF 专业版"),
    Gift("i", "qingwu", "songguo_it", 1_000, kinds=("rds",), minimum=2_000, remark="数据库续费"),
    Gift("k", "qingwu", "songguo_it", 400, remark="待支付订单占用"),
    Gift("k", "qingwu", "songguo_it", 260, remark="续订专用", limits=Scope(order_types=frozenset({"renew"}))),
    Gift("k", "qingwu", "songguo_it", 360, remark="华东一专用", limits=Scope(regions=frozenset({"cn-east-1"}))),
    Gift("k", "qingwu", "songguo_it", 900, remark="包年专用", limits=Scope(billing_modes=frozenset({"yearly"}))),
    Gift("k", "qingwu", "songguo_it", 150, remark="按需专用", limits=Scope(billing_modes=frozenset({"pay_per_use"}))),
    Gift("k", "qingwu", "songguo_it", 220, remark="研发项目", limits=Scope(enterprise_projects=frozenset({"ep-rd"}))),
    Gift("k", "qingwu", "songguo_it", 700, remark="不与折扣同用", limits=Scope(with_discounts=False)),
    Gift("k", "qingwu", "songguo_it", 480, remark="八折以上", limits=Scope(min_discount=Decimal("0.8"))),
    Gift("k", "qingwu", "songguo_it", 330, remark="不含存储", limits=Scope(service_types_excluded=frozenset({"obs"}))),
    Gift("s.cash", "huiqi", "luming_bio", 2_000, remark="最多付一半"),
    Gift("s.plain", "huiqi", "luming_bio", 600, remark="算力券"),
    Gift("h.qiyun", "qiyun", "xingye_agri", 800, kinds=("ecs",), remark="云服务器专用"),
    Gift("h.qiyun", "qiyun", "xingye_agri", 500, remark="秋收活动"),
    Gift("k", "qingwu", "songguo_it", 350, remark="核查中"),
)
LOCKED, FROZEN = (
    next(turn for turn, gift in enumerate(GIFTS) if gift.remark == remark) for remark in ("待支付订单占用", "核查中")
)


def live(world: World) -> None:
    """The past is not mailed about; then today begins, and what has ended by now has ended."""
    forget(world)
    telling.past(world)
    given = [give(world, world.now - timedelta(minutes=170 - 5 * turn), gift) for turn, gift in enumerate(GIFTS)]
    terms.freeze(world, world.now - timedelta(minutes=50), given[FROZEN].vouchers[0].voucher_id)
    make_keys(world, world.now - timedelta(minutes=45))
    exporting.today(world)
    access.switch_verification(world.act("jianglan", world.now - timedelta(minutes=30)), on=True)
    _begin_order(world, world.now - timedelta(minutes=2), given[LOCKED])
    endings.pass_time(world, world.now)


def forget(world: World) -> None:
    sequence(EVERYTHING)
    past = follow(FOLLOWER, EVERYTHING)
    if past:
        advance(FOLLOWER, past[-1][0])


def give(world: World, at: datetime, gift: Gift) -> vouchers.Issued:
    """Issue one voucher on terms of its own."""
    starts = world.midnight(at + timedelta(days=gift.begins - 1)) if gift.begins else at
    return vouchers.issue(
        world.act(gift.issuer, at),
        quota_id=world.quotas[gift.quota],
        customer_ids=[world.clients[gift.customer].id],
        face_value=Money.of(gift.face, "CNY"),
        window=Window(starts, world.midnight(starts + timedelta(days=gift.lasts - 1))),
        min_order=Money.of(gift.minimum, "CNY"),
        service_types=gift.kinds,
        product_codes=gift.products,
        limits=gift.limits,
        remark=gift.remark,
    )


def _begin_order(world: World, at: datetime, issued: vouchers.Issued) -> None:
    """An order that waits to be paid holds a voucher until its time is over."""
    vouchers.authorise(
        world.act("songguo_it", at),
        order_reference=f"CS{at:%y%m%d%H%M}WAIT",
        lines=[OrderInput("ecs.c1.xlarge", Money.of(618, "CNY"))],
        voucher_ids=[issued.vouchers[0].voucher_id],
    )


def make_keys(world: World, at: datetime) -> None:
    """Access keys with which the demo's programs call."""
    for key in CALLERS:
        if key in world.clients and key not in world.people:
            world.meet(key, world.clients[key].user_id)
        access.make_key(world.act(key, at), label=LABEL)
