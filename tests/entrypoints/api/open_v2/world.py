"""A small world for the wire: made by the product's own actions, committed, and called over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

from partner_center.access.actions import add_member, make_key
from partner_center.access.permissions import Can, item_of
from partner_center.access.queries import actor_of, user_by_id
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.customers.actions import associate_rows, open_customer
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.partners.actions import link_reseller, open_partner
from partner_center.partners.rules import uscc_digit
from partner_center.vouchers.actions import grant, pass_on

CONSULTING, RESALE = 1, 2
NOW = datetime.now(UTC).replace(microsecond=0)
SYSTEM = system_actor("tests", NOW - timedelta(hours=1))
YEAR = Window(NOW - timedelta(days=1), NOW + timedelta(days=365))


@dataclass(frozen=True)
class Party:
    """An account with a key to call with."""

    id: UUID
    actor: Actor
    access_key: str
    secret: str

    @property
    def number(self) -> str:
        return self.id.hex


def actor_for(user_id: UUID) -> Actor:
    user = user_by_id(user_id)
    assert user is not None
    home = user.organisation_id
    with seated(replace(SYSTEM, audience="partner", home=home, seat=home)):
        return actor_of(user, at=NOW)


def party(user_id: UUID, organisation_id: UUID) -> Party:
    actor = actor_for(user_id)
    key = make_key(replace(actor, permissions=actor.permissions | {item_of(Can.KEY_MANAGE).code}))
    return Party(organisation_id, actor, key.access_key, key.secret)


def uscc(login: str) -> str:
    """A code of a company that the register could have given."""
    places = f"91310000{crc32(login.encode()) % 10**9:09d}"
    return places + uscc_digit(places)


def partner(login: str, identity: str, site: str = "cloud-cn") -> Party:
    names = {"name_zh": f"{login} 科技有限公司", "name_en": f"{login} Ltd"}
    code = uscc(login) if site == "cloud-cn" else ""
    made = open_partner(SYSTEM, site=site, identity=identity, uscc=code, login=login, display_name=login, **names)
    return party(made.user_id, made.organisation_id)


def customer(login: str, of: Party, model: int, upline: Party | None = None, site: str = "cloud-cn") -> str:
    made = open_customer(
        SYSTEM,
        site=site,
        name_zh=f"{login} 客户",
        name_en=f"{login} Customer",
        account_name=login,
        login=f"{login}-main",
        display_name=login,
        phone="13800000000",
    )
    with seated(SYSTEM):
        upline_id = upline.id if upline else None
        associate_rows(SYSTEM, customer_id=made.organisation_id, partner_id=of.id, upline_id=upline_id, type=model)
    return made.organisation_id.hex


def quota(of: Party, amount: str, window: Window = YEAR, **limits: Any) -> str:
    return grant(SYSTEM, partner_id=of.id, value=Money.of(amount, "CNY"), window=window, **limits).number


def passed_on(by: Party, to: Party) -> tuple[str, str]:
    """A quota of 500 and the 200 of it that were passed on: their numbers."""
    whole = grant(SYSTEM, partner_id=by.id, value=Money.of("500", "CNY"), window=YEAR)
    made = pass_on(by.actor, quota_id=whole.quota_id, reseller_ids=[to.id], amount=Money.of("200", "CNY"))
    return whole.number, made.quotas[0].number


@dataclass(frozen=True)
class World:
    """Who is there: Sol sells alone, Dario through Rhea and Raj, the Stranger and Fara elsewhere do the same."""

    sol: Party
    dario: Party
    rhea: Party
    raj: Party
    stranger: Party
    far: Party
    fara: Party
    darios_operator: Party
    operator: Party
    issuer: Party
    intl: Party
    customer: Party
    carl: str
    connie: str
    rheas: str
    foreign: str
    quota: str
    limited: str
    foreign_quota: str
    darios_quota: str
    rheas_quota: str
    fars_quota: str
    faras_quota: str


def build() -> World:
    """The world, committed."""
    price = Money.of("1", "CNY")
    publish(
        SYSTEM,
        service_types=[NewServiceType(code, code, code) for code in ("ecs", "rds")],
        products=[NewProduct(f"{code}.s", code, code, code, price) for code in ("ecs", "rds")],
    )
    sol, dario = partner("sol", "solution_provider"), partner("dario", "distributor")
    rhea, raj, stranger = (
        partner("rhea", "reseller"),
        partner("raj", "reseller"),
        partner("stranger", "solution_provider"),
    )
    far, fara = partner("far", "distributor"), partner("fara", "reseller")
    for above, below in ((dario, rhea), (dario, raj), (far, fara)):
        link_reseller(SYSTEM, distributor_id=above.id, reseller_id=below.id)
    darios, part = passed_on(dario, rhea)
    fars, foreign_part = passed_on(far, fara)
    carl = customer("carl", sol, RESALE)
    return World(
        sol=sol,
        dario=dario,
        rhea=rhea,
        raj=raj,
        stranger=stranger,
        far=far,
        fara=fara,
        darios_operator=member(dario, "op", ["account_manager"]),
        operator=member(sol, "op", ["account_manager"]),
        issuer=member(sol, "fin", ["finance"]),
        intl=partner("ingrid", "solution_provider", site="cloud-intl"),
        customer=key_of_customer(carl),
        carl=carl,
        connie=customer("connie", sol, CONSULTING),
        rheas=customer("rita", rhea, RESALE, upline=dario),
        foreign=customer("frank", stranger, RESALE),
        quota=quota(sol, "10000"),
        limited=quota(sol, "100", service_types=["ecs"]),
        foreign_quota=quota(stranger, "1000"),
        darios_quota=darios,
        rheas_quota=part,
        fars_quota=fars,
        faras_quota=foreign_part,
    )


def key_of_customer(number: str) -> Party:
    """A customer's key, which opens nothing here."""
    from partner_center.access.queries import user_by_login

    user = user_by_login("carl-main")
    assert user is not None
    return party(user.pk, UUID(number))


def member(of: Party, login: str, roles: list[str]) -> Party:
    """A sub-account with a key of its own, made for it by who may."""
    user = add_member(of.actor, login=f"{of.actor.login}-{login}", display_name=login, roles=roles)
    return party(user, of.id)
