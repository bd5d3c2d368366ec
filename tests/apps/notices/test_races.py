"""Two at once: a link is followed twice, a contact is added twice, a message is written twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Refused
from partner_center.notices import actions, links
from partner_center.partners import actions as partners
from partner_center.partners.queries import customer_contacts
from tests.races import at_once


@pytest.fixture
def cast(committing_db: str, cast_stage: Any) -> Any:
    return cast_stage.world


def test_of_two_who_follow_a_link_at_once_one_acts(cast: Any) -> None:
    """S-905.used."""
    link = links.Link("unsubscribe", uuid4(), cast.sol.user_id, "vouchers", cast.at + timedelta(days=1))
    text = links.token(link)
    ends = at_once(*[lambda: actions.unsubscribe(cast.sol(), token=text)] * 2)
    assert sorted(isinstance(each, Refused) for each in ends) == [False, True]


def test_of_two_who_add_the_last_contact_at_once_one_does(cast: Any) -> None:
    """L-194.most."""
    for turn in range(4):
        partners.add_contact(cast.sol(), name=f"n{turn}", phone="1")
    ends = at_once(*[lambda: partners.add_contact(cast.sol(), name="last", phone="1")] * 2)
    assert sorted(isinstance(each, Refused) for each in ends) == [False, True]
    with seated(cast.sol()):
        assert len(customer_contacts(cast.sol())) == 5


def test_a_message_written_twice_at_once_is_one(cast: Any) -> None:
    said = {"event_id": uuid4(), "about": uuid4(), "organisation_id": cast.sol.id, "values": {}, "at": cast.at}
    system = system_actor("S-905: tests", cast.at)
    one, other = at_once(*[lambda: actions.tell(system, kind="quota_frozen", key="k", **said)] * 2)
    assert one == other and one.notices == 1
