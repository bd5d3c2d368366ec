"""Two or more verbs at once, each on a thread and a connection of its own. For tests with `committing_db`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from time import monotonic, sleep
from typing import Any

from django.db import connection, connections, transaction

from partner_center.kernel.errors import DomainError

Work = Callable[[], Any]
_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"


def told(work: Work) -> Any:
    """What the work returns, or the refusal it is told; anything else that it raises fails the test."""
    try:
        return work()
    except DomainError as error:
        return error
    finally:
        connections.close_all()


def after(first: Work, second: Work) -> tuple[Any, Any]:
    """Both works' ends; the second begins when the first has written all it writes, and ends after its commit."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            done = first()
            waiting = pool.submit(told, second)
            until_it_waits(waiting)
        return done, waiting.result(timeout=20)


def until_it_waits(work: Future[Any]) -> None:
    """Until the work stands at a lock of the present transaction, or has come to its end without."""
    end = monotonic() + 10
    with connection.cursor() as cursor:
        while not work.done() and monotonic() < end:
            cursor.execute(_WAITS)
            if cursor.fetchone()[0]:
                return
            sleep(0.01)


def at_once(*works: Work) -> list[Any]:
    """The works' ends, started together."""
    barrier = Barrier(len(works))

    def start(work: Work) -> Any:
        connection.ensure_connection()
        barrier.wait()
        return told(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(start, works))
