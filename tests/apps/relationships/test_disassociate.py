"""Leaving a customer, and what comes back with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partner_center.access.codes import send_code, try_code
from partner_center.audit.models import Event
from partner_center.catalogue.actions import NewProduct, NewServiceType, publish
from partner_center.customers import queries as customers
from partner_center.customers.models import Account, Association
from partner_center.fence.seat import seated
from partner_center.kernel.actor import system_actor
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.partners.actions import set_standing
from partner_center.relationships.actions import DISASSOCIATE, associate, disassociate
from partner_center.relationships.queries import disassociation_check
from partner_center.vouchers.actions import authorise, grant, issue
from partner_center.vouchers.models import Voucher
from partner_center.vouchers.queries import quota_sum
from partner_center.vouchers.queries.checkout import OrderInput

REASON = "客户要求"


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


@pytest.fixture
def quota(cast):
    """Sol's quota of 1,000, two vouchers of 100 of it with Carl and one with Cora."""
    window = Window(cast.at - timedelta(days=1), cast.at + timedelta(days=400))
    made = grant(cast.vera(), partner_id=cast.sol.id, value=cny("1000"), window=window).quota_id
    for to in ([cast.carl.id, cast.cora.id], [cast.carl.id]):
        issue(cast.sol(), quota_id=made, customer_ids=to, face_value=cny("100"))
    return made


def state(actor) -> tuple[object, ...]:
    with seated(actor):
        owners = list(Account.objects.order_by("pk").values_list("pk", "partner_id", "upline_id"))
        rows = list(Association.objects.order_by("pk").values_list("pk", "state"))
        vouchers = list(Voucher.objects.order_by("pk").values_list("pk", "state", "came_back_minor"))
        return owners, rows, vouchers, Event.objects.count()


def refusal(actor, customer_id, reason: str = REASON) -> list[str]:
    with pytest.raises(Refused) as refused:
        disassociate(actor, customer_id=customer_id, reason=reason)
    return [outcome.code for outcome in refused.value.outcomes]


def test_the_association_ends_and_its_vouchers_come_home(cast, quota):
    left = disassociate(cast.sol(), customer_id=cast.carl.id, reason=REASON, key="k1")
    assert (left.partner_id, left.vouchers, left.returned) == (cast.sol.id, 2, cny("200"))
    with seated(cast.vera()):
        row = Association.objects.get(pk=left.association_id)
        assert (row.state, row.ended_at, row.ended_by, row.ended_reason) == ("ended", cast.at, "partner", REASON)
        assert row.partner_id == cast.sol.id
        assert customers.customer(cast.vera(), cast.carl.id).partner_id is None
        assert set(Voucher.objects.filter(customer_id=cast.carl.id).values_list("state", flat=True)) == {"reclaimed"}
        assert set(Voucher.objects.filter(customer_id=cast.cora.id).values_list("state", flat=True)) == {"usable"}
        assert quota_sum(cast.vera(), quota).free == cny("900")
        event = Event.objects.get(name="association.ended")
        assert (event.partner_id, event.customer_id, event.home_id) == (cast.sol.id, cast.carl.id, cast.sol.id)
        assert event.data == {"type": 1, "vouchers": 2, "amount": {"minor": 20000, "currency": "CNY"}}
        assert event.operation_id is not None
        assert Event.objects.filter(name="voucher.reclaimed").count() == 1
    with seated(cast.sol()):
        with pytest.raises(NotFound):
            customers.customer(cast.sol(), cast.carl.id)
        assert customers.association_of(cast.sol(), cast.carl.id) is None


def test_asked_twice_with_one_key_it_happens_once(cast, quota):
    inputs = {"customer_id": cast.carl.id, "reason": REASON, "key": "k1"}
    assert disassociate(cast.sol(), **inputs) == disassociate(cast.sol(), **inputs)
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        disassociate(cast.sol(), **{**inputs, "customer_id": cast.cora.id})


def test_a_reseller_leaves_its_customer_and_the_distributor_sees_it_go(cast):
    disassociate(cast.rhea(), customer_id=cast.rita.id, reason=REASON)
    with seated(cast.dario()):
        assert customers.sub_customers(cast.dario(), tab="resellers").count == 0
        assert Event.objects.get(name="association.ended").upline_id == cast.dario.id


def test_the_system_may_end_an_association(cast, quota):
    left = disassociate(system_actor("S-221: test", cast.at), customer_id=cast.carl.id, reason=REASON)
    assert left.returned == cny("200")
    with seated(cast.vera()):
        assert Association.objects.get(pk=left.association_id).ended_by == "system"


def test_only_an_administrator_of_the_partner_leaves_a_customer(cast, quota):
    before = state(cast.vera())
    with pytest.raises(NotAllowed):
        disassociate(cast.fay(), customer_id=cast.carl.id, reason=REASON)
    with pytest.raises(NotAllowed):
        disassociate(cast.carl(), customer_id=cast.carl.id, reason=REASON)
    with pytest.raises(NotAllowed):
        disassociate(cast.vera(), customer_id=cast.carl.id, reason=REASON)
    holder = cast.sol(roles=("finance",))
    assert refusal(holder, cast.carl.id) == ["not_administrator"]
    assert state(cast.vera()) == before


def test_a_distributor_does_not_leave_its_reseller_s_customer(cast):
    before = state(cast.vera())
    with pytest.raises(NotFound):
        disassociate(cast.dario(), customer_id=cast.rita.id, reason=REASON)
    assert refusal(cast.dario().in_seat(cast.rhea.id), cast.rita.id) == ["not_own_customer"]
    assert state(cast.vera()) == before


def test_strangers_leave_nobody_s_customer(cast, quota):
    before = state(cast.vera())
    for person in (cast.strange_provider, cast.strange_distributor, cast.strange_reseller, cast.rhea):
        with pytest.raises(NotFound):
            disassociate(person(), customer_id=cast.carl.id, reason=REASON)
        with seated(person()), pytest.raises(NotFound):
            disassociation_check(person(), cast.carl.id)
    assert state(cast.vera()) == before


def test_one_customer_is_left_once_in_three_months(cast):
    disassociate(cast.sol(), customer_id=cast.carl.id, reason=REASON)
    later = cast.at + timedelta(days=30)
    associate(cast.vera(at=later), customer_id=cast.carl.id, partner_id=cast.sol.id, type=1, reason="back again")
    before = state(cast.vera())
    with pytest.raises(Refused) as refused:
        disassociate(cast.sol(at=later), customer_id=cast.carl.id, reason=REASON)
    (outcome,) = refused.value.outcomes
    assert (outcome.code, outcome.values["actual"], outcome.values["required"]) == ("requested_lately", 1, 1)
    again = outcome.values["until"]
    assert (again.month, again.day) == (9, 15)
    assert state(cast.vera()) == before
    assert disassociate(cast.sol(at=again), customer_id=cast.carl.id, reason=REASON)


def test_an_unpaid_order_that_holds_a_voucher_stands_in_the_way(cast, quota):
    publish(
        cast.vera(),
        service_types=[NewServiceType("compute", "云主机", "Compute")],
        products=[NewProduct("small", "compute", "小型主机", "Small server", cny("10"))],
    )
    authorise(cast.carl(), order_reference="O-1", lines=[OrderInput("small", cny("60"))])
    before = state(cast.vera())
    assert refusal(cast.sol(), cast.carl.id) == ["voucher_locked_by_order"]
    assert state(cast.vera()) == before


def test_a_managed_member_is_not_left_in_the_consulting_model(cast):
    with seated(cast.vera()):
        Account.objects.filter(pk__in=[cast.carl.id, cast.cora.id]).update(is_finance_managed=True)
    before = state(cast.vera())
    assert refusal(cast.sol(), cast.carl.id) == ["customer_finance_managed"]
    assert state(cast.vera()) == before
    assert disassociate(cast.sol(), customer_id=cast.cora.id, reason=REASON)


@pytest.mark.parametrize(("reason", "code"), [("", "reason_missing"), ("x" * 201, "reason_too_long")])
def test_a_reason_is_needed(cast, quota, reason, code):
    before = state(cast.vera())
    assert refusal(cast.sol(), cast.carl.id, reason) == [code]
    assert state(cast.vera()) == before


def test_where_the_account_asks_for_a_code_there_is_no_leaving_without_one(cast, quota):
    guarded = cast.sol(guarded=True)
    before = state(cast.vera())
    assert refusal(guarded, cast.carl.id) == ["verification_code_required"]
    assert state(cast.vera()) == before
    sent = send_code(guarded, operation=DISASSOCIATE)
    confirmed = try_code(guarded, operation=DISASSOCIATE, code=sent.code)
    assert disassociate(confirmed, customer_id=cast.carl.id, reason=REASON).vouchers == 2
    assert refusal(confirmed, cast.cora.id) == ["verification_code_required"]


def test_a_frozen_partner_leaves_nobody_until_the_freeze_is_lifted(cast, quota):
    """S-215."""
    standing = {"organisation_id": cast.sol.id, "aspect": "state"}
    set_standing(cast.vera(), value="frozen", since=cast.at, **standing)
    before = state(cast.vera())
    assert refusal(cast.sol(), cast.carl.id) == ["partner_frozen"]
    assert state(cast.vera()) == before
    set_standing(cast.vera(), value="restricted", since=cast.at + timedelta(hours=1), **standing)
    later = cast.sol(at=cast.at + timedelta(hours=2))
    assert disassociate(later, customer_id=cast.carl.id, reason=REASON).vouchers == 2


def test_the_check_beforehand_says_what_would_come_back(cast, quota):
    before = state(cast.vera())
    with seated(cast.sol()):
        check = disassociation_check(cast.sol(), cast.carl.id)
    assert (check.vouchers, check.returns, check.passed, check.needs_code) == (2, cny("200"), True, False)
    assert [outcome.id for outcome in check.outcomes] == ["S-190", "S-190", "S-215", "S-191", "S-201", "S-206"]
    with seated(cast.fay()):
        assert not disassociation_check(cast.fay(), cast.carl.id).passed
    assert state(cast.vera()) == before
