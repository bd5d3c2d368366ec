"""How values and refusals look on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from partner_center.entrypoints.api.open_v2 import errors
from partner_center.entrypoints.api.open_v2.contract import operations
from partner_center.entrypoints.api.open_v2.errors import WireError, code_of_rule, codes, wire_error
from partner_center.entrypoints.api.open_v2.operations import CALLS
from partner_center.entrypoints.api.open_v2.wire import to_bytes
from partner_center.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from partner_center.kernel.money import Money
from partner_center.vouchers.rules import BOOK, ISSUE, ISSUE_TO, PASS_ON, PASS_ON_TO, RECLAIM, RECLAIM_QUOTA


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Money(1230, "CNY"), "12.30"),
        (Money(0, "CNY"), "0.00"),
        (Money(-5, "CNY"), "-0.05"),
        (Decimal("7"), "7.00"),
        (datetime(2026, 3, 1, 23, 59, 59, 999999, UTC), '"2026-03-01T23:59:59Z"'),
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=8))), '"2026-03-01T00:00:00Z"'),
        (None, "null"),
        (True, "true"),
        (2, "2"),
        ('云 "x" \n', '"云 \\"x\\" \\n"'),
        ({"a": [1, (Money(1, "CNY"),)], "b": {}}, '{"a":[1,[0.01]],"b":{}}'),
        ([], "[]"),
    ],
)
def test_values_are_written_as_the_client_reads_them(value: object, text: str) -> None:
    assert to_bytes(value) == text.encode()
    json.loads(to_bytes(value))


def test_every_code_a_refusal_may_become_is_known_with_a_status_and_both_texts() -> None:
    table = errors._of_rules()
    named = [*table["rules"].values(), *table["absent"].values(), *table["conflicts"].values()]
    named += [code for of in ("rules_of", "conflicts_of") for own in table[of].values() for code in own.values()]
    assert set(named) <= set(codes())
    for code in codes().values():
        assert 400 <= code.status < 600 and code.texts["zh"] and code.texts["en"].isascii()


def test_every_rule_named_in_the_table_exists() -> None:
    known = {rule.code for rule in (*ISSUE, *ISSUE_TO, *RECLAIM, *PASS_ON, *PASS_ON_TO, *RECLAIM_QUOTA)}
    table = errors._of_rules()
    named = set(table["rules"]) | {code for own in table["rules_of"].values() for code in own}
    assert named <= known


def test_every_operation_is_bound() -> None:
    assert set(CALLS) == {operation.name for operation in operations().values()}


def test_a_rule_may_have_another_code_in_another_operation() -> None:
    assert code_of_rule("api_serves_resale_only", "CreatePartnerCoupons") == "CBC.99000014"
    assert code_of_rule("api_serves_resale_only", "ReclaimPartnerCoupons") == "CBC.99000045"


def test_a_face_value_has_a_code_for_each_bound() -> None:
    def broken(actual: int) -> str:
        values = {"actual": Money(actual, "CNY"), "required": Money(100, "CNY"), "most": Money(900, "CNY")}
        refused = Refused([BOOK.broken("S-371.face", "face_value_out_of_range", **values)])
        return wire_error(refused, "CreatePartnerCoupons", "zh").code.code

    assert (broken(99), broken(901)) == ("CBC.99000018", "CBC.99000019")


def test_what_concerns_the_request_leads_and_every_broken_rule_is_told() -> None:
    outcomes = (
        BOOK.broken("S-377", "quota_insufficient"),
        BOOK.broken("S-373", "validity_outside_quota"),
        BOOK.broken("S-362.state", "quota_not_issuable"),
        BOOK.broken("S-362.window", "quota_outside_its_window"),
    )
    body = wire_error(Refused(outcomes), "CreatePartnerCoupons", "en").body("en")
    assert body["error_code"] == "CBC.99000017"
    assert all(outcome.text("message", "en") in body["error_msg"] for outcome in outcomes)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (NotFound("quota"), "CBC.99000012", 400),
        (NotFound("voucher"), "CBC.0100", 400),
        (NotFound("seat"), "CBC.99000037", 400),
        (NotAllowed("BPC_ITEM_SUBCUSTSERV_030103"), "CBC.0151", 403),
        (Conflict("idempotency_key_reused", key="k"), "CBC.0150", 409),
    ],
)
def test_each_kind_of_refusal_has_its_code(error: Exception, code: str, status: int) -> None:
    wrong = wire_error(error, "CreatePartnerCoupons", "zh")  # type: ignore[arg-type]
    assert (wrong.body("zh")["error_code"], wrong.code.status) == (code, status)
    assert len(wrong.body("zh")["error_msg"]) > 5


def test_a_long_message_is_cut_where_the_contract_ends_it() -> None:
    assert len(WireError("CBC.0100", "x" * 5000).body("en")["error_msg"]) == 2000
