"""Addresses of homes, customers, resellers, the vendor's partners and customers, and the customer's own pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver

from partner_center.entrypoints.web import (
    billing,
    company,
    customers,
    disassociating,
    home,
    inbox,
    joining,
    my_partner,
    resellers,
    shop,
    switching,
    vendor_customers,
    vendor_partners,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *home.urlpatterns,
    *inbox.urlpatterns,
    *company.urlpatterns,
    *joining.urlpatterns,
    *customers.urlpatterns,
    *disassociating.urlpatterns,
    *resellers.urlpatterns,
    *vendor_partners.urlpatterns,
    *vendor_customers.urlpatterns,
    *switching.urlpatterns,
    *billing.urlpatterns,
    *my_partner.urlpatterns,
    *(shop.urlpatterns if settings.DEMO else ()),
]
