"""The customers: their accounts, whose customers they are, and the labels their partners put on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from partner_center.customers import actions as customers
from partner_center.customers.actions import NewCustomer
from partner_center.demo import names
from partner_center.demo.cast import BUYERS, CN, INTL, PARTNERS, PASSWORD, Partner, Person
from partner_center.demo.names import Company
from partner_center.demo.world import Client, World
from partner_center.relationships import actions as relationships
from partner_center.relationships.queries import Wanted

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
    """Most customers came in the first half of the time, none before their partner; a week's are opened together."""
    opened = {each.key: each.opened for each in PARTNERS}
    weeks: defaultdict[int, list[tuple[float, Newcomer]]] = defaultdict(list)
    for newcomer in _newcomers(world):
        longest = opened.get(newcomer.partner, 540) - 4
        known = bool(newcomer.main.signs_in)
        days = longest if known else 6 + (longest - 6) * world.dice.random() ** 0.2
        weeks[int(days // 7)].append((days, newcomer))
    for came in weeks.values():
        last = min(days for days, _ in came)
        world.plan(world.working_hour(last), partial(welcome, newcomers=[who for _, who in came]))


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


def welcome(world: World, at: datetime, newcomers: Sequence[Newcomer]) -> None:
    """Customers register; minutes later they are their partners'."""
    new = [_account(world, at, each) for each in newcomers]
    opened = customers.open_customers(world.act("lin.qiao", at), customers=new)
    clients = [
        Client(who.company.account, made.organisation_id, made.user_id, who.partner, who.type, at)
        for who, made in zip(newcomers, opened, strict=True)
        if who.partner
    ]
    if clients:
        _associate(world, at + timedelta(minutes=4), clients)


def _account(world: World, at: datetime, who: Newcomer) -> NewCustomer:
    return NewCustomer(
        site=who.site,
        name_zh=who.company.zh,
        name_en=who.company.en,
        account_name=who.company.account,
        login=who.main.login,
        display_name=who.main.zh,
        registered_at=at - timedelta(minutes=world.dice.randrange(1_440, 20 * 1_440)),
        uscc=names.uscc(1000 + who.serial) if who.site == CN else "",
        country_code=who.company.country,
        verified_status=2 if world.dice.random() < 0.93 else 0,
        customer_type=1,
        level=world.dice.choices(("V0", "V1", "V2", "V3", "V4"), (40, 30, 18, 9, 3))[0],
        person={
            "display_name_en": who.main.en,
            "password": PASSWORD if who.main.signs_in else "",
            "email": names.email(who.company.account),
            "phone": names.phone(who.serial),
            "language": who.main.language,
        },
    )


def _associate(world: World, at: datetime, clients: Sequence[Client]) -> None:
    relationships.associate_all(
        world.act("lin.qiao", at),
        wanted=[Wanted(each.id, world.ids[each.partner], each.type) for each in clients],
        reason=f"工单 {at:%y%m%d}-{world.dice.randrange(1000, 9999)}",
    )
    for client in clients:
        world.clients[client.account] = client
        if world.dice.random() < 0.15:
            text = world.dice.choice(LABELS)
            customers.label(world.act(client.partner, at), customer_id=client.id, text=text)
