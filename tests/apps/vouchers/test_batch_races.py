"""Files of vouchers on two real connections: whoever comes first, each row is issued once and every sum closes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from bench import invariants
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, Refused
from partner_center.vouchers import actions
from partner_center.vouchers.models import Voucher
from tests.apps.vouchers.conftest import World, cny
from tests.apps.vouchers.test_batch import LONG, detail, lines, states, upload
from tests.apps.vouchers.test_races import books_close, cast
from tests.conftest import owner
from tests.races import after, at_once

__all__ = ["books_close", "cast"]


@pytest.fixture(autouse=True)
def invariants_hold(committing_db: str, world: World) -> Iterator[None]:
    """What benchmarks ask after every scenario holds here, too."""
    yield
    with owner(committing_db) as connection:
        assert invariants.broken(connection) == {}


def issue(world: World, batch: UUID, **changes: Any) -> Any:
    return actions.issue_batch(world.cast.sol(), batch_id=batch, **changes)


def vouchers(world: World) -> int:
    with seated(world.cast.vera()):
        return Voucher.objects.count()


def carry_on(at: datetime, batch: UUID, limit: int = 2) -> int:
    return actions.carry_on(system_actor("tests: a worker", at), batch_id=batch, limit=limit)


def test_two_issues_of_one_file_at_once_issue_it_once(world: World) -> None:
    """S-901: with the same key the second gets the first one's answer, with another a conflict."""
    batch = upload(world, *LONG).batch_id
    first, second = at_once(lambda: issue(world, batch, key="k"), lambda: issue(world, batch, key="k"))
    assert first == second
    other = upload(world, *LONG).batch_id
    done, refused = after(lambda: issue(world, other), lambda: issue(world, other))
    assert done.issued == 4 and isinstance(refused, Conflict)
    assert vouchers(world) == 8


def test_an_issue_by_form_that_takes_the_balance_first_leaves_the_file_the_rest(world: World) -> None:
    """S-377: rows that what is left does not cover are named; nothing is promised twice."""
    batch = upload(world, ("carl", "600"), ("cora", "300"))
    _, issued = after(lambda: world.issue(face="500"), lambda: issue(world, batch.batch_id))
    # Both had seen the whole balance: the account decides, and the file says so instead of issuing in part.
    assert isinstance(issued, Refused) and {each.id for each in issued.outcomes} == {"S-377"}
    assert issue(world, batch.batch_id).issued == 1
    assert states(world, batch) == ["refused", "issued"]


def test_a_freeze_that_comes_first_stops_the_file(world: World) -> None:
    batch = upload(world, *LONG).batch_id
    freeze = lambda: actions.freeze(world.cast.vera(), quota_id=world.sols, reason="race")  # noqa: E731
    _, refused = after(freeze, lambda: issue(world, batch))
    assert isinstance(refused, Refused) and {each.id for each in refused.outcomes} == {"S-362"}


def test_a_freeze_waits_for_the_chunk_and_stops_the_next(world: World) -> None:
    """S-362, S-402."""
    batch = upload(world, *LONG)
    issue(world, batch.batch_id, at_once=3)
    after(
        lambda: carry_on(world.cast.at, batch.batch_id),
        lambda: actions.freeze(world.cast.vera(), quota_id=world.sols, reason="race"),
    )
    while carry_on(world.cast.at, batch.batch_id):
        pass
    assert states(world, batch) == ["issued", "issued", "refused", "refused", "refused"]
    assert world.sum(world.sols).free == cny("850")


def test_two_workers_at_one_file_work_it_off_once(world: World) -> None:
    batch = upload(world, *LONG)
    issue(world, batch.batch_id, at_once=3)
    done = at_once(*[lambda: [carry_on(world.cast.at, batch.batch_id) for _ in range(3)]] * 2)
    while carry_on(world.cast.at, batch.batch_id):
        pass
    assert sum(map(sum, done)) <= 4 and detail(world, batch).issued == 4
    assert vouchers(world) == 4


def test_an_undo_and_a_reclaim_of_one_of_its_vouchers_meet(world: World) -> None:
    batch = upload(world, *LONG)
    issued = issue(world, batch.batch_id)
    voucher = next(each.voucher_id for each in lines(world, batch) if each.voucher_id)
    _, refused = after(
        lambda: actions.reclaim(world.cast.sol(), voucher_ids=[voucher]),
        lambda: actions.undo_batch(world.cast.sol(), batch_id=issued.batch_id),
    )
    assert isinstance(refused, Refused) and {each.id for each in refused.outcomes} == {"S-399"}
    assert detail(world, batch).state == "issued"


def test_the_books_close_while_a_file_is_being_issued_and_after_it_was_undone(world: World) -> None:
    """S-366: at each step; a chunk done, all done, undone."""
    batch = upload(world, *LONG)
    issue(world, batch.batch_id, at_once=3)
    for _ in range(3):
        with owner(connections["default"].settings_dict["NAME"]) as connection:
            assert invariants.broken(connection) == {}
        carry_on(world.cast.at, batch.batch_id)
    actions.undo_batch(world.cast.sol(), batch_id=batch.batch_id)
