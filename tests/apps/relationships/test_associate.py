"""Association from the vendor's back office."""

from __future__ import annotations

import pytest

from partner_center.audit.models import Event
from partner_center.customers.models import Account, Association
from partner_center.customers.queries import association_of, customer
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.kernel.ids import new_id
from partner_center.relationships.actions import associate, associate_all
from partner_center.relationships.queries import Wanted
from tests.cast import CONSULTING, RESALE, open_customer, open_partner, uscc


@pytest.fixture
def prospect(cast):
    return open_customer(cast.vera(), "新客", "Prospect", 61, "prospect")


def state(actor) -> tuple[object, ...]:
    with seated(actor):
        owners = list(Account.objects.order_by("pk").values_list("pk", "partner_id", "upline_id"))
        return Association.objects.count(), Event.objects.count(), owners


def test_an_account_becomes_a_reseller_s_and_its_distributor_s_customer(cast, prospect):
    made = associate(cast.vera(), customer_id=prospect.id, partner_id=cast.rhea.id, type=RESALE, reason="ticket 7")
    assert made.upline_id == cast.dario.id
    for person in (cast.rhea, cast.dario, prospect, cast.vera):
        with seated(person()):
            facts = association_of(person(), prospect.id)
            assert facts is not None
            assert (facts.partner_id, facts.upline_id, facts.type) == (cast.rhea.id, cast.dario.id, RESALE)
    with seated(cast.vera()):
        row = customer(cast.vera(), prospect.id)
        assert (row.partner_id, row.upline_id) == (cast.rhea.id, cast.dario.id)
        event = Event.objects.get(name="association.made", subject_id=made.association_id)
        assert (event.partner_id, event.upline_id, event.customer_id) == (cast.rhea.id, cast.dario.id, prospect.id)
        assert event.data == {"type": RESALE}
        assert Association.objects.get(pk=made.association_id).made_reason == "ticket 7"


def test_asked_twice_with_one_key_it_happens_once(cast, prospect):
    inputs = {"customer_id": prospect.id, "partner_id": cast.sol.id, "type": CONSULTING, "reason": "t", "key": "k1"}
    assert associate(cast.vera(), **inputs) == associate(cast.vera(), **inputs)
    with pytest.raises(Conflict, match="idempotency_key_reused"):
        associate(cast.vera(), **{**inputs, "partner_id": cast.rhea.id})


def test_each_rule_refuses_and_nothing_is_written(cast, prospect):
    no_resale = open_partner(
        cast.vera(), "solution_provider", "只顾问", "Consulting Only", 62, "consult", may_resell=False
    )
    abroad = open_customer(cast.vera(), "海外客", "Abroad", 63, "abroad", site="cloud-intl")
    abroad_partner = open_partner(
        cast.vera(), "solution_provider", "海外", "Abroad", 64, "abroad-p", site="cloud-intl", uscc=""
    )
    insider = open_customer(cast.vera(), "北辰云数", "Beichen", 65, "insider", uscc=uscc(1))
    before = state(cast.vera())
    cases = [
        (prospect, cast.sol, 3, "t", "model_not_offered"),
        (abroad, abroad_partner, CONSULTING, "t", "model_not_offered"),
        (abroad, cast.sol, RESALE, "t", "registered_other_site"),
        (cast.carl, cast.rhea, CONSULTING, "t", "associated_other_partner"),
        (insider, cast.sol, CONSULTING, "t", "is_partner"),
        (prospect, no_resale, RESALE, "t", "partner_prepaid_no_reseller"),
        (prospect, cast.sol, CONSULTING, " ", "reason_missing"),
        (prospect, cast.sol, CONSULTING, "x" * 201, "reason_too_long"),
    ]
    for who, partner, type_, reason, code in cases:
        with pytest.raises(Refused) as refused:
            associate(cast.vera(), customer_id=who.id, partner_id=partner.id, type=type_, reason=reason)
        assert [outcome.code for outcome in refused.value.outcomes] == [code]
    assert state(cast.vera()) == before


def test_only_vendor_staff_with_the_item_associate(cast, prospect):
    before = state(cast.vera())
    for person in (cast.sol, cast.dario, prospect, cast.strange_provider):
        with pytest.raises(NotAllowed):
            associate(person(), customer_id=prospect.id, partner_id=person.id, type=CONSULTING, reason="mine")
    assert state(cast.vera()) == before


def test_neither_side_may_be_made_up(cast, prospect):
    for ids in ((new_id(), cast.sol.id), (prospect.id, new_id()), (cast.sol.id, cast.sol.id)):
        with pytest.raises(NotFound):
            associate(cast.vera(), customer_id=ids[0], partner_id=ids[1], type=CONSULTING, reason="t")


@pytest.fixture
def prospects(cast, prospect):
    return prospect, open_customer(cast.vera(), "又一家", "Another", 66, "another")


def test_many_are_associated_by_one_ticket_each_with_its_partner(cast, prospects):
    one, other = prospects
    wanted = [Wanted(one.id, cast.rhea.id, RESALE), Wanted(other.id, cast.sol.id, CONSULTING)]
    made = associate_all(cast.vera(), wanted=wanted, reason="ticket 8", key="k8")
    assert made == associate_all(cast.vera(), wanted=wanted, reason="ticket 8", key="k8")
    assert [(each.customer_id, each.partner_id, each.upline_id) for each in made] == [
        (one.id, cast.rhea.id, cast.dario.id),
        (other.id, cast.sol.id, None),
    ]
    with seated(cast.vera()):
        rows = [customer(cast.vera(), each.id) for each in prospects]
        assert [(row.partner_id, row.upline_id) for row in rows] == [each[1:] for each in parties(made)]
        events = Event.objects.filter(name="association.made", subject_id__in=[each.association_id for each in made])
        assert {(each.customer_id, each.partner_id, each.upline_id) for each in events} == set(parties(made))


def parties(made):
    return [(each.customer_id, each.partner_id, each.upline_id) for each in made]


def test_one_that_may_not_keeps_all_from_it_and_every_rule_is_named(cast, prospects):
    before = state(cast.vera())
    wanted = [
        Wanted(prospects[0].id, cast.sol.id, CONSULTING),
        Wanted(prospects[1].id, cast.sol.id, 3),
        Wanted(cast.carl.id, cast.rhea.id, CONSULTING),
    ]
    with pytest.raises(Refused) as refused:
        associate_all(cast.vera(), wanted=wanted, reason=" ")
    assert [(outcome.subject, outcome.code) for outcome in refused.value.outcomes] == [
        (None, "reason_missing"),
        (prospects[1].id, "model_not_offered"),
        (cast.carl.id, "associated_other_partner"),
    ]
    twice = [Wanted(prospects[0].id, partner.id, CONSULTING) for partner in (cast.sol, cast.rhea)]
    with pytest.raises(Conflict, match="customer_associated"):
        associate_all(cast.vera(), wanted=twice, reason="t")
    with pytest.raises(NotFound):
        associate_all(cast.vera(), wanted=[*wanted, Wanted(new_id(), cast.sol.id, CONSULTING)], reason="t")
    with pytest.raises(NotAllowed):
        associate_all(cast.sol(), wanted=wanted[:1], reason="mine")
    assert state(cast.vera()) == before
