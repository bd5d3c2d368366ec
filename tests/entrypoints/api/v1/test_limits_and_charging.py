"""Limits, kinds and the charging of usage, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from partner_center.access.actions import add_member
from tests.entrypoints import world as cast
from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.api.v1.test_verbs import issue, money
from tests.entrypoints.world import PASSWORD, World

Call = Callable[[str], Caller]
LIMITS: dict[str, Any] = {
    "service_types_excluded": [],
    "order_types": ["renew"],
    "billing_modes": ["yearly"],
    "enterprise_projects": ["ep-1"],
    "with_discounts": False,
    "min_discount": "0.8",
}


def line(amount: str = "60.00", **terms: str) -> dict[str, Any]:
    return {"product_code": "ecs.s3", "amount": money(amount), **terms}


def test_limits_are_issued_shown_and_asked_about(world: World, call: Call) -> None:
    """S-395, S-458."""
    made = call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", issue(world) | LIMITS, key="i")
    assert made.status_code == 201, made.content
    carl = call("carl")
    [mine] = carl.get("/vouchers").json()["items"]
    assert (mine["kind"], {name: mine["scope"][name] for name in LIMITS}) == ("voucher", LIMITS)
    bare = carl.post("/checkout/quotes", {"lines": [line(discount="0.5")]}).json()["vouchers"][0]
    told = {each["code"]: (each["required"], each["actual"]) for each in bare["unmet"]}
    assert told["order_type_not_covered"] == ("renewal", "—")
    assert told["discount_too_deep"] == ("80%", "50%") and told["not_with_discounts"] == ("100%", "50%")
    full = line(order_type="renew", billing_mode="yearly", enterprise_project="ep-1")
    assert carl.post("/checkout/quotes", {"lines": [full]}).json()["pays"] == money("60.00")


def test_what_is_no_limit_is_told_field_by_field(world: World, call: Call) -> None:
    wrong = {"order_types": ["gift"], "min_discount": "2", "billing_modes": ["daily"]}
    answer = call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", issue(world) | wrong, key="i")
    assert answer.status_code == 422
    fields = {each["field"].partition(".")[0] for each in answer.json()["errors"]}
    assert {"order_types", "min_discount", "billing_modes"} <= {name.partition("[")[0] for name in fields}


def test_cash_coupon_quota_is_refused_to_other_than_subsidy_partners(world: World, call: Call) -> None:
    """S-350."""
    now = timezone.now()
    body = {
        "partner_id": str(world.distributor),
        "value": money("500"),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=9)).isoformat(),
        "kind": "cash",
        "use_ratio": "0.5",
    }
    answer = call("vera").post("/quotas", body, key="g")
    assert [each["rule"] for each in answer.json()["errors"]] == ["S-350"]


def test_a_page_takes_one_voucher_and_a_program_three(world: World, call: Call) -> None:
    """S-392."""
    for _ in range(4):
        world.issue("60.00")
    carl = call("carl")
    asked = {"lines": [line("240.00")]}
    assert carl.post("/checkout/quotes", asked | {"channel": "page"}).json()["pays"] == money("60.00")
    assert carl.post("/checkout/quotes", asked).json()["pays"] == money("180.00")
    ids = [each["id"] for each in carl.get("/vouchers").json()["items"]]
    order = asked | {"order_reference": "o", "voucher_ids": ids}
    refused = carl.post("/checkout/authorisations", order, key="4")
    assert {each["rule"] for each in refused.json()["errors"]} == {"S-392"}
    page = order | {"voucher_ids": ids[:2], "channel": "page"}
    assert {each["rule"] for each in carl.post("/checkout/authorisations", page, key="2").json()["errors"]} == {"S-392"}
    assert carl.post("/checkout/authorisations", order | {"voucher_ids": ids[:3]}, key="3").status_code == 201


def test_the_charging_system_charges_usage_once(world: World, call: Call) -> None:
    """S-397."""
    voucher = world.issue("100.00").vouchers[0]
    add_member(cast.actor("vera"), login="meter", display_name="meter", roles=["charging_system"], password=PASSWORD)
    meter = call("meter")
    body = {"customer_id": str(world.customer), "usage_reference": "U-1", "lines": [line("130.00", region="cn-1")]}
    first, again = (meter.post("/charging/usage", body, key="u") for _ in range(2))
    assert first.status_code == 200, first.content
    assert (
        first.json()
        == again.json()
        == {
            "usage_reference": "U-1",
            "usage": money("130.00"),
            "paid": money("100.00"),
            "left": money("30.00"),
            "parts": [{"voucher": voucher.number, "amount": money("100.00")}],
        }
    )
    assert meter.post("/charging/usage", body, key="v").status_code == 409
    assert call("carl").get("/vouchers").json()["items"][0]["state"] == "used"


def test_nobody_else_charges(world: World, call: Call) -> None:
    body = {"customer_id": str(world.customer), "usage_reference": "U-1", "lines": [line()]}
    for login in ("carl", "rhea", "dario", "stranger"):
        assert call(login).post("/charging/usage", body, key="u").status_code == 403
