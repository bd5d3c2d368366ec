"""Where each entrypoint is mounted: the partner API at /v2 and /v3, the integration API below /api, pages elsewhere."""

from django.urls import include, path

urlpatterns = [
    path("", include("partner_center.entrypoints.api.urls")),
    path("", include("partner_center.entrypoints.web.urls")),
]
handler403 = "partner_center.entrypoints.web.errors.forbidden"
handler404 = "partner_center.entrypoints.web.errors.not_found"
handler500 = "partner_center.entrypoints.web.errors.failed"
