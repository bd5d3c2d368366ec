"""Tables of quota and vouchers. No amount here changes: what is left of either is a ledger account's balance."""

from partner_center.vouchers.models.batch import IssueBatch, IssueBatchRow
from partner_center.vouchers.models.checkout import Authorisation, AuthorisationPart
from partner_center.vouchers.models.quota import Quota, QuotaAdjustment, QuotaRecord, ReversalRequest
from partner_center.vouchers.models.voucher import Tally, Voucher, VoucherRecord
from partner_center.vouchers.models.whitelist import WhitelistEntry, WhitelistVersion

__all__ = [
    "Authorisation",
    "AuthorisationPart",
    "IssueBatch",
    "IssueBatchRow",
    "Quota",
    "QuotaAdjustment",
    "QuotaRecord",
    "ReversalRequest",
    "Tally",
    "Voucher",
    "VoucherRecord",
    "WhitelistEntry",
    "WhitelistVersion",
]
