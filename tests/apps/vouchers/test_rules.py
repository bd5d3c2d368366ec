"""Each rule of quota and vouchers refuses alone: facts that keep every rule, with one thing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.kernel.rules import RuleTable
from partner_center.vouchers import rules
from tests.apps.vouchers.limit_cases import CASES as LIMIT_CASES

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = Window(AT - 30 * DAY, AT + 300 * DAY)
SOON = Window(AT, AT + 30 * DAY)


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


GRANT = rules.GrantFacts(cny("1000"), YEAR, AT, "distributor", "active", "CNY")
PASS_ON = rules.PassOnFacts("normal", YEAR, AT, "distributor", cny("100"), 3, cny("300"))
RECEIVER = rules.ReceiverFacts(True, "active", 0, 0)
QUOTA_BACK = rules.QuotaReclaimFacts("normal", YEAR, AT, cny("1"))
LIMITS = rules.IssueLimits(10, smallest_face=cny("0.01"), largest_face=cny("100000"))
ECS = rules.Scope(frozenset({"ecs"}))
ISSUE = rules.IssueFacts(
    "normal", YEAR, rules.Scope(), AT, cny("100"), cny("0"), SOON, rules.Scope(), 9, cny("900"), LIMITS
)
RECIPIENT = rules.RecipientFacts(True, rules.CONSULTING, True, False)
RECLAIM = rules.ReclaimFacts("usable", SOON, AT, "", False, rules.CONSULTING)
VOUCHER = rules.Spendable(uuid4(), "usable", False, "", SOON, rules.Scope(), cny("0"), cny("50"))
LINE = rules.OrderLine("ecs.s", "ecs", cny("80"))
USE = rules.UseFacts(VOUCHER, (LINE,), "O1", AT)
ORDER = rules.OrderFacts((LINE,), 1, 1)
ADJUST = rules.AdjustFacts(False, AT, "CNY", cny("500"), cny("300"), YEAR, SOON.end, True)
NAMES = rules.DesignateFacts(False, True, 0, 2, ())
FROZEN = rules.FreezeFacts("usable", False, SOON, AT)
MANY = frozenset(f"p{index}" for index in range(11))


def voucher(**changes: Any) -> dict[str, Any]:
    return {"voucher": replace(VOUCHER, **changes)}


CASES: list[tuple[RuleTable[Any], Any, dict[str, Any], str]] = [
    (rules.GRANT, GRANT, {"value": cny("0")}, "S-902"),
    (rules.GRANT, GRANT, {"window": Window(AT - 2 * DAY, AT)}, "S-360"),
    (rules.GRANT, GRANT, {"window": Window(AT + 2 * DAY, AT + DAY)}, "S-360"),
    (rules.GRANT, GRANT, {"identity": "reseller"}, "S-350"),
    (rules.GRANT, GRANT, {"partner_state": "frozen"}, "S-350"),
    (rules.GRANT, GRANT, {"value": Money.of("5", "USD")}, "L-307"),
    (rules.GRANT, GRANT, {"unknown_codes": ("nothing",)}, "S-374"),
    (rules.PASS_ON, PASS_ON, {"identity": "reseller"}, "S-351"),
    (rules.PASS_ON, PASS_ON, {"partner_state": "frozen"}, "S-291"),
    (rules.PASS_ON, PASS_ON, {"unsigned": ("code_of_conduct",)}, "L-040"),
    (rules.PASS_ON, PASS_ON, {"quota_state": "frozen"}, "S-362"),
    (rules.PASS_ON, PASS_ON, {"quota_window": Window(AT + DAY, AT + 2 * DAY)}, "S-362"),
    (rules.PASS_ON, PASS_ON, {"amount": cny("0")}, "S-902"),
    (rules.PASS_ON, PASS_ON, {"receivers": 0}, "S-363"),
    (rules.PASS_ON, PASS_ON, {"amount": cny("100.01")}, "S-363"),
    (rules.PASS_ON_TO, RECEIVER, {"is_own_reseller": False}, "S-004"),
    (rules.PASS_ON_TO, RECEIVER, {"state": "frozen"}, "S-350"),
    (rules.PASS_ON_TO, RECEIVER, {"limited_to": 3, "foreign_customers": 1}, "S-364"),
    (rules.RECLAIM_QUOTA, QUOTA_BACK, {"state": "frozen"}, "S-399"),
    (rules.RECLAIM_QUOTA, QUOTA_BACK, {"window": Window(AT - 2 * DAY, AT)}, "S-399"),
    (rules.RECLAIM_QUOTA, QUOTA_BACK, {"balance": cny("0")}, "S-399"),
    (rules.ADJUST, ADJUST, {"is_part": True}, "S-365"),
    (rules.ADJUST, replace(ADJUST, not_free=cny("0")), {"value": cny("0")}, "S-902"),
    (rules.ADJUST, ADJUST, {"value": Money.of("500", "USD")}, "L-307"),
    (rules.ADJUST, ADJUST, {"value": cny("299.99")}, "S-366"),
    (rules.ADJUST, replace(ADJUST, issued_until=None), {"window": Window(AT - 2 * DAY, AT)}, "S-360"),
    (rules.ADJUST, ADJUST, {"window": Window(AT - DAY, SOON.end - DAY)}, "S-373"),
    (rules.ADJUST, ADJUST, {"unknown_codes": ("nothing",)}, "S-374"),
    (rules.ADJUST, ADJUST, {"changes": False}, "S-361"),
    (rules.NO_PART, rules.PartFacts(False), {"is_part": True}, "S-365"),
    (rules.REASON, rules.ReasonFacts("why"), {"text": " "}, "S-361"),
    (rules.REASON, rules.ReasonFacts("why"), {"text": "x" * 201}, "S-361"),
    (rules.DESIGNATE, NAMES, {"is_part": True}, "S-365"),
    (rules.DESIGNATE, NAMES, {"unknown": 1}, "S-375"),
    (rules.DESIGNATE, NAMES, {"parts_without": ("QS-1",)}, "S-364"),
    (rules.DESIGNATE, NAMES, {"changes": False}, "S-375"),
    (rules.FREEZE, FROZEN, {"state": "used"}, "S-390"),
    (rules.FREEZE, FROZEN, {"window": Window(AT - 2 * DAY, AT)}, "S-390"),
    (rules.FREEZE, FROZEN, {"is_frozen": True}, "S-390"),
    (rules.UNFREEZE, replace(FROZEN, is_frozen=True), {"is_frozen": False}, "S-390"),
    (rules.ISSUE, ISSUE, {"partner_state": "frozen"}, "S-291"),
    (rules.ISSUE, ISSUE, {"unsigned": ("code_of_conduct",)}, "L-040"),
    (rules.ISSUE, ISSUE, {"quota_state": "adjusting"}, "S-362"),
    (
        rules.ISSUE,
        ISSUE,
        {"quota_window": Window(AT + 1 * DAY, AT + 300 * DAY), "window": Window(AT + DAY, AT + 2 * DAY)},
        "S-362",
    ),
    (rules.ISSUE, ISSUE, {"face_value": cny("0")}, "S-902"),
    (rules.ISSUE, ISSUE, {"face_value": Money.of("10", "USD")}, "L-307"),
    (rules.ISSUE, replace(ISSUE, balance=cny("9000000")), {"face_value": cny("100000.01")}, "S-371"),
    (rules.ISSUE, ISSUE, {"min_order": cny("-1")}, "S-371"),
    (rules.ISSUE, ISSUE, {"scope": rules.Scope(MANY)}, "S-371"),
    (rules.ISSUE, ISSUE, {"scope": rules.Scope(frozenset(), MANY)}, "S-371"),
    (rules.ISSUE, ISSUE, {"remark_length": 201}, "S-371"),
    (rules.ISSUE, ISSUE, {"recipients": 0}, "S-372"),
    (rules.ISSUE, replace(ISSUE, balance=cny("90000")), {"recipients": 11}, "S-372"),
    (rules.ISSUE, ISSUE, {"window": Window(AT, YEAR.end + DAY)}, "S-373"),
    (rules.ISSUE, ISSUE, {"window": Window(AT - 2 * DAY, AT)}, "S-373"),
    (rules.ISSUE, replace(ISSUE, quota_scope=ECS, scope=ECS), {"scope": rules.Scope()}, "S-374"),
    (rules.ISSUE, replace(ISSUE, quota_scope=ECS, scope=ECS), {"scope": rules.Scope(frozenset({"obs"}))}, "S-374"),
    (rules.ISSUE, ISSUE, {"unknown_codes": ("nothing",)}, "S-374"),
    (rules.ISSUE, ISSUE, {"recipients": 10}, "S-377"),
    (rules.ISSUE_TO, RECIPIENT, {"is_customer": False}, "S-370"),
    (rules.ISSUE_TO, RECIPIENT, {"allowed_by_quota": False}, "S-375"),
    (rules.ISSUE_TO, RECIPIENT, {"is_issuer_itself": True}, "S-352"),
    (rules.ISSUE_TO, RECIPIENT, {"through_api": True}, "S-380"),
    (rules.RECLAIM, RECLAIM, {"state": "expired"}, "S-405"),
    (rules.RECLAIM, RECLAIM, {"state": "reclaimed"}, "S-405"),
    (rules.RECLAIM, RECLAIM, {"window": Window(AT - 2 * DAY, AT)}, "S-405"),
    (rules.RECLAIM, RECLAIM, {"state": "used"}, "S-399"),
    (rules.RECLAIM, RECLAIM, {"lock_order": "O1"}, "S-390"),
    (rules.RECLAIM, RECLAIM, {"is_frozen": True}, "S-390"),
    (rules.RECLAIM, RECLAIM, {"through_api": True}, "S-380"),
    (rules.USE, USE, voucher(is_own=False), "S-381"),
    (rules.USE, USE, voucher(state="used", balance=cny("0")), "S-390"),
    (rules.USE, USE, voucher(is_frozen=True), "S-390"),
    (rules.USE, USE, voucher(lock_order="O2"), "S-390"),
    (rules.USE, USE, voucher(window=Window(AT + DAY, AT + 2 * DAY)), "S-395"),
    (rules.USE, USE, {"lines": (replace(LINE, amount=Money.of("80", "USD")),)}, "L-307"),
    (rules.USE, USE, {"lines": (replace(LINE, marketplace=True),)}, "S-394"),
    (rules.USE, USE, voucher(scope=rules.Scope(frozenset({"obs"}))), "S-395"),
    (rules.USE, USE, voucher(min_order=cny("80.01")), "S-396"),
    (rules.USE, USE, voucher(balance=cny("0")), "S-393"),
    (rules.ORDER, ORDER, {"lines": ()}, "S-902"),
    (rules.ORDER, ORDER, {"unknown_codes": ("nothing",)}, "S-374"),
    (rules.ORDER, ORDER, {"vouchers": 2}, "S-392"),
    *LIMIT_CASES,
]


@pytest.mark.parametrize(("table", "facts", "changes", "rule"), CASES)
def test_a_rule_refuses_on_it_alone(table: RuleTable[Any], facts: Any, changes: dict[str, Any], rule: str) -> None:
    assert not table.broken(facts)
    broken = table.broken(replace(facts, **changes))
    assert [outcome.id for outcome in broken] == [rule]


def test_every_rule_of_every_table_has_its_case() -> None:
    tables = (
        rules.GRANT,
        rules.PASS_ON,
        rules.PASS_ON_TO,
        rules.RECLAIM_QUOTA,
        rules.ISSUE,
        rules.ISSUE_TO,
        rules.RECLAIM,
        rules.USE,
        rules.ORDER,
        rules.WHITELIST,
        rules.WHITELISTED,
    )
    for table in tables:
        refused = {
            outcome.code
            for of, facts, changes, _ in CASES
            if of is table
            for outcome in table.broken(replace(facts, **changes))
        }
        assert refused == {rule.code for rule in table}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("table", "facts", "changes", "rule"), CASES)
def test_every_refusal_speaks_both_languages(
    table: RuleTable[Any], facts: Any, changes: dict[str, Any], rule: str, language: Any
) -> None:
    for outcome in table.broken(replace(facts, **changes)):
        for part in ("name", "message", "remedy"):
            text = outcome.text(part, language)  # type: ignore[arg-type]
            assert text
            assert "{" not in text


def test_a_restricted_partner_goes_on_issuing_and_passing_on() -> None:
    """S-291."""
    assert not rules.ISSUE.broken(replace(ISSUE, partner_state="restricted"))
    assert not rules.PASS_ON.broken(replace(PASS_ON, partner_state="restricted"))


def test_the_boundary_of_the_balance_is_the_balance_itself() -> None:
    assert not rules.ISSUE.broken(replace(ISSUE, face_value=cny("100"), recipients=9, balance=cny("900")))
    (broken,) = rules.ISSUE.broken(replace(ISSUE, face_value=cny("100"), recipients=10, balance=cny("900")))
    assert broken.values["short"] == cny("100")
    assert broken.values["fitting"] == cny("90")


def test_every_broken_rule_is_named_at_once() -> None:
    facts = replace(ISSUE, quota_state="frozen", face_value=cny("0"), recipients=11, window=Window(AT - DAY, AT))
    assert {outcome.id for outcome in rules.ISSUE.broken(facts)} == {"S-362", "S-902", "S-372", "S-373"}


def test_restricted_vouchers_come_first_and_then_the_earliest_end() -> None:
    """S-397."""
    free_early = replace(VOUCHER, id=uuid4(), window=Window(AT, AT + DAY))
    free_late = replace(VOUCHER, id=uuid4(), window=Window(AT, AT + 9 * DAY))
    minimum = replace(VOUCHER, id=uuid4(), min_order=cny("1"), window=Window(AT, AT + 20 * DAY))
    scoped = replace(VOUCHER, id=uuid4(), scope=ECS, window=Window(AT, AT + 10 * DAY))
    ranked = rules.in_order_of_use([free_late, minimum, free_early, scoped])
    assert [one.id for one in ranked] == [scoped.id, minimum.id, free_early.id, free_late.id]


def test_a_voucher_pays_only_the_lines_it_covers() -> None:
    """S-394, S-395."""
    lines = (
        LINE,
        rules.OrderLine("obs.s", "obs", cny("40")),
        rules.OrderLine("mk", "ecs", cny("70"), marketplace=True),
    )
    rich = replace(VOUCHER, scope=ECS, balance=cny("500"))
    assert rules.pay([rich], lines, most=1) == (rules.Payment(rich.id, cny("80")),)


def test_vouchers_pay_one_after_another_and_no_more_than_allowed() -> None:
    """S-392."""
    first, second, third = (replace(VOUCHER, id=UUID(int=number), balance=cny("30")) for number in (1, 2, 3))
    assert rules.pay([first, second, third], (LINE,), most=1) == (rules.Payment(first.id, cny("30")),)
    paid = rules.pay([first, second, third], (LINE,), most=3)
    assert [each.amount for each in paid] == [cny("30"), cny("30"), cny("20")]


amounts = st.integers(min_value=1, max_value=10_000)


@given(
    balances=st.lists(amounts, min_size=1, max_size=6),
    lines=st.lists(st.tuples(amounts, st.sampled_from(["ecs", "obs"]), st.booleans()), min_size=1, max_size=6),
    scoped=st.lists(st.sampled_from([rules.Scope(), ECS]), min_size=6, max_size=6),
    most=st.integers(min_value=1, max_value=6),
)
def test_vouchers_never_pay_more_than_they_hold_nor_than_the_order_needs(
    balances: list[int], lines: list[tuple[int, str, bool]], scoped: list[rules.Scope], most: int
) -> None:
    order = tuple(rules.OrderLine("x", kind, Money(minor, "CNY"), market) for minor, kind, market in lines)
    vouchers = [
        replace(VOUCHER, id=UUID(int=index), balance=Money(minor, "CNY"), scope=scope)
        for index, (minor, scope) in enumerate(zip(balances, scoped, strict=False))
    ]
    paid = rules.pay(vouchers, order, most)
    held = {voucher.id: voucher.balance for voucher in vouchers}
    assert len(paid) <= most
    assert all(Money(0, "CNY") < each.amount <= held[each.voucher_id] for each in paid)
    payable = Money.total((line.amount for line in order if not line.marketplace), "CNY")
    assert Money.total((each.amount for each in paid), "CNY") <= payable


def test_a_scope_may_be_narrowed_and_never_widened() -> None:
    """S-374."""
    quota = rules.Scope(frozenset({"ecs", "rds"}))
    assert rules.Scope(frozenset({"ecs"})).within(quota)
    assert rules.Scope(frozenset({"ecs"}), frozenset({"ecs.s"})).within(quota)
    assert not rules.Scope().within(quota)
    assert not rules.Scope(frozenset({"ecs", "obs"})).within(quota)


def test_the_sum_of_a_quota_shows_a_missing_unit() -> None:
    """S-366."""
    zero = cny("0")
    closed = rules.QuotaSum(cny("10"), cny("4"), cny("1"), cny("2"), cny("3"), zero, zero)
    assert closed.closes
    assert replace(closed, spent=cny("2.99")).difference == cny("0.01")


@pytest.mark.parametrize("lifecycle", [rules.QUOTA, rules.VOUCHER, rules.AUTHORISATION])
def test_every_move_of_a_lifecycle_ends_in_a_state_it_knows(lifecycle: Any) -> None:
    for move in lifecycle.moves:
        assert lifecycle.target(move) in lifecycle.states
        assert not lifecycle.may(move, "nowhere")
