"""Addresses of the pages: each module lists its own."""

from django.urls import URLPattern, URLResolver

from partner_center.entrypoints.web import (
    account,
    audit,
    codes_sent,
    health,
    keys,
    mailbox,
    members,
    rules_help,
    signin,
    site,
    tour,
)

# The first that knows an address answers it. `site` comes last: it answers at the root for whom no home page does.
urlpatterns: list[URLPattern | URLResolver] = [
    *signin.urlpatterns,
    *codes_sent.urlpatterns,
    *account.urlpatterns,
    *members.urlpatterns,
    *keys.urlpatterns,
    *audit.urlpatterns,
    *rules_help.urlpatterns,
    *health.urlpatterns,
    *mailbox.urlpatterns,
    *tour.urlpatterns,
    *site.urlpatterns,
]
