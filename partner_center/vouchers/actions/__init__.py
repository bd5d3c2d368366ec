"""Every verb of quota and vouchers, one module a noun."""

from partner_center.vouchers.actions.charging import Charged, charge
from partner_center.vouchers.actions.checkout import Authorised, authorise, capture, release, time_out_due
from partner_center.vouchers.actions.expiry import expire_due, lapse_due
from partner_center.vouchers.actions.passing_on import PassedOn, pass_on, pass_on_outcomes
from partner_center.vouchers.actions.quota import Granted, freeze, grant, unfreeze
from partner_center.vouchers.actions.quota_return import QuotaReclaimed, QuotasReclaimed, reclaim_quota, reclaim_quotas
from partner_center.vouchers.actions.reclaiming import Reclaimed, reclaim, reclaim_on_disassociation, reclaim_outcomes
from partner_center.vouchers.actions.reversal import Reversed, reverse
from partner_center.vouchers.actions.tally import fold_tally
from partner_center.vouchers.actions.voucher import Issued, Preflight, issue, preflight
from partner_center.vouchers.actions.whitelist import Imported, import_whitelist, whitelist_outcomes

__all__ = [
    "Authorised",
    "Charged",
    "Granted",
    "Imported",
    "Issued",
    "PassedOn",
    "Preflight",
    "QuotaReclaimed",
    "QuotasReclaimed",
    "Reclaimed",
    "Reversed",
    "authorise",
    "capture",
    "charge",
    "expire_due",
    "fold_tally",
    "freeze",
    "grant",
    "import_whitelist",
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
    "whitelist_outcomes",
]
