"""Signing and publishing by two at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from partner_center.agreements import actions, queries
from partner_center.agreements.models import Signature
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, Refused
from tests.apps.agreements.publishing import publish
from tests.races import after, at_once


@pytest.fixture
def cast(committing_db: str, cast_stage: Any) -> Any:
    return cast_stage.world


def test_of_two_who_sign_at_once_one_has_signed(cast: Any) -> None:
    """L-039.once."""
    id_ = publish(cast)
    ends = at_once(*[lambda: actions.sign(cast.sol(), version_id=id_, language="zh")] * 2)
    assert sorted(isinstance(each, Refused) for each in ends) == [False, True]
    with seated(cast.sol()):
        assert Signature.objects.count() == 1


def test_whoever_signs_while_the_next_version_is_published_is_told(cast: Any) -> None:
    """L-039.latest: the later of the two finds what the first has done."""
    first = publish(cast)
    _, told = after(lambda: publish(cast, "2.0"), lambda: actions.sign(cast.sol(), version_id=first, language="zh"))
    assert isinstance(told, Refused) and told.outcomes[0].code == "version_superseded"


def test_of_two_who_publish_at_once_one_is_told(cast: Any) -> None:
    publish(cast)
    ends = at_once(lambda: publish(cast, "2.0"), lambda: publish(cast, "3.0"))
    assert sum(isinstance(each, Conflict) for each in ends) <= 1
    assert sum(isinstance(each, UUID) for each in ends) >= 1
    assert len(queries.versions("cloud-cn", latest=True)) == 1
