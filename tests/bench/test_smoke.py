"""The bench in small: what of it can be told without a clock, and a few seconds under fire."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from bench import correctness, posting, world
from bench.database import Place
from partner_center.config import environment
from tests.conftest import APP_PASSWORD, APP_ROLE


@pytest.fixture
def place(committing_db: str) -> Place:
    """The test's own database. Its server is not ours to kill: a backend is ended instead."""
    at = environment.database(settings.OWNER_DATABASE_URL)
    server = f"{at['HOST']}:{at['PORT']}/{committing_db}"
    return Place(
        f"postgresql://{at['USER']}:{at['PASSWORD']}@{server}",
        f"postgresql://{APP_ROLE}:{APP_PASSWORD}@{server}",
        may_be_killed=False,
    )


def test_an_issue_to_one_customer_takes_nine_round_trips_at_most(place: Place) -> None:
    """Begin, seat and claim, relation, quota, voucher, money, events, commit: what is more is latency for everybody."""
    wire = posting.heard_issue(world.build(2))
    assert 0 < wire.round_trips <= posting.ROUND_TRIPS, wire.statements


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_under_fire(place: Place, tmp_path: Path) -> None:
    """S-906, S-377, S-366: writers on one quota, some killed, a backend ended; then every unit is looked for."""
    checks = correctness.run(
        place, world.build(30), tmp_path, writers=3, seconds=2.5, value="300", kill_every=0.7, least=5
    )
    assert [str(check) for check in checks if check.passed is False] == []
