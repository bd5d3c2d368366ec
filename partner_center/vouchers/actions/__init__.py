"""Every verb of quota and vouchers, one module a noun."""

from partner_center.vouchers.actions.batch import (
    Batch,
    carry_on,
    check_batch,
    discard_batch,
    issue_batch,
    undo_batch,
    upload_batch,
)
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

__all__ = [
    "Authorised",
    "Batch",
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
    "carry_on",
    "check_batch",
    "discard_batch",
    "expire_due",
    "freeze",
    "grant",
    "issue",
    "issue_batch",
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
    "undo_batch",
    "unfreeze",
    "upload_batch",
]
