"""The little world of the journeys: a vendor, a distributor with its reseller, a solution provider, their customers.

Each journey has quota and customers of its own, so that no journey depends on another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from partner_center.access import actions as access
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.demo.cards import CARDS
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions as vouchers
from tests import cast
from tests.cast import PASSWORD, Person

MANY, AT_ONCE = 30, 10
# The tour signs in as people of the demo; the first of them works at this vendor too.
GRANTER = next(card for card in CARDS if card.role == "vendor_ecosystem")


@dataclass(frozen=True)
class World:
    """The quotas by their purpose, and what the browser asks for."""

    quotas: dict[str, UUID]
    passwords: dict[str, str]
    today: datetime

    def password(self, login: str) -> str:
        return self.passwords.get(login, PASSWORD)


def build() -> World:
    """Open everybody, publish a catalogue, grant quota, and issue enough vouchers for a second page of each list."""
    now = datetime.now(UTC)
    vera = _vendor(now - timedelta(days=30))
    dario, sol, ines = _partners(vera)
    customers = _customers(vera, sol)
    _publish(vera)
    today = Actors(now, vera, dario, sol, ines)
    quotas = today.grant_all()
    for some in range(0, MANY, AT_ONCE):
        today.issue(quotas["many"], customers[some : some + AT_ONCE], "25")
    return World(quotas, {GRANTER.login: GRANTER.password}, now)


@dataclass(frozen=True)
class Actors:
    """The people who act today."""

    now: datetime
    vera: Person
    dario: Person
    sol: Person
    ines: Person

    def grant_all(self) -> dict[str, UUID]:
        """Quota for each journey, named by its purpose."""
        for_sol = {"refusals": "1000", "without scripts": "1000", "twice": "1000", "leaving": "500", "many": "5000"}
        for_sol |= {"from a file": "2000000", "asking": "300"}
        found = {purpose: self.grant(self.sol, purpose, value) for purpose, value in for_sol.items()}
        for purpose in ("to pass on", "codes"):
            found[purpose] = self.grant(self.dario, purpose, "5000")
        vouchers.freeze(self.vera(self.now), quota_id=found["asking"], reason="audit")
        self.issue(found["leaving"], [self.customer("cora")], "120")
        found["parts"] = self.grant(self.dario, "parts", "1000")
        for _ in range(2):
            self._pass_on(found["parts"], "100")
        found["over"] = self.over()
        found["abroad"] = self.grant(self.ines, "abroad", "300", "USD")
        return found

    def _pass_on(self, quota: UUID, amount: str) -> None:
        # As the system's doing: whoever really passes on is asked for a code.
        dario = replace(self.dario(self.now), guarded=False)
        rhea = [self.customer("rhea")]
        vouchers.pass_on(dario, quota_id=quota, reseller_ids=rhea, amount=Money.of(amount, "CNY"))

    def over(self) -> UUID:
        """A quota whose end is past; a voucher issued from it outlived it by no day, and nobody used it."""
        began, end = self.now - timedelta(days=20), self.now - timedelta(days=1)
        window, value = Window(began - timedelta(days=1), end), Money.of("800", "CNY")
        terms = {"partner_id": self.sol.id, "value": value, "window": window, "purpose": "over"}
        quota = vouchers.grant(self.vera(began), **terms).quota_id  # type: ignore[arg-type]
        made = {"quota_id": quota, "customer_ids": [self.customer("carl")], "face_value": Money.of("300", "CNY")}
        vouchers.issue(self.sol(began), **made)  # type: ignore[arg-type]
        night = system_actor("tests: the night after", self.now)
        vouchers.expire_due(night)
        vouchers.lapse_due(night)
        return quota

    def grant(self, partner: Person, purpose: str, value: str, currency: str = "CNY") -> UUID:
        window = Window(self.now - timedelta(days=1), self.now + timedelta(days=60))
        value_ = Money.of(value, currency)
        vera = self.vera(self.now)
        return vouchers.grant(vera, partner_id=partner.id, value=value_, window=window, purpose=purpose).quota_id

    def issue(self, quota: UUID, customers: list[UUID], face: str) -> None:
        vouchers.issue(self.sol(self.now), quota_id=quota, customer_ids=customers, face_value=Money.of(face, "CNY"))

    def customer(self, login: str) -> UUID:
        from partner_center.access.queries import user_by_login

        user = user_by_login(login)
        assert user is not None
        return user.organisation_id


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
            language="en",
        )
    vera = cast._person(user, at)
    access.add_member(
        vera.actor,
        login=GRANTER.login,
        display_name=GRANTER.name_zh,
        display_name_en=GRANTER.name_en,
        roles=["ecosystem_manager"],
        password=GRANTER.password,
        language="en",
    )
    for login, role in (("lin", "operations"), ("gina", "ecosystem_manager")):
        person = {"display_name": login.title(), "password": PASSWORD, "language": "en"}
        access.add_member(vera.actor, login=login, roles=[role], **person)
    return vera


def _partners(vera: Person) -> tuple[Person, Person, Person]:
    """A distributor that wants codes, with its reseller; a solution provider with account managers; one abroad."""
    boss = vera.actor
    dario = _partner(boss, "distributor", "北辰云数", "Beichen Digital", 1, "dario")
    rhea = _partner(boss, "reseller", "海川数科", "Haichuan Data", 2, "rhea")
    cast.link(boss, dario, rhea)
    access.switch_verification(dario.actor, on=True)
    sol = _partner(boss, "solution_provider", "远山方案", "Far Hill Solutions", 3, "sol")
    for login in ("sam", "sue", "ann"):
        person = {"display_name": login.title(), "password": PASSWORD, "language": "en"}
        access.add_member(sol.actor, login=login, roles=["account_manager"], **person)
    ines = _partner(boss, "solution_provider", "北光系统", "Northlight Systems", 0, "ines", site="cloud-intl", uscc="")
    _customer(boss, "丽塔物流", "Rita Logistics", 20, "rita", rhea)
    abroad = {"site": "cloud-intl", "uscc": ""}
    _customer(boss, "北光客户", "Northlight Client", 21, "nora", ines, type=cast.RESALE, **abroad)
    return dario, sol, ines


def _partner(boss: Actor, identity: str, zh: str, en: str, serial: int, login: str, **more: str) -> Person:
    person = {"email": f"{login}@partner.example", "language": "en", "display_name_en": login.title()}
    return cast.open_partner(boss, identity, zh, en, serial, login, **person, **more)


def _customer(boss: Actor, zh: str, en: str, serial: int, login: str, partner: Person, **more: Any) -> UUID:
    person = {"email": f"{login}@customer.example", "language": "en", "display_name_en": login.title()}
    return cast.open_customer(boss, zh, en, serial, login, partner=partner, **(person | more)).id


def _customers(vera: Person, sol: Person) -> list[UUID]:
    """Those who sign in, and many more who do not; the many are returned."""
    boss = vera.actor
    for serial, login in enumerate(("carl", "cora", "cleo", "cyra"), 40):
        _customer(boss, f"{login.title()}制造", f"{login.title()} Manufacturing", serial, login, sol)
    return [
        _customer(boss, f"第{n}号零售", f"Retail Number {n}", 100 + n, f"retail-{n}", sol, password="")
        for n in range(1, MANY + 1)
    ]


def _publish(vera: Person) -> None:
    publish(
        vera.actor,
        service_types=[NewServiceType("ecs", "云服务器", "Servers"), NewServiceType("obs", "对象存储", "Storage")],
        products=[
            NewProduct("ecs.s", "ecs", "小型", "Small server", Money.of("60", "CNY")),
            NewProduct("ecs.l", "ecs", "大型", "Large server", Money.of("240", "CNY")),
            NewProduct("obs.s", "obs", "标准", "Standard storage", Money.of("49.50", "CNY")),
            NewProduct("shop.x", "ecs", "云商店商品", "Marketplace goods", Money.of("99", "CNY"), marketplace=True),
        ],
    )
