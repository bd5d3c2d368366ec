"""Limits of quota and vouchers by the names that the wire has for them. Another limit is another row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from partner_center.vouchers.queries import MyVoucher, VoucherRow
from partner_center.vouchers.rules import WHOLE, Scope

T = TypeVar("T")
Limits = tuple[tuple[str, Callable[[T], Iterable[str]]], ...]

# What a quota and a voucher are good for; the first two by the names that the issuing operation takes.
OF_SCOPE: Limits[Scope] = (
    ("cloud_service_types", lambda scope: scope.service_types),
    ("product_ids", lambda scope: scope.product_codes),
    ("service_types_excluded", lambda scope: scope.service_types_excluded),
    ("order_types", lambda scope: scope.order_types),
    ("regions", lambda scope: scope.regions),
    ("billing_modes", lambda scope: scope.billing_modes),
    ("enterprise_projects", lambda scope: scope.enterprise_projects),
    ("with_discounts", lambda scope: [] if scope.with_discounts else ["false"]),
    ("min_discount", lambda scope: [str(scope.min_discount.normalize())] if scope.min_discount else []),
    ("use_ratio", lambda scope: [str(scope.use_ratio.normalize())] if scope.use_ratio != WHOLE else []),
)
# What only a voucher says.
OF_VOUCHER: Limits[VoucherRow | MyVoucher] = (
    ("min_order_amount", lambda row: [str(row.min_order.decimal)] if row.min_order.minor else []),
)


def found(limits: Limits[T], of: T) -> list[tuple[str, list[str]]]:
    """The limits that there are, each with its values in order."""
    return [(key, values) for key, read in limits if (values := sorted(read(of)))]


def limit_infos(scope: Scope) -> list[dict[str, object]]:
    """A quota's limits: each value a row of its own."""
    return [
        {"limit_key": key, "limit_values": [{"value1": value, "value2": None} for value in values]}
        for key, values in found(OF_SCOPE, scope)
    ]


def use_limits(row: VoucherRow | MyVoucher, plan: str | None) -> list[dict[str, object]]:
    """A voucher's limits: the values of one in one text."""
    return [
        {
            "use_limiti_info_id": None,
            "limit_key": key,
            "value1": ",".join(values),
            "value2": None,
            "value_unit": None,
            "limit_type": None,
            "promotion_plan_id": plan,
        }
        for key, values in (*found(OF_SCOPE, row.scope), *found(OF_VOUCHER, row))
    ]
