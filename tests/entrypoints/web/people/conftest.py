"""The cast today, with quota in three hands and vouchers at customers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from partner_center.access import actions as access
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions as vouchers
from partner_center.vouchers.queries.checkout import OrderInput
from tests.cast import PASSWORD, Cast, build_cast, open_customer, uscc

__all__ = ["uscc"]


def cny(text: str) -> Money:
    return Money.of(text, "CNY")


@dataclass
class Scene:
    """Sol's quota of 10,000 ends in ten days; Dario's of 20,000 in a year, of which Rhea got 5,000."""

    cast: Cast
    now: datetime
    sols: UUID
    darios: UUID
    rheas: UUID
    carls: UUID
    carls_limited: UUID

    def issue(self, who: Any, quota: UUID, customer: Any, face: str, **terms: Any) -> UUID:
        window = Window(self.now - timedelta(hours=1), self.now + timedelta(days=9))
        issued = vouchers.issue(
            who(self.now), quota_id=quota, customer_ids=[customer.id], face_value=cny(face), window=window, **terms
        )
        return issued.vouchers[0].voucher_id

    def hold(self, order: str = "SO-1", amount: str = "300") -> UUID:
        lines = [OrderInput("ecs.s3", cny(amount))]
        return vouchers.authorise(self.cast.carl(self.now), order_reference=order, lines=lines).authorisation_id


def build_scene(now: datetime) -> Scene:
    cast = build_cast(now)
    boss = cast.vera(now)
    services = [NewServiceType("ecs", "弹性云服务器", "Elastic servers"), NewServiceType("obs", "对象存储", "Storage")]
    goods = [
        NewProduct("ecs.s3", "ecs", "通用型", "General", cny("100")),
        NewProduct("obs.std", "obs", "标准存储", "Standard", cny("10")),
    ]
    publish(boss, service_types=services, products=goods)

    def grant(who: Any, value: str, days: int) -> UUID:
        window = Window(now - timedelta(days=1), now + timedelta(days=days))
        return vouchers.grant(boss, partner_id=who.id, value=cny(value), window=window).quota_id

    sols, darios = grant(cast.sol, "10000", 10), grant(cast.dario, "20000", 365)
    passed = vouchers.pass_on(cast.dario(now), quota_id=darios, reseller_ids=(cast.rhea.id,), amount=cny("5000"))
    scene = Scene(cast, now, sols, darios, passed.quotas[0].quota_id, sols, sols)
    scene.carls = scene.issue(cast.sol, sols, cast.carl, "500", remark="only Sol reads this")
    scene.carls_limited = scene.issue(cast.sol, sols, cast.carl, "200", service_types=("obs",), min_order=cny("1000"))
    scene.issue(cast.rhea, scene.rheas, cast.rita, "700")
    return scene


@pytest.fixture(scope="session")
def scene_stage(make_stage: Any, fast_hashing: None) -> Any:
    """Where the scene is."""
    return make_stage("scene", lambda: build_scene(timezone.now()))


@pytest.fixture
def scene(db: None, scene_stage: Any) -> Scene:
    """The stage's scene, its people now."""
    now = timezone.now()
    return replace(scene_stage.world, now=now, cast=scene_stage.world.cast.today(now))


@pytest.fixture
def many(scene: Scene) -> Scene:
    """Sol has 25 customers, so that lists have more than a page."""
    since = scene.now - timedelta(days=3)
    for n in range(23):
        more = {"phone": f"1390000{n:04d}", "email": f"c{n}@customer.example"}
        open_customer(
            scene.cast.vera(since),
            f"客户{n:02d}",
            f"Customer {n:02d}",
            100 + n,
            f"c{n:02d}",
            partner=scene.cast.sol,
            **more,
        )
    return scene


@pytest.fixture
def member(scene: Scene) -> Callable[..., str]:
    """Somebody of an organisation with one role; gives the login."""

    def made(who: Any, login: str, role: str) -> str:
        access.add_member(who(scene.now), login=login, display_name=login, roles=[role], password=PASSWORD)
        return login

    return made


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def counted(page: str) -> dict[str, int]:
    """Address → number, of every number on a home page that leads to a list."""
    rows = re.findall(r'<dt><a href="([^"]+)">[^<]*</a></dt><dd><b>([\d,]+)</b>', page)
    heads = re.findall(r'<a href="([^"]+)">([\d,]+) [a-z ]+\d* ?[a-z]*</a>', page)
    return {href.replace("&amp;", "&"): int(number.replace(",", "")) for href, number in (*rows, *heads)}


def listed(page: str) -> int:
    """How many a list says there are of what its address asks for."""
    chosen = re.search(r'aria-current="true">[^<]*<small>([\d,]+)</small>', page)
    if chosen:
        return int(chosen.group(1).replace(",", ""))
    title = re.search(r'<span class="pc-count">([\d,]+)</span>', page)
    assert title, "a list says how many it has"
    return int(title.group(1).replace(",", ""))


def rows(page: str) -> int:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return body.count("<tr")
