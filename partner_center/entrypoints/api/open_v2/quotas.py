"""The operations that read quota: what the seat holds, what it passed on, and the log of that."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from partner_center.access.queries import Name
from partner_center.entrypoints.api.open_v2.call import Call, account_id, matches_nothing
from partner_center.entrypoints.api.open_v2.limits import limit_infos
from partner_center.kernel.errors import NotFound
from partner_center.partners.queries import PartnerAccount, accounts
from partner_center.vouchers.queries import (
    QuotaFilter,
    QuotaRecordFilter,
    QuotaRecordRow,
    QuotaRow,
    quota_records_slice,
    quotas_slice,
)
from partner_center.vouchers.rules import QUOTA_STATUS

YUAN = 1
SUCCEEDED = "0"
LISTED_STATUSES = (0, 3, 4, 5)
STATES = {status: state for state, status in QUOTA_STATUS.items()}


def list_quota_coupons(call: Call) -> dict[str, object]:
    """The quota the seat holds, without what its distributor took back. Rules: S-360, S-361."""
    statuses = call["quota_status_list"] or LISTED_STATUSES
    wanted = QuotaFilter(
        tab="held",
        states=tuple(STATES[status] for status in statuses),
        kind=call["quota_type"],
        numbers=call["quota_ids"] or (),
        granted=(call["create_time_begin"], call["create_time_end"]),
        starts=(call["effective_time_begin"], call["effective_time_end"]),
        ends=(call["expire_time_begin"], call["expire_time_end"]),
    )
    count, rows = quotas_slice(call.actor, wanted, call["offset"], call["limit"])
    return {"total_count": count, "quotas": [_quota(row) for row in rows]}


def _quota(row: QuotaRow) -> dict[str, object]:
    return {
        "quota_id": row.number,
        "quota_type": row.kind,
        "create_time": row.granted_at,
        "last_update_time": row.changed_at,
        "quota_value": row.value,
        "quota_status": QUOTA_STATUS[row.state],
        "balance": row.balance,
        "measure_id": YUAN,
        "currency": row.value.currency,
        "effective_time": row.window.start,
        "expire_time": row.window.end,
        "limit_infos": limit_infos(row.scope),
    }


def list_issued_coupon_quotas(call: Call) -> dict[str, object]:
    """The parts that the seat's resellers hold or held, what was taken back too. Rules: S-361, S-365."""
    if matches_nothing(call, "quota_id", "parent_quota_id", account="indirect_partner_id"):
        return {"total_count": 0, "quotas": []}
    wanted = QuotaFilter(
        tab="passed_on",
        numbers=(call["quota_id"],) if call["quota_id"] else (),
        parent_number=call["parent_quota_id"] or "",
        partner_id=account_id(call["indirect_partner_id"] or ""),
    )
    count, rows = quotas_slice(call.actor, wanted, call["offset"], call["limit"])
    known = accounts(call.actor, (row.partner_id for row in rows))
    return {"total_count": count, "quotas": [_issued(row, call, known) for row in rows]}


def _issued(row: QuotaRow, call: Call, known: Mapping[UUID, PartnerAccount]) -> dict[str, object]:
    return {
        **_quota(row),
        **_reseller(row.partner_id, row.partner, call, known),
        "parent_quota_id": row.parent_number or None,
    }


def _reseller(id_: UUID, name: Name | None, call: Call, known: Mapping[UUID, PartnerAccount]) -> dict[str, object]:
    """Who holds it. The account name of one that has left its distributor is not the distributor's to read."""
    return {
        "indirect_partner_id": id_.hex,
        "indirect_partner_account_name": known[id_].account_name if id_ in known else None,
        "indirect_partner_name": name.in_language(call.actor.language) if name else None,
    }


def list_coupon_quotas_records(call: Call) -> dict[str, object]:
    """The log of quota passed on and taken back. Rules: S-411."""
    if matches_nothing(call, "quota_id", "parent_quota_id", account="indirect_partner_id"):
        return {"total_count": 0, "records": []}
    wanted = QuotaRecordFilter(
        operation_types=(int(call["operation_type"]),) if call["operation_type"] else (),
        number=call["quota_id"] or "",
        source_number=call["parent_quota_id"] or "",
        partner_id=account_id(call["indirect_partner_id"] or ""),
        at=(call["operation_time_begin"], call["operation_time_end"]),
    )
    count, rows = quota_records_slice(call.actor, wanted, call["offset"], call["limit"])
    known = accounts(call.actor, (row.partner_id for row in rows))
    return {"total_count": count, "records": [_record(row, call, known) for row in rows]}


def _record(row: QuotaRecordRow, call: Call, known: Mapping[UUID, PartnerAccount]) -> dict[str, object]:
    return {
        "id": row.id.hex,
        "operator": row.operator or None,
        "operation_type": str(row.operation_type),
        "quota_id": row.quota_number,
        "parent_quota_id": row.parent_number or None,
        "amount": row.amount,
        "operation_time": row.at,
        "result": SUCCEEDED,
        **_reseller(row.partner_id, row.partner, call, known),
        "remark": row.remark or None,
    }


def held_quota(call: Call) -> QuotaRow:
    """The quota of the seat behind its number on the wire. Raises: NotFound."""
    _, rows = quotas_slice(call.actor, QuotaFilter(tab="held", numbers=(call["quota_id"],)), 0, 1)
    if not rows:
        raise NotFound("quota")
    return rows[0]
