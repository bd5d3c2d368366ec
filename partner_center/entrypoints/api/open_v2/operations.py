"""Which function answers which operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partner_center.entrypoints.api.open_v2 import customers, issuing, vouchers
from partner_center.entrypoints.api.open_v2.call import Call

CALLS: Mapping[str, Callable[[Call], object]] = {
    "ListAuthDomains": customers.list_auth_domains,
    "ListSubCustomers": customers.list_sub_customers,
    "ListQuotaCoupons": vouchers.list_quota_coupons,
    "CreatePartnerCoupons": issuing.create_partner_coupons,
    "ListIssuedPartnerCoupons": vouchers.list_issued_partner_coupons,
    "ReclaimPartnerCoupons": issuing.reclaim_partner_coupons,
    "ListPartnerCouponsRecord": vouchers.list_partner_coupons_record,
}
