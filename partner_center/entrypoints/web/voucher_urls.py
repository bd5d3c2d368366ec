"""Addresses of the voucher and quota pages."""

from django.urls import URLPattern

from partner_center.entrypoints.web import (
    granting,
    issued_quotas,
    issuing,
    passing_on,
    quota_chain,
    quotas,
    reclaimed,
    reversals,
    vendor_adjusting,
    vendor_quotas,
    vendor_vouchers,
    voucher_records,
    vouchers,
    whitelists,
)

urlpatterns: list[URLPattern] = [
    *quotas.urlpatterns,
    *issued_quotas.urlpatterns,
    *issuing.urlpatterns,
    *passing_on.urlpatterns,
    *vouchers.urlpatterns,
    *voucher_records.urlpatterns,
    *vendor_quotas.urlpatterns,
    *vendor_adjusting.urlpatterns,
    *vendor_vouchers.urlpatterns,
    *quota_chain.urlpatterns,
    *reclaimed.urlpatterns,
    *reversals.urlpatterns,
    *granting.urlpatterns,
    *whitelists.urlpatterns,
]
