"""What the entrypoints' tests share."""

from __future__ import annotations

from typing import Any

import pytest

from tests.entrypoints import world


@pytest.fixture(scope="session")
def channel_stage(make_stage: Any) -> Any:
    """Where the small world of the entrypoints is."""
    return make_stage("channel", world.build)
