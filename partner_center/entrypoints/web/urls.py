"""Addresses of the pages: each module lists its own."""

from django.urls import URLPattern, URLResolver

from partner_center.entrypoints.web import (
    account,
    agreements,
    audit,
    codes_sent,
    exports,
    health,
    keys,
    mailbox,
    members,
    menu_explained,
    own_roles,
    people_urls,
    profile,
    rules_help,
    signin,
    site,
    tickets,
    tour,
    vendor_agreements,
    vendor_tickets,
    voucher_urls,
)

# The first that knows an address answers it. `site` comes last: it answers at the root for whom no home page does.
urlpatterns: list[URLPattern | URLResolver] = [
    *signin.urlpatterns,
    *codes_sent.urlpatterns,
    *account.urlpatterns,
    *agreements.urlpatterns,
    *vendor_agreements.urlpatterns,
    *members.urlpatterns,
    *own_roles.urlpatterns,
    *menu_explained.urlpatterns,
    *profile.urlpatterns,
    *keys.urlpatterns,
    *audit.urlpatterns,
    *exports.urlpatterns,
    *tickets.urlpatterns,
    *vendor_tickets.urlpatterns,
    *rules_help.urlpatterns,
    *voucher_urls.urlpatterns,
    *health.urlpatterns,
    *mailbox.urlpatterns,
    *tour.urlpatterns,
    *people_urls.urlpatterns,
    *site.urlpatterns,
]
