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
from partner_center.vouchers.actions.charging import Charged, charge
from partner_center.vouchers.actions.checkout import Authorised, authorise, capture, release, time_out_due
from partner_center.vouchers.actions.expiry import expire_due, lapse_due
from partner_center.vouchers.actions.passing_on import PassedOn, pass_on, pass_on_outcomes
from partner_center.vouchers.actions.quota import Granted, grant
from partner_center.vouchers.actions.quota_return import QuotaReclaimed, QuotasReclaimed, reclaim_quota, reclaim_quotas
from partner_center.vouchers.actions.quota_state import (
    Invalidated,
    begin_adjusting,
    end_adjusting,
    freeze,
    invalidate,
    unfreeze,
)
from partner_center.vouchers.actions.quota_terms import Adjusted, adjust, adjust_outcomes, designate
from partner_center.vouchers.actions.reclaiming import (
    Reclaimed,
    reclaim,
    reclaim_on_association,
    reclaim_on_disassociation,
    reclaim_on_switch,
    reclaim_outcomes,
)
from partner_center.vouchers.actions.reversal import REVERSIBLE, Reversed, reverse, why_not
from partner_center.vouchers.actions.reversal_request import (
    Decided,
    approve_reversal,
    ask_reversal,
    cancel_reversal,
    decline_reversal,
)
from partner_center.vouchers.actions.tally import fold_tally
from partner_center.vouchers.actions.voucher import Issued, Preflight, issue, preflight
from partner_center.vouchers.actions.voucher_freeze import freeze_voucher, unfreeze_voucher
from partner_center.vouchers.actions.warning import warn_quota_ending, warn_vouchers_ending
from partner_center.vouchers.actions.whitelist import Imported, import_whitelist, whitelist_outcomes

__all__ = [
    "REVERSIBLE",
    "Adjusted",
    "Authorised",
    "Batch",
    "Charged",
    "Decided",
    "Granted",
    "Imported",
    "Invalidated",
    "Issued",
    "PassedOn",
    "Preflight",
    "QuotaReclaimed",
    "QuotasReclaimed",
    "Reclaimed",
    "Reversed",
    "adjust",
    "adjust_outcomes",
    "approve_reversal",
    "ask_reversal",
    "authorise",
    "begin_adjusting",
    "cancel_reversal",
    "capture",
    "carry_on",
    "charge",
    "check_batch",
    "decline_reversal",
    "designate",
    "discard_batch",
    "end_adjusting",
    "expire_due",
    "fold_tally",
    "freeze",
    "freeze_voucher",
    "grant",
    "import_whitelist",
    "invalidate",
    "issue",
    "issue_batch",
    "lapse_due",
    "pass_on",
    "pass_on_outcomes",
    "preflight",
    "reclaim",
    "reclaim_on_association",
    "reclaim_on_disassociation",
    "reclaim_on_switch",
    "reclaim_outcomes",
    "reclaim_quota",
    "reclaim_quotas",
    "release",
    "reverse",
    "time_out_due",
    "undo_batch",
    "unfreeze",
    "unfreeze_voucher",
    "upload_batch",
    "warn_quota_ending",
    "warn_vouchers_ending",
    "whitelist_outcomes",
    "why_not",
]
