"""The same verbs as the console's, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from partner_center.access.actions import switch_verification
from tests.entrypoints import world as cast
from tests.entrypoints.api.v1.conftest import Caller
from tests.entrypoints.world import World

Call = Callable[[str], Caller]


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


def order(amount: str = "60.00", reference: str = "order-1") -> dict[str, Any]:
    return {"order_reference": reference, "lines": [{"product_code": "ecs.s3", "amount": money(amount)}]}


def issue(world: World, amount: str = "100.00") -> dict[str, Any]:
    return {"customer_ids": [str(world.customer)], "face_value": money(amount)}


def balance(caller: Caller, quota: object) -> str:
    return str(caller.get(f"/quotas/{quota}").json()["balance"]["amount"])


def test_the_vendor_grants_the_distributor_passes_on_the_reseller_issues(world: World, call: Call) -> None:
    now = timezone.now()
    body = {
        "partner_id": str(world.distributor),
        "value": money("500"),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=9)).isoformat(),
    }
    granted = call("vera").post("/quotas", body, key="g").json()
    assert granted["number"]
    passed = call("dario").post(
        f"/quotas/{granted['id']}/sub-quotas", {"reseller_ids": [str(world.reseller)], "amount": money("200")}, key="p"
    )
    assert (passed.status_code, passed.json()["total"]) == (201, money("200.00"))
    sub_quota = passed.json()["quotas"][0]["id"]
    issued = call("rhea").post(f"/quotas/{sub_quota}/vouchers", issue(world, "30"), key="i")
    assert issued.status_code == 201
    assert balance(call("rhea"), sub_quota) == "170.00"
    back = call("dario").post(f"/quotas/{sub_quota}/reclaim", key="r")
    assert back.json() == {"id": sub_quota, "amount": money("170.00")}


def test_the_vendor_changes_a_quota_step_by_step(world: World, call: Call) -> None:
    now = timezone.now()
    vera = call("vera")
    body = {
        "partner_id": str(world.distributor),
        "value": money("500"),
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=9)).isoformat(),
    }
    quota = f"/quotas/{vera.post('/quotas', body, key='g').json()['id']}"
    why = {"reason": "ticket 9"}
    assert vera.post(f"{quota}/begin-adjusting", why, key="b").json()["state"] == "adjusting"
    low = vera.post(f"{quota}/adjust", {"value": money("0"), "reason": ""}, key="low")
    assert (low.status_code, {each["rule"] for each in low.json()["errors"]}) == (422, {"S-902", "S-361"})
    adjusted = vera.post(f"{quota}/adjust", {"value": money("700"), **why}, key="a").json()
    assert (adjusted["state"], adjusted["value"], adjusted["balance"]) == ("normal", money("700.00"), money("700.00"))
    named = vera.post(f"{quota}/customers", {"customer_ids": [str(world.customer)], **why}, key="n").json()
    assert named["customer_ids"] == [str(world.customer)]
    assert vera.post(f"{quota}/freeze", why, key="f").json()["state"] == "frozen"
    assert vera.post(f"{quota}/begin-adjusting", why, key="b2").status_code == 409
    assert vera.post(f"{quota}/unfreeze", why, key="u").json()["state"] == "normal"
    ended = vera.post(f"{quota}/invalidate", why, key="i").json()
    assert (ended["state"], ended["balance"]) == ("invalid", money("0.00"))
    for verb in ("freeze", "begin-adjusting", "adjust", "customers", "invalidate"):
        assert call("dario").post(f"{quota}/{verb}", why, key=f"d{verb}").status_code == 403


def test_the_vendor_freezes_a_voucher_and_its_customer_reads_why(world: World, call: Call) -> None:
    voucher, vera, why = f"/vouchers/{world.issue().vouchers[0].voucher_id}", call("vera"), {"reason": "ticket 9"}
    assert vera.post(f"{voucher}/freeze", why, key="f").json()["is_frozen"] is True
    assert call("carl").get(voucher).json()["frozen_reason"] == "ticket 9"
    assert call("rhea").post(f"{voucher}/reclaim", key="r").status_code == 422
    assert vera.post(f"{voucher}/unfreeze", why, key="u").json()["is_frozen"] is False
    assert call("rhea").post(f"{voucher}/freeze", why, key="mine").status_code == 403


def test_a_repeated_key_has_no_second_effect(world: World, call: Call) -> None:
    rhea, path = call("rhea"), f"/quotas/{world.sub_quota}/vouchers"
    first, second = (rhea.post(path, issue(world), key="same") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert balance(rhea, world.sub_quota) == "2900.00"


def test_a_key_used_for_something_else_is_a_conflict(world: World, call: Call) -> None:
    rhea, path = call("rhea"), f"/quotas/{world.sub_quota}/vouchers"
    rhea.post(path, issue(world), key="same")
    other = rhea.post(path, issue(world, "200.00"), key="same")
    assert other.status_code == 409
    assert [error["code"] for error in other.json()["errors"]] == ["idempotency_key_reused"]
    assert balance(rhea, world.sub_quota) == "2900.00"


def test_a_partial_issue_names_who_got_none(world: World, call: Call) -> None:
    body = issue(world) | {"partial": True, "customer_ids": [str(world.customer), str(world.stranger)]}
    issued = call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", body, key="k").json()
    assert [voucher["customer_id"] for voucher in issued["vouchers"]] == [str(world.customer)]
    assert issued["not_issued"] == [{"customer_id": str(world.stranger), "rule": "S-370", "code": "not_a_customer"}]


def test_a_quote_tells_what_each_voucher_pays_and_why_others_do_not(world: World, call: Call) -> None:
    world.issue("100.00")
    carl = call("carl")
    good = carl.post("/checkout/quotes", {"lines": order()["lines"]})
    assert good.status_code == 200, good.content
    assert (good.json()["pays"], good.json()["left"]) == (money("60.00"), money("0.00"))
    small = carl.post("/checkout/quotes", {"lines": order("49.99")["lines"]}).json()["vouchers"][0]
    assert not small["usable"]
    [unmet] = small["unmet"]
    assert (unmet["rule"], unmet["required"], unmet["actual"]) == ("S-396", "50.00 CNY", "49.99 CNY")


def test_what_checkout_holds_is_captured_once(world: World, call: Call) -> None:
    world.issue("100.00")
    carl = call("carl")
    held = carl.post("/checkout/authorisations", order(), key="a")
    assert (held.status_code, held.json()["state"], held.json()["held"]) == (201, "authorised", money("60.00"))
    path = f"/checkout/authorisations/{held.json()['id']}"
    paid = [carl.post(f"{path}/capture", key="c") for _ in range(2)]
    assert [each.json()["state"] for each in paid] == ["captured", "captured"]
    assert carl.post(f"{path}/release", key="x").status_code == 409
    assert carl.get(path).json()["state"] == "captured"
    [mine] = carl.get("/vouchers").json()["items"]
    assert (mine["balance"], mine["state"]) == (money("40.00"), "usable")


def test_what_checkout_holds_is_given_back(world: World, call: Call) -> None:
    world.issue("100.00")
    carl = call("carl")
    held = carl.post("/checkout/authorisations", order(), key="a").json()
    assert call("stranger").get(f"/checkout/authorisations/{held['id']}").status_code == 403
    assert carl.post(f"/checkout/authorisations/{held['id']}/release", key="r").json()["state"] == "released"
    assert carl.get("/vouchers").json()["items"][0]["balance"] == money("100.00")


def test_a_voucher_is_reclaimed_whole(world: World, call: Call) -> None:
    voucher = world.issue().vouchers[0].voucher_id
    back = call("rhea").post(f"/vouchers/{voucher}/reclaim", {"remark": "wrong customer"}, key="k")
    assert back.json() == {"id": str(voucher), "amount": money("100.00")}
    assert call("carl").get(f"/vouchers/{voucher}").status_code == 404


def test_a_customer_is_left_with_its_vouchers_coming_back(world: World, call: Call) -> None:
    world.issue()
    rhea = call("rhea")
    left = rhea.post(f"/customers/{world.customer}/disassociate", {"reason": "moved"}, key="k")
    assert left.json() == {"customer_id": str(world.customer), "vouchers": 1, "returned": money("100.00")}
    assert balance(rhea, world.sub_quota) == "3000.00"


def test_a_program_is_asked_for_no_code(world: World, call: Call) -> None:
    """Rules: S-560. The secret of its key is the second factor."""
    switch_verification(cast.actor("rhea"), on=True)
    assert call("rhea").post(f"/quotas/{world.sub_quota}/vouchers", issue(world), key="k").status_code == 201


def test_lists_are_paged(world: World, call: Call) -> None:
    for _ in range(3):
        world.issue()
    rhea = call("rhea")
    first = rhea.get("/vouchers?limit=2").json()
    rest = rhea.get(f"/vouchers?limit=2&cursor={first['next'].replace('+', '%2B')}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
