"""Addresses of the two APIs: the partner API at the root, the integration API below /api."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from partner_center.entrypoints.api.v1.problems import no_such_address

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("partner_center.entrypoints.api.open_v2.urls")),
    path("api/v1/", include("partner_center.entrypoints.api.v1.urls", namespace="v1")),
    re_path(r"^api/(?P<rest>.*)$", no_such_address),
]
