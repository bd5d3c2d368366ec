"""Opening partners' accounts."""

from __future__ import annotations

import pytest

from partner_center.access.queries import names
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.partners import queries
from partner_center.partners.actions import open_partner
from partner_center.partners.models import Account, Company, Standing
from tests.cast import uscc

NEW = {
    "site": "cloud-cn",
    "identity": "solution_provider",
    "name_zh": "新伙伴",
    "name_en": "New Partner",
    "uscc": uscc(99),
    "login": "nora",
    "display_name": "诺拉",
    "tier": "standard",
}


def counts(actor) -> tuple[int, ...]:
    with seated(actor):
        return tuple(model.objects.count() for model in (Company, Account, Standing, Event))


def test_a_partner_is_opened_with_its_company_standing_and_event(cast):
    opened = open_partner(cast.vera(), **NEW)
    with seated(cast.vera()):
        account = queries.account(cast.vera(), opened.organisation_id)
        event = Event.objects.get(name="partner.opened", subject_id=opened.organisation_id)
        assert (account.identity, account.tier, account.state) == ("solution_provider", "standard", "active")
        assert (account.is_main, account.may_resell, account.upline_id) == (True, True, None)
        assert account.company_id == opened.company_id
        assert account.number == names([opened.organisation_id])[opened.organisation_id].number
        assert event.partner_id == opened.organisation_id
        assert event.data["identity"] == "solution_provider"
        assert "新伙伴" not in str(event.data)
        assert queries.company(cast.vera(), opened.company_id).uscc == NEW["uscc"]


def test_a_second_account_of_a_company_is_not_its_main_one(cast):
    first = open_partner(cast.vera(), **NEW)
    second = open_partner(cast.vera(), **{**NEW, "login": "nils", "uscc": "", "company_id": first.company_id})
    with seated(cast.vera()):
        assert not queries.account(cast.vera(), second.organisation_id).is_main
    assert queries.same_company(first.organisation_id, second.organisation_id)
    assert not queries.same_company(first.organisation_id, cast.sol.id)
    assert queries.company_of(second.organisation_id) == first.company_id
    assert queries.uscc_of_company(second.organisation_id) == NEW["uscc"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"identity": "integrator"}, "identity_unknown"),
        ({"tier": "gold"}, "tier_unknown"),
        ({"uscc": "123"}, "uscc_length"),
        ({"uscc": "I" + uscc(99)[1:]}, "uscc_form"),
        ({"uscc": uscc(98)[:-1] + uscc(99)[-1]}, "uscc_check_digit"),
        ({"uscc": uscc(3)}, "company_has_account"),
    ],
)
def test_a_refused_opening_writes_nothing(cast, changes, code):
    before = counts(cast.vera())
    with pytest.raises(Refused) as refused:
        open_partner(cast.vera(), **{**NEW, **changes})
    assert [outcome.code for outcome in refused.value.outcomes] == [code]
    assert counts(cast.vera()) == before


def test_a_company_of_the_other_site_gets_no_account_here(cast):
    abroad = open_partner(cast.vera(), **{**NEW, "site": "cloud-intl", "uscc": ""})
    with pytest.raises(Refused, match="L-307"):
        open_partner(cast.vera(), **{**NEW, "login": "nils", "company_id": abroad.company_id})


def test_a_taken_login_is_a_conflict(cast):
    before = counts(cast.vera())
    with pytest.raises(Conflict, match="login_taken"):
        open_partner(cast.vera(), **{**NEW, "login": "carl"})
    assert counts(cast.vera()) == before


def test_only_vendor_staff_with_the_item_opens_partners(cast):
    for person in (cast.sol, cast.dario, cast.carl):
        with pytest.raises(NotAllowed):
            open_partner(person(), **NEW)


def test_an_account_is_found_by_itself_its_distributor_and_the_vendor_only(cast):
    for person in (cast.rhea, cast.dario, cast.vera):
        with seated(person()):
            assert queries.account(person(), cast.rhea.id).identity == "reseller"
    for person in (cast.sol, cast.rita, *cast.strangers):
        with seated(person()), pytest.raises(NotFound):
            queries.account(person(), cast.rhea.id)


def test_a_company_is_seen_by_its_own_accounts_only(cast):
    company = queries.company_of(cast.sol.id)
    with seated(cast.sol()):
        assert queries.company(cast.sol(), company).name_zh == "远山方案"
    for person in (cast.dario, cast.carl, *cast.strangers):
        with seated(person()), pytest.raises(NotFound):
            queries.company(person(), company)


@pytest.mark.parametrize(
    "table", ["partners_company", "partners_account", "partners_standing", "partners_distributorlink"]
)
def test_a_stranger_and_nobody_read_no_foreign_row_in_sql(cast, stranger_sql, table):
    mine = {"partners_company": "id IN (%s)", "partners_distributorlink": "distributor_id IN (%s)"}
    key = mine.get(table, "organisation_id IN (%s)") % ", ".join(["%s"] * 4)
    foreign = (cast.sol.id, cast.dario.id, cast.rhea.id, queries.company_of(cast.sol.id))
    for seat in (None, cast.strange_provider.id, cast.strange_customer.id, cast.strange_distributor.id):
        assert not stranger_sql(f"SELECT 1 FROM {table} WHERE {key}", seat, foreign)
    assert not stranger_sql(f"SELECT 1 FROM {table}", None)
