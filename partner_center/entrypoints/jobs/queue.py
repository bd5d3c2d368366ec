"""The task queue's loop: started again with growing pauses when the database goes away, stopped by a signal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
import time

from asgiref.sync import sync_to_async
from django.db import connections
from procrastinate.contrib.django import app

SHORTEST, LONGEST = 0.5, 30.0
STEADY_AFTER = 60.0
GRACE_SECONDS = 6.0
log = logging.getLogger("partner_center.jobs")


def work_until(stop: threading.Event, concurrency: int) -> None:
    """Work until SIGTERM or SIGINT; a job that runs then has a few seconds to end, or is done again later."""
    asyncio.run(_work(stop, concurrency))


def drain() -> None:
    """Do now all that is in the queue and due, then return."""
    asyncio.run(_drain())


async def _drain() -> None:
    await _forget_connections()
    working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with working.open_async():
        await working.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


async def _work(stop: threading.Event, concurrency: int) -> None:
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    pause = SHORTEST
    while not told.is_set():
        started = time.monotonic()
        await _until(told, asyncio.create_task(_once(concurrency)))
        pause = SHORTEST if time.monotonic() - started > STEADY_AFTER else min(pause * 2, LONGEST)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), pause)
    stop.set()


async def _until(told: asyncio.Event, working: asyncio.Task[None]) -> None:
    """Let it work until it fails or the signal comes, then let it end: also while it waits for the database."""
    stopped = asyncio.create_task(told.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if told.is_set():
        working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        log.info("the queue has stopped")
    except Exception as error:
        log.warning("the queue failed and starts again", extra={"error": type(error).__name__})


# The schedule is deferred over Django's connection of one certain thread; dead, nobody else would ever replace it.
_forget_connections = sync_to_async(connections.close_all, thread_sensitive=True)


async def _once(concurrency: int) -> None:
    await _forget_connections()
    # Another app beside the first: this one has connections of its own, and what actions queue through the first one
    # stays part of their transaction.
    working = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with working.open_async():
        await working.run_worker_async(
            concurrency=concurrency, install_signal_handlers=False, shutdown_graceful_timeout=GRACE_SECONDS
        )
