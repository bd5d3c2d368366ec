"""Every verb of quota and vouchers, one module a noun."""

from partner_center.vouchers.actions.checkout import Authorised, authorise, capture, release, time_out_due
from partner_center.vouchers.actions.expiry import expire_due, lapse_due
from partner_center.vouchers.actions.quota import (
    Granted,
    PassedOn,
    freeze,
    grant,
    pass_on,
    pass_on_outcomes,
    unfreeze,
)
from partner_center.vouchers.actions.quota_return import QuotaReclaimed, QuotasReclaimed, reclaim_quota, reclaim_quotas
from partner_center.vouchers.actions.reclaiming import Reclaimed, reclaim, reclaim_on_disassociation, reclaim_outcomes
from partner_center.vouchers.actions.reversal import Reversed, reverse
from partner_center.vouchers.actions.voucher import Issued, Preflight, issue, preflight
from partner_center.vouchers.actions.warning import warn_quota_ending, warn_vouchers_ending

__all__ = [
    "Authorised",
    "Granted",
    "Issued",
    "PassedOn",
    "Preflight",
    "QuotaReclaimed",
    "QuotasReclaimed",
    "Reclaimed",
    "Reversed",
    "authorise",
    "capture",
    "expire_due",
    "freeze",
    "grant",
    "issue",
    "lapse_due",
    "pass_on",
    "pass_on_outcomes",
    "preflight",
    "reclaim",
    "reclaim_on_disassociation",
    "reclaim_outcomes",
    "reclaim_quota",
    "reclaim_quotas",
    "release",
    "reverse",
    "time_out_due",
    "unfreeze",
    "warn_quota_ending",
    "warn_vouchers_ending",
]
