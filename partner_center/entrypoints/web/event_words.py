"""What events are called, in words; a name that is not here is shown as it is."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

EVENTS = {
    "absence.ended": gettext_noop("Absence ended"),
    "absence.noted": gettext_noop("Absence noted"),
    "access_key.made": gettext_noop("Access key made"),
    "access_key.revoked": gettext_noop("Access key revoked"),
    "access_token.made": gettext_noop("Access token made"),
    "application.confirmed": gettext_noop("Application's address confirmed"),
    "application.expired": gettext_noop("Application closed by itself"),
    "application.joined": gettext_noop("Company joined the network"),
    "application.lapsed": gettext_noop("Application never confirmed"),
    "application.rejected": gettext_noop("Application rejected"),
    "application.returned": gettext_noop("Application returned"),
    "application.submitted": gettext_noop("Application to join submitted"),
    "application.supplemented": gettext_noop("Application supplemented"),
    "application.withdrawn": gettext_noop("Application withdrawn"),
    "association.ended": gettext_noop("Association ended"),
    "association.made": gettext_noop("Customer associated"),
    "banner.hidden": gettext_noop("Banner of the other site hidden"),
    "catalogue.published": gettext_noop("Catalogue published"),
    "company.changed": gettext_noop("Company information changed"),
    "company_change.asked": gettext_noop("Change of company information asked for"),
    "company_change.supplemented": gettext_noop("Change of company information supplemented"),
    "company_change.withdrawn": gettext_noop("Change of company information withdrawn"),
    "customer.associated": gettext_noop("Customer associated"),
    "customer.column_revealed": gettext_noop("Masked column shown"),
    "customer.disassociated": gettext_noop("Customer disassociated"),
    "customer.labelled": gettext_noop("Customer labelled"),
    "customer.opened": gettext_noop("Customer account opened"),
    "member.added": gettext_noop("Member added"),
    "member.roles_changed": gettext_noop("Member's roles changed"),
    "partner.opened": gettext_noop("Partner account opened"),
    "quota.frozen": gettext_noop("Quota frozen"),
    "quota.granted": gettext_noop("Quota granted"),
    "quota.lapsed": gettext_noop("Quota lapsed"),
    "quota.passed_on": gettext_noop("Quota passed on"),
    "quota.reclaimed": gettext_noop("Quota reclaimed"),
    "quota.unfrozen": gettext_noop("Quota unfrozen"),
    "reseller.linked": gettext_noop("Reseller linked to its distributor"),
    "review.agreed": gettext_noop("Review agreed to, one more decides"),
    "review.approved": gettext_noop("Review approved"),
    "review.escalated": gettext_noop("Review handed up"),
    "review.expired": gettext_noop("Review closed by itself"),
    "review.handed_over": gettext_noop("Review handed over"),
    "review.opened": gettext_noop("Review opened"),
    "review.rejected": gettext_noop("Review rejected"),
    "review.returned": gettext_noop("Review returned"),
    "review.supplemented": gettext_noop("Review supplemented"),
    "review.taken": gettext_noop("Review taken"),
    "review.withdrawn": gettext_noop("Review withdrawn"),
    "standing.changed": gettext_noop("Partner's standing changed"),
    "transfer.reversed": gettext_noop("Transfer reversed"),
    "user.password_chosen": gettext_noop("First password chosen"),
    "user.signed_in": gettext_noop("Signed in"),
    "verification.switched": gettext_noop("Verification code switched"),
    "verification_code.sent": gettext_noop("Verification code sent"),
    "voucher.authorised": gettext_noop("Voucher amount held for an order"),
    "voucher.expired": gettext_noop("Vouchers expired"),
    "voucher.issued": gettext_noop("Vouchers issued"),
    "voucher.reclaimed": gettext_noop("Vouchers reclaimed"),
    "voucher.released": gettext_noop("Held voucher amount released"),
    "voucher.spent": gettext_noop("Voucher spent on an order"),
}
SUBJECTS = {
    "access_key": gettext_noop("access key"),
    "access_token": gettext_noop("access token"),
    "application": gettext_noop("application"),
    "association": gettext_noop("association"),
    "authorisation": gettext_noop("held amount"),
    "catalogue": gettext_noop("catalogue"),
    "company": gettext_noop("company"),
    "company_change": gettext_noop("change of company information"),
    "customer": gettext_noop("customer"),
    "organisation": gettext_noop("organisation"),
    "partner": gettext_noop("partner"),
    "quota": gettext_noop("quota"),
    "review": gettext_noop("review"),
    "transfer": gettext_noop("transfer"),
    "user": gettext_noop("user"),
    "voucher": gettext_noop("voucher"),
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
    "review": gettext_noop("Reviews"),
    "application": gettext_noop("Applications"),
    "company": gettext_noop("Company information"),
}


def event_words(name: str) -> str:
    return gettext(EVENTS[name]) if name in EVENTS else name


def subject_words(kind: str) -> str:
    return gettext(SUBJECTS[kind]) if kind in SUBJECTS else kind
