"""G9: ending vouchers whose time is over, against issuing as many, chunk by chunk in the same rounds."""

from __future__ import annotations

import time
from datetime import timedelta

from bench.bulk import issue_in_bulk
from bench.harness import Check, Spread, at_least, told
from bench.world import World, key, now
from partner_center.kernel.actor import system_actor
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions

CHUNK = 10_000


def run(world: World, *, rounds: int, chunks: int) -> list[Check]:
    """Each round issues so many chunks and then sweeps them home."""
    quota, many = world.grant("10000000"), min(CHUNK, len(world.customers))
    issued: list[float] = []
    ended: list[float] = []
    for _ in range(rounds):
        soon = Window(now() - timedelta(minutes=1), now() + timedelta(hours=1))
        began = time.perf_counter()
        for _ in range(chunks):
            issue_in_bulk(world.issuer, quota_id=quota, customer_ids=world.customers[:many], window=soon, key=key())
        issued.append(chunks * many / (time.perf_counter() - began))
        later = system_actor("bench: a day later", now() + timedelta(days=1))
        began = time.perf_counter()
        swept = sum(actions.expire_due(later, limit=CHUNK) for _ in range(chunks))
        ended.append(swept / (time.perf_counter() - began))
        assert swept == chunks * many, f"{swept} of {chunks * many} ended"
    ratio = Spread.of([swept / made for swept, made in zip(ended, issued, strict=True)])
    return [
        told("G9", f"vouchers expired, {chunks * many:,} a round, /s", Spread.of(ended)),
        at_least("G9", "expiry sweep / issuing in bulk", ratio, 0.4),
    ]
