"""Addresses of homes, customers, resellers, the vendor's partners and customers, and the customer's own pages."""

from django.urls import URLPattern, URLResolver

from partner_center.entrypoints.web import customers, disassociating

urlpatterns: list[URLPattern | URLResolver] = [*customers.urlpatterns, *disassociating.urlpatterns]
