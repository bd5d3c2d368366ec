"""Two real connections at once: nothing is spent twice, nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from django.db import connection, connections

from partner_center.fence.seat import seated
from partner_center.ledger import actions, queries
from partner_center.ledger.errors import InsufficientBalance
from partner_center.ledger.rules import Move

from .conftest import SYSTEM, Books, yuan

TIMES = 40


def at_once(*works: Callable[[], int]) -> list[int]:
    """Run each on a thread and connection of its own, starting together."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], int]) -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            barrier.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def spend(books: Books, source: UUID, target: UUID, minor: int) -> Callable[[], int]:
    def work() -> int:
        done = 0
        for _ in range(TIMES):
            try:
                with seated(SYSTEM):
                    moves = [Move(source, yuan(-minor)), Move(target, yuan(minor))]
                    actions.post(SYSTEM, kind="spend", moves=moves)
                done += 1
            except InsufficientBalance as refusal:
                assert refusal.account_id == source
        return done

    return work


def balances(ids: Iterable[UUID]) -> list[int]:
    with seated(SYSTEM):
        found = queries.balances(ids)
        return [amount.minor for amount in found.values()]


def test_racing_spenders_never_overspend(committing_db: str, make_books: Callable[[int], Books]) -> None:
    books = make_books(50)
    done = at_once(*[spend(books, books.quota, books.sub_quota, 1)] * 2)
    assert sum(done) == 50
    assert balances([books.quota]) == [0]
    assert balances([books.sub_quota]) == [50]


def test_opposite_transfers_do_not_deadlock(committing_db: str, make_books: Callable[[int], Books]) -> None:
    books = make_books(10_000)
    there = spend(books, books.quota, books.foreign, 3)
    back = spend(books, books.foreign, books.quota, 3)
    assert at_once(there, back, there, back) == [TIMES] * 4
    assert balances([books.quota, books.foreign]) == [10_000, 10_000]


def test_a_sweep_and_a_spender_share_what_is_there(committing_db: str, make_books: Callable[[int], Books]) -> None:
    books = make_books(1_000)

    def sweep() -> int:
        swept = 0
        for _ in range(TIMES):
            with seated(SYSTEM):
                _, given = actions.sweep(SYSTEM, kind="expire", accounts=[books.quota], into=books.issuance)
            swept += sum(given.values())
        return swept

    spent, swept = at_once(spend(books, books.quota, books.sub_quota, 7), sweep)
    assert spent * 7 + swept == 1_000
    assert balances([books.quota]) == [0]


def test_a_transfer_is_reversed_once_even_by_two_at_once(
    committing_db: str, make_books: Callable[[int], Books]
) -> None:
    from partner_center.ledger.errors import AlreadyReversed

    books = make_books(1_000)
    assert books.rhea.user_id is not None
    with seated(books.dario):
        moves = [Move(books.quota, yuan(-9)), Move(books.sub_quota, yuan(9))]
        transfer = actions.post(books.dario, kind="quota.pass_on", moves=moves)
    # Enough that the balance alone would allow it twice.
    with seated(SYSTEM):
        actions.post(SYSTEM, kind="grant", moves=[Move(books.issuance, yuan(-9)), Move(books.sub_quota, yuan(9))])

    def reverse() -> int:
        try:
            with seated(books.dario):
                approved_by = books.rhea.user_id
                assert approved_by
                actions.reverse(books.dario, transfer_id=transfer, reason="mistake", approved_by=approved_by)
        except AlreadyReversed:
            return 0
        return 1

    assert sum(at_once(reverse, reverse)) == 1
    assert balances([books.sub_quota]) == [9]
