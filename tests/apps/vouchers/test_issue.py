"""Issuing vouchers to customers."""

from __future__ import annotations

from typing import Any

import pytest

from partner_center.access import actions as access
from partner_center.access import codes
from partner_center.access.models import VerificationCode
from partner_center.access.queries import actor_of, user_by_id
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.ledger.models import Entry
from partner_center.vouchers import actions, queries
from partner_center.vouchers.models import VoucherRecord
from tests.apps.vouchers.conftest import DAY, World, cny, counted
from tests.cast import open_customer


def give(world: World, **changes: Any) -> actions.Issued:
    terms: dict[str, Any] = {
        "quota_id": world.sols,
        "customer_ids": [world.cast.carl.id, world.cast.cora.id],
        "face_value": cny("100"),
        "remark": "Q4",
        **changes,
    }
    return actions.issue(terms.pop("by", world.cast.sol()), **terms)


def test_each_customer_gets_a_voucher_paid_for_by_the_quota(world: World) -> None:
    """S-370, S-371, S-373, S-410."""
    issued = give(world)
    found = world.sum(world.sols)
    assert (found.free, found.outstanding, found.closes) == (cny("800"), cny("200"), True)
    first = world.voucher(issued.vouchers[0].voucher_id)
    assert (first.face, first.balance, first.state) == (cny("100"), cny("100"), "usable")
    assert first.window == world.window()
    with seated(world.cast.vera()):
        entries = Entry.objects.filter(account_id__in=[world.sols, *(one.voucher_id for one in issued.vouchers)])
        assert sorted(entries.values_list("amount_minor", flat=True))[:1] == [-20_000]
        lines = list(VoucherRecord.objects.values_list("operation_type", "amount_minor", "remark"))
        (event,) = Event.objects.filter(name="voucher.issued")
    assert lines == [(1, 10_000, "Q4")] * 2
    assert (event.data["count"], event.partner_id) == (2, world.cast.sol.id)


def test_an_issue_to_one_customer_stands_on_its_timeline(world: World) -> None:
    give(world, customer_ids=[world.cast.carl.id])
    give(world)
    with seated(world.cast.vera()):
        events = Event.objects.filter(name="voucher.issued").order_by("id")
        assert [event.customer_id for event in events] == [world.cast.carl.id, None]


def test_a_frozen_partner_issues_nothing_and_a_restricted_one_does(world: World, refuses: Any) -> None:
    """S-291."""
    world.standing(world.cast.sol, "frozen")
    with refuses("S-291"):
        give(world)
    world.standing(world.cast.sol, "restricted", world.cast.at + DAY)
    assert give(world, by=world.cast.sol(at=world.cast.at + 2 * DAY)).vouchers


def test_a_resellers_consulting_customer_gets_its_voucher_from_the_distributors_quota(world: World) -> None:
    """S-350."""
    child = world.pass_on("300")
    voucher = world.voucher(world.issue(world.cast.rita, "40", by=world.cast.rhea(), quota=child))
    assert (voucher.partner_id, voucher.association_type) == (world.cast.rhea.id, 1)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"face_value": cny("0")}, "S-902"),
        ({"face_value": Money.of("1", "USD")}, "L-307"),
        ({"face_value": cny("500.01")}, "S-377"),
        ({"min_order": cny("-0.01")}, "S-371"),
        ({"customer_ids": []}, "S-372"),
        ({"service_types": ["nothing"]}, "S-374"),
        ({"remark": "x" * 201}, "S-371"),
    ],
)
def test_a_broken_rule_refuses_and_writes_nothing(
    world: World, refuses: Any, changes: dict[str, Any], rule: str
) -> None:
    with refuses(rule):
        give(world, **changes)


def test_an_eleventh_customer_is_refused(world: World, refuses: Any) -> None:
    """S-372; the domain's test vector T14."""
    boss = world.cast.vera()
    more = [
        open_customer(boss, f"客{number}", f"C{number}", 100 + number, f"c{number}", partner=world.cast.sol)
        for number in range(9)
    ]
    eleven = [world.cast.carl.id, world.cast.cora.id, *(each.id for each in more)]
    with refuses("S-372"):
        give(world, customer_ids=eleven, face_value=cny("1"))
    assert len(give(world, customer_ids=eleven[:10], face_value=cny("1")).vouchers) == 10


def test_ten_times_a_hundred_does_not_fit_nine_hundred(world: World, refuses: Any) -> None:
    """S-377; the domain's test vector T15."""
    quota = world.grant(world.cast.sol, "199.99")
    with refuses("S-377") as caught:
        give(world, quota_id=quota)
    (outcome,) = caught[0].outcomes
    assert outcome.values["short"] == cny("0.01")
    assert outcome.id == "S-377"


def test_the_window_lies_within_the_quotas(world: World, refuses: Any) -> None:
    """S-373."""
    window = world.window()
    with refuses("S-373"):
        give(world, window=Window(window.start, window.end + DAY))
    give(world, window=Window(world.cast.at + DAY, window.end))


def test_the_scope_is_inherited_and_may_only_be_narrowed(world: World, refuses: Any) -> None:
    """S-374."""
    quota = world.grant(world.cast.sol, service_types=["ecs"])
    assert world.voucher(world.issue(quota=quota)).scope.service_types == frozenset({"ecs"})
    with refuses("S-374"):
        give(world, quota_id=quota, service_types=["obs"])


def test_customers_outside_the_quotas_named_ones_and_of_others_are_refused(world: World, refuses: Any) -> None:
    """S-375, S-370."""
    quota = world.grant(world.cast.sol, customer_ids=[world.cast.cora.id])
    with refuses("S-375"):
        give(world, quota_id=quota)
    with refuses("S-370"):
        give(world, customer_ids=[world.cast.rita.id])
    with refuses("S-370"):
        give(world, customer_ids=[world.cast.strange_customer.id])


def test_a_partner_issues_nothing_to_its_own_company(world: World, refuses: Any) -> None:
    """S-352."""
    from tests.cast import uscc

    with seated(world.cast.vera()):
        from partner_center.customers.models import Account

        Account.objects.filter(pk=world.cast.carl.id).update(uscc=uscc(3))
    with refuses("S-352"):
        give(world)


def test_every_broken_rule_of_every_customer_is_named_at_once(world: World, refuses: Any) -> None:
    quota = world.grant(world.cast.sol, "1", customer_ids=[world.cast.cora.id])
    with refuses("S-377", "S-375", "S-370") as caught:
        give(world, quota_id=quota, customer_ids=[world.cast.carl.id, world.cast.rita.id])
    subjects = {outcome.subject for outcome in caught[0].outcomes if outcome.id in ("S-375", "S-370")}
    assert subjects == {world.cast.carl.id, world.cast.rita.id}


def test_partly_the_good_ones_get_theirs_and_the_bad_ones_are_named(world: World) -> None:
    """S-372, S-380: the interface serves resale customers."""
    issued = give(world, partial=True, channel="api")
    assert [one.customer_id for one in issued.vouchers] == [world.cast.cora.id]
    assert [(one.customer_id, one.rule) for one in issued.refused] == [(world.cast.carl.id, "S-380")]
    assert world.sum(world.sols).free == cny("900")


def test_a_repeated_call_issues_once(world: World, refuses: Any) -> None:
    """S-901."""
    first = give(world, key="k")
    before = counted()
    assert give(world, key="k") == first
    assert counted() == before
    with refuses(error=Conflict):
        give(world, key="k", face_value=cny("2"))


def test_a_role_without_the_item_may_not_issue(world: World, refuses: Any) -> None:
    """S-577, S-590; the domain's test vector T23."""
    from dataclasses import replace

    with refuses(error=NotAllowed):
        give(world, by=replace(world.cast.fay(), permissions=frozenset()))
    assert give(world, by=world.cast.fay()).vouchers


def test_anothers_quota_is_not_there(world: World, refuses: Any) -> None:
    with refuses(error=NotFound):
        give(world, by=world.cast.strange_provider())


def test_the_check_before_says_what_the_verb_says(world: World) -> None:
    sol = world.cast.sol()
    with seated(sol):
        said = actions.preflight(
            sol, quota_id=world.sols, customer_ids=[world.cast.carl.id, world.cast.rita.id], face_value=cny("600")
        )
    with pytest.raises(Refused) as refused:
        give(world, customer_ids=[world.cast.carl.id, world.cast.rita.id], face_value=cny("600"))
    assert {outcome.id for outcome in said.broken} == {outcome.id for outcome in refused.value.outcomes}


def test_the_remark_is_for_the_issuing_partner_alone(world: World) -> None:
    """S-376."""
    child = world.pass_on()
    world.issue(world.cast.rita, "1", by=world.cast.rhea(), quota=child, remark="secret")
    rhea, dario, rita = world.cast.rhea(), world.cast.dario(), world.cast.rita()
    with seated(rhea):
        assert [row.remark for row in queries.records(rhea, queries.RecordFilter()).rows] == ["secret"]
    with seated(dario):
        assert [row.remark for row in queries.records(dario, queries.RecordFilter(own_only=False)).rows] == [""]
    with seated(rita):
        assert not VoucherRecord.objects.all().exists()


# Verification codes --------------------------------------------------------------------------------------------------


def guarded(world: World) -> Any:
    access.switch_verification(world.cast.sol(), on=True)
    with seated(world.cast.sol()):
        user = user_by_id(world.cast.sol.user_id)
        assert user is not None
        return actor_of(user, at=world.cast.at)


def test_with_the_switch_on_a_code_is_needed_and_used_up(world: World, refuses: Any) -> None:
    """S-378, S-560, S-562, S-564."""
    sol = guarded(world)
    with refuses("S-562"):
        give(world, by=sol)
    sent = codes.send_code(sol, operation="vouchers.issue")
    confirmed = codes.try_code(sol, operation="vouchers.issue", code=sent.code)
    assert give(world, by=confirmed).vouchers
    with refuses("S-562"):
        give(world, by=confirmed)


def test_a_code_is_good_for_the_operation_it_was_sent_for(world: World) -> None:
    """S-564."""
    sol = guarded(world)
    sent = codes.send_code(sol, operation="vouchers.reclaim")
    with pytest.raises(Refused):
        codes.try_code(sol, operation="vouchers.issue", code=sent.code)


def test_four_wrong_guesses_void_a_code(world: World) -> None:
    """S-563; the domain's test vector T24."""
    sol = guarded(world)
    sent = codes.send_code(sol, operation="vouchers.issue")
    wrong = "000000" if sent.code != "000000" else "000001"
    for _ in range(4):
        with pytest.raises(Refused):
            codes.try_code(sol, operation="vouchers.issue", code=wrong)
    with pytest.raises(Refused) as refused:
        codes.try_code(sol, operation="vouchers.issue", code=sent.code)
    assert [outcome.code for outcome in refused.value.outcomes] == ["verification_code_void"]
    with seated(sol):
        assert VerificationCode.objects.get().wrong_tries == 4


def test_a_single_voucher_takes_nine_round_trips(world: World) -> None:
    """Begin, seat, claim, quota, customers, vouchers with their log, money, events with the result, commit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        give(world, customer_ids=[world.cast.carl.id], key="k")
    # In this test the outermost frame is a savepoint and its seat is put back, which a real transaction does not do.
    assert len(captured) - 1 <= 9
