"""CreatePartnerCoupons and ReclaimPartnerCoupons."""

from __future__ import annotations

from uuid import UUID

from partner_center.entrypoints.api.open_v2.call import Call, account_id
from partner_center.entrypoints.api.open_v2.errors import WireError, code_of_rule, of_items_only, wire_error
from partner_center.entrypoints.api.open_v2.failures import Failures, failures
from partner_center.entrypoints.api.open_v2.quotas import held_quota
from partner_center.entrypoints.api.open_v2.vouchers import issued_voucher
from partner_center.kernel.errors import Refused
from partner_center.kernel.money import Money
from partner_center.kernel.periods import Window
from partner_center.vouchers.actions import Issued, issue, reclaim
from partner_center.vouchers.queries import QuotaRow

NOT_A_CUSTOMER = "CBC.99000035"
UNKNOWN_SERVICE_TYPE, UNKNOWN_PRODUCT = "CBC.50000055", "CBC.50000054"


def create_partner_coupons(call: Call) -> dict[str, object]:
    """A voucher for each customer that may have one; each other is named with its reason. Rules: S-372, S-380."""
    quota = held_quota(call)
    customers = {number: account_id(number) for number in call["customer_ids"]}
    failed = failures(call, ((number, NOT_A_CUSTOMER) for number, id_ in customers.items() if id_ is None))
    known = [id_ for id_ in customers.values() if id_ is not None]
    if not known:
        return {"coupon_infos": [], "error_details": failed}
    try:
        issued = _issue(call, quota, known)
    except Refused as refused:
        return {"coupon_infos": [], "error_details": failed + _all_failed(call, refused, known)}
    failed += failures(call, ((each.customer_id.hex, _code(call, each.code)) for each in issued.refused))
    made = [{"id": each.customer_id.hex, "coupon_id": each.number} for each in issued.vouchers]
    return {"coupon_infos": made, "error_details": failed}


def _issue(call: Call, quota: QuotaRow, customers: list[UUID]) -> Issued:
    return issue(
        call.actor,
        quota_id=quota.id,
        customer_ids=customers,
        face_value=Money.of(call["face_value"], quota.value.currency),
        window=_window(call, quota),
        service_types=call["cloud_service_types"] or (),
        product_codes=call["product_ids"] or (),
        remark=call["memo"] or "",
        key=call.key,
        partial=True,
        channel="api",
    )


def _window(call: Call, quota: QuotaRow) -> Window | None:
    """What was asked for, each end defaulting to the quota's. Rules: S-373."""
    if call["valid_time"] is None and call["expire_time"] is None:
        return None
    return Window(call["valid_time"] or quota.window.start, call["expire_time"] or quota.window.end)


def _all_failed(call: Call, refused: Refused, customers: list[UUID]) -> Failures:
    """A batch refused for what the contract tells row by row, such as too little balance.

    Raises: WireError for every other reason.
    """
    if not of_items_only(refused, call.operation):
        raise _request_refused(call, refused) from refused
    wrong = wire_error(refused, call.operation, call.actor.language).body(call.actor.language)
    return [{"id": each.hex, **wrong} for each in customers]


def _request_refused(call: Call, refused: Refused) -> WireError:
    wrong = wire_error(refused, call.operation, call.actor.language)
    if wrong.code.code != UNKNOWN_PRODUCT:
        return wrong
    unknown = {code for each in refused.outcomes for code in str(each.values.get("actual", "")).split(", ")}
    of_service = unknown & set(call["cloud_service_types"] or ())
    return WireError(UNKNOWN_SERVICE_TYPE if of_service else UNKNOWN_PRODUCT, wrong.text)


def _code(call: Call, rule_code: str) -> str:
    return code_of_rule(rule_code, call.operation)


def reclaim_partner_coupons(call: Call) -> None:
    """Take a voucher's whole balance back. Rules: S-399."""
    voucher = issued_voucher(call)
    reclaim(call.actor, voucher_ids=[voucher.id], key=call.key, channel="api")
