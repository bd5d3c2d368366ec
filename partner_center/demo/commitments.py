"""Agreements of the demo: published, signed by the partners, and a second code of conduct that still waits for some."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from partner_center.agreements import actions as agreements
from partner_center.demo.cast import FOUNDER, PARTNERS
from partner_center.demo.world import World
from partner_center.policy.queries import text

GOVERNED = ("vouchers.issue", "vouchers.pass_on", "customers.associate", "customers.invite", "resellers.invite")
FIRST = (("code_of_conduct", "1.0"), ("programme_agreement", "1.0"), ("association_statement", "1.0"))
# Days ago, with thirty days of grace: five are left.
SECOND = 25
# Who has not signed the second code yet, and who has declared that there are no relationships.
WAITING = frozenset({"qingwu", "jianglan", "chengshi", "nanping", "haichuan"})
DECLARED = {"qingwu": 120, "chengshi": 200, "beichen": 400}


def plan(world: World) -> None:
    """The texts on the first day; signatures after each partner came; the second code of conduct lately."""
    begin = world.now - timedelta(days=547, hours=12)
    for site in ("cloud-cn", "cloud-intl"):
        for code, number in FIRST:
            world.plan(begin, partial(publish, site=site, code=code, number=number))
    world.plan(world.working_hour(SECOND), partial(publish, site="cloud-cn", code="code_of_conduct", number="2.0"))
    for turn, each in enumerate(partner for partner in PARTNERS if not partner.company_of):
        after = max(world.working_hour(each.opened - 1), world.working_hour(each.opened) + timedelta(hours=1))
        world.plan(after, partial(sign, key=each.key, codes=FIRST[:2], site=each.site))
        if each.site == "cloud-cn" and each.key not in WAITING:
            soon = world.working_hour(SECOND - 1 - turn)
            world.plan(soon, partial(sign, key=each.key, codes=(("code_of_conduct", "2.0"),), site=each.site))
    for key, days_ago in DECLARED.items():
        world.plan(world.working_hour(days_ago), partial(declare, key=key))


def publish(world: World, at: datetime, site: str, code: str, number: str) -> None:
    """The operations publish a text of the pack."""
    zh, en = text(site, f"{code}-{number}")
    personal = code == "association_statement"
    start = at.astimezone(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=0, second=0, microsecond=0)
    id_ = agreements.publish(
        world.act(FOUNDER.login, at),
        site=site,
        code=code,
        number=number,
        titles=(zh.splitlines()[0].lstrip("# "), en.splitlines()[0].lstrip("# ")),
        texts=(zh, en),
        effective_at=start,
        grace_days=30,
        level="person" if personal else "company",
        mandatory=not personal,
        governs=() if personal else GOVERNED,
    )
    world.ids[f"{site}/{code}-{number}"] = id_


def sign(world: World, at: datetime, key: str, codes: tuple[tuple[str, str], ...], site: str) -> None:
    """The main account's administrator signs for the company."""
    for code, number in codes:
        id_ = world.ids[f"{site}/{code}-{number}"]
        agreements.sign(world.act(key, at), version_id=id_, language="zh" if site == "cloud-cn" else "en")


def declare(world: World, at: datetime, key: str) -> None:
    agreements.declare_relationships(world.act(key, at), none_to_declare=True)
