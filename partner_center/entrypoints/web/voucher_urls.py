"""Addresses of the voucher and quota pages."""

from django.urls import URLPattern

from partner_center.entrypoints.web import (
    batches,
    granting,
    issued_quotas,
    issuing,
    mass_issue,
    passing_on,
    quotas,
    vendor_quotas,
    voucher_records,
    vouchers,
)

urlpatterns: list[URLPattern] = [
    *quotas.urlpatterns,
    *issued_quotas.urlpatterns,
    *issuing.urlpatterns,
    *mass_issue.urlpatterns,
    *batches.urlpatterns,
    *passing_on.urlpatterns,
    *vouchers.urlpatterns,
    *voucher_records.urlpatterns,
    *vendor_quotas.urlpatterns,
    *granting.urlpatterns,
]
