"""The worker: the queue with its schedule, and the follower that orders events and reacts to them, in one process."""

from __future__ import annotations

import argparse
import threading

from partner_center.entrypoints.jobs import follower, queue


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=4, help="jobs at a time (default: 4)")


def run(options: argparse.Namespace) -> int:
    stop = threading.Event()
    following = threading.Thread(target=follower.follow_until, args=(stop,), name="follower", daemon=True)
    following.start()
    try:
        queue.work_until(stop, options.concurrency)
    finally:
        stop.set()
        # A database that does not even refuse the connection must not hold us up.
        following.join(queue.GRACE_SECONDS)
    return 0
