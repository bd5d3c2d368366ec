"""Cash coupons: of a subsidy partner's quota, a share of an order, and their customer's for good."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partner_center.fence.seat import seated
from partner_center.kernel.periods import Window
from partner_center.vouchers import actions, queries
from partner_center.vouchers.queries.checkout import OrderInput
from partner_center.vouchers.queries.overview import quota_total
from partner_center.vouchers.rules import CASH_KIND
from tests.apps.vouchers.conftest import DAY, World, cny
from tests.apps.vouchers.limit_cases import scope


def quotas(world: World) -> list[queries.QuotaRow]:
    sol = world.cast.sol()
    with seated(sol):
        return list(queries.quotas(sol, queries.QuotaFilter(kind=CASH_KIND)).rows)


def test_the_kind_of_the_quota_is_the_kind_of_its_coupons(subsidised: World) -> None:
    """S-360, S-417."""
    coupon = subsidised.voucher(subsidised.issue())
    assert (coupon.kind, coupon.counts_as_performance) == (CASH_KIND, True)
    sol = subsidised.cast.sol()
    with seated(sol):
        assert [row.id for row in queries.vouchers(sol, queries.VoucherFilter(kind=CASH_KIND)).rows] == [coupon.id]
        assert not queries.vouchers(sol, queries.VoucherFilter(kind=0)).rows


def test_cash_coupon_quota_goes_to_subsidy_partners_only(subsidised: World, refuses: Any) -> None:
    """S-350."""
    with refuses("S-350"):
        subsidised.grant(subsidised.cast.dario, kind=CASH_KIND)


def test_marks_of_cash_coupons_are_refused_on_vouchers(world: World, refuses: Any) -> None:
    """S-415, S-417."""
    with refuses("S-415", "S-417"):
        world.grant(world.cast.sol, limits=scope(use_ratio=Decimal("0.5")), counts_as_performance=True)


def test_a_coupon_pays_its_share_of_an_order_and_no_more(subsidised: World) -> None:
    """S-415, S-417."""
    subsidised.issue(face="100", limits=scope(use_ratio=Decimal("0.3333")))
    lines = [OrderInput("ecs.s", cny("10.01")), OrderInput("obs.s", cny("20"), billing_mode="monthly")]
    held = actions.authorise(subsidised.cast.carl(), order_reference="O1", lines=lines)
    assert held.held == cny("10.00")
    actions.capture(subsidised.cast.carl(), authorisation_id=held.authorisation_id)
    assert subsidised.event("voucher.spent")["performance"] == {"minor": 1000, "currency": "CNY"}


def test_what_comes_back_of_a_coupon_is_its_customers_alone(subsidised: World, refuses: Any) -> None:
    """S-403, S-366, S-375."""
    coupon = subsidised.issue(face="100")
    actions.reclaim(subsidised.cast.sol(), voucher_ids=[coupon])
    kept = next(row for row in quotas(subsidised) if row.parent_id == subsidised.sols)
    assert (kept.value, kept.balance, kept.customer_ids) == (cny("100"), cny("100"), (subsidised.cast.carl.id,))
    assert subsidised.sum(subsidised.sols).free == cny("900")
    assert subsidised.sum(subsidised.sols).closes and subsidised.sum(kept.id).closes
    with refuses("S-375"):
        subsidised.issue(subsidised.cast.cora, quota=kept.id)
    again = subsidised.issue(quota=kept.id)
    actions.reclaim(subsidised.cast.sol(), voucher_ids=[again])
    assert subsidised.sum(kept.id).free == cny("100")
    assert len(quotas(subsidised)) == 2


def test_several_coupons_of_a_customer_are_kept_in_one_quota(subsidised: World) -> None:
    """S-403."""
    coupons = [subsidised.issue(face="30"), subsidised.issue(face="40"), subsidised.issue(subsidised.cast.cora, "50")]
    actions.reclaim(subsidised.cast.sol(), voucher_ids=coupons)
    assert sorted(row.value.minor for row in quotas(subsidised) if row.parent_id) == [5000, 7000]


def test_a_kept_quota_is_counted_once_in_the_partners_total(subsidised: World) -> None:
    """S-366, S-403."""
    actions.reclaim(subsidised.cast.sol(), voucher_ids=[subsidised.issue(face="100")])
    for person in (subsidised.cast.sol(), subsidised.cast.vera()):
        with seated(person):
            assert all(total.closes for total in quota_total(person))


def test_a_coupon_that_ends_after_its_quota_is_lost_as_any_voucher(subsidised: World) -> None:
    """S-402, S-403."""
    quota = subsidised.grant(
        subsidised.cast.sol, kind=CASH_KIND, window=Window(subsidised.cast.at - DAY, subsidised.cast.at + DAY)
    )
    subsidised.issue(face="100", quota=quota)
    later = subsidised.cast.at + 2 * DAY
    actions.expire_due(subsidised.system(later))
    assert (subsidised.sum(quota).lost, subsidised.sum(quota).passed_on) == (cny("100"), cny("0"))
