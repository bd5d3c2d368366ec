"""Resellers of distributors, and what an account is from one day to another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from partner_center.access.queries import seat_of
from partner_center.audit.models import Event
from partner_center.fence.seat import seated
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.partners import queries
from partner_center.partners.actions import link_reseller, set_standing
from partner_center.partners.models import DistributorLink, Standing
from tests.cast import open_partner


@pytest.fixture
def newcomer(cast):
    return open_partner(cast.vera(), "reseller", "新经销", "New Reseller", 41, "newcomer", phone="13800000041")


def link_count(actor) -> tuple[int, int]:
    with seated(actor):
        return DistributorLink.objects.count(), Event.objects.count()


def test_a_link_lets_the_distributor_see_and_sit_for_its_reseller(cast, newcomer):
    link = link_reseller(cast.vera(), distributor_id=cast.dario.id, reseller_id=newcomer.id)
    with seated(cast.dario()):
        seen = queries.account(cast.dario(), newcomer.id)
        assert (seen.identity, seen.state, seen.upline_id) == ("reseller", "active", cast.dario.id)
        assert seat_of(cast.dario(), newcomer.id, "reseller").seat == newcomer.id
        assert DistributorLink.objects.get(pk=link).state == "active"
        event = Event.objects.get(name="reseller.linked", subject_id=newcomer.id)
        assert (event.partner_id, event.upline_id) == (newcomer.id, cast.dario.id)
    assert queries.distributor_of(newcomer.id, cast.at) == cast.dario.id
    assert queries.distributor_of(newcomer.id, cast.at - timedelta(seconds=1)) is None


def test_a_distributor_lists_its_resellers_by_name_account_and_day(cast, newcomer):
    link_reseller(cast.vera(), distributor_id=cast.dario.id, reseller_id=newcomer.id)
    actor = cast.dario()

    def found(**wanted) -> list[str]:
        with seated(actor):
            return [row.account_name for row in queries.resellers(actor, **wanted).rows]

    assert found() == ["newcomer", "rhea"]
    assert found(text="海川") == ["rhea"]
    assert found(text="0000041") == ["newcomer"]
    assert found(account_name="NEWC") == ["newcomer"]
    assert found(reseller_id=cast.rhea.id) == ["rhea"]
    assert found(linked_after=cast.at - timedelta(days=1)) == ["newcomer"]
    assert found(linked_before=cast.at) == ["rhea"]
    assert found(text="%") == []
    assert found(offset=1) == ["rhea"]
    with seated(actor):
        page = queries.resellers(actor, limit=1)
        assert (page.count, len(page.rows), page.rows[0].state) == (2, 1, "active")


def test_nobody_else_lists_those_resellers(cast):
    for person in (cast.rhea, cast.sol, cast.carl, cast.strange_reseller, cast.strange_provider):
        with seated(person()):
            assert queries.resellers(person()).rows == ()
    with seated(cast.strange_distributor()):
        assert [row.account_name for row in queries.resellers(cast.strange_distributor()).rows] == ["stranger-r"]


@pytest.mark.parametrize(
    ("upper", "lower", "codes"),
    [
        ("sol", "newcomer", ["not_a_distributor"]),
        ("dario", "sol", ["not_a_reseller"]),
        ("strange_distributor", "rhea", ["reseller_has_distributor"]),
    ],
)
def test_a_refused_link_writes_nothing(cast, newcomer, upper, lower, codes):
    pick = {"newcomer": newcomer}
    ids = [pick[name].id if name in pick else getattr(cast, name).id for name in (upper, lower)]
    before = link_count(cast.vera())
    with pytest.raises(Refused) as refused:
        link_reseller(cast.vera(), distributor_id=ids[0], reseller_id=ids[1])
    assert [outcome.code for outcome in refused.value.outcomes] == codes
    assert link_count(cast.vera()) == before


def test_sites_are_not_linked(cast):
    abroad = open_partner(cast.vera(), "reseller", "海外", "Abroad", 42, "abroad", site="cloud-intl")
    with pytest.raises(Refused, match="L-307"):
        link_reseller(cast.vera(), distributor_id=cast.dario.id, reseller_id=abroad.id)


def test_a_frozen_distributor_wins_no_reseller(cast, newcomer):
    freeze = {"aspect": "state", "value": "frozen", "since": cast.at - timedelta(days=1)}
    set_standing(cast.vera(), organisation_id=cast.dario.id, **freeze)
    with pytest.raises(Refused, match="L-288"):
        link_reseller(cast.vera(), distributor_id=cast.dario.id, reseller_id=newcomer.id)


def test_a_reseller_does_not_come_back_under_another_distributor(cast, newcomer):
    link = link_reseller(cast.vera(), distributor_id=cast.dario.id, reseller_id=newcomer.id)
    with seated(cast.vera()):
        DistributorLink.objects.filter(pk=link).update(state="ended", valid_to=cast.at + timedelta(days=1))
    with pytest.raises(Refused, match="S-005"):
        link_reseller(
            cast.vera(at=cast.at + timedelta(days=2)),
            distributor_id=cast.strange_distributor.id,
            reseller_id=newcomer.id,
        )


def test_partners_link_nobody(cast, newcomer):
    for person in (cast.dario, cast.rhea, cast.strange_distributor):
        with pytest.raises(NotAllowed):
            link_reseller(person(), distributor_id=cast.dario.id, reseller_id=newcomer.id)


def test_a_standing_begins_on_a_day_and_the_past_stays(cast):
    since = cast.at + timedelta(days=10)
    set_standing(cast.vera(), organisation_id=cast.sol.id, aspect="tier", value="core", since=since)
    with seated(cast.sol()):
        assert queries.account(cast.sol(), cast.sol.id).tier == "premier"
        assert queries.account(cast.sol(at=since), cast.sol.id).tier == "core"
        event = Event.objects.get(name="standing.changed")
        assert (event.data["before"], event.data["after"]) == ("premier", "core")
        tiers = [row for row in queries.history(cast.sol(), cast.sol.id) if row[0] == "tier"]
        assert [(row[1], row[3]) for row in tiers] == [("core", None), ("premier", since)]


def test_a_distributor_sees_the_new_standing_of_its_reseller(cast):
    since = cast.at - timedelta(days=1)
    set_standing(cast.vera(), organisation_id=cast.rhea.id, aspect="state", value="restricted", since=since)
    with seated(cast.dario()):
        assert queries.account(cast.dario(), cast.rhea.id).state == "restricted"
        assert queries.resellers(cast.dario()).rows[0].state == "restricted"


@pytest.mark.parametrize(
    ("who", "aspect", "value", "days", "code"),
    [
        ("sol", "tier", "gold", 1, "standing_unknown"),
        ("sol", "tier", "core", -60, "standing_out_of_order"),
        ("rhea", "identity", "solution_provider", 1, "identity_is_linked"),
    ],
)
def test_a_refused_standing_writes_nothing(cast, who, aspect, value, days, code):
    target = getattr(cast, who).id
    with seated(cast.vera()):
        before = list(Standing.objects.order_by("pk").values())
    with pytest.raises(Refused) as refused:
        set_standing(
            cast.vera(), organisation_id=target, aspect=aspect, value=value, since=cast.at + timedelta(days=days)
        )
    assert [outcome.code for outcome in refused.value.outcomes] == [code]
    with seated(cast.vera()):
        assert list(Standing.objects.order_by("pk").values()) == before


def test_the_same_standing_again_is_a_conflict(cast):
    with pytest.raises(Conflict, match="standing_unchanged"):
        set_standing(cast.vera(), organisation_id=cast.sol.id, aspect="tier", value="premier", since=cast.at)


def test_no_account_can_be_two_things_at_once(cast):
    two = {"aspect": "identity", "value": "distributor", "valid_from": cast.at}
    refused = pytest.raises(IntegrityError, match="partners_standing_one_at_a_time")
    with seated(cast.vera()), refused, transaction.atomic():
        Standing.objects.create(organisation_id=cast.sol.id, **two)


def test_an_outsider_changes_no_standing(cast):
    with pytest.raises(NotAllowed):
        set_standing(cast.sol(), organisation_id=cast.sol.id, aspect="tier", value="core", since=cast.at)


def test_the_vendor_pages_through_all_accounts_newest_first(cast, newcomer):
    actor = cast.vera()
    with seated(actor):
        first = queries.accounts_page(actor, limit=4)
        second = queries.accounts_page(actor, limit=4, after=first.next)
        assert first.rows[0].organisation_id == newcomer.id
        assert len(first.rows) == 4 and len(second.rows) == 3 and second.next is None
        assert not {row.organisation_id for row in first.rows} & {row.organisation_id for row in second.rows}
        assert {row.account_name for row in queries.accounts_page(actor, identity="distributor").rows} == {
            "dario",
            "stranger-d",
        }
        assert [row.account_name for row in queries.accounts_page(actor, text="远山").rows] == ["sol"]
        assert [row.account_name for row in queries.accounts_page(actor, upline_id=cast.dario.id).rows] == ["rhea"]
        assert queries.accounts_page(actor, site="cloud-intl").rows == ()
        assert queries.accounts_page(actor, state="frozen").rows == ()


def test_a_partner_s_own_list_of_accounts_holds_nobody_else(cast):
    with seated(cast.strange_provider()):
        rows = queries.accounts_page(cast.strange_provider()).rows
        assert [row.organisation_id for row in rows] == [cast.strange_provider.id]
        with pytest.raises(NotFound):
            queries.account(cast.strange_provider(), cast.sol.id)
        assert queries.accounts(cast.strange_provider(), [cast.sol.id, cast.rhea.id]) == {}
