"""Further limits, kinds and whitelists on pages: set by hand, folded away, told in words, refused at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partner_center.catalogue.actions import NewRegion, publish
from partner_center.fence.seat import seated
from partner_center.partners.actions import set_standing
from partner_center.vouchers import actions, queries
from partner_center.vouchers.rules import CASH_KIND, Scope
from tests.entrypoints.web.vouchers.conftest import page_of

LIMITS = {
    "order_types": ["renew"],
    "billing_modes": ["yearly"],
    "regions": ["cn-east-1"],
    "service_types_excluded": ["rds"],
    "enterprise_projects": "ep-1, ep-2",
    "without_discounts": "on",
    "min_discount": "80%",
}
SCOPE = Scope(
    order_types=frozenset({"renew"}),
    billing_modes=frozenset({"yearly"}),
    regions=frozenset({"cn-east-1"}),
    service_types_excluded=frozenset({"rds"}),
    enterprise_projects=frozenset({"ep-1", "ep-2"}),
    with_discounts=False,
    min_discount=Decimal("0.8"),
)
LIST, IMPORT = "/vouchers/whitelist/", "/vouchers/whitelist/import/"


@pytest.fixture
def regions(world: Any) -> None:
    publish(
        world.vera(),
        service_types=[],
        products=[],
        regions=[NewRegion("cn-east-1", "cloud-cn", "华东一", "East China 1")],
    )


@pytest.fixture
def subsidy(world: Any) -> Any:
    """Sol as a partner that hands out subsidies, with Carl on its list."""
    sol = world.cast.sol
    set_standing(
        world.vera(), organisation_id=sol.id, aspect="identity", value="subsidy", since=world.now - timedelta(minutes=1)
    )
    actions.import_whitelist(sol(), accounts=["carl"], source="spring.csv")
    return world


def terms(world: Any, **changes: Any) -> dict[str, Any]:
    days = (world.now + timedelta(days=20)).date().isoformat()
    basic = {"ids": [str(world.cast.carl.id)], "face_value": "100", "ends_at": days, "key": uuid4().hex}
    return {**basic, **changes}


def granted(world: Any, partner: Any, **changes: Any) -> dict[str, Any]:
    days = (world.now + timedelta(days=90)).date().isoformat()
    return {"partner": str(partner.id), "value": "8000", "ends_at": days, "key": uuid4().hex, **changes}


def last_scope(world: Any, table: str) -> Scope:
    vera = world.vera()
    with seated(vera):
        if table == "quota":
            return queries.quotas(vera, queries.QuotaFilter()).rows[0].scope
        return queries.vouchers(vera, queries.VoucherFilter()).rows[0].scope


def test_every_limit_is_granted_and_issued_by_hand(world: Any, regions: None, open_as: Any) -> None:
    """S-395, S-374."""
    assert open_as(world.cast.vera).post("/vendor/quotas/grant/", granted(world, world.cast.sol, **LIMITS)).url
    assert last_scope(world, "quota") == SCOPE
    sol = open_as(world.cast.sol)
    assert sol.post(f"/vouchers/quotas/{world.sols}/issue/", terms(world, **LIMITS)).status_code == 303
    assert last_scope(world, "voucher") == SCOPE


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("续订", "包年", "华东一", "不适用于", "不与折扣同时使用", "不低于官网价的 80%", "代金券")),
        ("en", ("renewal", "yearly", "East China 1", "Not for", "not together with discounts", "80%", "Voucher")),
    ],
)
def test_limits_are_told_in_words_to_partner_vendor_and_customer(
    world: Any, regions: None, open_as: Any, language: str, words: tuple[str, ...]
) -> None:
    """S-375, S-395."""
    quota = world.grant(world.cast.sol, 500, limits=SCOPE)
    issued = actions.issue(
        world.cast.sol(), quota_id=quota, customer_ids=[world.cast.carl.id], face_value=world_money("10")
    )
    voucher = issued.vouchers[0].voucher_id
    pages = (
        (world.cast.sol, f"/vouchers/quotas/{quota}/"),
        (world.cast.vera, f"/vendor/quotas/{quota}/"),
        (world.cast.sol, f"/vouchers/issued/{voucher}/"),
        (world.cast.carl, "/billing/vouchers/"),
        (world.cast.carl, f"/billing/vouchers/{voucher}/"),
    )
    for person, path in pages:
        page = page_of(open_as(person, language).get(path))
        assert [each for each in words if each not in page] == [], path


def world_money(amount: str) -> Any:
    from tests.entrypoints.web.vouchers.conftest import cny

    return cny(amount)


def test_further_limits_are_folded_away_until_one_is_used(world: Any, open_as: Any) -> None:
    sol, path = open_as(world.cast.sol), f"/vouchers/quotas/{world.sols}/issue/"
    assert b'pc-further">' in sol.get(path).content
    used = sol.post(path, terms(world, min_discount="80", look="1")).content
    assert b'pc-further" open>' in used


def test_what_is_wrong_with_limits_is_said_at_each(world: Any, open_as: Any) -> None:
    """S-395, S-415."""
    path, before = f"/vouchers/quotas/{world.sols}/issue/", world.written()
    answer = open_as(world.cast.sol, "en").post(
        path, terms(world, min_discount="180", enterprise_projects="a b/c", use_ratio="50")
    )
    page = page_of(answer)
    assert answer.status_code == 422 and world.written() == before
    assert "180% was entered" in page and "Not an enterprise project's code: b/c" in page
    assert "S-395" in page and "S-415" in page
    unreadable = page_of(open_as(world.cast.sol, "en").post(path, terms(world, min_discount="much")))
    assert "Enter a percentage" in unreadable


def test_only_what_the_quota_allows_is_offered(world: Any, open_as: Any) -> None:
    """S-374."""
    quota = world.grant(world.cast.sol, 500, limits=Scope(order_types=frozenset({"renew"})))
    page = page_of(open_as(world.cast.sol, "en").get(f"/vouchers/quotas/{quota}/issue/"))
    assert "renewal" in page and "new order" not in page


def test_cash_coupons_are_granted_marked_and_filtered(subsidy: Any, open_as: Any) -> None:
    """S-360, S-415, S-417."""
    world = subsidy
    vera = open_as(world.cast.vera, "en")
    asked = granted(world, world.cast.sol, kind=str(CASH_KIND), use_ratio="50", counts_as_performance="on")
    assert vera.post("/vendor/quotas/grant/", asked).status_code == 303
    assert "Cash coupon" in page_of(vera.get("/vendor/quotas/?kind=1"))
    sol = open_as(world.cast.sol, "en")
    listed = page_of(sol.get("/vouchers/quotas/?kind=1"))
    assert "Cash coupon · from" in listed and world.number(world.sols) not in listed
    quota = world.ask("SELECT id FROM vouchers_quota WHERE kind = 1")
    detail = page_of(sol.get(f"/vouchers/quotas/{quota}/"))
    assert "Cash coupon · counts as performance" in detail and "at most 50% of an order" in detail
    assert sol.post(f"/vouchers/quotas/{quota}/issue/", terms(world)).status_code == 303
    vouchers = page_of(sol.get("/vouchers/issued/?kind=1"))
    assert vouchers.count("Cash coupon · from") == 1
    assert "Cash coupon" in page_of(open_as(world.cast.carl, "en").get("/billing/vouchers/"))


def test_cash_coupon_quota_for_another_partner_is_refused_with_every_reason(world: Any, open_as: Any) -> None:
    """S-350, S-415."""
    answer = open_as(world.cast.vera, "en").post(
        "/vendor/quotas/grant/", granted(world, world.cast.sol, kind="1", use_ratio="150", value="0")
    )
    page = page_of(answer)
    assert answer.status_code == 422
    for rule in ("S-350", "S-415", "S-902"):
        assert rule in page


def test_whoever_is_off_the_list_is_named_before_submitting_and_refused(subsidy: Any, open_as: Any) -> None:
    """S-382."""
    path, before = f"/vouchers/quotas/{subsidy.sols}/issue/", subsidy.written()
    asked = terms(subsidy, ids=[str(subsidy.cast.carl.id), str(subsidy.cast.cora.id)])
    answer = open_as(subsidy.cast.sol, "en").post(path, asked)
    page = page_of(answer)
    assert answer.status_code == 422 and subsidy.written() == before
    assert "S-382" in page and "Cora Retail" in page and "Remove 1" in page and "Customer whitelist" in page


def test_a_list_is_checked_then_imported_and_shown_in_versions(subsidy: Any, open_as: Any) -> None:
    """S-382."""
    sol = open_as(subsidy.cast.sol, "en")
    wrong = sol.post(IMPORT, {"accounts": "carl\ntwo words\ncarl\n", "look": "1", "key": "k"})
    assert wrong.status_code == 422
    assert "Line 2, “two words”" in page_of(wrong) and "repeats line 1" in page_of(wrong)
    file = SimpleUploadedFile("autumn.csv", "cora,珂拉\nacme_it,某某\n".encode("gb18030"))
    looked = sol.post(IMPORT, {"file": file, "look": "1", "key": "k"})
    assert looked.status_code == 200 and "2 accounts; 1 of them" in page_of(looked)
    done = sol.post(IMPORT, {"accounts": "cora\nacme_it", "source": "autumn.csv", "import": "1", "key": "k"})
    assert done.status_code in (302, 303)
    page = page_of(sol.get(LIST))
    for said in ("version 2 (shown)", "autumn.csv", "spring.csv", "acme_it", "not yet", "Cora Retail"):
        assert said in page, said
    old = page_of(sol.get(f"{LIST}?version=1"))
    assert "Version 1 is no longer in force." in old and "acme_it" not in old
    assert "No account matches" in page_of(sol.get(f"{LIST}?q=nobody"))


def test_a_list_that_is_wrong_is_not_imported_whatever_the_button(subsidy: Any, open_as: Any) -> None:
    """S-382."""
    answer = open_as(subsidy.cast.sol).post(IMPORT, {"accounts": "two words", "import": "1", "key": "k"})
    assert answer.status_code == 422
    assert subsidy.ask("SELECT count(*) FROM vouchers_whitelistversion") == 1


def test_files_that_are_no_list_are_said_so(subsidy: Any, open_as: Any) -> None:
    sol = open_as(subsidy.cast.sol, "en")
    for raw in (b"\xff\xfe\x00\xd8", b""):
        answer = sol.post(IMPORT, {"file": SimpleUploadedFile("x.csv", raw), "look": "1", "key": "k"})
        assert answer.status_code == 422


def test_other_partners_have_no_such_page(world: Any, open_as: Any, manager: Any) -> None:
    """S-382."""
    sol = open_as(world.cast.sol)
    assert sol.get(LIST).status_code == 404
    assert sol.get(IMPORT).status_code == 404
    assert LIST not in sol.get("/vouchers/quotas/").content.decode()
    assert open_as(manager).get(LIST).status_code == 403


def test_the_list_asks_as_often_for_many_accounts_as_for_one(subsidy: Any, open_as: Any, cost: Any) -> None:
    sol = open_as(subsidy.cast.sol)
    one = cost(sol, LIST)
    actions.import_whitelist(subsidy.cast.sol(), accounts=[f"account_{number}" for number in range(60)])
    assert cost(sol, LIST) == one
