"""The customers: their accounts, whose customers they are, and the labels their partners put on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from partner_center.customers import actions as customers
from partner_center.demo import names
from partner_center.demo.cast import BUYERS, CN, INTL, PARTNERS, PASSWORD, Partner, Person
from partner_center.demo.names import Company
from partner_center.demo.world import Client, World
from partner_center.relationships import actions as relationships

CONSULTING, RESALE = 1, 2
ALONE = 3
LABELS = ("重点", "续费中", "新签", "2026冲刺", "待回访", "价格敏感")


@dataclass(frozen=True)
class Newcomer:
    """A customer about to be opened for a partner; for nobody where `partner` is empty."""

    serial: int
    company: Company
    partner: str
    type: int
    main: Person
    site: str = CN


def plan(world: World) -> None:
    """Most customers came in the first half of the time; none before their partner."""
    opened = {each.key: each.opened for each in PARTNERS}
    for newcomer in _newcomers(world):
        longest = opened.get(newcomer.partner, 540) - 4
        known = bool(newcomer.main.signs_in)
        days = longest if known else 6 + (longest - 6) * world.dice.random() ** 0.2
        world.plan(world.working_hour(days), partial(welcome, who=newcomer))


def _newcomers(world: World) -> Iterator[Newcomer]:
    drawn = names.companies()
    serial = 0
    for partner in PARTNERS:
        for company, type_, main in _of_partner(world, partner, drawn):
            serial += 1
            yield Newcomer(serial, company, partner.key, type_, main, partner.site)
    for company in (next(drawn) for _ in range(ALONE)):
        serial += 1
        yield Newcomer(serial, company, "", 0, _owner(world, company))


def _of_partner(world: World, partner: Partner, drawn: Iterator[Company]) -> Iterator[tuple[Company, int, Person]]:
    named = [each for each in BUYERS if each.partner == partner.key]
    for buyer in named:
        yield Company(buyer.zh, buyer.en, buyer.account), buyer.type, buyer.main
    abroad = iter(names.companies_abroad())
    for type_, many in ((CONSULTING, partner.consulting), (RESALE, partner.resale)):
        for _ in range(many - sum(each.type == type_ for each in named)):
            company = next(abroad) if partner.site == INTL else next(drawn)
            yield company, type_, _owner(world, company)


def _owner(world: World, company: Company) -> Person:
    zh, en = names.person(world.dice)
    return Person(company.account, zh, en, signs_in=False, language="zh" if company.country == "CN" else "en")


def welcome(world: World, at: datetime, who: Newcomer) -> None:
    """A customer registers; minutes later it is its partner's."""
    opened = customers.open_customer(
        world.act("lin.qiao", at),
        site=who.site,
        name_zh=who.company.zh,
        name_en=who.company.en,
        account_name=who.company.account,
        login=who.main.login,
        display_name=who.main.zh,
        display_name_en=who.main.en,
        registered_at=at - timedelta(days=world.dice.randrange(1, 20)),
        uscc=names.uscc(1000 + who.serial) if who.site == CN else "",
        country_code=who.company.country,
        verified_status=2 if world.dice.random() < 0.93 else 0,
        customer_type=1,
        level=world.dice.choices(("V0", "V1", "V2", "V3", "V4"), (40, 30, 18, 9, 3))[0],
        password=PASSWORD if who.main.signs_in else "",
        email=names.email(who.company.account),
        phone=names.phone(who.serial),
        language=who.main.language,
    )
    client = Client(who.company.account, opened.organisation_id, opened.user_id, who.partner, who.type, at)
    if who.partner:
        _associate(world, at + timedelta(minutes=4), client)


def _associate(world: World, at: datetime, client: Client) -> None:
    relationships.associate(
        world.act("lin.qiao", at),
        customer_id=client.id,
        partner_id=world.ids[client.partner],
        type=client.type,
        reason=f"工单 {at:%y%m%d}-{world.dice.randrange(1000, 9999)}",
    )
    world.clients[client.account] = client
    if world.dice.random() < 0.15:
        text = world.dice.choice(LABELS)
        customers.label(world.act(client.partner, at), customer_id=client.id, text=text)
