"""What events are called, in words; a name that is not here is shown as it is."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

EVENTS = {
    "access_key.made": gettext_noop("Access key made"),
    "access_key.revoked": gettext_noop("Access key revoked"),
    "access_token.made": gettext_noop("Access token made"),
    "association.ended": gettext_noop("Association ended"),
    "association.made": gettext_noop("Customer associated"),
    "banner.hidden": gettext_noop("Banner of the other site hidden"),
    "catalogue.published": gettext_noop("Catalogue published"),
    "customer.associated": gettext_noop("Customer associated"),
    "customer.column_revealed": gettext_noop("Masked column shown"),
    "customer.disassociated": gettext_noop("Customer disassociated"),
    "customer.labelled": gettext_noop("Customer labelled"),
    "customer.opened": gettext_noop("Customer account opened"),
    "export.downloaded": gettext_noop("Export downloaded"),
    "export.expired": gettext_noop("Export's file deleted after its days"),
    "export.failed": gettext_noop("Export failed"),
    "export.finished": gettext_noop("Export finished"),
    "export.requested": gettext_noop("Export asked for"),
    "export.requested_unmasked": gettext_noop("Export with names and contacts unmasked asked for"),
    "export.started": gettext_noop("Export begun"),
    "agreement.published": gettext_noop("Agreement published"),
    "agreement.signed": gettext_noop("Agreement signed"),
    "relationships.declared": gettext_noop("Relationships declared"),
    "member.added": gettext_noop("Member added"),
    "member.roles_changed": gettext_noop("Member's roles changed"),
    "member.supervised": gettext_noop("Account manager put under a director"),
    "member.ended": gettext_noop("Member ended"),
    "member.readmitted": gettext_noop("Member let in again"),
    "member.profile_changed": gettext_noop("Own profile changed"),
    "member.password_changed": gettext_noop("Own password changed"),
    "role.made": gettext_noop("Role made"),
    "role.changed": gettext_noop("Role changed"),
    "role.dropped": gettext_noop("Role deleted"),
    "access_request.made": gettext_noop("Permission asked for"),
    "access_request.granted": gettext_noop("Permission granted"),
    "access_request.declined": gettext_noop("Permission declined"),
    "partner.opened": gettext_noop("Partner account opened"),
    "quota.frozen": gettext_noop("Quota frozen"),
    "quota.granted": gettext_noop("Quota granted"),
    "quota.kept": gettext_noop("Returned cash coupon kept for its customer"),
    "quota.lapsed": gettext_noop("Quota lapsed"),
    "quota.passed_on": gettext_noop("Quota passed on"),
    "quota.reclaimed": gettext_noop("Quota reclaimed"),
    "quota.unfrozen": gettext_noop("Quota unfrozen"),
    "reseller.linked": gettext_noop("Reseller linked to its distributor"),
    "standing.changed": gettext_noop("Partner's standing changed"),
    "transfer.reversed": gettext_noop("Transfer reversed"),
    "user.signed_in": gettext_noop("Signed in"),
    "verification.switched": gettext_noop("Verification code switched"),
    "verification_code.sent": gettext_noop("Verification code sent"),
    "voucher.authorised": gettext_noop("Voucher amount held for an order"),
    "voucher.charged": gettext_noop("Vouchers charged for usage"),
    "voucher.expired": gettext_noop("Vouchers expired"),
    "voucher.issued": gettext_noop("Vouchers issued"),
    "voucher.reclaimed": gettext_noop("Vouchers reclaimed"),
    "voucher.released": gettext_noop("Held voucher amount released"),
    "voucher.spent": gettext_noop("Voucher spent on an order"),
    "whitelist.imported": gettext_noop("Customer whitelist imported"),
}
SUBJECTS = {
    "agreement": gettext_noop("agreement"),
    "declaration": gettext_noop("declaration"),
    "role": gettext_noop("role"),
    "access_request": gettext_noop("access request"),
    "access_key": gettext_noop("access key"),
    "access_token": gettext_noop("access token"),
    "association": gettext_noop("association"),
    "authorisation": gettext_noop("held amount"),
    "catalogue": gettext_noop("catalogue"),
    "customer": gettext_noop("customer"),
    "export": gettext_noop("export"),
    "organisation": gettext_noop("organisation"),
    "partner": gettext_noop("partner"),
    "quota": gettext_noop("quota"),
    "transfer": gettext_noop("transfer"),
    "user": gettext_noop("user"),
    "voucher": gettext_noop("voucher"),
    "whitelist": gettext_noop("customer whitelist"),
}
# The nouns by which the list can be narrowed: the part of an event's name before its dot.
NOUNS = {
    "user": gettext_noop("Signing in"),
    "member": gettext_noop("Members"),
    "access_key": gettext_noop("Access keys"),
    "verification": gettext_noop("Verification codes"),
    "customer": gettext_noop("Customers"),
    "quota": gettext_noop("Quota"),
    "voucher": gettext_noop("Vouchers"),
    "partner": gettext_noop("Partners"),
    "export": gettext_noop("Exports"),
}


def event_words(name: str) -> str:
    return gettext(EVENTS[name]) if name in EVENTS else name


def subject_words(kind: str) -> str:
    return gettext(SUBJECTS[kind]) if kind in SUBJECTS else kind
