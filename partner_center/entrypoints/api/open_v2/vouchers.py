"""The five operations of quota and vouchers. They see and touch resale customers' vouchers only (S-380)."""

from __future__ import annotations

from partner_center.entrypoints.api.open_v2.call import Call, account_id
from partner_center.kernel.errors import NotFound
from partner_center.vouchers.queries import (
    QuotaFilter,
    QuotaRow,
    RecordFilter,
    RecordRow,
    VoucherFilter,
    VoucherRow,
    quotas_slice,
    records_slice,
    vouchers_slice,
)
from partner_center.vouchers.rules import QUOTA_STATUS, RESALE, VOUCHER_STATUS, Scope

YUAN = 1
VOUCHER_KIND, VOUCHER_TYPE = 0, 1
ELECTRONIC, ISSUED_ONLINE = 1, 3
SUCCEEDED = "0"
LISTED_STATUSES = (0, 3, 4, 5)
_QUOTA_STATES = {status: state for state, status in QUOTA_STATUS.items()}
_VOUCHER_STATES = {status: state for state, status in VOUCHER_STATUS.items()}
NO_QUOTAS: tuple[int, tuple[QuotaRow, ...]] = (0, ())
NO_VOUCHERS: tuple[int, tuple[VoucherRow, ...]] = (0, ())
NO_RECORDS: tuple[int, tuple[RecordRow, ...]] = (0, ())


def list_quota_coupons(call: Call) -> dict[str, object]:
    """The quota the seat holds, without what its distributor took back. Rules: S-360, S-361."""
    statuses = call["quota_status_list"] or LISTED_STATUSES
    wanted = QuotaFilter(
        tab="held",
        states=tuple(_QUOTA_STATES[status] for status in statuses),
        kind=call["quota_type"],
        numbers=call["quota_ids"] or (),
        granted=(call["create_time_begin"], call["create_time_end"]),
        starts=(call["effective_time_begin"], call["effective_time_end"]),
        ends=(call["expire_time_begin"], call["expire_time_end"]),
    )
    count, rows = quotas_slice(call.actor, wanted, call["offset"], call["limit"])
    return {"total_count": count, "quotas": [_quota(row) for row in rows]}


def _quota(row: QuotaRow) -> dict[str, object]:
    return {
        "quota_id": row.number,
        "quota_type": row.kind,
        "create_time": row.granted_at,
        "last_update_time": row.changed_at,
        "quota_value": row.value,
        "quota_status": QUOTA_STATUS[row.state],
        "balance": row.balance,
        "measure_id": YUAN,
        "currency": row.value.currency,
        "effective_time": row.window.start,
        "expire_time": row.window.end,
        "limit_infos": [
            {"limit_key": key, "limit_values": [{"value1": value} for value in values]}
            for key, values in _limits(row.scope)
        ],
    }


def _limits(scope: Scope) -> list[tuple[str, list[str]]]:
    """The limits of a scope by the names that the issuing operation has for them."""
    limits = [("cloud_service_types", scope.service_types), ("product_ids", scope.product_codes)]
    return [(key, sorted(values)) for key, values in limits if values]


def list_issued_partner_coupons(call: Call) -> dict[str, object]:
    """Vouchers the seat issued to resale customers, without the long expired. Rules: S-379, S-380."""
    count, rows = _issued(call)
    return {"total_count": count, "user_coupons": [_voucher(row, call) for row in rows]}


def _issued(call: Call) -> tuple[int, tuple[VoucherRow, ...]]:
    customer = account_id(call["customer_id"]) if call["customer_id"] is not None else None
    nobody = call["customer_id"] is not None and customer is None
    if nobody or call["coupon_type"] not in (None, VOUCHER_TYPE):
        return NO_VOUCHERS
    status = call["status"]
    wanted = VoucherFilter(
        states=(_VOUCHER_STATES[status],) if status else (),
        inactive=False if status == VOUCHER_STATUS["usable"] else None,
        number=call["coupon_id"] or "",
        customer_id=customer,
        lock_order=call["order_id"] or "",
        association_type=RESALE,
        issued=(call["create_time_begin"], call["create_time_end"]),
        starts=(call["effective_time_begin"], call["effective_time_end"]),
        ends=(call["expire_time_begin"], call["expire_time_end"]),
    )
    return vouchers_slice(call.actor, wanted, call["offset"], call["limit"])


def _voucher(row: VoucherRow, call: Call) -> dict[str, object]:
    return {
        "coupon_id": row.number,
        "status": VOUCHER_STATUS[row.shown_state(call.actor.at)],
        "customer_id": row.customer.number if row.customer else row.customer_id.hex,
        "coupon_type": VOUCHER_TYPE,
        "measure_id": YUAN,
        "face_value": row.face,
        "effective_time": row.window.start,
        "expire_time": row.window.end,
        "order_id": None,
        "promotion_plan_id": row.quota_number,
        "promotion_plan_name": None,
        "promotion_plan_desc": None,
        "media_type": ELECTRONIC,
        "fetch_method": ISSUED_ONLINE,
        "use_limits": [
            {"limit_key": key, "value1": ",".join(values), "promotion_plan_id": row.quota_number}
            for key, values in _limits(row.scope)
        ],
        "active_time": row.issued_at,
        "last_used_time": row.last_used_at,
        "promotion_id": None,
        "create_time": row.issued_at,
        "balance": row.balance,
        "lock_order_id": row.lock_order or None,
        "is_frozen": "1" if row.is_frozen else "0",
    }


def list_partner_coupons_record(call: Call) -> dict[str, object]:
    """The operation log of vouchers of resale customers. Rules: S-380, S-410."""
    count, rows = _records(call)
    return {"total_count": count, "records": [_record(row) for row in rows]}


def _records(call: Call) -> tuple[int, tuple[RecordRow, ...]]:
    customer = account_id(call["customer_id"]) if call["customer_id"] is not None else None
    nothing = (
        (call["customer_id"] is not None and customer is None),
        call["quota_id"] == "",
        call["coupon_ids"] == (),
        call["operation_types"] == (),
        call["quota_type"] not in (None, VOUCHER_KIND),
        call["result"] not in (None, SUCCEEDED),
    )
    if any(nothing):
        return NO_RECORDS
    wanted = RecordFilter(
        operation_types=tuple(int(each) for each in call["operation_types"] or ()),
        quota_number=call["quota_id"] or "",
        voucher_numbers=call["coupon_ids"] or (),
        customer_id=customer,
        association_type=RESALE,
        at=(call["operation_time_begin"], call["operation_time_end"]),
    )
    return records_slice(call.actor, wanted, call["offset"], call["limit"])


def _record(row: RecordRow) -> dict[str, object]:
    return {
        "id": row.id.hex,
        "operation_type": str(row.operation_type),
        "quota_id": row.quota_number,
        "quota_type": VOUCHER_KIND,
        "coupon_id": row.voucher_number,
        "customer_id": row.customer.number if row.customer else row.customer_id.hex,
        "operation_amount": row.amount,
        "operation_time": row.at,
        "result": SUCCEEDED,
        "remark": row.remark or None,
    }


def held_quota(call: Call) -> QuotaRow:
    """The quota of the seat behind its number on the wire. Raises: NotFound."""
    _, rows = quotas_slice(call.actor, QuotaFilter(tab="held", numbers=(call["quota_id"],)), 0, 1)
    if not rows:
        raise NotFound("quota")
    return rows[0]


def issued_voucher(call: Call) -> VoucherRow:
    """The voucher of the seat's issuing behind its number on the wire. Raises: NotFound."""
    _, rows = vouchers_slice(call.actor, VoucherFilter(number=call["coupon_id"], with_old=True), 0, 1)
    if not rows:
        raise NotFound("voucher")
    return rows[0]
