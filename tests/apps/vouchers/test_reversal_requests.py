"""One person asks for a reversal, a second one decides; nobody decides on their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from partner_center.access.actions import add_member, change_roles
from partner_center.access.queries import actor_of, user_by_id
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import Actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound
from partner_center.kernel.ids import new_id
from partner_center.ledger.models import Transfer
from partner_center.vouchers import actions
from partner_center.vouchers.models import ReversalRequest
from tests.apps.vouchers.conftest import World, cny


@pytest.fixture
def vito(world: World) -> Actor:
    """A second person of the vendor's, in finance."""
    vera = world.cast.vera()
    found = add_member(vera, login="vito", display_name="维托", roles=["vendor_finance"], password="x")
    with seated(vera):
        user = user_by_id(found)
        assert user is not None
        return actor_of(user, at=vera.at)


def last(world: World, kind: str) -> UUID:
    with seated(world.cast.vera()):
        found = Transfer.objects.filter(kind=kind).order_by("-id").first()
        assert found is not None
        return found.pk


def ask(world: World, kind: str = "quota.grant", **changes: Any) -> UUID:
    terms = {"transfer_id": last(world, kind), "reason": "重复录入", **changes}
    return actions.ask_reversal(terms.pop("by", world.cast.vera()), **terms)


def request(world: World, id_: UUID) -> ReversalRequest:
    with seated(world.cast.vera()):
        return ReversalRequest.objects.get(pk=id_)


def events(world: World) -> list[str]:
    with seated(world.cast.vera()):
        return list(Event.objects.order_by("-id").values_list("name", flat=True))


def test_a_request_moves_nothing_until_another_agrees(world: World, vito: Actor) -> None:
    asked = ask(world)
    assert request(world, asked).state == "waiting" and world.sum(world.darios).free == cny("1000")
    assert request(world, asked).quota_id == world.darios and request(world, asked).amount_minor == 100_000
    decided = actions.approve_reversal(vito, request_id=asked)
    assert decided.state == "approved" and world.sum(world.darios).given_back == cny("1000")
    with seated(world.cast.vera()):
        made = Transfer.objects.get(pk=decided.reversal_id)
        assert (made.actor_user_id, made.approved_by_id) == (world.cast.vera.user_id, vito.user_id)
        assert made.reason == "重复录入"
    assert {"reversal.requested", "reversal.approved", "transfer.reversed"} <= set(events(world)[:4])


def test_who_asked_does_not_decide(world: World, refuses: Any) -> None:
    asked = ask(world)
    for decide in (
        lambda: actions.approve_reversal(world.cast.vera(), request_id=asked),
        lambda: actions.decline_reversal(world.cast.vera(), request_id=asked, answer="no"),
    ):
        with refuses(error=Conflict) as caught:
            decide()
        assert caught[0].code == "second_person_required"


def test_a_second_person_says_no_and_why(world: World, vito: Actor, refuses: Any) -> None:
    asked = ask(world)
    with refuses("S-361"):
        actions.decline_reversal(vito, request_id=asked, answer=" ")
    actions.decline_reversal(vito, request_id=asked, answer="金额正确")
    row = request(world, asked)
    assert (row.state, row.answer, row.decided_by) == ("declined", "金额正确", vito.user_id)
    assert events(world)[0] == "reversal.declined" and world.sum(world.darios).free == cny("1000")
    ask(world)


def test_who_asked_takes_it_back_and_nobody_else(world: World, vito: Actor, refuses: Any) -> None:
    asked = ask(world)
    with refuses(error=NotFound):
        actions.cancel_reversal(vito, request_id=asked)
    actions.cancel_reversal(world.cast.vera(), request_id=asked)
    assert request(world, asked).state == "cancelled" and events(world)[0] == "reversal.cancelled"


def test_it_is_decided_once(world: World, vito: Actor, refuses: Any) -> None:
    asked = ask(world)
    actions.approve_reversal(vito, request_id=asked, key="k")
    assert actions.approve_reversal(vito, request_id=asked, key="k").state == "approved"
    with refuses(error=Conflict) as caught:
        actions.approve_reversal(vito, request_id=asked)
    assert caught[0].code == "reversal_decided"


def test_it_is_asked_for_once_and_only_where_it_could_be(world: World, refuses: Any) -> None:
    ask(world)
    with refuses(error=Conflict) as caught:
        ask(world)
    assert caught[0].code == "reversal_asked_already"
    with refuses("S-361"):
        ask(world, reason="")
    world.issue()
    with refuses(error=NotFound):
        ask(world, transfer_id=new_id())
    grant = last_of(world, world.sols)
    with refuses(error=Conflict) as caught:
        ask(world, transfer_id=grant)
    assert caught[0].code == "transfer_touched"


def last_of(world: World, quota: UUID) -> UUID:
    with seated(world.cast.vera()):
        return Transfer.objects.filter(kind="quota.grant", entries__account_id=quota).get().pk


def test_what_was_used_meanwhile_keeps_the_request_waiting(world: World, vito: Actor, refuses: Any) -> None:
    asked = ask(world)
    world.pass_on("1")
    with refuses(error=Conflict) as caught:
        actions.approve_reversal(vito, request_id=asked)
    assert caught[0].code == "transfer_touched" and request(world, asked).state == "waiting"


def test_both_persons_need_the_permission(world: World, vito: Actor, refuses: Any) -> None:
    with refuses(error=NotAllowed):
        ask(world, by=world.cast.sol())
    asked = actions.ask_reversal(vito, transfer_id=last(world, "quota.grant"), reason="r")
    for verb in (actions.approve_reversal, actions.cancel_reversal):
        with refuses(error=NotAllowed):
            verb(world.cast.dario(), request_id=asked)
    change_roles(world.cast.vera(), user_id=vito.person_id, roles=["ecosystem_manager"])
    with refuses(error=NotAllowed):
        actions.approve_reversal(world.cast.vera(), request_id=asked)


def test_partners_see_no_request(world: World, stranger_sql: Any) -> None:
    ask(world)
    for seat in (world.cast.dario.id, world.cast.sol.id, world.cast.strange_provider.id):
        assert stranger_sql("SELECT * FROM vouchers_reversalrequest", seat) == []
