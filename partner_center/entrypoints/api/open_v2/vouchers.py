"""The operations that read what was issued. They see resale customers' vouchers only (S-380)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partner_center.entrypoints.api.open_v2.call import Call, account_id, matches_nothing
from partner_center.entrypoints.api.open_v2.limits import use_limits
from partner_center.kernel.errors import NotFound
from partner_center.vouchers.queries import (
    RecordFilter,
    RecordRow,
    VoucherFilter,
    VoucherRow,
    orders_paid,
    records_slice,
    vouchers_slice,
)
from partner_center.vouchers.rules import CASH_KIND, RESALE, VOUCHER_KIND, VOUCHER_STATUS

YUAN = 1
# The kinds of quota and what is issued out of them, by the codes that lists of vouchers have for them.
COUPON_TYPES = {VOUCHER_KIND: 1, CASH_KIND: 4}
KINDS: Mapping[int | None, int] = {code: kind for kind, code in COUPON_TYPES.items()}
ELECTRONIC, ISSUED_ONLINE = 1, 3
SUCCEEDED = "0"
NO_VOUCHERS: tuple[int, tuple[VoucherRow, ...]] = (0, ())
NO_RECORDS: tuple[int, tuple[RecordRow, ...]] = (0, ())


def list_issued_partner_coupons(call: Call) -> dict[str, object]:
    """Vouchers the seat issued to resale customers, without the long expired. Rules: S-379, S-380."""
    count, rows = _issued(call)
    paid = orders_paid(row.id for row in rows)
    return {"total_count": count, "user_coupons": [_voucher(row, call, paid.get(row.id)) for row in rows]}


@dataclass(frozen=True)
class Wanted:
    """A status of the wire as the product has it: an inactive voucher is a usable one before its window."""

    states: tuple[str, ...] = ()
    inactive: bool | None = None


_STATES: Mapping[int | None, Wanted] = {
    None: Wanted(),
    **{status: Wanted((state,)) for state, status in VOUCHER_STATUS.items()},
    VOUCHER_STATUS["inactive"]: Wanted(("usable",), True),
    VOUCHER_STATUS["usable"]: Wanted(("usable",), False),
}


def of_status(status: int | None) -> Wanted:
    return _STATES[status]


def _issued(call: Call) -> tuple[int, tuple[VoucherRow, ...]]:
    if matches_nothing(call, "order_id", account="customer_id"):
        return NO_VOUCHERS
    status = of_status(call["status"])
    wanted = VoucherFilter(
        states=status.states,
        inactive=status.inactive,
        number=call["coupon_id"] or "",
        customer_id=account_id(call["customer_id"] or ""),
        order=call["order_id"] or "",
        association_type=RESALE,
        kind=KINDS.get(call["coupon_type"]),
        issued=(call["create_time_begin"], call["create_time_end"]),
        starts=(call["effective_time_begin"], call["effective_time_end"]),
        ends=(call["expire_time_begin"], call["expire_time_end"]),
    )
    return vouchers_slice(call.actor, wanted, call["offset"], call["limit"])


def _voucher(row: VoucherRow, call: Call, order: str | None) -> dict[str, object]:
    return {
        "coupon_id": row.number,
        "status": VOUCHER_STATUS[row.shown_state(call.actor.at)],
        "customer_id": row.customer.number if row.customer else row.customer_id.hex,
        "coupon_type": COUPON_TYPES[row.kind],
        "measure_id": YUAN,
        "face_value": row.face,
        "effective_time": row.window.start,
        "expire_time": row.window.end,
        "order_id": order,
        "promotion_plan_id": row.quota_number,
        "promotion_plan_name": None,
        "promotion_plan_desc": None,
        "media_type": ELECTRONIC,
        "fetch_method": ISSUED_ONLINE,
        "use_limits": use_limits(row, row.quota_number),
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
    nothing = (
        matches_nothing(call, "quota_id", account="customer_id"),
        call["coupon_ids"] == (),
        call["operation_types"] == (),
        call["result"] not in (None, SUCCEEDED),
    )
    if any(nothing):
        return NO_RECORDS
    wanted = RecordFilter(
        operation_types=tuple(int(each) for each in call["operation_types"] or ()),
        quota_number=call["quota_id"] or "",
        voucher_numbers=call["coupon_ids"] or (),
        customer_id=account_id(call["customer_id"] or ""),
        association_type=RESALE,
        kind=call["quota_type"],
        at=(call["operation_time_begin"], call["operation_time_end"]),
    )
    return records_slice(call.actor, wanted, call["offset"], call["limit"])


def _record(row: RecordRow) -> dict[str, object]:
    return {
        "id": row.id.hex,
        "operation_type": str(row.operation_type),
        "quota_id": row.quota_number,
        "quota_type": row.kind,
        "coupon_id": row.voucher_number,
        "customer_id": row.customer.number if row.customer else row.customer_id.hex,
        "operation_amount": row.amount,
        "operation_time": row.at,
        "result": SUCCEEDED,
        "remark": row.remark or None,
    }


def issued_voucher(call: Call) -> VoucherRow:
    """The voucher of the seat's issuing behind its number on the wire. Raises: NotFound."""
    _, rows = vouchers_slice(call.actor, VoucherFilter(number=call["coupon_id"], with_old=True), 0, 1)
    if not rows:
        raise NotFound("voucher")
    return rows[0]
