"""Taking a grant, a passing on or an issue back by two persons, while nothing of it is used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from partner_center.access.actions import add_member
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotAllowed
from partner_center.kernel.periods import Window
from partner_center.ledger.models import Transfer
from partner_center.ledger.verify import verify
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import QuotaRecord, VoucherRecord
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.overview import quota_total
from tests.apps.vouchers.conftest import DAY, World, cny


@pytest.fixture
def vito(world: World) -> UUID:
    """A second person of the vendor's, in finance."""
    return add_member(world.cast.vera(), login="vito", display_name="维托", roles=["vendor_finance"], password="x")


@pytest.fixture
def clerk(world: World) -> UUID:
    """One of the vendor's who may not approve a reversal."""
    return add_member(world.cast.vera(), login="clerk", display_name="经理", roles=["ecosystem_manager"], password="x")


def last(world: World, kind: str) -> UUID:
    with seated(world.cast.vera()):
        found = Transfer.objects.filter(kind=kind).order_by("-id").first()
        assert found is not None
        return found.pk


def take(world: World, kind: str, vito: UUID, **changes: Any) -> actions.Reversed:
    terms = {"transfer_id": last(world, kind), "reason": "double entry", "approved_by": vito, **changes}
    return actions.reverse(terms.pop("by", world.cast.vera()), **terms)


def sound(world: World) -> bool:
    return not verify(world.cast.vera(), [])


def events(world: World) -> list[tuple[str, dict[str, Any]]]:
    with seated(world.cast.vera()):
        return list(Event.objects.order_by("-id").values_list("name", "data"))


def touched(caught: list[Any]) -> list[str]:
    assert caught[0].code == "transfer_touched"
    return list(caught[0].values["numbers"])


def number(world: World, quota: UUID) -> str:
    vera = world.cast.vera()
    with seated(vera):
        return queries.quota_detail(vera, quota).row.number


def state(world: World, quota: UUID) -> str:
    vera = world.cast.vera()
    with seated(vera):
        return queries.quota_detail(vera, quota).row.state


def test_a_grant_is_taken_back_whole(world: World, vito: UUID) -> None:
    """S-366."""
    quota = world.grant(world.cast.sol, "70")
    back = take(world, "quota.grant", vito)
    found = world.sum(quota)
    assert (found.free, found.given_back, found.closes) == (cny("0"), cny("70"), True)
    assert state(world, quota) == "reclaimed" and sound(world)
    with seated(world.cast.vera()):
        assert all(total.closes for total in quota_total(world.cast.vera()))
    (_, reversed_), (_, ended) = events(world)[0], events(world)[1]
    assert events(world)[0][0] == "transfer.reversed"
    assert reversed_ == {"reversal": str(back.reversal_id), "approved_by": str(vito)}
    assert ended == {"amount": {"minor": 7000, "currency": "CNY"}, "before": "normal", "after": "reclaimed"}
    with seated(world.cast.vera()):
        assert Transfer.objects.get(pk=back.reversal_id).reason == "double entry"


def test_a_frozen_grant_is_taken_back_too(world: World, vito: UUID) -> None:
    """S-361: it was frozen so that nobody uses it before two persons agree."""
    quota = world.grant(world.cast.sol, "70")
    actions.freeze(world.cast.vera(), quota_id=quota, reason="核查")
    take(world, "quota.grant", vito)
    assert state(world, quota) == "reclaimed" and world.sum(quota).closes


def test_a_passing_on_returns_to_the_quota_it_came_from(world: World, vito: UUID) -> None:
    """S-366, S-411."""
    child = world.pass_on("300")
    take(world, "quota.pass_on", vito)
    upper, lower = world.sum(world.darios), world.sum(child)
    assert (upper.free, upper.passed_on, upper.closes) == (cny("1000"), cny("0"), True)
    assert (lower.free, lower.given_back, lower.closes) == (cny("0"), cny("300"), True)
    assert state(world, child) == "reclaimed" and sound(world)
    with seated(world.cast.vera()):
        lines = list(QuotaRecord.objects.order_by("id").values_list("operation_type", "amount_minor"))
    assert lines == [(10, 30_000), (11, 30_000)]


def test_an_issue_is_taken_back_from_every_customer(world: World, vito: UUID) -> None:
    """S-366, S-400, S-410."""
    both = [world.cast.carl.id, world.cast.cora.id]
    issued = actions.issue(world.cast.sol(), quota_id=world.sols, customer_ids=both, face_value=cny("100"))
    take(world, "voucher.issue", vito)
    found = world.sum(world.sols)
    assert (found.free, found.outstanding, found.closes) == (cny("1000"), cny("0"), True)
    rows = [world.voucher(each.voucher_id) for each in issued.vouchers]
    assert [(row.state, row.balance, row.came_back, row.used) for row in rows] == [
        ("reclaimed", cny("0"), cny("100"), cny("0"))
    ] * 2
    with seated(world.cast.vera()):
        lines = VoucherRecord.objects.order_by("id").values_list("operation_type", "amount_minor")
        assert list(lines) == [(1, 10_000)] * 2 + [(2, 10_000)] * 2
    assert [name for name, _ in events(world)[:2]] == ["transfer.reversed", "voucher.reclaimed"]
    assert sound(world)


@pytest.mark.parametrize("kind", ["quota.grant", "quota.pass_on", "voucher.issue"])
def test_nothing_is_taken_back_twice_and_no_reversal_is(world: World, vito: UUID, refuses: Any, kind: str) -> None:
    world.pass_on("300")
    world.issue()
    world.grant(world.cast.sol, "70")
    transfer = last(world, kind)
    first = take(world, kind, vito, transfer_id=transfer, key="once")
    assert take(world, kind, vito, transfer_id=transfer, key="once") == first
    for again in (transfer, first.reversal_id):
        with refuses(error=Conflict) as caught:
            take(world, kind, vito, transfer_id=again)
        assert caught[0].code == "already_reversed"


def test_it_takes_two_persons_with_the_permission_and_a_reason(
    world: World, vito: UUID, clerk: UUID, refuses: Any
) -> None:
    for changes in ({"approved_by": world.cast.vera.user_id}, {"reason": " "}):
        with refuses(error=Conflict) as caught:
            take(world, "quota.grant", vito, **changes)
        assert caught[0].code == "second_person_required"
    for other in ({"approved_by": clerk}, {"approved_by": world.cast.sol.user_id}, {"by": world.cast.sol()}):
        with refuses(error=NotAllowed):
            take(world, "quota.grant", vito, **other)


def test_a_grant_of_which_something_was_used_is_not_taken_back(world: World, vito: UUID, refuses: Any) -> None:
    grant = last(world, "quota.grant")  # the distributor's, which comes last
    world.pass_on("1")
    with refuses(error=Conflict) as caught:
        take(world, "quota.grant", vito, transfer_id=grant)
    assert touched(caught) == [number(world, world.darios)]


def test_a_passing_on_of_which_one_part_was_used_is_not_taken_back(world: World, vito: UUID, refuses: Any) -> None:
    child = world.pass_on("300")
    world.issue(world.cast.rita, "1", by=world.cast.rhea(), quota=child)
    with refuses(error=Conflict) as caught:
        take(world, "quota.pass_on", vito)
    assert touched(caught) == [number(world, child)]


def test_an_issue_is_not_taken_back_after_use_nor_while_an_order_holds_it(
    world: World, vito: UUID, refuses: Any
) -> None:
    voucher = world.issue()
    carl = world.cast.carl()
    hold = actions.authorise(carl, order_reference="O1", lines=[OrderInput("ecs.s", cny("10"))]).authorisation_id
    with refuses(error=Conflict) as caught:
        take(world, "voucher.issue", vito)
    assert touched(caught) == [world.voucher(voucher).number]
    actions.capture(carl, authorisation_id=hold)
    with refuses(error=Conflict) as caught:
        take(world, "voucher.issue", vito)
    assert touched(caught) == [world.voucher(voucher).number]


def test_value_does_not_return_to_a_quota_that_is_over(world: World, vito: UUID, refuses: Any) -> None:
    """S-402: in a sub-quota that was taken back, or one whose time is over, it would lie dead."""
    child = world.pass_on("300")
    world.issue(world.cast.rita, "40", by=world.cast.rhea(), quota=child)
    actions.reclaim_quota(world.cast.dario(), quota_id=child)
    with refuses(error=Conflict) as caught:
        take(world, "voucher.issue", vito)
    assert touched(caught) == [number(world, child)]
    short = Window(world.cast.at - DAY, world.cast.at + DAY)
    world.sols = world.grant(world.cast.sol, "10", window=short)
    actions.lapse_due(system_actor("S-361: time", world.cast.at + 2 * DAY))
    with refuses(error=Conflict) as caught:
        take(world, "quota.grant", vito)
    assert touched(caught) == [number(world, world.sols)]


@pytest.mark.parametrize(
    ("kind", "instead"),
    [("voucher.authorise", "release"), ("voucher.spend", "issue")],
)
def test_another_kind_names_the_verb_that_undoes_it(
    world: World, vito: UUID, refuses: Any, kind: str, instead: str
) -> None:
    world.issue()
    carl = world.cast.carl()
    hold = actions.authorise(carl, order_reference="O1", lines=[OrderInput("ecs.s", cny("10"))])
    actions.capture(carl, authorisation_id=hold.authorisation_id)
    with refuses(error=Conflict) as caught:
        take(world, kind, vito)
    assert (caught[0].code, caught[0].values) == ("transfer_not_reversible", {"kind": kind, "instead": instead})
