"""Whatever is done in whatever order, every quota's sum closes and no invariant breaks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bench import invariants
from partner_center.fence.seat import seated
from partner_center.kernel.errors import DomainError
from partner_center.kernel.periods import Window
from partner_center.ledger.verify import verify
from partner_center.relationships import actions as relationships
from partner_center.relationships.queries import Wanted
from partner_center.vouchers import actions
from partner_center.vouchers.models import Quota, Voucher
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.quota import quota_sums
from tests.apps.vouchers.conftest import DAY, World, cny

AMOUNTS = st.sampled_from(("0.01", "7", "33.33", "100", "250"))
PICK = st.integers(min_value=0, max_value=50)


class VoucherMachine(RuleBasedStateMachine):
    """A distributor, its reseller, a solution provider and their customers, for a few months. Refusals are answers."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()
        self.now: datetime = self.world.cast.at
        self.quotas: list[UUID] = [self.world.sols, self.world.darios]
        self.parts: list[UUID] = []
        self.vouchers: list[tuple[UUID, Any]] = []
        self.holds: list[tuple[UUID, Any]] = []
        self.orders = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)

    def at(self, person: Any) -> Any:
        return person(at=self.now)

    def tries(self, deed: Callable[[], Any]) -> Any:
        """A verb that may be refused; then it has written nothing, which the invariants see."""
        with suppress(DomainError):
            return deed()

    @initialize(spent=AMOUNTS)
    def begin(self, spent: str) -> None:
        """Every life begins with something in everybody's hands, and an order begun."""
        self.pass_on("250")
        self.issue("100", 0, 20)
        self.issue("33.33", 1, 5)
        self.issue_from_a_part("100", 0, 10)
        self.authorise(spent, 0)
        self.authorise("7", 2)

    @rule(amount=AMOUNTS, days=st.integers(2, 60))
    def grant(self, amount: str, days: int) -> None:
        window = Window(self.now - DAY, self.now + days * DAY)
        terms: dict[str, Any] = {"partner_id": self.world.cast.sol.id, "value": cny(amount), "window": window}
        if made := self.tries(lambda: actions.grant(self.at(self.world.cast.vera), **terms)):
            self.quotas.append(made.quota_id)

    @rule(amount=AMOUNTS)
    def pass_on(self, amount: str) -> None:
        rhea = [self.world.cast.rhea.id]
        terms: dict[str, Any] = {"quota_id": self.world.darios, "reseller_ids": rhea, "amount": cny(amount)}
        if made := self.tries(lambda: actions.pass_on(self.at(self.world.cast.dario), **terms)):
            self.parts += [each.quota_id for each in made.quotas]

    @rule(face=AMOUNTS, pick=PICK, days=st.integers(1, 30))
    def issue(self, face: str, pick: int, days: int) -> None:
        customer = (self.world.cast.carl, self.world.cast.cora)[pick % 2]
        self._issue(self.world.cast.sol, self.quotas[pick % len(self.quotas)], customer, face, days)

    @precondition(lambda self: self.parts)
    @rule(face=AMOUNTS, pick=PICK, days=st.integers(1, 30))
    def issue_from_a_part(self, face: str, pick: int, days: int) -> None:
        self._issue(self.world.cast.rhea, self.parts[pick % len(self.parts)], self.world.cast.rita, face, days)

    def _issue(self, issuer: Any, quota: UUID, customer: Any, face: str, days: int) -> None:
        window = Window(self.now, self.now + days * DAY)
        terms: dict[str, Any] = {"customer_ids": [customer.id], "face_value": cny(face), "window": window}
        if made := self.tries(lambda: actions.issue(self.at(issuer), quota_id=quota, **terms)):
            self.vouchers += [(each.voucher_id, customer) for each in made.vouchers]

    @precondition(lambda self: self.vouchers)
    @rule(amount=AMOUNTS, pick=PICK)
    def authorise(self, amount: str, pick: int) -> None:
        voucher, customer = self.vouchers[pick % len(self.vouchers)]
        self.orders += 1
        lines = [OrderInput("ecs.s", cny(amount))]
        terms: dict[str, Any] = {"order_reference": f"O{self.orders}", "lines": lines, "voucher_ids": [voucher]}
        if held := self.tries(lambda: actions.authorise(self.at(customer), **terms)):
            self.holds.append((held.authorisation_id, customer))

    @precondition(lambda self: self.holds)
    @rule(pick=PICK, pays=st.booleans())
    def end_order(self, pick: int, pays: bool) -> None:
        hold, customer = self.holds.pop(pick % len(self.holds))
        self.tries(lambda: (actions.capture if pays else actions.release)(self.at(customer), authorisation_id=hold))

    @precondition(lambda self: self.vouchers)
    @rule(pick=PICK)
    def reclaim(self, pick: int) -> None:
        voucher, customer = self.vouchers[pick % len(self.vouchers)]
        issuer = self.world.cast.rhea if customer is self.world.cast.rita else self.world.cast.sol
        self.tries(lambda: actions.reclaim(self.at(issuer), voucher_ids=[voucher]))

    @precondition(lambda self: self.parts)
    @rule(pick=PICK)
    def reclaim_part(self, pick: int) -> None:
        part = self.parts[pick % len(self.parts)]
        self.tries(lambda: actions.reclaim_quota(self.at(self.world.cast.dario), quota_id=part))

    @rule(pick=PICK, verb=st.sampled_from(("freeze", "unfreeze", "unfreeze", "invalidate")))
    def stop(self, pick: int, verb: str) -> None:
        # What everything else draws on goes on for long; it is stopped last.
        quotas = [*self.parts, *self.quotas[::-1]]
        quota, vera = quotas[pick % len(quotas) if pick < 45 else 0], self.at(self.world.cast.vera)
        self.tries(lambda: getattr(actions, verb)(vera, quota_id=quota, reason="machine"))

    @rule(of=st.sampled_from(("carl", "rita")))
    def leave_and_come_back(self, of: str) -> None:
        customer = getattr(self.world.cast, of)
        partner = self.world.cast.rhea if of == "rita" else self.world.cast.sol
        left = self.tries(
            lambda: relationships.disassociate(self.at(partner), customer_id=customer.id, reason="machine")
        )
        if left:
            wanted = [Wanted(customer.id, partner.id, 1)]
            relationships.associate_all(self.at(self.world.cast.vera), wanted=wanted, reason="machine")

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        system = self.world.system(self.now)
        for due in (actions.time_out_due, actions.expire_due, actions.lapse_due):
            due(system)

    @invariant()
    def every_sum_closes(self) -> None:
        with seated(self.world.system(self.now)):
            for quota, found in quota_sums(Quota.objects.all()).items():
                assert found.closes, (quota, found)
                assert found.free.minor >= 0 and found.outstanding.minor >= 0

    @invariant()
    def what_has_ended_holds_nothing(self) -> None:
        with seated(self.world.system(self.now)), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {Voucher._meta.db_table} v JOIN ledger_account a ON a.id = v.id"
                " WHERE v.state <> 'usable' AND a.balance <> 0"
            )
            assert cursor.fetchone() == (0,)

    def check_at_the_end(self) -> None:
        system = self.world.system(self.now)
        with seated(system):
            assert invariants.broken(connection.connection) == {}
        assert verify(system, [], None) == ()


class Audited(VoucherMachine):
    """The same, with the whole ledger recomputed at the end of each life."""

    def teardown(self) -> None:
        try:
            self.check_at_the_end()
        finally:
            super().teardown()


@pytest.mark.slow
def test_whatever_is_done_in_whatever_order_no_invariant_breaks(world: World) -> None:
    """S-366, S-399, S-401, S-402, S-405."""
    Audited.world = world
    run_state_machine_as_test(
        Audited,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
