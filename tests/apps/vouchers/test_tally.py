"""What pages count and sum up is tallied when it changes: the tally says what the vouchers and the books say."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import Tally
from partner_center.vouchers.queries import overview
from partner_center.vouchers.queries.checkout import OrderInput
from tests.apps.vouchers.conftest import DAY, World, cny


def lived(world: World) -> None:
    """One voucher untouched, one used in part, one held by an order, one taken back, one not begun."""
    carl, cora = world.cast.carl, world.cast.cora
    world.issue(cora, face="10")
    used, held = world.issue(carl, face="100"), world.issue(carl, face="50")
    back = world.issue(cora, face="70")
    world.issue(cora, face="5", window=Window(world.cast.at + DAY, world.cast.at + 9 * DAY))
    paid = pay(world, "O1", "30", used)
    actions.capture(carl(), authorisation_id=paid.authorisation_id)
    pay(world, "O2", "20", held)
    actions.reclaim(world.cast.sol(), voucher_ids=[back])


def pay(world: World, reference: str, amount: str, voucher: Any) -> Any:
    lines = [OrderInput("ecs.s", cny(amount))]
    return actions.authorise(world.cast.carl(), order_reference=reference, lines=lines, voucher_ids=[voucher])


def counted(world: World, who: Any) -> dict[str, int]:
    with seated(who), connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM vouchers_voucher GROUP BY state")
        return dict(cursor.fetchall())


def test_the_tally_says_how_many_vouchers_are_in_each_state(world: World) -> None:
    lived(world)
    sol = world.cast.sol()
    with seated(sol):
        found = queries.voucher_counts(sol)
        assert queries.inactive_count(sol) == 1
    assert found == counted(world, sol) == {"usable": 4, "reclaimed": 1}


def test_what_is_left_of_vouchers_is_told_to_the_unit(world: World) -> None:
    """S-366: untouched 10, of the used 70, of the held 30; the one that has not begun is not usable yet."""
    lived(world)
    sol = world.cast.sol()
    with seated(sol):
        assert overview.usable_in_all(sol) == (overview.Held(3, cny("110")),)
        total = overview.quota_total(sol)[0]
        assert (total.outstanding, total.closes) == (cny("135"), True)
        ends = overview.ending(sol, sol.at + 10 * DAY)
        assert [(each.count, each.amount) for each in ends if each.kind == "vouchers"] == [(1, cny("5"))]


def test_folding_puts_lines_together_and_changes_no_count(world: World) -> None:
    lived(world)
    sol, system = world.cast.sol(), system_actor("fold the tally", world.cast.at)
    with seated(sol):
        before, lines = queries.voucher_counts(sol), Tally.objects.count()
    assert actions.fold_tally(system) > 0
    assert actions.fold_tally(system) == 0
    with seated(sol):
        assert queries.voucher_counts(sol) == before
        assert Tally.objects.count() < lines


def test_a_voucher_of_no_quota_is_refused_by_the_database(world: World) -> None:
    """The key stands on the line of the tally; it holds for whatever writes vouchers."""
    voucher = world.issue()
    with pytest.raises(IntegrityError), seated(world.cast.vera()), connection.cursor() as cursor:
        cursor.execute("UPDATE vouchers_voucher SET quota_id = gen_random_uuid() WHERE id = %s", [voucher])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_tally_is_its_parties_and_written_by_nobody(world: World) -> None:
    lived(world)
    stranger = world.cast.strange_provider()
    with seated(stranger):
        assert not Tally.objects.exists()
        assert queries.voucher_counts(stranger) == {}
    for statement in ("DELETE FROM vouchers_tally", "UPDATE vouchers_tally SET vouchers = 0"):
        with pytest.raises(ProgrammingError), seated(world.cast.sol()), connection.cursor() as cursor:
            cursor.execute(statement)
