"""Switching a customer's model, and what a new association takes back of a previous partner's vouchers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partner_center.audit.models import Event
from partner_center.customers.actions import end_association_rows, label
from partner_center.customers.models import Account, Association
from partner_center.customers.queries import association_of, customer_detail
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotAllowed, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.relationships.actions import associate, disassociate, switch_type
from partner_center.relationships.queries import switch_check
from partner_center.vouchers.actions import grant, issue
from partner_center.vouchers.models import VoucherRecord
from partner_center.vouchers.queries import quota_sum
from tests.cast import CONSULTING, RESALE, open_customer, open_partner


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


@pytest.fixture
def quota(cast):
    """Sol's quota of 1,000, a voucher of 100 of it with Carl and one with Cora."""
    window = Window(cast.at - timedelta(days=1), cast.at + timedelta(days=400))
    made = grant(cast.vera(), partner_id=cast.sol.id, value=cny("1000"), window=window).quota_id
    issue(cast.sol(), quota_id=made, customer_ids=[cast.carl.id, cast.cora.id], face_value=cny("100"))
    return made


def total(cast, quota):
    with seated(cast.vera()):
        return quota_sum(cast.vera(), quota)


def lines(cast) -> list[tuple[int, int]]:
    with seated(cast.vera()):
        return list(VoucherRecord.objects.order_by("id").values_list("operation_type", "amount_minor"))


def test_the_other_model_begins_and_the_vouchers_come_back(cast, quota):
    """S-197, S-221: type 8 of the log; others' vouchers stay."""
    label(cast.sol(), customer_id=cast.carl.id, text="重点")
    switched = switch_type(cast.vera(), customer_id=cast.carl.id, type=RESALE, reason="ticket 8")
    assert (switched.type, switched.vouchers, switched.returned) == (RESALE, 1, cny("100"))
    with seated(cast.sol()):
        facts = association_of(cast.sol(), cast.carl.id)
        assert facts is not None and (facts.type, facts.partner_id) == (RESALE, cast.sol.id)
        assert customer_detail(cast.sol(), cast.carl.id).label == "重点"
    with seated(cast.vera()):
        rows = Association.objects.filter(customer_id=cast.carl.id).order_by("id")
        assert [(row.type, row.state, row.ended_by) for row in rows] == [(1, "ended", "vendor"), (2, "active", "")]
        assert Account.objects.get(pk=cast.carl.id).partner_id == cast.sol.id
        event = Event.objects.get(name="association.switched")
        assert event.data["before"] == CONSULTING and event.data["after"] == RESALE and event.data["vouchers"] == 1
    assert lines(cast)[-1] == (8, 10_000) and total(cast, quota).outstanding == cny("100")
    assert total(cast, quota).closes


def test_it_goes_the_other_way_too_and_what_comes_back_is_said_before(cast, quota):
    with seated(cast.vera()):
        check = switch_check(cast.vera(), cast.cora.id)
    assert (check.to, check.vouchers, check.returns, check.passed) == (CONSULTING, 1, cny("100"), True)
    assert switch_type(cast.vera(), customer_id=cast.cora.id, type=CONSULTING, reason="t").returned == check.returns


def test_it_is_refused_by_name_and_nothing_changes(cast, quota):
    """S-197, S-198."""
    member = open_customer(cast.vera(), "成员", "Member", 66, "member", partner=cast.sol, is_independent_member=True)
    cases = [
        (cast.cora, RESALE, "t", ["same_type"]),
        (member, RESALE, "t", ["independent_member"]),
        (cast.carl, RESALE, " ", ["reason_missing"]),
        (cast.carl, 3, "", ["reason_missing", "model_not_offered"]),
    ]
    before = total(cast, quota)
    for who, type_, reason, codes in cases:
        with pytest.raises(Refused) as refused:
            switch_type(cast.vera(), customer_id=who.id, type=type_, reason=reason)
        assert [outcome.code for outcome in refused.value.outcomes] == codes
    assert total(cast, quota) == before


def test_only_vendor_staff_switch_and_only_customers_of_somebody(cast):
    for person in (cast.sol, cast.carl, cast.strange_provider):
        with pytest.raises(NotAllowed):
            switch_type(person(), customer_id=cast.carl.id, type=RESALE, reason="mine")
    nobodys = open_customer(cast.vera(), "散客", "Nobody's", 67, "nobodys")
    for who in (new_id(), nobodys.id, cast.sol.id):
        with pytest.raises(NotFound):
            switch_type(cast.vera(), customer_id=who, type=RESALE, reason="t")


def test_it_is_no_request_of_the_partner_that_counts(cast):
    """S-191 counts what the partner or the customer asked for."""
    switch_type(cast.vera(), customer_id=cast.carl.id, type=RESALE, reason="t")
    assert disassociate(cast.sol(), customer_id=cast.carl.id, reason="left").customer_id == cast.carl.id


def test_an_association_takes_back_what_a_previous_partner_had_issued(cast, quota):
    """S-181, S-401: type 7 of the log; such vouchers are left where a relation ended without its verb."""
    with seated(cast.vera()):
        association = association_of(cast.vera(), cast.carl.id)
        assert association is not None
        end_association_rows(
            cast.vera(), association_id=association.association_id, by="vendor", reason="before vouchers came back"
        )
    associate(cast.vera(), customer_id=cast.carl.id, partner_id=cast.rhea.id, type=RESALE, reason="ticket")
    assert lines(cast)[-1] == (7, 10_000)
    assert (total(cast, quota).outstanding, total(cast, quota).closes) == (cny("100"), True)


def test_a_partner_that_may_not_resell_is_not_switched_to_resale(cast):
    """S-168."""
    consultant = open_partner(
        cast.vera(), "solution_provider", "只顾问", "Consulting Only", 62, "consult", may_resell=False
    )
    theirs = open_customer(cast.vera(), "客", "Customer", 63, "theirs", partner=consultant)
    with pytest.raises(Refused) as refused:
        switch_type(cast.vera(), customer_id=theirs.id, type=RESALE, reason="t")
    assert [outcome.id for outcome in refused.value.outcomes] == ["S-168"]
