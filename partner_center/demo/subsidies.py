"""A subsidy partner: its whitelist in two versions, its cash coupons, and what came back of them; and usage charged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from partner_center.demo.cast import OFF_THE_LIST
from partner_center.demo.world import Client, World
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.rules import CASH_KIND, Scope

PARTNER, BUYER = "huiqi", "luming_bio"
BEGAN, SECOND_LIST = 150, 40
ROUNDS = (140, 118, 96, 75, 33, 12)
FACES = (500, 800, 1_000, 2_000)
# On the list from the second version on, though no customer of the partner's yet.
_HEADS = (
    *("qinghe", "yunfan", "baishi", "xinghuo", "nanshan", "lanting", "qifeng", "zhuyun", "hanhai", "mingde", "yuhang"),
    *("songfeng", "dongli", "huayu", "ruixin", "tianshu", "beiming", "xiling", "chuxing", "kaiyuan", "shuguang"),
)
EXPECTED = tuple(f"{head}_{('cloud', 'robot', 'energy')[place % 3]}" for place, head in enumerate(_HEADS))


def plan(world: World) -> None:
    """The grants of spring, a first list and a shorter second one, rounds of issuing, one coupon that came back."""
    world.plan(world.working_hour(BEGAN), begin)
    world.plan(world.working_hour(SECOND_LIST), partial(import_list, again=True))
    for days in ROUNDS:
        world.plan(world.working_hour(days), issue_round)
    for month in range(4, -1, -1):
        world.plan(world.working_hour(month * 30 + 6), partial(charge, month=month))
    world.plan(world.working_hour(20), take_back)


def begin(world: World, at: datetime) -> None:
    """Cash coupon quota with a use ratio, voucher quota that excludes a service, and the list of whom it is for."""
    days = world.midnight(world.now + timedelta(days=140))
    window = Window(world.midnight(at) - timedelta(days=1), days)
    gu_yan, partner = world.act("gu.yan", at), world.ids[PARTNER]
    cash = vouchers.grant(
        gu_yan,
        partner_id=partner,
        value=Money.of(300_000, "CNY"),
        window=window,
        purpose="专精特新企业上云补贴",
        kind=CASH_KIND,
        limits=Scope(use_ratio=Decimal("0.5"), order_types=frozenset({"subscribe", "renew"})),
        counts_as_performance=True,
    )
    plain = vouchers.grant(
        gu_yan,
        partner_id=partner,
        value=Money.of(80_000, "CNY"),
        window=window,
        purpose="算力券（不含带宽）",
        limits=Scope(service_types_excluded=frozenset({"cdn", "eip"}), billing_modes=frozenset({"monthly", "yearly"})),
    )
    world.quotas["s.cash"], world.quotas["s.plain"] = cash.quota_id, plain.quota_id
    import_list(world, at + timedelta(minutes=30))


def import_list(world: World, at: datetime, again: bool = False) -> None:
    """Everybody at first; the second list leaves one out and names some that are to come."""
    accounts = [each.account for each in world.clients_of(PARTNER, at)]
    if again:
        accounts = [each for each in accounts if each != OFF_THE_LIST] + list(EXPECTED)
    world.whitelisted = set(accounts)
    vouchers.import_whitelist(
        world.act(PARTNER, at), accounts=accounts, source="白名单-第二批.csv" if again else "白名单-第一批.csv"
    )


def issue_round(world: World, at: datetime) -> None:
    """Some of those on the list get a coupon, and a few a voucher."""
    listed = [each for each in world.clients_of(PARTNER, at) if each.account in world.whitelisted - {OFF_THE_LIST}]
    chosen = world.dice.sample(listed, min(len(listed), 6))
    held = _issue(world, at, "s.cash", chosen)
    _issue(world, at + timedelta(minutes=5), "s.plain", chosen[:3])
    for client, voucher in zip(chosen, held.vouchers, strict=True):
        if world.dice.random() < 0.6:
            when = at + timedelta(days=world.dice.randrange(1, 20))
            # Today is told apart, from its own beginning on.
            if when < world.now - timedelta(days=1):
                world.plan(when, partial(_buy, client=client, voucher=voucher.voucher_id))


def _issue(world: World, at: datetime, quota: str, clients: Sequence[Client]) -> vouchers.Issued:
    face = Money.of(world.dice.choice(FACES), "CNY")
    return vouchers.issue(
        world.act(PARTNER, at),
        quota_id=world.quotas[quota],
        customer_ids=[each.id for each in clients],
        face_value=face,
        remark="惠企补贴",
    )


def _buy(world: World, at: datetime, client: Client, voucher: object) -> None:
    """An order of which the coupon pays its share."""
    if client.account not in world.people:
        world.meet(client.account, client.user_id)
    actor = world.act(client.account, at)
    amount = Money.of(world.dice.choice((180, 420, 960, 1_500)), "CNY")
    line = OrderInput("ecs.c1.xlarge", amount, order_type="renew", billing_mode="monthly", region="cn-east-1")
    held = vouchers.authorise(
        actor,
        order_reference=f"CS{at:%y%m%d%H%M}{world.dice.randrange(1000, 9999)}",
        lines=[line],
        voucher_ids=[voucher],  # type: ignore[list-item]
    )
    vouchers.capture(actor, authorisation_id=held.authorisation_id)


def take_back(world: World, at: datetime) -> None:
    """A coupon that its customer did not need comes back, and stays that customer's."""
    issued = _issue(world, at, "s.cash", [world.clients[BUYER]])
    later = at + timedelta(minutes=12)
    vouchers.reclaim(world.act(PARTNER, later), voucher_ids=[issued.vouchers[0].voucher_id], remark="企业申请延后")


def charge(world: World, at: datetime, month: int) -> None:
    """The vendor's charging system has vouchers pay what two customers used."""
    for account in (BUYER, "songguo_it"):
        vouchers.charge(
            world.act("meter", at),
            customer_id=world.clients[account].id,
            usage_reference=f"USAGE-{at:%Y%m%d}-{month}",
            lines=[
                OrderInput("obs.standard.500", Money.of("23.40", "CNY"), region="cn-east-1"),
                OrderInput("ecs.s1.medium", Money.of("61.75", "CNY"), region="cn-north-1"),
            ],
        )
