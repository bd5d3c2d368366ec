"""The people of the tests, built by the verbs they would really be built by.

Vera works at the vendor, Dario at the distributor, Rhea at his reseller, Sol at the solution provider and Fay in Sol's
finance; Carl and Cora are Sol's customers, Rita is Rhea's. Each has a Stranger of the same kind elsewhere, who must see
nothing of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from stdnum.cn import uscc as social_credit

from partner_center.access import actions as access
from partner_center.access.queries import actor_of, user_by_id
from partner_center.customers import actions as customers
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.partners import actions as partners
from partner_center.relationships import actions as relationships

AT = datetime(2026, 6, 15, 2, 30, tzinfo=UTC)
PASSWORD = "correct horse"
CONSULTING, RESALE = 1, 2


def uscc(serial: int) -> str:
    """A unified social credit code with a right check digit, of a region that does not exist."""
    first = f"91000000MA{serial:07d}"
    return first + social_credit.calc_check_digit(first)


@dataclass(frozen=True)
class Person:
    """Somebody who signs in: an actor at home, to be had at another time or with something changed."""

    actor: Actor

    def __call__(self, at: datetime | None = None, **changes: Any) -> Actor:
        return replace(self.actor, at=at or self.actor.at, **changes)

    @property
    def id(self) -> UUID:
        """The organisation: what rows name."""
        assert self.actor.home is not None
        return self.actor.home

    @property
    def user_id(self) -> UUID:
        assert self.actor.user_id is not None
        return self.actor.user_id


@dataclass(frozen=True)
class Cast:
    """Everybody, and the strangers who have the same roles elsewhere."""

    at: datetime
    vera: Person
    dario: Person
    rhea: Person
    sol: Person
    fay: Person
    carl: Person
    cora: Person
    rita: Person
    strange_distributor: Person
    strange_reseller: Person
    strange_provider: Person
    strange_customer: Person

    def today(self, at: datetime) -> Cast:
        """The same people at another time than that of the tests."""
        people = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "at"}
        return Cast(at=at, **{name: Person(person(at)) for name, person in people.items()})

    @property
    def strangers(self) -> tuple[Person, ...]:
        return (self.strange_distributor, self.strange_reseller, self.strange_provider, self.strange_customer)


def build_cast(at: datetime = AT) -> Cast:
    """The cast, with relations founded a month before `at`."""
    since = at - timedelta(days=30)
    vera = _vendor(since)
    boss = replace(vera.actor, at=since)
    dario = open_partner(boss, "distributor", "北辰云数", "Beichen Digital", 1, "dario")
    rhea = open_partner(boss, "reseller", "海川数科", "Haichuan Data", 2, "rhea")
    sol = open_partner(boss, "solution_provider", "远山方案", "Far Hill Solutions", 3, "sol", tier="premier")
    far = open_partner(boss, "distributor", "陌路总经销", "Stranger Distribution", 11, "stranger-d")
    far_reseller = open_partner(boss, "reseller", "陌路经销", "Stranger Resale", 12, "stranger-r")
    far_provider = open_partner(boss, "solution_provider", "陌路方案", "Stranger Solutions", 13, "stranger-s")
    link(boss, dario, rhea)
    link(boss, far, far_reseller)
    carl = open_customer(boss, "卡尔制造", "Carl Manufacturing", 21, "carl", partner=sol)
    cora = open_customer(boss, "珂拉零售", "Cora Retail", 22, "cora", partner=sol, type=RESALE)
    rita = open_customer(boss, "丽塔物流", "Rita Logistics", 23, "rita", partner=rhea)
    far_customer = open_customer(boss, "陌路客户", "Stranger Customer", 31, "stranger-c", partner=far_provider)
    fay = _member(replace(sol.actor, at=since), "fay", "finance")
    everybody = {
        "vera": vera,
        "dario": dario,
        "rhea": rhea,
        "sol": sol,
        "fay": fay,
        "carl": carl,
        "cora": cora,
        "rita": rita,
        "strange_distributor": far,
        "strange_reseller": far_reseller,
        "strange_provider": far_provider,
        "strange_customer": far_customer,
    }
    return Cast(at=at, **{name: Person(replace(person.actor, at=at)) for name, person in everybody.items()})


def _person(user_id: UUID, at: datetime) -> Person:
    with seated(system_actor("tests: sign-in", at)):
        user = user_by_id(user_id)
        assert user is not None
        return Person(actor_of(user, at=at, request_id="test"))


def _vendor(at: datetime) -> Person:
    founder = system_actor("tests: founding", at)
    with seated(founder):
        vendor = access.open_organisation(
            founder, kind="vendor", site="cloud-cn", name_zh="示例云", name_en="Demo Cloud"
        )
        user = access.add_main_user(
            founder,
            organisation_id=vendor,
            login="vera",
            display_name="薇拉",
            display_name_en="Vera",
            role="vendor_administrator",
            password=PASSWORD,
        )
    return _person(user, at)


def _member(actor: Actor, login: str, role: str) -> Person:
    return _person(access.add_member(actor, login=login, display_name=login, roles=[role], password=PASSWORD), actor.at)


def open_partner(
    boss: Actor, identity: str, name_zh: str, name_en: str, serial: int, login: str, **more: Any
) -> Person:
    """A partner of its own company, and its main user."""
    terms: dict[str, Any] = {"site": "cloud-cn", "uscc": uscc(serial), "password": PASSWORD, **more}
    opened = partners.open_partner(
        boss, identity=identity, name_zh=name_zh, name_en=name_en, login=login, display_name=login, **terms
    )
    return _person(opened.user_id, boss.at)


def link(boss: Actor, distributor: Person, reseller: Person) -> None:
    partners.link_reseller(boss, distributor_id=distributor.id, reseller_id=reseller.id)


def open_customer(
    boss: Actor,
    name_zh: str,
    name_en: str,
    serial: int,
    login: str,
    *,
    partner: Person | None = None,
    type: int = CONSULTING,
    **more: Any,
) -> Person:
    """A customer, associated where a partner is given, and its main user."""
    terms: dict[str, Any] = {
        "site": "cloud-cn",
        "uscc": uscc(serial),
        "password": PASSWORD,
        "account_name": login,
        **more,
    }
    opened = customers.open_customer(boss, name_zh=name_zh, name_en=name_en, login=login, display_name=login, **terms)
    if partner is not None:
        relationships.associate(
            boss, customer_id=opened.organisation_id, partner_id=partner.id, type=type, reason="ticket"
        )
    return _person(opened.user_id, boss.at)


@pytest.fixture(scope="session", autouse=True)
def fast_hashing() -> Any:
    """Passwords are hashed quickly: the tests make many people and guess no passwords."""
    from django.conf import settings
    from django.contrib.auth import hashers

    before = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *before]
    # Whoever hashed before this has had Django remember the slow ones.
    hashers.reset_hashers(setting="PASSWORD_HASHERS")
    yield
    settings.PASSWORD_HASHERS = before
    hashers.reset_hashers(setting="PASSWORD_HASHERS")


@pytest.fixture(scope="session")
def cast_stage(make_stage: Any, fast_hashing: None) -> Any:
    """Where the cast is, and nothing else."""
    return make_stage("cast", build_cast)


@pytest.fixture
def cast(db: None, cast_stage: Any) -> Cast:
    """Everybody, founded a month before the tests' time."""
    return cast_stage.world  # type: ignore[no-any-return]
