"""ListSubCustomerCoupons: what the seat itself holds."""

from __future__ import annotations

from partner_center.entrypoints.api.open_v2.call import Call, account_id, matches_nothing
from partner_center.entrypoints.api.open_v2.limits import use_limits
from partner_center.entrypoints.api.open_v2.vouchers import (
    COUPON_TYPES,
    ELECTRONIC,
    ISSUED_ONLINE,
    KINDS,
    YUAN,
    of_status,
)
from partner_center.vouchers.queries import MyFilter, MyVoucher, my_vouchers_slice, orders_paid
from partner_center.vouchers.rules import VOUCHER_STATUS

SPENT_IN_PARTS = 2
NOTHING: tuple[int, tuple[MyVoucher, ...]] = (0, ())


def list_sub_customer_coupons(call: Call) -> dict[str, object]:
    """A customer's own vouchers, without the reclaimed and the long expired; partners hold none.

    Rules: S-352, S-376, S-379, S-400.
    """
    count, rows = _held(call)
    paid = orders_paid(row.id for row in rows)
    return {"count": count, "user_coupons": [_voucher(row, call, paid.get(row.id)) for row in rows]}


def _held(call: Call) -> tuple[int, tuple[MyVoucher, ...]]:
    nothing = (
        matches_nothing(call, "coupon_id", "order_id", account="source_id"),
        # The quota behind a voucher is not its holder's to know, so no plan is ever matched.
        call["promotion_plan_id"] is not None,
        call["coupon_type"] not in (None, *KINDS),
    )
    if any(nothing):
        return NOTHING
    status = of_status(call["status"])
    wanted = MyFilter(
        states=status.states,
        inactive=status.inactive,
        number=call["coupon_id"] or "",
        order=call["order_id"] or "",
        kind=KINDS.get(call["coupon_type"]),
        partner_id=account_id(call["source_id"] or ""),
        issued=(call["active_start_time"], call["active_end_time"]),
    )
    return my_vouchers_slice(call.actor, wanted, call["offset"], call["limit"])


def _voucher(row: MyVoucher, call: Call, order: str | None) -> dict[str, object]:
    return {
        "coupon_id": row.number,
        "coupon_code": None,
        "status": VOUCHER_STATUS[row.shown_state(call.actor.at)],
        "customer_id": call.actor.seat.hex if call.actor.seat else None,
        "coupon_type": COUPON_TYPES[row.kind],
        "measure_id": YUAN,
        "face_value": row.face,
        "valid_time": row.window.start,
        "expire_time": row.window.end,
        "order_id": order,
        "promotion_plan_id": None,
        "plan_name": None,
        "plan_desc": None,
        "media_type": ELECTRONIC,
        "fetch_method": ISSUED_ONLINE,
        "use_limits": use_limits(row, None),
        "active_time": row.issued_at,
        "reserve_time": row.last_used_at,
        "promotion_id": None,
        "create_time": row.issued_at,
        "coupon_version": SPENT_IN_PARTS,
        "balance": row.balance,
        "lock_order_id": row.lock_order or None,
        "coupon_usage": None,
        "is_frozen": "1" if row.is_frozen else "0",
        "currency": row.face.currency,
        "extend_param1": None,
        "source_id": row.partner.number if row.partner else None,
    }
