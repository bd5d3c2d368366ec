"""Opening customers' accounts, and the partner's label."""

from __future__ import annotations

import pytest

from partner_center.access.queries import actor_of, user_by_login
from partner_center.audit.models import Event
from partner_center.customers import queries
from partner_center.customers.actions import (
    NewCustomer,
    associate_rows,
    end_association_rows,
    label,
    open_customer,
    open_customers,
)
from partner_center.customers.models import Account, Association
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused

NEW = {
    "site": "cloud-cn",
    "name_zh": "新客户",
    "name_en": "New Customer",
    "account_name": "newco",
    "login": "newco-main",
    "display_name": "牛",
    "customer_type": 1,
    "verified_status": 2,
}


def counts(actor) -> tuple[int, ...]:
    with seated(actor):
        return Account.objects.count(), Association.objects.count(), Event.objects.count()


def test_a_customer_is_opened_and_is_nobody_s(cast):
    opened = open_customer(cast.vera(), **NEW)
    with seated(cast.vera()):
        found = queries.customer(cast.vera(), opened.organisation_id)
        assert (found.name_zh, found.account_name, found.level) == ("新客户", "newco", "V0")
        assert (found.partner_id, found.upline_id, found.registered_at) == (None, None, cast.at)
        event = Event.objects.get(name="customer.opened", subject_id=opened.organisation_id)
        assert event.customer_id == opened.organisation_id
        assert not queries.has_partner(opened.organisation_id)
        newest, place = queries.accounts_page(cast.vera(), associated=False)
        assert [row.organisation_id for row in newest] == [opened.organisation_id] and place is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"account_name": "carl"}, "account_name_taken"),
        ({"level": "V9"}, "level_unknown"),
        ({"verified_status": 7}, "verified_status_unknown"),
        ({"customer_type": 7}, "customer_type_unknown"),
    ],
)
def test_a_refused_opening_writes_nothing(cast, changes, code):
    before = counts(cast.vera())
    with pytest.raises(Refused) as refused:
        open_customer(cast.vera(), **{**NEW, **changes})
    assert [outcome.code for outcome in refused.value.outcomes] == [code]
    assert counts(cast.vera()) == before


def test_a_taken_login_is_a_conflict_and_outsiders_open_nobody(cast):
    before = counts(cast.vera())
    with pytest.raises(Conflict, match="login_taken"):
        open_customer(cast.vera(), **{**NEW, "login": "sol"})
    for person in (cast.sol, cast.carl, cast.strange_provider):
        with pytest.raises(NotAllowed):
            open_customer(person(), **NEW)
    assert counts(cast.vera()) == before


def many(*names: str, **changes: object) -> list[NewCustomer]:
    return [NewCustomer(**{**NEW, "account_name": name, "login": f"{name}-main", **changes}) for name in names]


def test_many_customers_are_opened_at_once_as_one_by_one(cast):
    one, other = open_customers(cast.vera(), customers=many("newco", "newer"))
    with seated(cast.vera()):
        found = queries.customers(cast.vera(), [one.organisation_id, other.organisation_id])
        assert [found[each.organisation_id].account_name for each in (one, other)] == ["newco", "newer"]
        assert Event.objects.filter(name="customer.opened", subject_id__in=list(found)).count() == 2
        assert actor_of(user_by_login("newer-main"), at=cast.at).roles == ("customer_administrator",)


def test_one_that_is_refused_refuses_all_and_each_is_told_its_rules(cast):
    before = counts(cast.vera())
    wrong = [*many("newco"), *many("carl", level="V9"), *many("twice", "twice")]
    with pytest.raises(Refused) as refused:
        open_customers(cast.vera(), customers=wrong)
    assert [(outcome.subject, outcome.code) for outcome in refused.value.outcomes] == [
        ("carl", "account_name_taken"),
        ("carl", "level_unknown"),
        ("twice", "account_name_taken"),
        ("twice", "account_name_taken"),
    ]
    with pytest.raises(Conflict, match="login_taken"):
        open_customers(cast.vera(), customers=many("newco", "newer", login="newco"))
    with pytest.raises(NotAllowed):
        open_customers(cast.sol(), customers=many("newco"))
    assert counts(cast.vera()) == before


def test_a_partner_labels_its_customer(cast):
    label(cast.sol(), customer_id=cast.carl.id, text="重点")
    with seated(cast.sol()):
        assert queries.customer_detail(cast.sol(), cast.carl.id).label == "重点"
        event = Event.objects.get(name="customer.labelled")
        assert (event.partner_id, event.customer_id) == (cast.sol.id, None)
        assert "重点" not in str(event.data)


@pytest.mark.parametrize(("text", "code"), [("x" * 65, "label_too_long"), ("a b", "label_has_blanks")])
def test_a_refused_label_writes_nothing(cast, text, code):
    before = counts(cast.vera())
    with pytest.raises(Refused) as refused:
        label(cast.sol(), customer_id=cast.carl.id, text=text)
    assert [outcome.code for outcome in refused.value.outcomes] == [code]
    assert counts(cast.vera()) == before


def test_nobody_else_labels_that_customer(cast):
    for person in (cast.dario, cast.rhea, cast.strange_provider):
        with pytest.raises(NotFound):
            label(person(), customer_id=cast.carl.id, text="mine")
    with pytest.raises(NotFound):
        label(cast.dario(), customer_id=cast.rita.id, text="mine")
    with pytest.raises(NotAllowed):
        label(cast.carl(), customer_id=cast.carl.id, text="mine")


def test_two_partners_do_not_win_one_customer(cast):
    with seated(cast.vera()), pytest.raises(Conflict, match="customer_associated"):
        associate_rows(cast.vera(), customer_id=cast.carl.id, partner_id=cast.dario.id, upline_id=None, type=1)


def test_an_association_ends_once(cast):
    with seated(cast.vera()):
        row = queries.association_of(cast.vera(), cast.carl.id)
        end_association_rows(cast.vera(), association_id=row.association_id, by="vendor", reason="test")
        with pytest.raises(Conflict, match="association_ended"):
            end_association_rows(cast.vera(), association_id=row.association_id, by="vendor", reason="test")
        assert queries.customer(cast.vera(), cast.carl.id).partner_id is None
