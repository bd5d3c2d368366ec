"""UpdateCouponQuotas and ReclaimCouponQuotas: a distributor's quota to its resellers and back."""

from __future__ import annotations

from collections.abc import Iterable

from partner_center.entrypoints.api.open_v2.call import Call, account_id
from partner_center.entrypoints.api.open_v2.errors import WireError, code_of_rule, codes
from partner_center.entrypoints.api.open_v2.failures import Failures, failures
from partner_center.entrypoints.api.open_v2.quotas import held_quota
from partner_center.kernel.money import Money
from partner_center.vouchers.actions import pass_on, reclaim_quotas
from partner_center.vouchers.queries import QuotaFilter, quotas_slice

NOT_A_RESELLER, NO_QUOTA = "CBC.99000037", "CBC.99000012"


def update_coupon_quotas(call: Call) -> dict[str, object]:
    """A part of a quota for each reseller that may have one; each other is named with its reason.

    Rules: S-363, S-364, S-365.
    """
    quota = held_quota(call)
    resellers = {number: account_id(number) for number in call["indirect_partner_ids"]}
    refused = [(number, NOT_A_RESELLER) for number, id_ in resellers.items() if id_ is None]
    known = [id_ for id_ in resellers.values() if id_ is not None]
    if not known:
        return _passed(call, [], refused)
    passed = pass_on(
        call.actor,
        quota_id=quota.id,
        reseller_ids=known,
        amount=Money.of(call["quota_amount"], quota.value.currency),
        key=call.key,
        partial=True,
    )
    without = {each.reseller_id for each in passed.refused}
    refused += [(each.reseller_id.hex, code_of_rule(each.code, call.operation)) for each in passed.refused]
    given = zip((each for each in known if each not in without), passed.quotas, strict=True)
    return _passed(call, [{"id": id_.hex, "quota_id": part.number} for id_, part in given], refused)


def _passed(call: Call, made: list[dict[str, object]], refused: list[tuple[str, str]]) -> dict[str, object]:
    """What came of it; a request of which nothing came is refused where the contract has a status for the reason.

    Raises: WireError.
    """
    if not made:
        for _, code in refused:
            if not codes()[code].of_item:
                raise WireError(code)
    return {"simple_quota_infos": made, "error_details": failures(call, refused)}


def reclaim_coupon_quotas(call: Call) -> dict[str, object]:
    """Take back what resellers have left of their parts; each that cannot be is named. Rules: S-399, S-402."""
    asked = call["quota_ids"]
    found = {row.number: row for row in quotas_slice(call.actor, _parts(asked), 0, len(asked))[1]}
    failed = failures(call, ((number, NO_QUOTA) for number in asked if number not in found))
    if not found:
        return {"simple_quota_infos": [], "error_details": failed}
    ids = [found[number].id for number in asked if number in found]
    taken = reclaim_quotas(call.actor, quota_ids=ids, remark=call["remark"] or "", key=call.key, partial=True)
    numbers = {row.id: number for number, row in found.items()}
    failed += _stayed(call, ((numbers[each.quota_id], each.code) for each in taken.refused))
    # A part is taken back whole: nothing is left of it.
    nothing = Money.zero(taken.total.currency)
    back = [{"quota_id": numbers[each.quota_id], "quota_balance": nothing} for each in taken.quotas]
    return {"simple_quota_infos": back, "error_details": failed}


def _parts(numbers: tuple[str, ...]) -> QuotaFilter:
    return QuotaFilter(tab="passed_on", numbers=numbers)


def _stayed(call: Call, refused: Iterable[tuple[str, str]]) -> Failures:
    return failures(call, ((number, code_of_rule(code, call.operation)) for number, code in refused))
