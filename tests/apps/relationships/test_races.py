"""Two real connections at once: one customer has one partner, and nobody keeps vouchers of a partner that left."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from partner_center.customers.models import Account, Association
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, DomainError, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.relationships.actions import associate, disassociate
from partner_center.vouchers.actions import grant, issue
from partner_center.vouchers.models import Voucher
from tests.cast import Cast, open_customer


@pytest.fixture
def committed(committing_db: str, cast_stage: Any) -> Cast:
    return cast_stage.world


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each work returns or is told, run on a thread and connection of its own, starting together."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            barrier.wait()
            return work()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_partners_win_a_customer_once(committed):
    prospect = open_customer(committed.vera(), "新客", "Prospect", 61, "prospect")

    def by(partner):
        return lambda: associate(
            committed.vera(), customer_id=prospect.id, partner_id=partner.id, type=1, reason="ticket"
        )

    told = at_once(by(committed.sol), by(committed.rhea), by(committed.strange_provider))
    lost = [each for each in told if isinstance(each, DomainError)]
    assert len(lost) == 2 and all(isinstance(each, Conflict | Refused) for each in lost)
    with seated(committed.vera()):
        row = Association.objects.get(customer_id=prospect.id)
        assert Account.objects.get(pk=prospect.id).partner_id == row.partner_id


def test_a_customer_is_left_once(committed):
    def leave():
        return disassociate(committed.sol(), customer_id=committed.carl.id, reason="twice")

    told = at_once(leave, leave, leave)
    lost = [each for each in told if isinstance(each, DomainError)]
    assert len(lost) == 2 and all(isinstance(each, Conflict | NotFound) for each in lost)


def test_whoever_comes_first_no_voucher_outlives_the_association(committed):
    window = Window(committed.at - timedelta(days=1), committed.at + timedelta(days=100))
    quota = grant(committed.vera(), partner_id=committed.sol.id, value=Money.of("1000", "CNY"), window=window).quota_id

    def give():
        return [
            issue(committed.sol(), quota_id=quota, customer_ids=[committed.carl.id], face_value=Money.of("1", "CNY"))
            for _ in range(5)
        ]

    give()
    told = at_once(give, lambda: disassociate(committed.sol(), customer_id=committed.carl.id, reason="race"), give)
    assert not isinstance(told[1], DomainError)
    with seated(committed.vera()):
        states = Voucher.objects.filter(customer_id=committed.carl.id).values_list("state", flat=True)
        assert set(states) == {"reclaimed"}
        assert len(states) >= 5
