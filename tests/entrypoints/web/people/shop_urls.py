"""The product's addresses with the demo's shop."""

from django.urls import include, path

from partner_center.entrypoints.web import shop

urlpatterns = [path("", include(shop.urlpatterns)), path("", include("partner_center.config.urls"))]
handler404 = "partner_center.entrypoints.web.errors.not_found"
handler500 = "partner_center.entrypoints.web.errors.failed"
