"""Which function answers which operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partner_center.entrypoints.api.open_v2 import (
    customers,
    issuing,
    own_vouchers,
    passing_on,
    quotas,
    resellers,
    vouchers,
)
from partner_center.entrypoints.api.open_v2.call import Call

CALLS: Mapping[str, Callable[[Call], object]] = {
    "ListAuthDomains": customers.list_auth_domains,
    "ListSubCustomers": customers.list_sub_customers,
    "ListQuotaCoupons": quotas.list_quota_coupons,
    "CreatePartnerCoupons": issuing.create_partner_coupons,
    "ListIssuedPartnerCoupons": vouchers.list_issued_partner_coupons,
    "ReclaimPartnerCoupons": issuing.reclaim_partner_coupons,
    "ListPartnerCouponsRecord": vouchers.list_partner_coupons_record,
    "ListSubCustomerCoupons": own_vouchers.list_sub_customer_coupons,
    "ListIndirectPartners": resellers.list_indirect_partners,
    "UpdateCouponQuotas": passing_on.update_coupon_quotas,
    "ReclaimCouponQuotas": passing_on.reclaim_coupon_quotas,
    "ListIssuedCouponQuotas": quotas.list_issued_coupon_quotas,
    "ListCouponQuotasRecords": quotas.list_coupon_quotas_records,
}
