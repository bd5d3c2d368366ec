"""The demo world keeps what it promises: its amounts, its sums, and that it is there once or not at all."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from partner_center.access.queries import actor_of, user_by_login
from partner_center.customers.queries import accounts_page, customers_page
from partner_center.demo import actions, names, queries
from partner_center.demo.cast import BUYERS, PARTNERS
from partner_center.inbox.queries import waiting
from partner_center.kernel.actor import Actor
from partner_center.kernel.money import Money
from partner_center.ledger.verify import verify
from partner_center.partners.queries import accounts_page as partners_page
from partner_center.programmes.rules import APPLICATION
from partner_center.support import queries as support
from partner_center.support.rules import TICKET
from partner_center.vouchers import queries as vouchers
from partner_center.vouchers.queries.checkout import OrderInput

pytestmark = pytest.mark.slow


def of(login: str) -> Actor:
    user = user_by_login(login)
    assert user is not None
    return actor_of(user, at=datetime.now(UTC))


def every_quota(system: Actor) -> tuple[vouchers.QuotaRow, ...]:
    return vouchers.quotas(system, vouchers.QuotaFilter(tab="all"), limit=200).rows


def test_it_is_made_in_one_go(loaded: float) -> None:
    print(f"the demo world was made in {loaded:.1f} s")


def test_a_second_load_does_nothing(loaded: float) -> None:
    assert actions.load_once() is False


def test_outside_a_demo_there_is_none_of_it(loaded: float, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(actions.NotADemo):
        actions.load_once()
    assert (queries.cards(), queries.tour(), queries.credentials()) == ((), (), {})


def test_partners_and_customers_are_as_many_as_promised(system: Actor) -> None:
    identities = Counter(row.identity for row in partners_page(system, limit=100).rows)
    assert identities == {"distributor": 2, "reseller": 8, "solution_provider": 6, "subsidy": 1}
    assert len(accounts_page(system, limit=1000)[0]) == 400
    counts = customers_page(system, limit=1).counts
    assert counts[1] / sum(counts.values()) == pytest.approx(0.6, abs=0.01)


def test_reviews_wait_in_every_way(system: Actor) -> None:
    gu, lin, song = (waiting(of(login)) for login in ("gu.yan", "lin.qiao", "song.wei"))
    assert 8 <= len(gu) <= 15 and 8 <= len(lin) <= 15 and len(song) <= 3
    assert any(row.overdue(system.at) for row in gu) and all(row.escalated for row in song)
    assert sum(row.second for row in lin) == 2 and {row.kind for row in lin} == {"company_change", "joining"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT state FROM programmes_application")
        assert {state for (state,) in cursor.fetchall()} == set(APPLICATION.states) - {"expired"}
        cursor.execute("SELECT DISTINCT state FROM reviews_review")
        assert {state for (state,) in cursor.fetchall()} == {"open", "returned", "approved", "rejected", "withdrawn"}


def test_an_account_can_share_its_company_with_another(system: Actor) -> None:
    companies = Counter(row.company_id for row in partners_page(system, limit=100).rows)
    assert sorted(companies.values())[-1] == 2


def test_every_company_has_a_name_of_the_lists(system: Actor) -> None:
    known = {each.zh for each in (*names.companies(), *names.companies_abroad(), *BUYERS, *PARTNERS)}
    assert {row.name_zh for row in accounts_page(system, limit=1000)[0]} <= known
    assert {row.name_zh for row in partners_page(system, limit=100).rows} <= known


def test_the_sum_of_every_quota_closes(system: Actor) -> None:
    rows = every_quota(system)
    assert len([row for row in rows if row.parent_id is None]) == 15
    assert [row.number for row in rows if not vouchers.quota_sum(system, row.id).closes] == []


def test_quota_is_in_every_state(system: Actor) -> None:
    assert set(vouchers.quota_counts(system, "all")) >= {"normal", "frozen", "reclaimed", "invalid"}


def test_one_quota_ends_in_three_days_with_money_in_it(system: Actor) -> None:
    soon = system.at + timedelta(days=4, hours=1)
    ending = [row for row in every_quota(system) if row.state == "normal" and row.window.end < soon]
    assert len(ending) == 1
    assert ending[0].balance >= Money.of(10_000, "CNY")


def test_about_five_thousand_vouchers_are_in_every_state(system: Actor) -> None:
    counts = vouchers.voucher_counts(system)
    assert 4_500 <= sum(counts.values()) <= 5_600
    assert min(counts[state] for state in ("usable", "used", "expired", "reclaimed")) >= 100
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE v.starts_at > %s), count(*) FILTER (WHERE v.lock_order <> ''),"
            " count(*) FILTER (WHERE a.balance BETWEEN 1 AND v.face_minor - 1)"
            " FROM vouchers_voucher AS v JOIN ledger_account AS a ON a.id = v.id WHERE v.state = 'usable'",
            [system.at],
        )
        inactive, locked, partly = cursor.fetchone()
    assert min(inactive, locked, partly) >= 1


def test_tickets_are_in_every_state_and_a_wrong_invoice_waits_with_its_address(system: Actor) -> None:
    counts = Counter[str]()
    for tab in ("open", "waiting", "over"):
        counts.update(support.queue_counts(system, support.QueueFilter(tab=tab)))
    assert counts.total() >= 30
    assert set(counts) == set(TICKET.states)
    (waiting,) = support.queue(system, support.QueueFilter("waiting", "wrong_invoice")).rows
    assert waiting.return_address and waiting.return_addressee


def test_nothing_that_has_ended_is_still_called_usable(system: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM vouchers_voucher WHERE state = 'usable' AND ends_at <= %s",
            [system.at - timedelta(hours=1)],
        )
        assert cursor.fetchone() == (0,)


def test_the_ledger_is_sound(system: Actor) -> None:
    assert verify(system, []) == ()


def test_checkout_shows_every_kind_of_unmet_limit(system: Actor) -> None:
    shopper = of("fang.ke")
    found = {
        outcome.code
        for line in (
            OrderInput("ecs.s1.small", Money.of(58, "CNY")),
            OrderInput("market.erp.seat", Money.of(99, "CNY")),
            OrderInput("obs.standard.500", Money.of(49, "CNY"), discount=Decimal("0.5")),
        )
        for voucher in vouchers.quote(shopper, [line]).vouchers
        for outcome in voucher.unmet
    }
    missed = {"outside_validity", "products_not_covered", "minimum_not_reached", "voucher_locked_by_order"}
    missed |= {"order_type_not_covered", "region_not_covered", "billing_mode_not_covered", "service_types_excluded"}
    missed |= {"enterprise_project_not_covered", "not_with_discounts", "discount_too_deep"}
    assert found >= missed | {"marketplace_not_covered"}
    assert vouchers.quote(shopper, [OrderInput("ecs.s1.large", Money.of(232, "CNY"))]).pays.minor > 0


def test_a_subsidy_partner_has_two_lists_and_cash_coupons(system: Actor) -> None:
    partner, coupons = of("qi.an"), vouchers.VoucherFilter(kind=1)
    versions = vouchers.whitelists(partner)
    assert [row.number for row in versions] == [2, 1]
    assert versions[0].accounts >= 30
    assert vouchers.vouchers_count(partner, coupons) >= 20
    kept = [row for row in every_quota(system) if row.parent_id and row.upline_id is None]
    assert [len(row.customer_ids) for row in kept] == [1]


def test_the_record_stands_in_the_order_of_its_days(system: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY id) AS before FROM audit_event) AS e"
            " WHERE at < before - interval '1 hour'"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT min(at), max(at) FROM audit_event")
        first, last = cursor.fetchone()
    assert last <= system.at
    assert timedelta(days=540) < last - first < timedelta(days=556)


def test_credentials_open_the_api_for_each_kind_of_account(loaded: float) -> None:
    told = queries.credentials()
    for role in ("vendor", "distributor", "reseller", "solution_provider", "customer"):
        account = told["accounts"][role]
        assert account["login"] and account["password"]
        assert account["access_key"] and account["secret_key"]
        assert len(account["organisation_id"]) == 32


def test_only_the_distributor_is_asked_for_codes(system: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_zh FROM access_organisation WHERE verification_on")
        assert cursor.fetchall() == [("江澜云渠",)]
