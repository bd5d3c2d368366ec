"""A small world for the entrypoints: vendor, distributor, its reseller, a customer of the reseller, a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from partner_center.access.actions import add_main_user, add_member, open_organisation
from partner_center.access.queries import actor_of, user_by_login
from partner_center.audit.action import action
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.customers.actions import open_customer
from partner_center.fence.seat import whole
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.partners.actions import link_reseller, open_partner
from partner_center.relationships.actions import associate
from partner_center.vouchers import actions as vouchers

PASSWORD = "a-long-password"
PEOPLE = {
    "vera": "vendor",
    "dario": "distributor",
    "rhea": "reseller",
    "stranger": "solution_provider",
    "carl": "customer",
}
USCC = ("91000000MA0000000N", "91000000MA0000001R", "91000000MA0000002W")


def cny(text: str) -> Money:
    return Money.of(text, "CNY")


@dataclass
class World:
    """Ids of the organisations, of the quota granted and of the part passed on."""

    vendor: UUID
    distributor: UUID
    reseller: UUID
    stranger: UUID
    customer: UUID
    quota: UUID
    sub_quota: UUID

    def actor(self, login: str) -> Actor:
        return actor(login)

    def issue(self, face: str = "100.00", key: str | None = None, days: int = 20) -> vouchers.Issued:
        now = timezone.now()
        return vouchers.issue(
            actor("rhea"),
            quota_id=self.sub_quota,
            customer_ids=(self.customer,),
            face_value=cny(face),
            min_order=cny("50"),
            window=Window(now - timedelta(minutes=1), now + timedelta(days=days)),
            key=key,
        )


def actor(login: str) -> Actor:
    user = user_by_login(login)
    assert user is not None
    with whole("test: a person of the cast"):
        return actor_of(user, at=timezone.now())


@action
def _open_vendor(product: Actor) -> UUID:
    vendor = open_organisation(product, kind="vendor", site="cloud-cn", name_zh="示例云", name_en="Demo Cloud")
    add_main_user(
        product,
        organisation_id=vendor,
        login="vera",
        display_name="薇拉",
        role="vendor_administrator",
        email="vera@cloud.example",
    )
    return vendor


def build() -> World:
    """Open everybody and give the reseller quota to issue from."""
    vendor = _open_vendor(system_actor("test: the vendor", timezone.now() - timedelta(hours=1)))
    vera = actor("vera")
    add_member(vera, login="vito", display_name="维托", roles=("vendor_finance",), password=PASSWORD)
    opened = {
        login: open_partner(
            vera,
            site="cloud-cn",
            identity=identity,
            name_zh=name,
            name_en=login.title(),
            uscc=uscc,
            login=login,
            display_name=name,
            display_name_en=login.title(),
            email=f"{login}@partner.example",
            language="en" if login == "rhea" else "zh",
        ).organisation_id
        for login, identity, name, uscc in (
            ("dario", "distributor", "北辰云数", USCC[0]),
            ("rhea", "reseller", "海川数科", USCC[1]),
            ("stranger", "solution_provider", "远山科技", USCC[2]),
        )
    }
    link_reseller(vera, distributor_id=opened["dario"], reseller_id=opened["rhea"])
    customer = open_customer(
        vera,
        site="cloud-cn",
        name_zh="卡尔制造",
        name_en="Carl Works",
        account_name="carl-works",
        login="carl",
        display_name="卡尔",
        email="carl@customer.example",
    ).organisation_id
    associate(vera, customer_id=customer, partner_id=opened["rhea"], type=2, reason="ticket 1")
    service = NewServiceType("ecs", "弹性云服务器", "Elastic servers")
    publish(vera, service_types=[service], products=[NewProduct("ecs.s3", "ecs", "通用型", "General", cny("10"))])
    now = timezone.now()
    window = Window(now - timedelta(days=1), now + timedelta(days=30))
    quota = vouchers.grant(vera, partner_id=opened["dario"], value=cny("10000"), window=window).quota_id
    passed = vouchers.pass_on(actor("dario"), quota_id=quota, reseller_ids=(opened["rhea"],), amount=cny("3000"))
    return World(
        vendor, opened["dario"], opened["rhea"], opened["stranger"], customer, quota, passed.quotas[0].quota_id
    )
