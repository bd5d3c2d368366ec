"""Whose customers one sees, and finding them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partner_center.customers import queries
from partner_center.customers.actions import associate_rows, label
from partner_center.fence.seat import seated
from partner_center.kernel.errors import NotFound
from tests.cast import RESALE, open_customer, uscc


def names(rows) -> list[str]:
    return [row.account_name for row in rows]


@pytest.fixture
def many(cast):
    """Seven more customers of Sol, a day apart."""
    made = []
    for day in range(7):
        boss = cast.vera(at=cast.at - timedelta(days=20 - day))
        more = {"partner": cast.sol, "type": RESALE if day % 2 else 1}
        made.append(open_customer(boss, f"批量{day}号", f"Batch {day}", 50 + day, f"batch_{day}", **more))
    return made


def test_facts_of_an_association_name_the_parties_and_the_type(cast):
    with seated(cast.sol()):
        found = queries.associations(cast.sol(), [cast.carl.id, cast.cora.id, cast.rita.id, cast.strange_customer.id])
    assert set(found) == {cast.carl.id, cast.cora.id}
    carl = found[cast.carl.id]
    assert (carl.partner_id, carl.upline_id, carl.type, carl.customer_site) == (cast.sol.id, None, 1, "cloud-cn")
    assert (carl.name_zh, carl.account_name, carl.same_company) == ("卡尔制造", "carl", False)
    assert len(carl.number) == 32
    assert found[cast.cora.id].type == RESALE


def test_facts_can_be_locked_for_a_transaction(cast):
    with seated(cast.sol()):
        assert set(queries.associations(cast.sol(), [cast.carl.id], lock=True)) == {cast.carl.id}
        assert queries.associations(cast.sol(), [], lock=True) == {}
    with seated(cast.dario()):
        reseller = cast.dario().in_seat(cast.rhea.id)
        assert set(queries.associations(reseller, [cast.rita.id])) == {cast.rita.id}


def test_a_customer_of_the_partner_s_own_company_is_known(cast):
    own = open_customer(cast.vera(), "远山方案", "Far Hill", 77, "own-company", uscc=uscc(3))
    with seated(cast.vera()):
        associate_rows(cast.vera(), customer_id=own.id, partner_id=cast.sol.id, upline_id=None, type=1)
    with seated(cast.sol()):
        assert queries.associations(cast.sol(), [own.id])[own.id].same_company


def test_a_customer_finds_its_partner(cast):
    with seated(cast.rita()):
        mine = queries.association_of(cast.rita(), cast.rita.id)
        assert mine is not None and (mine.partner_id, mine.upline_id) == (cast.rhea.id, cast.dario.id)
        assert queries.association_of(cast.rita(), cast.carl.id) is None


def test_a_distributor_reads_its_resellers_customers_on_a_tab_of_their_own(cast):
    actor = cast.dario()
    with seated(actor):
        assert names(queries.sub_customers(actor, tab="own").rows) == []
        assert names(queries.sub_customers(actor, tab="resellers").rows) == ["rita"]
        assert names(queries.sub_customers(actor, tab="resellers", reseller_id=cast.rhea.id).rows) == ["rita"]
        assert names(queries.customers_page(actor, tab="resellers").rows) == ["rita"]
        assert queries.customer_detail(actor, cast.rita.id).partner_id == cast.rhea.id


def test_the_interface_s_filters(cast, many):
    label(cast.sol(), customer_id=many[3].id, text="VIP")
    actor = cast.sol()

    def found(**wanted) -> list[str]:
        with seated(actor):
            return names(queries.sub_customers(actor, **wanted).rows)

    assert len(found()) == 9
    assert found(account_name="CAR") == ["carl"]
    assert found(customer="批量3") == ["batch_3"]
    assert found(customer="batch 4") == ["batch_4"]
    assert found(label="VI") == ["batch_3"]
    assert found(label="vip") == []
    assert found(association_type=RESALE) == ["batch_5", "batch_3", "batch_1", "cora"]
    assert found(customer_ids=[cast.carl.id, cast.rita.id]) == ["carl"]
    day = cast.at - timedelta(days=17)
    assert found(associated_after=day, associated_before=day + timedelta(days=2)) == ["batch_4"]
    assert found(account_name="none") == []
    assert found(offset=7) == ["cora", "carl"]
    assert found(offset=100) == []
    with seated(actor):
        assert queries.sub_customers(actor, limit=2).count == 9


@pytest.mark.parametrize(
    ("text", "expected"), [("%", []), ("_", ["batch_0"]), ("\\", []), ("'", []), ("_0", ["batch_0"])]
)
def test_signs_of_patterns_are_searched_for_as_they_are(cast, text, expected):
    open_customer(cast.vera(), "批量", "Batch", 60, "batch_0", partner=cast.sol)
    with seated(cast.sol()):
        assert names(queries.sub_customers(cast.sol(), account_name=text).rows) == expected
        assert names(queries.customers_page(cast.sol(), text=text).rows) == expected


def test_the_console_s_list_goes_on_where_it_stopped(cast, many):
    actor, seen, place = cast.sol(), [], None
    with seated(actor):
        for _ in range(4):
            page = queries.customers_page(actor, after=place, limit=3)
            seen, place = seen + names(page.rows), page.next
            assert page.counts == {1: 5, RESALE: 4}
            if place is None:
                break
        assert seen == names(queries.sub_customers(actor, limit=100).rows)
        assert names(queries.customers_page(actor, type=RESALE, text="批量").rows) == ["batch_5", "batch_3", "batch_1"]
        assert queries.customers_page(actor, text="批量").counts == {1: 4, RESALE: 3}


def test_a_page_of_customers_takes_few_queries(cast, many, django_assert_max_num_queries):
    with seated(cast.sol()), django_assert_max_num_queries(3):
        queries.customers_page(cast.sol())
    with seated(cast.sol()), django_assert_max_num_queries(3):
        queries.sub_customers(cast.sol())


def test_strangers_see_no_customer_of_others(cast):
    for person in cast.strangers:
        with seated(person()):
            assert cast.carl.id not in queries.associations(person(), [cast.carl.id])
            assert not set(names(queries.sub_customers(person(), tab="resellers").rows))
            assert {"carl", "cora", "rita"}.isdisjoint(names(queries.sub_customers(person()).rows))
            assert {"carl", "cora", "rita"}.isdisjoint(row.account_name for row in queries.accounts_page(person())[0])
            for read in (queries.customer, queries.customer_detail):
                with pytest.raises(NotFound):
                    read(person(), cast.carl.id)


def test_without_a_seat_there_is_nothing(cast):
    nobody = cast.sol(seat=None)
    with seated(nobody):
        assert queries.associations(nobody, [cast.carl.id]) == {}
        assert queries.sub_customers(nobody).count == 0


@pytest.mark.parametrize(
    ("table", "key"), [("customers_account", "organisation_id"), ("customers_association", "customer_id")]
)
def test_a_stranger_and_nobody_read_no_foreign_row_in_sql(cast, stranger_sql, table, key):
    query = f"SELECT 1 FROM {table} WHERE {key} IN (%s, %s, %s)"
    foreign = (cast.carl.id, cast.cora.id, cast.rita.id)
    for person in cast.strangers:
        assert not stranger_sql(query, person.id, foreign)
    assert not stranger_sql(f"SELECT 1 FROM {table}", None)
    assert len(stranger_sql(query, cast.sol.id, foreign)) == 2
    assert len(stranger_sql(query, cast.dario.id, foreign)) == 1
