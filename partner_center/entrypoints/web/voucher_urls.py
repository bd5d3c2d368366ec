"""Addresses of the voucher and quota pages."""

from django.urls import URLPattern

from partner_center.entrypoints.web import (
    granting,
    issued_quotas,
    issuing,
    passing_on,
    quotas,
    vendor_quotas,
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
    *granting.urlpatterns,
    *whitelists.urlpatterns,
]
