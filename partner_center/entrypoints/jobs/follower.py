"""The loop that orders events and reacts to them, through restarts of the database."""

from __future__ import annotations

import logging
import threading

from django.db import connections
from django.utils import timezone

from partner_center.entrypoints.jobs.reactions import react
from partner_center.kernel.actor import system_actor

IDLE, LONGEST = 0.5, 30.0
log = logging.getLogger("partner_center.jobs")


def follow_until(stop: threading.Event) -> None:
    """React to what is recorded until told to stop; what goes wrong is tried again with growing pauses."""
    pause = IDLE
    while not stop.is_set():
        try:
            busy = react(system_actor("reactions", timezone.now()))
            pause = 0.0 if busy else IDLE
        except Exception as error:
            log.warning("reactions failed", extra={"error": type(error).__name__}, exc_info=pause >= LONGEST)
            connections.close_all()
            pause = min(max(pause, IDLE) * 2, LONGEST)
        stop.wait(pause)
    connections.close_all()
