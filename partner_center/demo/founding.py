"""The vendor, its catalogue, its partners and their people."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from partner_center.access import actions as access
from partner_center.catalogue import actions as catalogue
from partner_center.demo import names, offers
from partner_center.demo.cast import FOUNDER, PARTNERS, PASSWORD, STAFF, Partner, Person
from partner_center.demo.world import World
from partner_center.partners import actions as partners

BEGAN = 548
ENTITY = {"cloud-cn": "示例云计算技术有限公司", "cloud-intl": "Demo Cloud International Pte. Ltd."}


def plan(world: World) -> None:
    """The first day, and the days on which partners came."""
    begin = world.now - timedelta(days=BEGAN)
    world.plan(begin, vendor)
    for serial, partner in enumerate(PARTNERS, 1):
        world.plan(world.working_hour(partner.opened), partial(open_partner, partner=partner, serial=serial))
    world.plan(world.working_hour(210), partial(_set, key="qingwu", aspect="tier", value="core"))
    world.plan(world.working_hour(24), partial(_set, key="haiyu", aspect="state", value="restricted"))


def vendor(world: World, at: datetime) -> None:
    """The vendor's account. Nothing in the product opens a vendor yet, so the demo founds it as the system would."""
    founder = world.system("demo: the vendor is founded", at)
    home = access.open_organisation(founder, kind="vendor", site="cloud-cn", name_zh="示例云", name_en="Demo Cloud")
    role = FOUNDER.roles[0]
    main = access.add_main_user(
        founder, organisation_id=home, role=role, login=FOUNDER.login, display_name=FOUNDER.zh, **_traits(FOUNDER, 1)
    )
    world.ids["vendor"] = home
    world.meet(FOUNDER.login, main)
    for serial, person in enumerate(STAFF, 2):
        join(world, FOUNDER.login, person, serial, at)
    catalogue.publish(
        world.act(FOUNDER.login, at),
        service_types=offers.service_types(),
        products=offers.products(),
        regions=offers.regions(),
    )


def join(world: World, boss: str, person: Person, serial: int, at: datetime) -> None:
    """A colleague who signs in for the same account."""
    traits = _traits(person, serial)
    user = access.add_member(
        world.act(boss, at), login=person.login, display_name=person.zh, roles=person.roles, **traits
    )
    world.meet(person.login, user)


def _traits(person: Person, serial: int) -> dict[str, Any]:
    return {
        "display_name_en": person.en,
        "email": f"{person.login}@demo.example",
        "phone": names.phone(9_000_000 + serial),
        "language": person.language,
        "password": PASSWORD if person.signs_in else "",
    }


def open_partner(world: World, at: datetime, partner: Partner, serial: int) -> None:
    """A partner's account with its people; a reseller comes under its distributor at once."""
    boss = world.act("lin.qiao", at)
    shared = world.companies.get(partner.company_of)
    opened = partners.open_partner(
        boss,
        site=partner.site,
        identity=partner.identity,
        name_zh=partner.zh,
        name_en=partner.en,
        uscc=names.uscc(100 + serial) if partner.site == "cloud-cn" and not shared else "",
        login=partner.main.login,
        display_name=partner.main.zh,
        tier=partner.tier,
        company_id=shared,
        account_name=partner.key,
        contracting_entity=ENTITY[partner.site],
        registered_address=f"示例省示例市云路 {serial} 号",
        **_traits(partner.main, 100 + serial),
    )
    world.ids[partner.key], world.companies[partner.key] = opened.organisation_id, opened.company_id
    world.meet(partner.main.login, opened.user_id)
    world.people[partner.key] = world.people[partner.main.login]
    for place, person in enumerate(partner.staff, 1):
        join(world, partner.main.login, person, 200 + serial * 10 + place, at + timedelta(minutes=20 * place))
    if partner.under:
        partners.link_reseller(boss, distributor_id=world.ids[partner.under], reseller_id=opened.organisation_id)


def _set(world: World, at: datetime, key: str, aspect: str, value: str) -> None:
    """What an account is changes on a day; what it was stays in the record."""
    boss = world.act("lin.qiao", at)
    partners.set_standing(boss, organisation_id=world.ids[key], aspect=aspect, value=value, since=at)
