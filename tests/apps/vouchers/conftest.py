"""A world for vouchers: granted quota, a catalogue, and a way to see that a refusal wrote nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from partner_center.audit.models import Event
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor, system_actor
from partner_center.kernel.errors import DomainError, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.partners.actions import set_standing
from partner_center.vouchers import actions, queries
from partner_center.vouchers.rules import CASH_KIND, QuotaSum
from tests.cast import Cast, build_cast

DAY = timedelta(days=1)
TABLES = (
    "vouchers_quota",
    "vouchers_voucher",
    "vouchers_voucherrecord",
    "vouchers_quotarecord",
    "vouchers_authorisation",
    "vouchers_whitelistversion",
    "vouchers_whitelistentry",
    "vouchers_quotaadjustment",
    "vouchers_reversalrequest",
    "ledger_transfer",
    "ledger_entry",
    "ledger_account",
    "audit_event",
    "audit_outbox",
    "audit_operation",
    "customers_association",
)


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


@dataclass
class World:
    """The cast with quota in its hands."""

    cast: Any
    sols: UUID
    darios: UUID

    def window(self, days: int = 60) -> Window:
        return Window(self.cast.at - DAY, self.cast.at + days * DAY)

    def grant(self, partner: Any, value: str = "1000", **terms: Any) -> UUID:
        window = terms.pop("window", None) or self.window()
        return actions.grant(self.cast.vera(), partner_id=partner.id, value=cny(value), window=window, **terms).quota_id

    def pass_on(self, amount: str = "300") -> UUID:
        passed = actions.pass_on(
            self.cast.dario(), quota_id=self.darios, reseller_ids=[self.cast.rhea.id], amount=cny(amount)
        )
        return passed.quotas[0].quota_id

    def issue(self, to: Any | None = None, face: str = "100", **terms: Any) -> UUID:
        customer = to or self.cast.carl
        issued = actions.issue(
            terms.pop("by", self.cast.sol()),
            quota_id=terms.pop("quota", self.sols),
            customer_ids=[customer.id],
            face_value=cny(face),
            **terms,
        )
        return issued.vouchers[0].voucher_id

    def standing(self, partner: Any, state: str, since: Any = None) -> None:
        """The vendor freezes or restricts a partner, or restores it."""
        set_standing(
            self.cast.vera(), organisation_id=partner.id, aspect="state", value=state, since=since or self.cast.at
        )

    def becomes_subsidy(self, partner: Any) -> None:
        """The vendor makes a partner one that hands out subsidies."""
        set_standing(
            self.cast.vera(), organisation_id=partner.id, aspect="identity", value="subsidy", since=self.cast.at
        )

    def system(self, at: datetime) -> Actor:
        return system_actor("tests: jobs", at)

    def event(self, name: str) -> dict[str, Any]:
        """What the last event of this name says."""
        with seated(self.cast.vera()):
            found = Event.objects.filter(name=name).order_by("-id").first()
            assert found is not None, name
            return dict(found.data)

    def sum(self, quota: UUID) -> QuotaSum:
        vera = self.cast.vera()
        with seated(vera):
            return queries.quota_sum(vera, quota)

    def voucher(self, voucher: UUID) -> queries.VoucherRow:
        vera = self.cast.vera()
        with seated(vera):
            return queries.voucher_detail(vera, voucher)


def build_world() -> World:
    cast = build_cast()
    found = World(cast, sols=UUID(int=0), darios=UUID(int=0))
    publish(
        cast.vera(),
        service_types=[NewServiceType("ecs", "云服务器", "Cloud server"), NewServiceType("obs", "对象存储", "Storage")],
        products=[
            NewProduct("ecs.s", "ecs", "小型", "Small", cny("10")),
            NewProduct("obs.s", "obs", "标准", "Standard", cny("5")),
            NewProduct("shop.x", "ecs", "云商店商品", "Goods", cny("7"), marketplace=True),
        ],
    )
    found.sols, found.darios = found.grant(cast.sol), found.grant(cast.dario)
    return found


@pytest.fixture(scope="session")
def quota_stage(make_stage: Any, fast_hashing: None) -> Any:
    """Where the cast has a catalogue, and Sol and Dario have quota."""
    return make_stage("quota", build_world)


@pytest.fixture
def cast(db: None, quota_stage: Any) -> Cast:
    return quota_stage.world.cast  # type: ignore[no-any-return]


@pytest.fixture
def world(cast: Cast, quota_stage: Any) -> World:
    return replace(quota_stage.world)


@pytest.fixture
def subsidised(world: World) -> World:
    """The world in which Sol hands out subsidies: a whitelist, and cash coupon quota that counts as performance."""
    world.becomes_subsidy(world.cast.sol)
    actions.import_whitelist(world.cast.sol(), accounts=["carl", "cora"])
    world.sols = world.grant(world.cast.sol, kind=CASH_KIND, counts_as_performance=True)
    return world


def counted() -> dict[str, int]:
    """Rows of every table, seen as the system."""
    from datetime import UTC, datetime

    with seated(system_actor("tests: counting", datetime.now(UTC))), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
        return found


@pytest.fixture
def refuses() -> Callable[..., Any]:
    """The rules a call breaks; what it left behind must be nothing."""

    @contextmanager
    def expect(*rules: str, error: type[DomainError] = Refused) -> Iterator[list[Any]]:
        before, caught = counted(), []
        with pytest.raises(error) as raised:
            yield caught
        assert counted() == before
        caught.append(raised.value)
        if rules:
            assert {outcome.id for outcome in raised.value.outcomes} == set(rules)  # type: ignore[attr-defined]

    return expect
