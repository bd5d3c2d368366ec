"""The pages' world, all of today: quota at Sol's and at Dario's, a part at Rhea's, vouchers with Carl and Cora."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from partner_center.access.actions import add_member
from partner_center.access.queries import user_by_id
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions
from tests.cast import PASSWORD, Cast, Person, _person, build_cast

HTMX = {"HTTP_HX_REQUEST": "true"}
TABLES = ("vouchers_quota", "vouchers_voucher", "vouchers_voucherrecord", "vouchers_quotarecord", "ledger_transfer")


def cny(amount: str | int) -> Money:
    return Money.of(str(amount), "CNY")


def page_of(response: HttpResponse) -> str:
    """What the page says, its tags left out, its blanks as one."""
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(text)).strip()


def value_of(response: HttpResponse, name: str) -> str:
    """What a field of the page's form holds."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', response.content.decode())
    assert tag, f"no field {name}"
    value = re.search(r'value="([^"]*)"', tag.group())
    return unescape(value.group(1)) if value else ""


@dataclass(frozen=True)
class World:
    """The cast with what they hold."""

    cast: Cast
    now: datetime
    sols: UUID
    darios: UUID
    rheas: UUID
    vouchers: tuple[UUID, ...]
    numbers: tuple[str, ...]

    def grant(self, to: Person, amount: str | int, days: int = 60, since: int = 1, **limits: Any) -> UUID:
        window = Window(self.now - timedelta(days=since), self.now + timedelta(days=days))
        return actions.grant(self.vera(), partner_id=to.id, value=cny(amount), window=window, **limits).quota_id

    def vera(self) -> Actor:
        return self.cast.vera()

    def number(self, quota: UUID) -> str:
        return self.ask("SELECT number FROM vouchers_quota WHERE id = %s", quota)

    def ask(self, query: str, *values: object) -> Any:
        with seated(system_actor("tests: looking", self.now)), connection.cursor() as cursor:
            cursor.execute(query, values)
            row = cursor.fetchone()
            return row[0] if row else None

    def balance(self, account: UUID) -> int:
        return int(self.ask("SELECT balance FROM ledger_account WHERE id = %s", account))

    def written(self) -> tuple[int, ...]:
        """How many rows there are of what the verbs write."""
        return tuple(self.ask(f"SELECT count(*) FROM {table}") for table in TABLES)


def build_world() -> World:
    now = minutes_ago()
    people = build_cast(now)
    publish(
        people.vera(),
        service_types=[NewServiceType("ecs", "云服务器", "Servers"), NewServiceType("rds", "数据库", "Databases")],
        products=[
            NewProduct("ecs.small", "ecs", "标准型", "Small", cny(10)),
            NewProduct("rds.small", "rds", "单机", "One", cny(9)),
        ],
    )
    empty = World(people, now, UUID(int=0), UUID(int=0), UUID(int=0), (), ())
    sols, darios = empty.grant(people.sol, 10_000, purpose="Q4"), empty.grant(people.dario, 5_000)
    part = actions.pass_on(people.dario(), quota_id=darios, reseller_ids=[people.rhea.id], amount=cny(2_000)).quotas[0]
    issued = actions.issue(
        people.sol(),
        quota_id=sols,
        customer_ids=[people.carl.id, people.cora.id],
        face_value=cny(1_000),
        remark="for Sol's eyes",
    )
    ids, numbers = zip(*((each.voucher_id, each.number) for each in issued.vouchers), strict=True)
    return World(people, now, sols, darios, part.quota_id, ids, numbers)


def minutes_ago() -> datetime:
    return timezone.now().replace(microsecond=0) - timedelta(minutes=5)


@pytest.fixture(scope="session")
def pages_stage(make_stage: Any, fast_hashing: None) -> Any:
    """Where quota and vouchers of today are in hands of the cast."""
    return make_stage("pages", build_world)


@pytest.fixture
def world(db: None, pages_stage: Any) -> World:
    """The stage's world, its people a few minutes ago."""
    now = minutes_ago()
    return replace(pages_stage.world, now=now, cast=pages_stage.world.cast.today(now))


@pytest.fixture
def open_as() -> Callable[..., Client]:
    """A browser in which somebody is signed in."""

    def signed_in(person: Person, language: str = "zh") -> Client:
        client = Client()
        with seated(system_actor("tests: sign-in", timezone.now())):
            user = user_by_id(person.user_id)
        assert user is not None
        session = client.session
        session["user"], session["password"], session["language"] = str(user.pk), user.get_session_auth_hash(), language
        session.save()
        return client

    return signed_in


@pytest.fixture
def manager(world: World) -> Person:
    """Somebody of Sol's company whose role has none of the items of vouchers."""
    sol = world.cast.sol()
    user = add_member(sol, login="mia", display_name="Mia", roles=["account_manager"], password=PASSWORD)
    return _person(user, world.now)
